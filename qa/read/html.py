"""HTML: the article, not the navigation. Places are lines of the file. What is hidden is left out and said.

The standard parser is quadratic on tags that never end; the worker's limits catch what the check here lets through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from qa.read.decode import decode
from qa.read.parsed import Parsed, Writer, one_line, spread, table_lines, unseen
from qa.types import UnreadableFile

_SKIPPED = frozenset(["script", "style", "nav", "footer", "aside", "form", "button", "select", "option", "noscript", "template", "iframe", "svg", "math", "object", "head", "dialog", "menu"])
_BLOCKS = frozenset(["p", "div", "section", "article", "main", "header", "li", "dt", "dd", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "ul", "ol", "dl", "figure", "figcaption", "address", "hr", "body", "center", "caption"])
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE)
_FURNITURE = re.compile(r"(?:^|[-_\s])(?:nav|navbar|menu|footer|sidebar|breadcrumbs?|crumbs?|copyright|share|social|comments?|related|pagination|pager|toolbar|ad|ads|advert|banner)(?:$|[-_\s\d])", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_OPEN_TAGS = 500  # "<" in what follows the last ">": more is no text, and quadratic to parse


def read_html(data: bytes, encoding: str | None) -> Parsed:
    """The article of a page. Raises UnreadableFile when there is none."""
    text, codec, doubts = _decoded(data, encoding)
    if text.count("<", text.rfind(">") + 1) > _OPEN_TAGS or re.search(r"<[^<>]{65536}", text):
        raise UnreadableFile("网页有大量没有结束的标签，无法解析。")
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError as error:  # the standard parser on "<![" and the like
        raise UnreadableFile("网页的标记有误，无法解析。") from error
    writer = Writer()
    for block in _article(page):
        for line in block.text.split("\n"):
            writer.paragraph(line, "line", f"第{block.line}行", block.level)
    if not writer.length:
        raise UnreadableFile("网页里没有文字。")
    return writer.parsed(encoding=codec, doubts=doubts + unseen(page.hidden))


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str, tuple[str, ...]]:
    """What the bytes are decides; what the page says of itself decides only where they leave it open."""
    text, codec, doubts = decode(data, encoding)
    stated = _CHARSET.search(data[:4096])
    if doubts and stated and not encoding:
        try:
            return decode(data, stated[1].decode("ascii"))
        except UnreadableFile:
            return text, codec, doubts
    return text, codec, doubts


@dataclass
class _Block:
    text: str
    line: int
    level: int
    links: int  # characters inside links
    main: bool
    furniture: bool


class _Page(HTMLParser):
    """Listens to a page and gathers its blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self.title, self.hidden = "", 0
        self._stack: list[tuple[str, bool, bool, bool]] = []  # tag, skipped, main, furniture
        self._parts: list[str] = []
        self._line = self._links = self._level = 0
        self._in_link = self._in_title = self._in_pre = False
        self._tables: list[list[list[str]]] = []
        self._spans: list[list[list[tuple[int, int, bool]]]] = []  # of each cell: its columns, its rows, whether it is a head
        self._table_line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "title" and not self.title:
            self._in_title = True
        if tag == "br":
            self._parts.append("\n")
        if tag in _BLOCKS:
            self._flush()
            self._level = int(tag[1]) if re.fullmatch("h[1-6]", tag) else 0
        self._table_start(tag, attributes)
        if tag in _VOID:
            return
        skipped, main, furniture = self._stack[-1][1:] if self._stack else (False, False, False)
        conceals = "hidden" in attributes or attributes.get("aria-hidden") == "true" or bool(_HIDDEN.search(attributes.get("style", "")))
        if conceals and not skipped and tag not in _SKIPPED:
            self.hidden += 1
        self._in_link = self._in_link or tag == "a"
        self._in_pre = self._in_pre or tag == "pre"
        named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
        self._stack.append((tag, skipped or conceals or tag in _SKIPPED, main or tag in ("article", "main"), furniture or bool(tag not in ("body", "html") and _FURNITURE.search(named))))
        if len(self._stack) > 2000:
            raise UnreadableFile("网页的标签嵌套过深，无法解析。")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._level = 0
        self._table_end(tag)
        self._in_title = self._in_title and tag != "title"
        self._in_link = self._in_link and tag != "a"
        self._in_pre = self._in_pre and tag != "pre"
        for place in range(len(self._stack) - 1, max(len(self._stack) - 40, -1), -1):
            if self._stack[place][0] == tag:
                del self._stack[place:]
                return

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif data and not (self._stack and self._stack[-1][1]):
            if not "".join(self._parts[-1:]).strip() and data.strip():
                self._line = self._line if any(part.strip() for part in self._parts) else self.getpos()[0] + (len(data) - len(data.lstrip()) > 0) * data[: len(data) - len(data.lstrip())].count("\n")
            self._parts.append(data if self._in_pre else re.sub(r"[ \t\r\n]+", " ", data))
            self._links += len(data.strip()) if self._in_link else 0

    def _flush(self) -> None:
        text = re.sub(r" *\n *", "\n", "".join(self._parts)).strip(" \n")
        self._parts, links = [], self._links
        self._links = 0
        if not text.strip():
            return
        if self._tables and self._tables[-1] and self._tables[-1][-1]:
            self._tables[-1][-1][-1] += f" {one_line(text)}"
            return
        main, furniture = self._stack[-1][2:] if self._stack else (False, False)
        self.blocks.append(_Block(text, self._line, self._level, links, main, furniture))

    def _table_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self._tables.append([])
            self._spans.append([])
            self._table_line = self.getpos()[0]
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
            self._spans[-1].append([])
        elif tag in ("td", "th") and self._tables:
            if not self._tables[-1]:
                self._tables[-1].append([])
                self._spans[-1].append([])
            self._tables[-1][-1].append("")
            self._spans[-1][-1].append((_number(attributes.get("colspan")), _number(attributes.get("rowspan")), tag == "th"))

    def _table_end(self, tag: str) -> None:
        if tag != "table" or not self._tables:
            return
        lines = _lines_of(self._tables.pop(), self._spans.pop())
        if self._tables:
            if self._tables[-1] and self._tables[-1][-1]:
                self._tables[-1][-1][-1] += " " + " ".join(lines)
            return
        main, furniture = self._stack[-1][2:] if self._stack else (False, False)
        self.blocks += [_Block(line, self._table_line, 0, 0, main, furniture) for line in lines if line]

    def close(self) -> None:
        super().close()
        self._flush()
        while self._tables:
            self._table_end("table")


def _number(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isascii() and text.isdigit() and int(text) else 1


def _lines_of(rows: list[list[str]], spans: list[list[tuple[int, int, bool]]]) -> list[str]:
    """The lines of a table; its heads are the first rows of which every cell with a text is marked as a head."""
    headed = 0
    while headed < len(rows) and all(head or not text.strip() for text, (_, _, head) in zip(rows[headed], spans[headed])):
        headed += 1
    return table_lines(spread([[(text, *span[:2]) for text, span in zip(*row)] for row in zip(rows, spans)]), headed)


def _article(page: _Page) -> list[_Block]:
    """The blocks of the article: what the page marks as main if that is a good part, without navigation and link lists."""
    whole = sum(len(block.text) for block in page.blocks)
    main = [block for block in page.blocks if block.main]
    kept = main if sum(len(block.text) for block in main) > 0.3 * whole else page.blocks
    text = [block for block in kept if not block.furniture and not (block.links > 0.7 * len(block.text) and len(block.text) < 60 and not block.level)] or kept
    title = one_line(re.split(r"\s[-_|–—]\s|[_|]", page.title)[0])
    if title and not any(block.level == 1 for block in text) and sum(len(block.text) for block in text) > 0:
        known = next((block for block in text[:4] if one_line(block.text) == title), None)
        if known:
            known.level = 1
    return text
