"""Trust W1 and W2: over 120 payloads in ten places of a document and of the page, and nothing runs, nothing is fetched.

In bulk what the page would show is put into an empty page without a content security policy, so that escaping alone has to hold;
then the same library behind a real server, with the policy as the second wall.
"""

from __future__ import annotations

import io
import re
import socket
import threading
import zipfile
from types import SimpleNamespace

import pytest
from fixtures.documents import docx, package, paragraph, pdf, stream, text_pdf, xlsx
from fixtures.payloads import addresses, markup
from serving import api, ask, request, serving

import qa
from ui import login, render
from ui.drafts import Checking
from ui.intake import safe_name
from ui.shelf import PAGE, Shelf
from ui.strings import strings

PAYLOADS = markup()
WORDS = strings()
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
OURS = set(
    "A ARTICLE B BLOCKQUOTE BODY BUTTON DEL DETAILS DIV FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 HEAD HEADER HTML I IMG INPUT INS LABEL LI LINK MAIN MARK META NAV P SECTION SPAN STRONG SUMMARY "
    "TABLE TBODY TD TEMPLATE TH THEAD TITLE TR UL".split()
)
POKE = """() => { for (const element of document.body.querySelectorAll("*")) for (const name of ["mouseover", "pointerenter", "focus", "click", "toggle", "animationstart", "error", "load"])
  element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true })); }"""
ACTIVE = """() => [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes].filter((attribute) => /^on/i.test(attribute.name)
  || (/^(href|src|action|formaction|data|background|xlink:href|srcdoc)$/i.test(attribute.name) && /^[\\s\\x00-\\x1f]*(java|vb)script:/i.test(attribute.value)))
  .map((attribute) => `${element.tagName} ${attribute.name}=${attribute.value}`))"""


def one_line(payload: str) -> str:
    return " ".join(payload.split())


def seen(text: str) -> str:
    """A text as the page shows it: what cannot be seen is made visible."""
    return UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A library in which each payload is a file's name, a title, a heading, a sentence and a table's cell; some are a PDF's title."""
    folder = tmp_path_factory.mktemp("hostile")
    files = folder / "files"
    files.mkdir()
    for number, payload in enumerate(PAYLOADS):
        line = one_line(payload)
        text = f"# 关于{line}的通知\n\n## 一、{line}\n\n第{number}号仓库每{number + 2}天由{payload}清点一次。\n".replace("\x00", "")  # with a NUL it would be no text
        (files / f"{number:03}{safe_name(payload)[:60]}.md").write_text(text, "utf-8")
    rows = "".join(f"<w:tr><w:tc>{paragraph('单元格 ' + one_line(seen(payload)))}</w:tc><w:tc>{paragraph(str(number))}</w:tc></w:tr>" for number, payload in enumerate(PAYLOADS))
    (files / "表.docx").write_bytes(docx(paragraph("物资清单") + f"<w:tbl>{rows}</w:tbl>"))
    for number, payload in enumerate(PAYLOADS[::10]):
        title = one_line(payload).encode("utf-16-be", "surrogatepass").hex()
        pdf = text_pdf([f"Rules {number}. Every depot is inspected twice a day."])
        info = b"99 0 obj\n<< /Title <feff%s> /Author <feff%s> >>\nendobj\n" % (title.encode(), title.encode())
        (files / f"{number}.pdf").write_bytes(pdf.replace(b"xref\n", info + b"xref\n", 1).replace(b"/Root", b"/Info 99 0 R /Root", 1))
    library = qa.open_library(folder / "library")
    changes = library.add([files])
    assert not changes.failed and len(changes.added) == len(PAYLOADS) + 1 + len(PAYLOADS[::10])
    yield SimpleNamespace(library=library, shelf=Shelf(library), folder=folder)
    library.close()


def lists(hostile) -> str:
    """File names and titles in the list, and what became of the files."""
    sheets = [hostile.shelf.find("", offset) for offset in range(0, len(hostile.shelf), PAGE)]
    assert sum(len(sheet.documents) for sheet in sheets) == len(hostile.shelf)
    refused = qa.Changes(failed=tuple(qa.Refused(payload, payload) for payload in PAYLOADS), notes=tuple(qa.Note(payload, 1, ((payload, 1),), (), (payload,)) for payload in PAYLOADS))
    return "".join(render.shelf(sheet, (), True, WORDS) for sheet in sheets) + render.changed(refused, {}, WORDS)


def readers(hostile) -> str:
    """Titles, headings, sentences, tables and PDF metadata in the reader."""
    found = []
    for document in hostile.library.documents():
        text = hostile.library.document(document.key)
        place = render.Place((2, 9), (0, 20), PAYLOADS[0])
        found.append(render.reader(text, document, place, (0, len(text.text)), [render.PagePicture(1, ((0.1, 0.1, 0.2, 0.2),))], WORDS))
    return "".join(found)


def answers(hostile) -> str:
    """Questions, answers, their sources, titles of conversations, failures."""
    found = []
    for number, payload in enumerate(PAYLOADS):
        answer = hostile.library.ask(f"第{number}号仓库每几天清点一次？")
        turn = qa.Turn(number + 1, "", payload, answer)
        found += [render.question_bubble(payload), render.answer_bubble(turn, "0" * 32, WORDS), render.panel([turn], WORDS), render.failure(payload)]
        found.append(render.talks([qa.Conversation("0" * 32, payload, "2026-01-01", 1)], "", WORDS))
    return "".join(found)


def proofs(hostile) -> str:
    """Quotations, originals, their differences, notes and the draft's name."""
    [document] = hostile.library.documents()[:1]
    found = [
        qa.Finding(payload, 0, 1, "altered", payload, document, payload, payload, (qa.Change("same", payload, payload), qa.Change("changed", payload, payload))) for payload in PAYLOADS
    ]
    return "".join(
        render.findings(Checking("0" * 32, "", qa.Draft("x", payload), payload, "done", findings=(finding,)), "", 0, WORDS) for payload, finding in zip(PAYLOADS, found)
    )


def settings(_) -> str:
    """The title of the page and the name of who is logged in."""
    return "".join(render.header(payload, 1, WORDS, payload) + login._page(WORDS, payload, payload).split("<main>")[1].split("</main>")[0] for payload in PAYLOADS)


@pytest.mark.parametrize("place", [lists, readers, answers, proofs, settings], ids=lambda place: place.__name__)
def test_escaping_alone_holds_in_every_place(hostile, page, place):
    page.set_content(f"<!doctype html><html><head></head><body>{place(hostile)}</body></html>")
    page.evaluate(POKE)
    page.wait_for_timeout(200)
    assert page.evaluate("window.__xss") is None
    tags = set(page.evaluate("[...new Set([...document.querySelectorAll('*')].map((element) => element.tagName))]"))
    assert tags <= OURS and page.evaluate(ACTIVE) == []
    told = page.evaluate("document.body.textContent")
    missing = [payload for payload in PAYLOADS if re.sub(r"\s+", "", seen(payload)) not in re.sub(r"\s+", "", told)]
    if place is readers:  # cleaning takes invisible characters out of a document
        missing = [payload for payload in missing if not UNSEEN.search(payload)]
    assert place is lists or missing == []  # in a file's name there can be no slash


def read_and_close(page, number: int) -> None:
    """Opens a document of the list in the reader."""
    page.evaluate("document.querySelector('#reader .reader')?.remove()")
    page.locator("#files .shelf button.title").nth(number).click()
    page.wait_for_selector("#reader .reader")
    page.keyboard.press("Escape")


def test_behind_the_server_nothing_runs_either(hostile, page, tmp_path):
    hostile.library.close()
    library = hostile.folder / "library"
    try:
        with serving(library, "--title", PAYLOADS[0] + PAYLOADS[6]) as server:
            page.goto(server.address)
            page.wait_for_selector("#files .shelf li")
            for _ in range(2):
                first = page.locator("#files .shelf li").first.inner_text()
                page.locator("#files .pages button").last.click()
                page.wait_for_function(f"document.querySelector('#files .shelf li').innerText !== {first!r}")
            for number in range(0, 30, 6):
                read_and_close(page, number)
            for payload in PAYLOADS[::16]:
                ask(page, f"{one_line(payload)} 第{PAYLOADS.index(payload)}号仓库每几天清点一次？")
            page.locator("[data-tab=talks]").click()
            page.locator(".places [data-place=proof]").click()
            page.locator(".draft-text").fill(f"{PAYLOADS[1]}会议指出：“{one_line(PAYLOADS[6])}第3号仓库每5天清点一次。”")
            page.locator("[data-check]").click()
            page.wait_for_selector(".findings")
            page.wait_for_timeout(300)
            assert page.evaluate("window.__xss") is None and page.evaluate(ACTIVE) == []
            assert page.locator("h1").text_content() == PAYLOADS[0] + PAYLOADS[6]
            assert page.locator("#chat script, #chat iframe, #chat img[src=x], #sources img[src=x], #files img, #proof img, #top img").count() == 0
    finally:
        hostile.library = qa.open_library(library)
        hostile.shelf = Shelf(hostile.library)


# ------------------------------------------------------------------------------------------------------ nothing is fetched


class Canary:
    """A listener on loopback that counts who comes."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()


@pytest.fixture
def canary():
    canary = Canary()
    yield canary
    canary.socket.close()


def fetching(address: str) -> str:
    """Everything in Markdown and HTML that would fetch an address."""
    return (
        f"![图]({address}) [链接]({address}) <{address}>\n\n<img src=\"{address}\"><link rel=stylesheet href=\"{address}\"><style>@import url({address});"
        f"@font-face{{font-family:x;src:url({address})}}p{{background:url({address})}}</style><iframe src=\"{address}\"></iframe><script src=\"{address}\"></script>"
        f'<object data="{address}"></object><base href="{address}"><meta http-equiv=refresh content="0;url={address}"><video poster="{address}"></video><svg><use href="{address}#x"/></svg>\n\n'
    )


def carriers(target: list[str]) -> dict[str, bytes]:
    """Documents of every kind that name these addresses where a program may follow them."""
    text = "水库每天巡查两次。\n\n" + "".join(map(fetching, target))
    links = "".join(
        f'<Relationship Id="r{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{address.replace("&", "&amp;")}" TargetMode="External"/>'
        for number, (address, kind) in enumerate((address, kind) for address in target for kind in ("attachedTemplate", "image", "hyperlink", "oleObject"))
    )
    word = docx(paragraph("水库每天巡查两次。") + "".join(map(paragraph, target)), **{"_rels/document.xml": ""})
    members = {"word/_rels/document.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'}
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        members |= {name: archive.read(name) for name in archive.namelist() if not name.endswith("_rels/document.xml.xml")}
    actions = b" ".join(b"<< /Type /Annot /Subtype /Link /Rect [0 0 600 700] /A << /S /URI /URI (%s) >> >>" % address.encode().replace(b"\\", b"\\\\") for address in target)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Annots [%s] /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>" % actions
    opening = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI (%s) >> >>" % target[0].encode()
    content = stream(b"BT /F1 12 Tf 72 700 Td (The reservoir is inspected twice a day.) Tj ET")
    return {
        "a.md": text.encode(), "b.html": f"<html><head><base href='{target[0]}'></head><body>{text}</body></html>".encode(), "c.txt": b"C\n\n" + text.encode(), "d.docx": package(members),
        "e.pdf": pdf([opening, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, content]), "f.xlsx": xlsx([[address, f'=HYPERLINK("{address}")', f'=WEBSERVICE("{address}")'] for address in target]),
    }  # fmt: skip


def test_no_address_in_a_document_or_a_request_is_fetched(seeds_library, canary, page):
    """W2 and W4: forty addresses in six kinds of documents that are read, quoted, opened and exported, and in every field of the API."""
    target = addresses(canary.port)
    assert len(target) == 40
    with serving(seeds_library) as server:
        ids = []
        for name, data in carriers(target).items():
            status, taken = api(server, "PUT", f"/documents/{name}", data)
            assert status == 200 and not taken["failed"], taken
            ids.append(taken["added"][0]["id"])
        page.goto(server.address)
        page.wait_for_selector("#files .shelf li")
        ask(page, "水库每天巡查几次？")
        ask(page, "How often is the reservoir inspected?")
        ask(page, f"{fetching(target[0])[:1500]} 水库每天巡查几次？")
        for place in range(len(ids)):
            read_and_close(page, place)
        for id in ids:
            assert api(server, "GET", f"/documents/{id}")[0] == 200 and request(server, "GET", f"/documents/{id}/original").status == 200
            request(server, "GET", f"/documents/{id}/pages/1")
        for address in target:
            api(server, "POST", "/ask", {"question": address, "documents": [address]})
            api(server, "POST", "/search", {"question": address, "history": [{"role": "user", "content": address}]})
            for door in ("/gradio_api/proxy=", "/gradio_api/file=", "/proxy=", "/file=", "/documents/", "/documents?query="):
                assert request(server, "GET", door + address.replace(" ", "%20").encode("ascii", "ignore").decode()).status in (200, 400, 403, 404, 422)
            file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
            api(server, "POST", "/gradio_api/run/predict", {"fn_index": 0, "data": [file], "session_hash": "x"})
        page.wait_for_timeout(300)
    assert canary.visits == 0  # that no host was looked up is asserted after every test


@pytest.mark.parametrize("method, path", [("GET", "/"), ("GET", "/config"), ("GET", "/theme.css"), ("GET", "/nothing"), ("GET", "/youju/page.js"), ("GET", "/api.json"), ("GET", "/documents"),
    ("POST", "/ask"), ("GET", "/documents/x/original"), ("GET", "/gradio_api/file=/etc/passwd"), ("PUT", "/uploads/x/y"), ("GET", "/drafts/x"), ("GET", "/assets/nothing"), ("GET", "/login")])  # fmt: skip
def test_every_answer_carries_the_four_headers(plain, method, path):
    headers = request(plain, method, path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "img-src 'self' data: blob:" in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY" and headers["referrer-policy"] == "same-origin"


@pytest.fixture(scope="module")
def plain(seeded):
    with serving(seeded) as server:
        yield server
