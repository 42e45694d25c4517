"""A day at the desk in a real browser, before a real server process; the doors for programs; who is let in."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import CHECKOUT, QUESTION, SENTENCE
from fixtures.documents import docx, paragraph
from serving import Server, api, ask, request, serving
from test_ui import HOSTILE_NAME

import qa
from ui.intake import Intake, safe_name
from ui.login import Login, line
from ui.shelf import Shelf, opaque

DOCX_SENTENCE = "西山油库的消防泵每季度试运行一次，由值班班长签字。"
GB_SENTENCE = "龙潭渡口遇六级以上大风必须停航，渡工不得载客。"
AXE = CHECKOUT / ".node" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def desk(seeded, tmp_path_factory):
    """A server over a library of this file's own."""
    import shutil

    folder = tmp_path_factory.mktemp("desk")
    with serving(Path(shutil.copytree(seeded, folder / "library"))) as server:
        yield server


# ------------------------------------------------------------------------------------------------------------- the day


def test_a_day(seeded, tmp_path, page):
    """First start, ask, open a source, follow up, add a DOCX and a GB18030 text, ask of it alone, export, switch language,
    restart and go on, remove, and it answers no more."""
    import shutil

    library = Path(shutil.copytree(seeded, tmp_path / "library"))
    files = tmp_path / "mine"
    files.mkdir()
    (files / "油库.docx").write_bytes(docx(paragraph("西山油库消防管理规定") + paragraph(DOCX_SENTENCE)))
    (files / "渡口.txt").write_bytes(f"渡口安全管理须知\n\n{GB_SENTENCE}\n".encode("gb18030"))
    (files / "游戏.exe").write_bytes(b"MZ\x90")

    with serving(library) as server:
        page.goto(server.address)
        page.wait_for_selector("#files .shelf li")
        assert page.locator("#files .shelf li").count() == 5
        ask(page, QUESTION)
        page.locator("article.source button.open").first.click()
        page.wait_for_selector("#reading")
        assert SENTENCE in page.locator("#reading").inner_text()
        page.wait_for_function("(box => box.top >= 0 && box.bottom <= innerHeight)(document.querySelector('#reading').getBoundingClientRect())")
        with page.expect_download() as download:
            page.locator("a.original").click()
        assert Path(download.value.path()).read_bytes() == (CHECKOUT / "seeds" / "000_0902a483bf6e6fe9.txt").read_bytes()
        page.keyboard.press("Escape")
        assert not page.locator("#reader").is_visible() and page.locator("#panel").is_visible()
        ask(page, "那镇江呢？")
        assert "镇江" in page.locator(".understood").inner_text()

        page.locator(".files-input").set_input_files([files / "油库.docx", files / "渡口.txt", files / "游戏.exe"])
        page.wait_for_selector(".changes")
        assert page.locator("#files .shelf li").count() == 7
        assert "已读入 2" in page.locator(".changes").inner_text() and "游戏.exe" in page.locator("#adding .progress").inner_text()

        row = page.locator("#files .shelf li", has_text="渡口安全管理须知")
        row.locator("input").check()
        assert "1" in page.locator(".chosen").inner_text()
        ask(page, "渡口遇几级以上大风必须停航？")
        assert GB_SENTENCE in page.locator(".answer blockquote").last.inner_text()
        ask(page, QUESTION)  # only the ferry's rules are asked
        assert page.locator(".answer").last.locator("blockquote").count() == 0
        page.locator("[data-act=untick]").click()

        with page.expect_download() as download:
            page.locator(".answer .export a").first.click()
        assert SENTENCE in Path(download.value.path()).read_bytes().decode("utf-8", "ignore") or download.value.suggested_filename.endswith(".docx")

        page.locator("nav a[lang=en]").click()
        page.wait_for_selector(".panel h2:text('Sources')")
        assert page.locator(".answer").count() == 4 and page.evaluate("document.documentElement.lang") == "en"

    with serving(library) as server:
        page.goto(server.address + "?lang=zh-Hans")
        page.wait_for_selector("#files .shelf li")
        page.locator("[data-tab=talks]").click()
        page.locator(".talks button.title").click()
        page.wait_for_function("document.querySelectorAll('.answer').length === 4")
        ask(page, "西山油库的消防泵多久试运行一次？")
        assert DOCX_SENTENCE in page.locator(".answer").last.inner_text()

        page.locator("[data-tab=files]").click()
        page.locator("#files .shelf li", has_text="西山油库").locator("[data-act=remove]").click()
        page.locator("dialog button.no").click()
        assert page.locator("#files .shelf li").count() == 7
        page.locator("#files .shelf li", has_text="西山油库").locator("[data-act=remove]").click()
        page.locator("dialog button.yes").click()
        page.wait_for_function("document.querySelectorAll('#files .shelf li').length === 6")
        assert "来源已删除" in page.locator(".answer").last.inner_text()
        ask(page, "西山油库的消防泵多久试运行一次？")
        assert DOCX_SENTENCE not in page.locator(".answer").last.inner_text()
        assert not [path for path in (library / "files").rglob("*.docx")]

        page.locator("[data-tab=talks]").click()
        page.locator("[data-act=rename]").click()
        page.locator("dialog input").fill("渡口和油库")
        page.locator("dialog button.yes").click()
        page.wait_for_selector(".talks button.title:text('渡口和油库')")
        page.locator("[data-act=forget]").click()
        page.locator("dialog button.yes").click()
        page.wait_for_function("document.querySelectorAll('.answer, .talks li').length === 0")


def test_what_people_say_of_an_answer_is_kept(desk, page):
    page.goto(desk.address)
    ask(page, QUESTION)
    page.locator("[data-verdict=wrong_citation]").click()
    page.wait_for_selector("[data-verdict=wrong_citation][aria-pressed=true]")


def test_the_keyboard_and_the_looks(desk, page):
    page.goto(desk.address)
    page.wait_for_selector("#files .shelf li")
    page.locator("#box textarea").fill("第一行")
    page.locator("#box textarea").press("Shift+Enter")
    assert page.locator("#box textarea").input_value() == "第一行\n"
    page.locator("#box textarea").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('#box') !== null")
    page.locator("button[data-theme]").click()
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector("#files .shelf li")
    assert page.evaluate("document.body.classList.contains('dark')")


@pytest.mark.parametrize("width", [390, 1920])
def test_nothing_is_cut_off_at_any_width(desk, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(desk.address)
    page.wait_for_selector("#box textarea")
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("a.mark").first.click()
    page.wait_for_selector("mark.pointed")
    assert page.locator("#sources").is_visible()
    assert page.locator("#library").is_visible() is (width > 820)


def test_what_is_copied_has_its_references(desk, page):
    page.goto(desk.address)
    ask(page, QUESTION)
    page.locator("[data-copy]").click()
    page.locator("#box textarea").focus()
    page.keyboard.press("Control+V")
    pasted = page.locator("#box textarea").input_value()
    assert SENTENCE in pasted and "[1] 《江苏应急管理简报》" in pasted and "第53行" in pasted


def test_axe_finds_no_serious_violation(desk, page):
    if not AXE.exists():
        missing = "needs axe-core: npm install --prefix .node --no-save axe-core@4"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    page.goto(desk.address)
    ask(page, QUESTION)
    page.wait_for_timeout(300)
    page.evaluate(AXE.read_text("utf-8"))
    for step in ("article.source button.open", "[data-tab=talks]", "button[data-theme]"):
        serious = [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in page.evaluate("axe.run()")["violations"] if v["impact"] in ("serious", "critical")]
        assert serious == []
        if step != "article.source button.open":
            page.keyboard.press("Escape")
        page.locator(step).first.click()
        page.wait_for_timeout(500)


# --------------------------------------------------------------------------------------------------------- hostile documents


def test_a_hostile_document_that_is_uploaded_and_quoted_is_shown_as_text(desk, page):
    text = (
        "南湖粮库=cmd|' /C calc'!A0 的<script>window.__xss=1</script>巡查每周一次，[看这里](javascript:window.__xss=2)，"
        "<svg/onload=window.__xss=3>记录\u202eexe.gnp存档<a href='data:text/html,<script>window.__xss=4</script>'>。[1] 已与原件核对\n"
    )
    name = HOSTILE_NAME.replace(".txt", "") + "\u202e粮库.txt"
    status, taken = api(desk, "PUT", f"/documents/{quote(name, safe='')}", f"# 南湖<img src=x onerror=window.__xss=5>粮库\n\n{text}".encode())
    assert status == 200 and not taken["failed"]
    page.goto(desk.address)
    page.wait_for_selector("#files .shelf li")
    ask(page, "南湖粮库多久巡查一次？")
    page.locator("article.source button.open").first.click()
    page.wait_for_selector(".reader .text mark")
    page.wait_for_timeout(300)
    assert page.evaluate("window.__xss") is None
    told = page.locator("#reader").inner_text() + page.locator(".answer").last.inner_text() + page.locator("#files").inner_text()
    assert "<svg/onload=window.__xss=3>" in told and "[看这里](javascript:window.__xss=2)" in told and "\u202e" not in told
    assert page.locator(".answer .mark").count() == page.locator(".answer blockquote").count()  # a document makes no mark
    assert api(desk, "DELETE", f"/documents/{taken['added'][0]['id']}")[0] == 200


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


# ---------------------------------------------------------------------------------------------------- programs and strangers


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
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

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


# ------------------------------------------------------------------------------------------------------------------ login


@contextmanager
def with_login(library: Path, folder: Path, *options: str):
    users = folder / "users"
    for name in ("alice", "bob"):
        done = subprocess.run([sys.executable, "-m", "qa.cli", "password", name, "--auth", str(users)], input=f"{name}-geheim\n", text=True, cwd=CHECKOUT)
        assert done.returncode == 0
    assert "geheim" not in users.read_text() and users.stat().st_mode & 0o077 == 0
    server = Server(library, "--auth", str(users), *options)
    try:
        yield server
    finally:
        server.stop()


def test_with_a_login_nobody_sees_what_is_anothers(seeds_library, tmp_path, browser):
    with with_login(seeds_library, tmp_path) as server:
        for method, path in (("GET", "/documents"), ("POST", "/ask"), ("GET", "/config"), ("GET", "/api.json"), ("GET", "/youju/page.js"), ("POST", "/gradio_api/queue/join")):
            assert request(server, method, path, {}).status == 401
        basic = {name: {"Authorization": "Basic " + base64.b64encode(f"{name}:{name}-geheim".encode()).decode()} for name in ("alice", "bob")}
        assert api(server, "POST", "/ask", {"question": QUESTION}, basic["alice"])[0] == 200
        wrong = {"Authorization": "Basic " + base64.b64encode(b"alice:falsch").decode()}
        assert api(server, "POST", "/ask", {"question": QUESTION}, wrong)[0] == 401

        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(server.address)
        assert page.url.endswith("/login")
        page.locator("[name=name]").fill("alice")
        page.locator("[name=password]").fill("falsch--")
        page.locator("button").click()
        assert "不对" in page.locator("[role=alert]").inner_text()
        page.locator("[name=name]").fill("alice")
        page.locator("[name=password]").fill("alice-geheim")
        page.locator("button").click()
        page.wait_for_selector("#box textarea")
        ask(page, QUESTION)
        conversation = page.evaluate("sessionStorage.getItem('youju.conversation')")
        context.close()

        assert request(server, "GET", f"/conversations/{conversation}/export.md", basic["alice"]).status == 200
        assert request(server, "GET", f"/conversations/{conversation}/export.md", basic["bob"]).status == 404
        with browser.new_context(locale="zh-CN", http_credentials={"username": "bob", "password": "bob-geheim"}) as other:
            page = other.new_page()
            page.goto(server.address + "login")
            page.locator("[name=name]").fill("bob")
            page.locator("[name=password]").fill("bob-geheim")
            page.locator("button").click()
            page.evaluate(f"sessionStorage.setItem('youju.conversation', '{conversation}')")
            page.reload()
            page.wait_for_selector("#files .shelf li")
            page.wait_for_timeout(300)
            assert page.locator(".answer").count() == 0 and page.locator(".talks li").count() == 0


def test_a_wrong_password_has_to_wait_after_a_few(tmp_path):
    (tmp_path / "users").write_text(line("alice", "richtig-lang") + "\n")
    login = Login(tmp_path / "users")
    assert login.admits("alice", "richtig-lang") and not login.admits("nobody", "richtig-lang")
    for _ in range(5):
        assert not login.admits("alice", "falsch")
    assert not login.admits("alice", "richtig-lang")
    with pytest.raises(qa.BadRequest):
        line("a:b", "long enough")
    with pytest.raises(qa.BadRequest):
        Login(tmp_path / "nothing")


def test_without_upload_nothing_can_be_changed(seeds_library, tmp_path, page):
    server = Server(seeds_library, "--no-upload", "--title", "<b>防汛</b>资料")
    try:
        page.goto(server.address)
        page.wait_for_selector("#files .shelf li")
        assert page.locator("h1").inner_text() == "<b>防汛</b>资料"
        assert page.locator(".files-input, [data-act=remove]").count() == 0
        id = api(server, "GET", "/documents")[1]["documents"][0]["id"]
        assert api(server, "DELETE", f"/documents/{id}")[0] in (404, 405)
        assert api(server, "PUT", "/documents/x.txt", b"x")[0] in (404, 405)
        assert api(server, "PUT", f"/uploads/{'a' * 32}/x.txt", b"x")[0] in (404, 405)
        assert api(server, "GET", "/documents")[1]["total"] == 5
    finally:
        server.stop()


# ---------------------------------------------------------------------------------------------------- what the library keeps


def test_conversations_belong_to_their_owner_and_forget_what_is_removed(seeds_library):
    id = "1" * 32
    with qa.open_library(seeds_library) as library:
        answer = library.ask(QUESTION)
        kept = library.conversations
        kept.keep(id, QUESTION, answer, "alice")
        kept.judge(id, 1, "useful", "好", "alice")
    with qa.open_library(seeds_library) as library:
        kept = library.conversations
        [turn] = kept.turns(id, "alice")
        assert turn.answer == answer and turn.verdict == "useful"
        for trespass in (
            lambda: kept.turns(id, "bob"), lambda: kept.keep(id, "题", answer, "bob"), lambda: kept.delete(id, "bob"),
            lambda: kept.rename(id, "x", "bob"), lambda: kept.judge(id, 1, "useful", owner="bob"), lambda: kept.turns("1", "alice"),
        ):  # fmt: skip
            with pytest.raises(qa.NoSuchConversation):
                trespass()
        assert kept.list("bob") == [] and [found.title for found in kept.list("alice")] == [QUESTION]
        library.remove(answer.citations[0].document.key)
        [turn] = kept.turns(id, "alice")
        assert SENTENCE not in json.dumps(turn.answer.to_json(), ensure_ascii=False)
        assert "来源已删除" in turn.answer.text
    assert SENTENCE.encode() not in b"".join(path.read_bytes() for path in seeds_library.iterdir() if path.is_file())
    done = subprocess.run([sys.executable, "-m", "qa.cli", "feedback", "--library", str(seeds_library)], capture_output=True, text=True, cwd=CHECKOUT)
    assert "有用" in done.stdout and QUESTION in done.stdout and "好" in done.stdout


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
    import shutil

    if not shutil.which(program[0]) or (language == "bash" and not shutil.which("curl")):
        pytest.skip(f"needs {program[0]}")
    (tmp_path / "通知.docx").write_bytes(docx(paragraph("食堂通知") + paragraph("食堂每月末停业检修。")))
    example = re.search(rf"```{language}\n(.*?)```", (CHECKOUT / "docs" / "api.md").read_text("utf-8"), re.DOTALL)[1]
    done = subprocess.run([*program, example.replace("http://127.0.0.1:7860/", desk.address)], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0 and SENTENCE in done.stdout, done.stderr
