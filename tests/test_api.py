"""The doors for programs: what they are told, what is refused, what many do at the same time."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from conftest import CHECKOUT, QUESTION, SENTENCE
from fixtures.documents import docx, paragraph
from serving import api, request, serving, serving_copy

import qa
from ui.intake import Intake, safe_name
from ui.shelf import Shelf, opaque


@pytest.fixture(scope="module")
def desk(seeded, tmp_path_factory):
    """A server over a library of this file's own."""
    with serving_copy(seeded, tmp_path_factory.mktemp("desk")) as server:
        yield server


def test_programs_ask_search_and_list(desk):
    status, answer = api(desk, "POST", "/ask", {"question": QUESTION})
    assert status == 200 and answer["answered"] and SENTENCE in answer["citations"][0]["quote"] and answer["citations"][0]["verified"] == "ok"
    status, follow = api(
        desk, "POST", "/ask", {"question": "那镇江呢？", "history": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": answer["text"]}]}
    )
    assert status == 200 and "镇江" in follow["question"]
    id = answer["citations"][0]["document"]["id"]
    assert {hit["document"]["id"] for hit in api(desk, "POST", "/search?limit=5", {"question": "安全生产", "documents": [id]})[1]} == {id}
    assert api(desk, "GET", f"/documents?query={quote('江蘇')}")[1]["total"] >= 1
    assert SENTENCE in api(desk, "GET", f"/documents/{id}")[1].decode()
    original = request(desk, "GET", f"/documents/{id}/original", {})
    assert original.body == (CHECKOUT / "seeds" / "000_0902a483bf6e6fe9.txt").read_bytes()
    assert original.headers["content-disposition"].startswith("attachment") and original.headers["x-content-type-options"] == "nosniff"
    paths = api(desk, "GET", "/api.json")[1]["paths"]
    assert {"/ask", "/search", "/documents", "/documents/{id}", "/documents/{id}/original", "/documents/{name}"} == set(paths)


@pytest.mark.parametrize(
    "method, path, body, status",
    [
        ("POST", "/ask", {"question": ""}, 422),
        ("POST", "/ask", {"question": "问" * 3000}, 422),
        ("POST", "/ask", {"question": "\x00*\"NEAR("}, 200),
        ("POST", "/ask", {"question": "\ud800"}, 422),
        ("POST", "/ask", {"question": "题", "documents": ["0" * 32]}, 404),
        ("GET", "/documents/" + "0" * 32, None, 404),
        ("GET", "/documents/1", None, 422),
        ("GET", "/documents/" + "0" * 32 + "/original", None, 404),
        ("GET", "/documents/..%2f..%2fstore.sqlite/original", None, 404),
        ("DELETE", "/documents/" + "0" * 32, None, 404),
        ("PUT", "/documents/a.exe", b"MZ", 400),
        ("GET", "/conversations/" + "0" * 32 + "/export.md", None, 404),
        ("GET", "/youju/../serve.py", None, 404),
        ("GET", "/youju/%2e%2e/serve.py", None, 404),
        ("GET", "/gradio_api/file=/etc/passwd", None, 403),
        ("GET", "/gradio_api/file=http://127.0.0.1/", None, 403),
        ("GET", "/static/../../../etc/passwd", None, 403),
        ("GET", "/gradio_api/proxy=http://127.0.0.1/", None, 403),
    ],
)
def test_wrong_requests_are_refused_without_a_path_or_a_trace(desk, method, path, body, status):
    found, told = api(desk, method, path, body)
    assert found == status
    assert not re.search(r"Traceback|sqlite|site-packages|/work|/home|root:", str(told))


def test_foreign_pages_change_nothing(desk):
    before = api(desk, "GET", "/documents")[1]["total"]
    id = api(desk, "GET", "/documents")[1]["documents"][0]["id"]
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for method, path, body in (
            ("DELETE", f"/documents/{id}", None), ("PUT", "/documents/x.txt", "甲乙丙".encode()), ("PUT", f"/uploads/{'a' * 32}/x.txt", "甲乙丙".encode()),
            ("POST", f"/uploads/{'a' * 32}", None), ("POST", "/ask", {"question": "题"}), ("POST", "/gradio_api/queue/join", {}),
        ):  # fmt: skip
            assert request(desk, method, path, headers).status == 403 if body is None else api(desk, method, path, body, headers)[0] == 403
    assert api(desk, "GET", "/documents")[1]["total"] == before


def test_uploads_are_limited_and_known_files_are_not_kept_twice(tmp_path):
    async def receive(intake, batch, name, data):
        async def stream():
            for at in range(0, len(data), 10):
                yield data[at : at + 10]

        return await intake.receive(batch, name, stream())

    def send(*arguments):  # in a thread of its own: playwright has a loop in this one
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, receive(*arguments)).result()

    with qa.open_library(tmp_path / "library") as library:
        intake = Intake(library, Shelf(library), largest=40, quota=60)
        batch = intake.begin("b" * 32, "")
        for name, data, reason in (("大.txt", b"x" * 41, "太大"), ("a.exe", b"x", "不读取")):
            with pytest.raises(qa.BadRequest, match=reason):
                send(intake, batch, name, data)
        send(intake, batch, "甲.txt", "食堂周五停业检修。".encode())
        with pytest.raises(qa.BadRequest, match="已满"):
            send(intake, batch, "乙.txt", b"y" * 40)
        assert len(intake.read(batch).added) == 1
        again = intake.begin("c" * 32, "")
        assert send(intake, again, "丙.txt", "食堂周五停业检修。".encode()) is None
        assert "相同" in intake.read(again).skipped[0].reason
        assert len([path for path in intake.folder.rglob("*") if path.is_file()]) == 1
        with pytest.raises(qa.BadRequest):
            intake.begin("b" * 32, "somebody else")


def test_eight_people_ask_while_one_adds(desk):
    big = "\n\n".join(f"第{number}号仓库的管理员第{number}天检查第{number}项设备，并登记在册。" for number in range(3000))
    adding = threading.Thread(target=api, args=(desk, "PUT", f"/documents/{quote('大文件')}.txt", big.encode()))
    adding.start()
    answers = []

    def asking(number: int):
        for _ in range(3):
            answers.append((adding.is_alive(), api(desk, "POST", "/ask", {"question": QUESTION})[1]["citations"][0]["quote"]))

    people = [threading.Thread(target=asking, args=(number,)) for number in range(8)]
    [person.start() for person in people]
    [person.join() for person in people]
    adding.join()
    assert len(answers) == 24 and all(SENTENCE in found for _, found in answers)
    assert any(alive for alive, _ in answers)  # somebody was answered before the adding was done
    [found] = api(desk, "GET", f"/documents?query={quote('大文件')}")[1]["documents"]
    api(desk, "DELETE", f"/documents/{found['id']}")


def test_ten_thousand_documents_are_listed_by_the_page(tmp_path, monkeypatch):
    documents = [qa.Description(f"/d/{n}", f"/d/{n}", f"{n}.txt", f"第{n}号通知", "应急局", "2021-01-01", str(n), "utf-8", "text/plain") for n in range(10_000)]

    class Many:
        generation = 1

        def documents(self):
            return documents

    shelf = Shelf(Many())
    sheet = shelf.find("通知 99號", 50)
    assert sheet.total == 100 and len(sheet.documents) == 50 and sheet.offset == 50
    assert shelf.key(opaque("/d/42")) == "/d/42"
    assert shelf.find("", 10**9).offset == 9950


@pytest.mark.parametrize("language, program", [("bash", ["bash", "-c"]), ("python", [sys.executable, "-c"]), ("javascript", ["node", "--input-type=module", "-e"])])
def test_the_examples_of_the_api_run(desk, tmp_path, language, program):
    if not shutil.which(program[0]) or (language == "bash" and not shutil.which("curl")):
        pytest.skip(f"needs {program[0]}")
    (tmp_path / "通知.docx").write_bytes(docx(paragraph("食堂通知") + paragraph("食堂每月末停业检修。")))
    example = re.search(rf"```{language}\n(.*?)```", (CHECKOUT / "docs" / "api.md").read_text("utf-8"), re.DOTALL)[1]
    done = subprocess.run([*program, example.replace("http://127.0.0.1:7860/", desk.address)], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0 and SENTENCE in done.stdout, done.stderr


def test_without_upload_nothing_can_be_changed(seeds_library, tmp_path, page):
    with serving(seeds_library, "--no-upload", "--title", "<b>防汛</b>资料") as server:
        page.goto(server.address)
        page.wait_for_selector("#files .shelf li")
        assert page.locator("h1").inner_text() == "<b>防汛</b>资料"
        assert page.locator(".files-input, [data-act=remove]").count() == 0
        id = api(server, "GET", "/documents")[1]["documents"][0]["id"]
        assert api(server, "DELETE", f"/documents/{id}")[0] in (404, 405)
        assert api(server, "PUT", "/documents/x.txt", b"x")[0] in (404, 405)
        assert api(server, "PUT", f"/uploads/{'a' * 32}/x.txt", b"x")[0] in (404, 405)
        assert api(server, "GET", "/documents")[1]["total"] == 5


@pytest.mark.parametrize(
    "name",
    ["../../x.txt", "/etc/x.txt", "C:\\x.txt", "\u202etxt.exe.txt", "a\nb.txt", "．．／x.txt", ".hidden.txt", "-rf.txt", ".txt", "三" * 300 + ".txt", "%2e%2e%2f.txt", "x\0.txt", "CON.txt"],
)
def test_no_name_leads_out_of_its_folder(name, tmp_path):
    path = tmp_path / "place" / safe_name(name)
    path.parent.mkdir()
    path.write_text("x")
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == [path]
    assert path.suffix == ".txt" and len(path.name.encode()) < 255 and not path.name.startswith(".")


def test_who_listens_beyond_loopback_without_a_login_is_warned(seeds_library):
    with serving(seeds_library, "--host", "0.0.0.0") as server:
        assert "没有登录" in server.told and "--auth" in server.told
        assert request(server, "GET", "/documents").status == 200
        assert request(server, "GET", "/documents", {"Host": "evil.example"}).status == 403
