"""Trust W3, W6 and W7: files asked for by their paths, foreign pages, other people's conversations and drafts, guessed ids."""

from __future__ import annotations

import functools
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from conftest import CHECKOUT, QUESTION
from fixtures.payloads import paths
from serving import Response, Server, api, ask, request, serving, serving_copy, two_users

import qa
from ui.drafts import Checking, Drafts
from ui.intake import Intake
from ui.shelf import Shelf

NOBODY = "0" * 32


@pytest.fixture(scope="module")
def server(seeded):
    folder = seeded.with_name("strangers")
    with serving(shutil.copytree(seeded, folder)) as server:
        server.folder = folder
        yield server


def raw(server: Server, target: str, method: str = "GET") -> Response:
    """A request whose target is sent as it is: http.client would refuse some."""
    address = urlsplit(server.address)
    with closing(socket.create_connection((address.hostname, address.port), timeout=10)) as connection:
        connection.sendall(f"{method} {target.replace(' ', '%20')} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
        data = b""
        while piece := connection.recv(65536):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return Response(int(head.split()[1]), {}, body)


# ------------------------------------------------------------------------------------------------------------ W3: file reads


@pytest.mark.parametrize("secret", ["library.db", "lock", "/etc/passwd"])
def test_no_path_reads_a_file(server, secret):
    """Sixty ways to ask for the store, for what lies beside it, and for a file of the system."""
    wanted = secret if secret.startswith("/") else str(server.folder / secret)
    tried = paths(wanted, str(server.folder))
    assert len(tried) == 60
    for target in tried:
        answer = raw(server, target)
        assert answer.status in (400, 403, 404, 405, 422), (target, answer.status)
        assert b"SQLite format" not in answer.body and b"root:" not in answer.body, target


def test_no_handler_of_the_page_reads_a_path_that_it_is_sent(server):
    """`FileData.path` in the data of every function of the page."""
    count = len(api(server, "GET", "/config")[1]["dependencies"])
    for path in ("/etc/passwd", str(server.folder / "library.db"), "../../../etc/passwd", "http://127.0.0.1:1/x", "C:\\windows\\win.ini"):
        file = {"path": path, "orig_name": "x", "meta": {"_type": "gradio.FileData"}}
        for function in range(count):
            answer = request(server, "POST", "/gradio_api/run/predict", {"content-type": "application/json"}, json.dumps({"fn_index": function, "data": [file] * 3, "session_hash": "s"}))
            assert b"root:" not in answer.body and b"SQLite format" not in answer.body
    assert not [found for found in server.folder.rglob("*") if found.name in ("passwd", "win.ini")]


def test_a_link_among_the_uploads_or_the_static_files_leads_nowhere(server):
    link = server.folder / "files" / ("a" * 32) / "x.txt"
    link.parent.mkdir(parents=True)
    link.symlink_to("/etc/passwd")
    for target in (f"/documents/{'a' * 32}/original", f"/gradio_api/file={link}", f"/files/{'a' * 32}/x.txt", f"/uploads/{'a' * 32}"):
        assert b"root:" not in raw(server, target).body


# ------------------------------------------------------------------------------------------------ W6: foreign pages, rebinding


FOREIGN = ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"})


LISTED = """
import sys, tempfile, qa
from ui.serve import app

def walk(routes):
    for route in routes:
        for method in getattr(route, "methods", None) or ():
            print(method, route.path)
        if hasattr(route, "original_router"):  # one that was included
            walk(route.original_router.routes)

with qa.open_library(tempfile.mkdtemp() + "/library") as library:
    walk(app(library, "127.0.0.1", title="x", login=None, upload=True).routes)
"""


@functools.cache
def routes() -> tuple[tuple[str, str], ...]:
    """Every (method, path) that the program itself answers, with ids of nothing in place of the parameters, and Gradio's that write."""
    listed = subprocess.run([sys.executable, "-c", LISTED], capture_output=True, text=True, cwd=CHECKOUT, check=True).stdout
    found = {tuple(line.split(" ", 1)) for line in listed.splitlines()}
    found |= {("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/run/predict"), ("POST", "/gradio_api/cancel"), ("POST", "/gradio_api/reset"), ("POST", "/leave")}
    return tuple(sorted((method, re.sub(r"{(\w+)(:\w+)?}", lambda name: {"name": "x.txt", "page": "1", "ending": "md"}.get(name[1], NOBODY), path)) for method, path in found))


def test_no_foreign_page_changes_anything(server):
    """Every route that is not for reading, each with four marks of a foreign page and two kinds of body."""
    changing = [(method, path) for method, path in routes() if method in ("POST", "PUT", "DELETE", "PATCH")]
    assert {path.split("/")[1] for _, path in changing} >= {"ask", "search", "documents", "uploads", "drafts", "gradio_api"}
    before = api(server, "GET", "/documents")[1]
    first = before["documents"][0]["id"]
    for method, path in changing:
        for headers in FOREIGN:
            for kind, body in (("text/plain", "x"), ("application/json", '{"question": "题"}')):
                answer = request(server, method, path.replace(NOBODY, first), headers | {"content-type": kind}, body)
                assert answer.status == 403, (method, path, headers)
    assert api(server, "GET", "/documents")[1] == before


# ------------------------------------------------------------------------------------------------------- W7: hidden doors, ids


def test_programs_are_told_of_no_function_of_the_page(server):
    body = request(server, "GET", "/gradio_api/info").body.replace(b" ", b"")
    assert b'"named_endpoints":{}' in body and b'"unnamed_endpoints":{}' in body
    assert {entry.get("api_visibility") for entry in api(server, "GET", "/config")[1]["dependencies"]} == {"private"}


def test_ten_thousand_guessed_ids_open_nothing(seeds_library):
    dice = random.Random(7)
    guessed = [f"{dice.getrandbits(128):032x}" for _ in range(10_000)]
    with qa.open_library(seeds_library) as library:
        shelf = Shelf(library)
        drafts, intake = Drafts(library), Intake(library, shelf)
        owned = f"{dice.getrandbits(128):032x}"
        library.conversations.keep(owned, QUESTION, library.ask(QUESTION), "alice")
        drafts._held[owned] = Checking(owned, "alice", state="done")
        intake.begin(owned, "alice")
        near = [f"{int(owned, 16) + step:032x}" for step in (-1, 1)]
        for id in [*guessed, *near]:
            assert library.conversations.turns(id, "bob") == []
            for refused in (lambda: shelf.key(id), lambda: drafts.get(id, "bob"), lambda: library.conversations.delete(id, "bob"), lambda: library.conversations.rename(id, "x", "bob")):
                with pytest.raises(qa.YoujuError):
                    refused()
        for refused in (lambda: drafts.get(owned, "bob"), lambda: intake.batch(owned, "bob"), lambda: library.conversations.turns(owned, "bob")):
            with pytest.raises(qa.YoujuError):
                refused()


@pytest.fixture(scope="module")
def two_people(seeded, tmp_path_factory):
    """A server with a login, and the sessions of alice and bob as cookies."""
    folder = tmp_path_factory.mktemp("two")
    with serving_copy(seeded, folder, "--auth", str(two_users(folder))) as server:
        server.cookies = {}
        for name in ("alice", "bob"):
            answer = request(server, "POST", "/login", {"content-type": "application/x-www-form-urlencoded"}, f"name={name}&password={name}-geheim")
            server.cookies[name] = answer.headers["set-cookie"].split(";")[0]
        yield server


def test_without_a_login_nothing_at_all_is_answered(two_people):
    for method, path in [*routes(), ("GET", "/config"), ("GET", "/assets/x.js"), ("GET", "/youju/page.js"), ("GET", "/gradio_api/info"), ("GET", "/gradio_api/heartbeat/x")]:
        if path.startswith("/login") or (method == "GET" and path == "/youju"):
            continue
        for cookie in ({}, {"Cookie": "youju_session=x"}, {"Authorization": "Basic eDp4"}, {"Authorization": "Bearer x"}):
            answer = request(two_people, method, path, cookie | {"content-type": "application/json"}, "{}" if method in ("POST", "PUT") else None)
            assert answer.status in (401, 404), (method, path, answer.status)
            assert answer.status == 401 or "没有这个地址" in answer.body.decode("utf-8", "replace")


def test_nobody_reaches_what_is_anothers_by_any_door(two_people, browser):
    """Conversations, drafts and uploads of alice: through the routes and through every act of the page in bob's browser."""
    as_name = {name: {"Cookie": cookie} for name, cookie in two_people.cookies.items()}

    def context(name):
        opened = browser.new_context(viewport={"width": 1280, "height": 800})
        key, value = two_people.cookies[name].split("=", 1)
        opened.add_cookies([{"name": key, "value": value, "url": two_people.address}])
        return opened

    alice = context("alice")
    page = alice.new_page()
    page.goto(two_people.address)
    page.wait_for_selector("#files .shelf li")
    ask(page, QUESTION)
    conversation = page.evaluate("sessionStorage.getItem('youju.conversation')")
    draft = "e" * 32
    assert api(two_people, "PUT", f"/drafts/{draft}/a.txt", "会议指出：“要在对标对表新思想中持续走好江苏安全发展之路。”".encode(), as_name["alice"])[0] == 200
    assert api(two_people, "PUT", f"/uploads/{'f' * 32}/a.txt", "食堂停业。".encode(), as_name["alice"])[0] == 200
    while api(two_people, "GET", f"/drafts/{draft}", headers=as_name["alice"])[1]["state"] == "checking":
        time.sleep(0.05)

    doors = [
        ("GET", f"/conversations/{conversation}/export.md"), ("GET", f"/conversations/{conversation}/export.docx"), ("GET", f"/conversations/{conversation}/verdicts?turn=1"),
        ("GET", f"/drafts/{draft}"), ("GET", f"/drafts/{draft}/commented.docx"), ("GET", f"/drafts/{draft}/findings.json"), ("POST", f"/drafts/{draft}"), ("DELETE", f"/drafts/{draft}"),
        ("GET", f"/uploads/{'f' * 32}"), ("POST", f"/uploads/{'f' * 32}"), ("DELETE", f"/uploads/{'f' * 32}"),
    ]  # fmt: skip
    for method, path in doors:
        assert request(two_people, method, path, as_name["bob"]).status in (400, 404), path

    bob = context("bob")
    other = bob.new_page()
    other.goto(two_people.address)
    other.wait_for_selector("#files .shelf li")
    other.evaluate(f"sessionStorage.setItem('youju.conversation', '{conversation}'); sessionStorage.setItem('youju.draft', '{draft}')")
    for act in ("judge", "read", "talk", "rename", "forget", "stop", "findings", "added"):
        other.evaluate(
            "(detail) => document.dispatchEvent(new CustomEvent('youju:act', {detail}))",
            {"act": act, "conversation": conversation, "draft": draft, "batch": "f" * 32, "turn": 1, "number": 1, "finding": 0, "piece": 0, "verdict": "useless", "answer": "bob was here"},
        )
        other.wait_for_timeout(300)
    other.reload()
    other.wait_for_selector("#files .shelf li")
    other.wait_for_timeout(300)
    assert other.locator(".answer, .talks li, .finding, #reader mark").count() == 0 and "续会" not in other.inner_text("body")
    bob.close()

    page.reload()
    page.wait_for_selector(".answer")
    assert page.locator(".talks button.title").text_content() == QUESTION and page.locator("[aria-pressed=true][data-verdict]").count() == 0
    assert api(two_people, "GET", f"/drafts/{draft}", headers=as_name["alice"])[1]["state"] == "done"
    alice.close()
