"""A report as a web page that needs nothing else: no script, no style sheet, no picture from elsewhere.

A file format, not a page of the product. It is built as a tree, so that nothing from a document can become markup.
"""

from __future__ import annotations

import html.parser
from xml.etree.ElementTree import Element, SubElement, tostring

from qa.report.content import Content, Entry, Quotation, sources

_STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:16px/1.8 FangSong,仿宋,SimSun,'Noto Serif CJK SC',serif}"
    "h1,h2,h3{font-family:SimHei,黑体,'Noto Sans CJK SC',sans-serif;line-height:1.4}h1{text-align:center}"
    "blockquote{margin:1em 0;padding:.2em 1em;border-left:3px solid #999}blockquote p,.passage{white-space:pre-wrap;margin:.3em 0}"
    "sup{font-size:.75em}.facts,.source{color:#555;font-size:.85em}.source{overflow-wrap:anywhere}li{margin:.8em 0}ol.numeric{list-style:none;padding:0}"
)


def to_html(content: Content, evidence: str) -> str:
    """The file, with the evidence as a comment at its end."""
    page = Element("html", lang="zh-CN")
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    _add(head, "title", content.title)
    _add(head, "style", _STYLE)
    body = SubElement(page, "body")
    _add(body, "h1", content.title)
    _add(body, "p", "　".join(content.facts), "facts")
    for section in content.sections:
        _add(body, "h2", section.heading)
        for block in section.blocks:
            _quote(body, block) if isinstance(block, Quotation) else _add(body, "p", block)
        if section.notice:
            _add(body, "p", section.notice, "facts")
    _references(body, content)
    _appendix(body, content)
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n" + evidence + "\n"


def _add(parent: Element, tag: str, text: str, kind: str = "") -> Element:
    element = SubElement(parent, tag, {"class": kind} if kind else {})
    element.text = text
    return element


def _quote(body: Element, quotation: Quotation) -> None:
    words = _add(SubElement(body, "blockquote"), "p", quotation.text)
    mark = SubElement(words, "sup")
    _add(mark, "a", quotation.mark).set("href", f"#ref-{quotation.entry}")
    mark[0].tail = quotation.locator


def _references(body: Element, content: Content) -> None:
    if content.entries:
        _add(body, "h2", "参考文献")
        rows = SubElement(body, "ol", {"class": "numeric"})
        for entry in content.entries:
            _entry(rows, entry, numeric=content.numeric)


def _entry(rows: Element, entry: Entry, numeric: bool) -> None:
    row = SubElement(rows, "li", id=f"ref-{entry.number}")
    row.text = f"[{entry.number}] {entry.text}" if numeric else entry.text
    for line in sources(entry):
        _add(row, "div", line, "source")


def _appendix(body: Element, content: Content) -> None:
    if content.appendix:
        _add(body, "h2", "附录：引文所在段落")
    for quotation in content.appendix:
        _add(body, "h3", f"{quotation.mark} {quotation.location}")
        _add(body, "p", quotation.passage, "passage")


class _Quotations(html.parser.HTMLParser):
    """Collects the text of the block quotes, without what is raised."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = self._raised = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "blockquote":
            self.found.append("")
            self._inside = True
        self._raised = self._raised or tag == "sup"
        if tag == "br" and self._inside:
            self.found[-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"
        self._raised = self._raised and tag != "sup"

    def handle_data(self, data: str) -> None:
        if self._inside and not self._raised:
            self.found[-1] += data


def quotations_in(text: str) -> list[str]:
    """The quotations of a report in HTML as they stand in it now: its block quotes, without their marks."""
    parser = _Quotations()
    parser.feed(text)
    parser.close()
    return [quote.strip("\n") for quote in parser.found]
