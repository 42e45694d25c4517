"""A day at the desk in a real browser, before a real server process, and each thing that can be done there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import CHECKOUT, QUESTION, SENTENCE
from fixtures.documents import docx, paragraph, text_pdf
from serving import api, ask, serving, serving_copy
from test_ui import HOSTILE_NAME

DOCX_SENTENCE = "西山油库的消防泵每季度试运行一次，由值班班长签字。"
GB_SENTENCE = "龙潭渡口遇六级以上大风必须停航，渡工不得载客。"
AXE = CHECKOUT / ".node" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def desk(seeded, tmp_path_factory):
    """A server over a library of this file's own."""
    with serving_copy(seeded, tmp_path_factory.mktemp("desk")) as server:
        yield server


def test_a_day(seeds_library, tmp_path, page):
    """First start, ask, open a source, follow up, add a DOCX and a GB18030 text, ask of it alone, export, switch language,
    restart and go on, remove, and it answers no more."""
    files = tmp_path / "mine"
    files.mkdir()
    (files / "油库.docx").write_bytes(docx(paragraph("西山油库消防管理规定") + paragraph(DOCX_SENTENCE)))
    (files / "渡口.txt").write_bytes(f"渡口安全管理须知\n\n{GB_SENTENCE}\n".encode("gb18030"))
    (files / "游戏.exe").write_bytes(b"MZ\x90")

    with serving(seeds_library) as server:
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

    with serving(seeds_library) as server:
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
        assert not [path for path in (seeds_library / "files").rglob("*.docx")]

        page.locator("[data-tab=talks]").click()
        page.locator("[data-act=rename]").click()
        page.locator("dialog input").fill("渡口和油库")
        page.locator("dialog button.yes").click()
        page.wait_for_selector(".talks button.title:text('渡口和油库')")
        page.locator("[data-act=forget]").click()
        page.locator("dialog button.yes").click()
        page.wait_for_function("document.querySelectorAll('.answer, .talks li').length === 0")


def drop(page, place: str, files: dict[str, bytes]) -> None:
    """Files let go over a place, as the browser tells it."""
    page.evaluate(
        """([place, files]) => {
          const data = new DataTransfer();
          for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
          for (const kind of ["dragenter", "dragover", "drop"])
            document.querySelector(place).dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [place, [[name, list(data)] for name, data in files.items()]],
    )


def test_the_list_is_searched_while_one_types(desk, page):
    page.goto(desk.address)
    page.wait_for_selector("#files .shelf li")
    everything = page.locator("#files .shelf li").count()
    page.locator("#search input").press_sequentially("江蘇 应急", delay=20)  # either script, every word
    page.wait_for_function("document.querySelectorAll('#files .shelf li').length === 1")
    assert "江苏应急管理简报" in page.locator("#files .shelf li").inner_text()
    page.locator("#search input").fill("没有这样的")
    page.wait_for_selector("#files .hint")
    page.locator("#search input").fill("")
    page.wait_for_function(f"document.querySelectorAll('#files .shelf li').length === {everything}")


def test_files_that_are_dropped_are_added_and_accounted_for(desk, page):
    repaired = "关于北岭冷库的通知\n\n北岭冷库每季度⼯作检查⼀次，由值班⼈员签字。\n".encode()  # Kangxi radicals
    page.goto(desk.address)
    page.wait_for_selector("#files .shelf li")
    before = page.locator("#files .shelf li").count()
    drop(page, "#files", {"冷库.txt": repaired, "坏.docx": b"PK\x03\x04 broken", "游戏.exe": b"MZ"})
    page.wait_for_selector(".changes")
    told = page.locator(".changes").inner_text()
    assert "已读入 1" in told and "关于北岭冷库的通知" in told and "没有读成 1" in told and "坏.docx" in told and "需留意" in told
    assert "游戏.exe" in page.locator("#adding .progress").inner_text()
    assert page.locator("#files .shelf li").count() == before + 1
    page.locator(".changes [data-act=dismiss]").click()
    assert page.locator(".changes").count() == 0
    [found] = api(desk, "GET", f"/documents?query={quote('北岭冷库')}")[1]["documents"]
    assert api(desk, "DELETE", f"/documents/{found['id']}")[0] == 200


def test_a_draft_that_is_dropped_on_the_proof_is_checked_and_not_added(desk, page):
    page.goto(desk.address)
    page.wait_for_selector("#files .shelf li")
    before = api(desk, "GET", "/documents")[1]["total"]
    page.locator(".places [data-place=proof]").click()
    drop(page, "#proof", {"稿.txt": "会议指出：“要在对标对表新思想中持续走好江苏安全发展之路。”".encode()})
    page.wait_for_selector(".findings .verdict.exact")
    assert api(desk, "GET", "/documents")[1]["total"] == before


def test_quotes_are_shown_as_written_and_on_demand_in_simplified_script(desk, page):
    page.goto(desk.address)
    ask(page, "泰興召開了什麼會議？")
    written = page.locator(".answer blockquote .written").first
    assert written.is_visible() and "興" in page.locator(".answer").inner_text()
    page.locator("[data-act=script]").click()
    simplified = page.locator(".answer blockquote .simplified").first
    assert simplified.is_visible() and not written.is_visible() and "兴" in simplified.inner_text() and "興" not in simplified.inner_text()
    simplified.locator("a.mark").click()
    assert page.locator("mark.pointed").count() == 1 and "興" in page.locator("#panel").inner_text()  # the source stays as it is written
    page.locator("[data-act=script]").click()
    assert written.is_visible()


def test_an_answer_that_is_pasted_into_a_document_keeps_quotation_and_reference(desk, page):
    page.goto(desk.address)
    ask(page, QUESTION)
    page.locator("[data-copy]").click()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div id=letter contenteditable style=position:fixed;top:0></div>')")
    page.locator("#letter").focus()
    page.keyboard.press("Control+V")
    assert SENTENCE in page.locator("#letter blockquote").inner_text() and "[1]" in page.locator("#letter blockquote").inner_text()
    assert "[1] 《江苏应急管理简报》" in page.locator("#letter p").last.inner_text()
    assert page.locator("[data-copy]").inner_text() == "已复制"


def test_what_people_say_of_an_answer_is_kept_with_their_words(seeds_library, page):
    with serving(seeds_library) as server:
        page.goto(server.address)
        ask(page, QUESTION)
        wrong = page.locator("[data-verdict=wrong_citation]")
        wrong.click()
        page.locator("dialog button.no").click()  # thought better of it
        assert wrong.get_attribute("aria-pressed") == "false"
        wrong.click()
        page.locator("dialog input").fill("日期引错了<b>一天</b>")
        page.locator("dialog button.yes").click()
        page.wait_for_selector("[data-verdict=wrong_citation][aria-pressed=true]")
        ask(page, "今天股市怎么样")
        page.locator("[data-verdict=useful]").last.click()
        page.wait_for_selector("[data-verdict=useful][aria-pressed=true]")
        page.reload()
        page.wait_for_selector("[data-verdict=wrong_citation][aria-pressed=true]")
    done = subprocess.run([sys.executable, "-m", "qa.cli", "feedback", "--library", str(seeds_library)], capture_output=True, text=True, cwd=CHECKOUT)
    assert "引用有误" in done.stdout and "日期引错了<b>一天</b>" in done.stdout and QUESTION in done.stdout and "有用" in done.stdout


def test_the_answer_does_not_wait_for_its_verification(desk, page):
    """The answer is there while the files are still being read for the verdict; then the verdict is put in beside it."""
    api(desk, "PUT", f"/documents/{quote('闸门')}.txt", "关于青田闸门的通知\n\n青田闸门每逢汛期须由两名值班员共同启闭，并登记启闭时间。\n".encode())
    held = []
    page.route("**/verdicts?*", lambda route: held.append(route))
    page.goto(desk.address)
    page.wait_for_selector("#files .shelf li")
    ask(page, "青田闸门汛期由谁启闭？")
    assert "两名值班员" in page.locator(".answer blockquote").inner_text()
    page.wait_for_selector(".state.checking")
    assert "正在" in page.locator(".state").inner_text()
    page.wait_for_function("true")
    held[0].continue_()
    page.wait_for_selector(".state.ok")
    assert "已与原件核对" in page.locator(".state").inner_text()
    [found] = api(desk, "GET", f"/documents?query={quote('青田')}")[1]["documents"]
    assert api(desk, "DELETE", f"/documents/{found['id']}")[0] == 200


def test_of_a_pdf_the_page_itself_is_shown_with_the_quotation_boxed(desk, page):
    pdf = text_pdf(["Rules for Depots. Nothing else.", "Every depot keeps two fire pumps ready at all times."])
    status, taken = api(desk, "PUT", "/documents/depots.pdf", pdf)
    assert status == 200
    page.goto(desk.address)
    page.wait_for_selector("#files .shelf li")
    ask(page, "How many fire pumps does every depot keep ready?")
    assert "第2页" in page.locator("article.source").first.inner_text()
    page.locator("article.source button.open").first.click()
    page.wait_for_selector("#reader .sheet i")
    page.wait_for_function("document.querySelector('#reader .sheet img').naturalWidth > 400")
    page.wait_for_function("(box => box.width > 50 && box.height > 3 && box.top >= 0 && box.bottom <= innerHeight)(document.querySelector('.sheet i').getBoundingClientRect())")
    assert "/pages/2" in page.locator("#reader .sheet img").get_attribute("src") and "two fire pumps" in page.locator("#reading").inner_text()
    assert api(desk, "DELETE", f"/documents/{taken['added'][0]['id']}")[0] == 200


def test_a_question_that_is_stopped_leaves_no_answer_behind(seeds_library):
    """The computing cannot be broken off within a question, but nothing waits for it and nothing is kept of it."""
    program = """
import sys, threading, types, qa
from ui.drafts import Drafts
from ui.handlers import Handlers
from ui.shelf import Shelf
person, state, begun, go_on = types.SimpleNamespace(username=""), '{"conversation": "%s"}', threading.Event(), threading.Event()
with qa.open_library(sys.argv[1]) as library:
    page, answer = Handlers(library, Shelf(library), None, Drafts(library), "x", False), library.ask
    page.examples.questions()  # they ask too
    def slowly(*question, **more):
        begun.set()
        go_on.wait()
        return answer(*question, **more)
    library.ask = slowly
    asking = threading.Thread(target=page.ask, args=("%s", state %% ("a" * 32), person))
    asking.start()
    begun.wait()
    page.stop(state %% ("a" * 32), person)
    library.ask = answer
    page.ask("%s", state %% ("b" * 32), person)  # somebody else is answered meanwhile
    assert len(library.conversations.turns("b" * 32)) == 1
    go_on.set()
    asking.join()
    assert library.conversations.turns("a" * 32) == []
    page.ask("%s", state %% ("a" * 32), person)
    assert len(library.conversations.turns("a" * 32)) == 1
""".replace("%s", QUESTION).replace(f'"conversation": "{QUESTION}"', '"conversation": "%s"').replace("%%", "%")
    done = subprocess.run([sys.executable, "-c", program, str(seeds_library)], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.returncode == 0, done.stderr


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
    serious = []
    for step in ("article.source button.open", "[data-tab=talks]", "button[data-theme]", ".places [data-place=proof]", "[data-check]", "button[data-theme]", ""):
        found = page.evaluate("axe.run()")["violations"]
        serious += [(step, v["id"], [node["html"][:150] for node in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")]
        if not step:
            break
        if step != "article.source button.open":
            page.keyboard.press("Escape")
        if step == "[data-check]":
            page.locator(".draft-text").fill("会议指出：“要在对标对表新思想中持续走好江苏安全发展大路。”")
        page.locator(step).first.click()
        page.wait_for_timeout(500)
    assert serious == []


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
