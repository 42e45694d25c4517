"""The page in a real browser, before a real server process."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from conftest import QUESTION, SENTENCE
from hypothesis import given
from hypothesis import strategies as st
from serving import Server, ask, request, serving, serving_copy

import qa
from ui.guard import Guard
from ui.render import answer_bubble, shown, sources
from ui.strings import STRINGS, strings

HOSTILE_NAME = '"><img src=x onerror=window.__xss=1>.txt'
HOSTILE_TEXT = (
    "<script>window.__xss=2</script>关于粮仓巡查的通知\n\n"
    "东山粮仓每周三由<img src=x onerror=window.__xss=3>保管员巡查，记录[x](javascript:window.__xss=4)存档。\u202egpj.exe ${window.__xss=5}{{value}}\n"
)
DESCRIPTION = qa.Description("key", "", "name.txt", "题", "", "", "", "utf-8", "text/plain")


@pytest.fixture(scope="module")
def server(seeded, tmp_path_factory) -> Iterator[Server]:
    with serving_copy(seeded, tmp_path_factory.mktemp("ui")) as server:
        yield server


def test_the_answer_quotes_the_sentence_and_leads_to_it_and_back(server, page):
    page.goto(server.address)
    ask(page, QUESTION)
    quote = page.locator(".answer blockquote").first
    assert SENTENCE in quote.inner_text() and "[1]" in quote.inner_text()

    quote.locator("a.mark").click()
    marked = page.locator("mark.pointed")
    assert SENTENCE in marked.inner_text()
    page.wait_for_function("(box => box.top >= 0 && box.bottom <= innerHeight)(document.querySelector('mark.pointed').getBoundingClientRect())")

    source = page.locator("article.source").first
    assert marked.inner_text() in source.locator(".passage").inner_text()
    assert "第53行" in source.inner_text() and "000_0902a483bf6e6fe9.txt" in source.inner_text()
    assert source.locator(".state.ok").count() >= 1
    source.locator("a.number").first.click()
    assert page.locator("a.mark.pointed").inner_text() == "[1]"
    assert page.url == server.address  # marks and sources are on the page: nothing was loaded again


def test_a_follow_up_says_how_it_was_understood_and_keeps_the_earlier_sources(server, page):
    page.goto(server.address)
    ask(page, QUESTION)
    ask(page, "那镇江呢？")
    assert "镇江" in page.locator(".understood").inner_text()
    assert page.locator("details.turn").count() == 2
    page.locator("#mark-1-1").click()
    assert SENTENCE in page.locator("mark.pointed").inner_text()
    page.locator("#clear").click()
    page.wait_for_function("document.querySelectorAll('.answer, .turn').length === 0")


def test_what_the_documents_do_not_say_is_refused_and_looks_so(server, page):
    page.goto(server.address)
    ask(page, "今天股市怎么样")
    assert "没有" in page.locator(".refusal").inner_text()
    assert page.locator(".answer blockquote").count() == 0
    assert page.locator("article.near").count() > 0


def test_an_example_asks_its_question(server, page):
    page.goto(server.address)
    example = page.locator("#chat .example").first
    question = example.inner_text().strip()
    example.click()
    page.wait_for_selector(".answer")
    assert page.locator(".question").inner_text() == question


def test_people_who_ask_at_the_same_time_get_their_own_answers(server, browser):
    context = browser.new_context(locale="zh-CN")
    pages = {question: context.new_page() for question in (QUESTION, "今天股市怎么样", "泰兴的市委书记强调了什么？")}
    for page in pages.values():
        page.goto(server.address)
        page.wait_for_selector("#box textarea")
    for question, page in pages.items():
        page.locator("#box textarea").fill(question)
        page.locator("#box textarea").press("Enter")
    for question, page in pages.items():
        page.wait_for_selector(".answer")
        assert page.locator(".question").all_inner_texts() == [question]
        assert page.locator("details.turn summary").all_inner_texts() == [question]
    context.close()


@pytest.mark.parametrize("language, words", [("zh-Hant", "出處"), ("en", "Sources")])
def test_the_page_speaks_the_language_of_its_address(server, page, language, words):
    page.goto(f"{server.address}?lang={language}")
    page.wait_for_selector(f".panel h2:text('{words}')")
    ask(page, QUESTION)
    page.locator("a.mark").first.click()
    assert SENTENCE in page.locator("mark.pointed").inner_text()


def test_all_is_asked_of_the_server_itself(server, page):
    """That nothing leaves loopback is asserted after every test, see conftest.py; here that something is watched at all."""
    page.goto(server.address)
    ask(page, QUESTION)
    hosts = {urlsplit(url).hostname for url in page.requested if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}


def test_the_watch_sees_who_leaves_loopback(tmp_path):
    """A process that the tests start, whatever it is, is watched."""
    program = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", program], env=os.environ | {"YOUJU_WATCH": str(tmp_path / "log")}, check=False)
    assert "192.0.2.1" in (tmp_path / "log").read_text()


def test_hostile_text_is_shown_as_text(browser, page, tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / HOSTILE_NAME).write_text(HOSTILE_TEXT, "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        assert not library.add([documents]).failed
    with serving(tmp_path / "library") as server:
        page.goto(server.address)
        page.wait_for_selector("#box textarea")
        ask(page, "东山粮仓每周几由保管员巡查？")
        ask(page, "<img src=x onerror=window.__xss=6>东山粮仓 ![](http://canary.example/)")
        page.wait_for_timeout(500)
        assert page.evaluate("window.__xss") is None
        shown = page.locator("#sources").inner_text()
        assert HOSTILE_NAME in shown
        assert "<img src=x onerror=window.__xss=3>" in shown and "[x](javascript:window.__xss=4)" in shown
        assert "⟨U+202E⟩" in shown or "\u202e" not in shown
        assert "<img src=x onerror=window.__xss=6>" in page.locator(".question").last.inner_text()


def test_every_language_has_every_string():
    assert {frozenset(words) for words in STRINGS.values()} == {frozenset(strings())}


@given(st.text())
def test_shown_text_has_no_markup_but_its_own(text):
    plain = re.sub(r'<span class="unseen">⟨U\+([0-9A-F]{4,6})⟩</span>', lambda found: chr(int(found[1], 16)), shown(text))
    assert "<" not in plain and ">" not in plain and '"' not in plain
    assert html.unescape(plain) == text
    shown(text).encode("utf-8")


@pytest.mark.parametrize("spans", [[(0, 2)], [(2, 4), (6, 8)], [(2, 6), (4, 8)], [(0, 8), (2, 4)], [(8, 8)]], ids=str)
def test_marks_take_nothing_from_a_passage(spans):
    passage = qa.Passage("甲乙<丙>&丁戊", 10, 18)
    citations = [
        qa.Citation(number, passage.text[start:end], DESCRIPTION, passage, (start, end), (), (), "第1行") for number, (start, end) in enumerate(spans, 1)
    ]
    answer = qa.Answer("问", "", True, 1.0, tuple(citations), ())
    section = sources(answer, 1, strings())
    marked = section.split('<div class="passage">')[1].split("</div>")[0]
    assert html.unescape(re.sub(r"<mark [^>]*>|</mark>", "", marked)) == passage.text
    assert marked.count("<mark ") == len(spans)


def test_a_refusal_that_says_what_stands_there_instead_leads_to_it():
    passage = qa.Passage("镇江市30日开会。", 0, 9)
    citation = qa.Citation(1, passage.text, DESCRIPTION, passage, (0, 9), ((0, 9),), (), "第1行")
    parts = (qa.Part("words", "没有。"), qa.Part("words", "\n资料里与“扬州”对不上。\n"), qa.Part("quote", passage.text, 1))
    shown_answer = answer_bubble(qa.Turn(3, "", "问", qa.Answer("问", "没有。", False, 0.1, (citation,), (), "资料里与“扬州”对不上。", parts)), "0" * 32, strings("en"))
    assert 'class="refusal"' in shown_answer and strings("en")["refusal"] in shown_answer and shown_answer.split('class="foot"')[0].count("对不上") == 1
    assert '<a class="mark" id="mark-3-1" href="#source-3-1"' in shown_answer and "<blockquote>" in shown_answer


@pytest.mark.parametrize(
    "method, path, headers, status",
    [
        pytest.param("GET", "/", {}, 200, id="itself"),
        pytest.param("GET", "/", {"Host": "evil.example"}, 403, id="rebinding"),
        pytest.param("GET", "/", {"Host": "127.0.0.1.evil.example"}, 403, id="rebinding_prefix"),
        pytest.param("POST", "/gradio_api/queue/join", {"Origin": "http://evil.example"}, 403, id="foreign_page"),
        pytest.param("POST", "/gradio_api/queue/join", {"Origin": "null"}, 403, id="sandboxed_page"),
        pytest.param("POST", "/gradio_api/upload", {}, 403, id="upload"),
        pytest.param("GET", "/gradio_api/file=/etc/passwd", {}, 403, id="file"),
        pytest.param("GET", "/openapi.json", {}, 404, id="api_schema"),
    ],
)
def test_only_the_page_itself_may_ask(server, method, path, headers, status):
    assert request(server, method, path, headers).status == status


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/nothing"])
def test_every_answer_carries_the_security_headers(server, path):
    headers = request(server, "GET", path, {}).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "'unsafe-inline'" not in headers["content-security-policy"].split("style-src")[0]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "listening, asked, admitted",
    [
        ("127.0.0.1", "localhost:7860", True),
        ("127.0.0.1", "192.168.1.5:7860", False),
        ("0.0.0.0", "192.168.1.5:7860", True),
        ("0.0.0.0", "evil.example", False),
        ("::", "[2001:db8::1]:7860", True),
        ("youju.office", "youju.office", True),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[", False),
    ],
)
def test_which_names_the_server_answers_to(listening, asked, admitted):
    guard = Guard(None, listening)
    assert guard.admits({"path": "/", "headers": [(b"host", asked.encode())]}) is admitted


def test_no_function_of_the_page_is_offered_to_programs(server):
    body = request(server, "GET", "/gradio_api/info", {}).body
    assert b'"named_endpoints":{}' in body.replace(b" ", b"") and b'"unnamed_endpoints":{}' in body.replace(b" ", b"")
