"""Nothing from a document or a question steers a report, whatever its format."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import zipfile

import pytest
from reports import part, report

import qa
from qa.report.content import shown

HOSTILE = (
    "=HYPERLINK(\"http://evil\",\"x\")", "+1+2", "-2+3", "@SUM(1)", "＝1＋2", "\t=1", "=cmd|' /C calc'!A0", "DDEAUTO c:\\windows\\system32\\cmd.exe", "]]>", "{{ x }}",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[链接](javascript:alert(1))", "![图](http://canary/x)", "*强调* _x_ `y` ~~z~~", "# 标题", "> 引文", "1. 项",
    "---", "[^1]: 假注", "[1]", "a\x0bb", "a\x00b", "a\ud800b", "100\u202e元", "a\u200bb", "&lt;b&gt;&amp;", "\\begin{x}", "}, evil = {x", "ER  - ", "<!-- youju-evidence AAAA -->", "长" * 20_000,
)  # fmt: skip


def hostile(basket, text: str, notice: str = "") -> list:
    """The answer with a text in place of everything that comes from a document or a user."""
    answer = next(item for item in basket if not isinstance(item, qa.Citation) and item.answered)
    citation = answer.citations[0]
    document = dataclasses.replace(citation.document, title=text, name=text, issuer=text, fields=(qa.Field("url", "https://a.b/"),))
    passage = dataclasses.replace(citation.passage, text=text)
    citation = dataclasses.replace(citation, quote=text, document=document, passage=passage, passage_span=(0, len(text)), location=text[:50], number=1)
    parts = (qa.Part("words", text), qa.Part("quote", text, 1))
    return [dataclasses.replace(answer, question=text, citations=(citation,), parts=parts, notice=text)]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_stays_text(basket, tmp_path, text):
    made = report(hostile(basket, text), title=text, appendix=True)
    for ending in ("docx", "md", "html"):
        checked = qa.verify_report(made.save(tmp_path / f"a.{ending}"))
        assert [found.quote for found in checked] == [shown(text)], ending  # the quotation as written; the file says another
    data = made.to_bytes("docx")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert not re.search('TargetMode="External"', "".join(part(data, name) for name in names if name.endswith(".rels")))
    document = part(data, "word/document.xml")
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", document) == [" REF _youju_ref_1 \\r \\h "] and "w:hyperlink" not in document
    page = made.to_bytes("html").decode()
    assert set(re.findall(r"<([a-zA-Z]\w*)", page)) <= set("html head meta title style body h1 h2 h3 p blockquote sup a ol li div".split())
    assert "\u202e" not in page + made.to_bytes("md").decode() + document
    rows = list(csv.reader(io.StringIO(made.to_bytes("csv").decode("utf-8-sig"))))
    assert made.to_bytes("csv").startswith(b"\xef\xbb\xbf") and not any(re.match(r"\s*[=+\-@＝＋－＠]", cell) for row in rows for cell in row)
    assert rows[1][1].removeprefix("'") == shown(text)
