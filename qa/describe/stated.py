"""What a document states of itself in a flattened table, in its masthead, its imprint and its list of receivers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from qa.clean.characters import NUMERAL
from qa.describe.dates import DATE
from qa.describe.page import HAN, MASTHEAD, ORGANISATION, Page, trimmed
from qa.types import Document, Field, Span

_KEYS = {
    "索引号": "index_number", "生成日期": "created", "成文日期": "written", "公开日期": "published", "发布日期": "published", "发布时间": "published",
    "文件编号": "document_number", "发文字号": "document_number", "文号": "document_number", "公开时限": "disclosure_period", "公开形式": "disclosure_form",
    "公开方式": "disclosure_manner", "公开范围": "disclosure_scope", "公开程序": "disclosure_procedure", "发布机构": "issuer", "发文机关": "issuer",
    "发布单位": "issuer", "制发机关": "issuer", "效力状况": "validity", "有效性": "validity", "时效性": "validity", "体裁": "genre", "关键词": "keywords",
    "主题词": "keywords", "分类词": "class_words", "主题分类": "topic", "主题": "topic", "信息来源": "source", "稿源": "source", "来源": "source", "日期": "posted",
    "时间": "posted", "作者": "author", "记者": "reporter", "责任编辑": "editor", "编辑": "editor", "名称": "name", "生效日期": "in_force", "实施日期": "in_force",
}  # fmt: skip
_KEY = re.compile(rf"(?<![^\s|｜])({'|'.join(sorted(_KEYS, key=len, reverse=True))})([（(][{NUMERAL}][）)])?(?:\s*[:：]\s*|(?=\s)|$)")


def table(page: Page) -> Iterator[Field]:
    """Key-value pairs that a table was flattened to, by a closed list of keys; a key may have no value."""
    for span in page.paragraphs[:MASTHEAD]:
        line = page.read(span)
        found = list(_KEY.finditer(line)) if span[1] - span[0] <= 200 else []
        if not found or found[0].start() > 0 or not (len(found) > 1 or re.search("[:：]", found[0][0])):
            continue
        for key, following in zip(found, [*found[1:], None]):
            start, end = span[0] + key.end(), span[0] + (following.start() if following else len(line))
            value = trimmed(page.text, start, end)
            name = _KEYS[key[1]] + ({"一": "_1", "二": "_2", "三": "_3"}.get(key[2][1], "") if key[2] else "")
            yield page.field(name, value) if value[0] < value[1] else Field(name, "", (), "empty")


_TITLE_ISSUER = re.compile(rf"([{HAN}、]{{2,40}}?(?:部|局|厅|委|署|院|会|室|政府|法院|检察院|公司))(?:关于|關於|印发|印發)")


def issuers(page: Page, table: Sequence[Field], title: Sequence[Field], law: Sequence[Field]) -> Iterator[Field]:
    """The issuer as a table, the masthead and the imprint state it, else the title, else the body that passed a law."""
    yield from (field for field in table if field.name == "issuer" and field.value)
    masthead = [span for span in page.paragraphs[1:8] if span[1] - span[0] <= 30]
    for span in [*masthead, *_signatures(page)]:
        if page.headings.get(span[0]) is None and ORGANISATION.match(page.read(span)) and not page.text[slice(*span)].startswith(("各", "第")):
            yield page.field("issuer", span)
    yield from (field for field in law if field.name == "issuer")
    for field in title:
        if field.name == "title" and len(field.spans) == 1 and not any(stated.name == "issuer" for stated in law) and (found := _TITLE_ISSUER.match(field.value)):
            start = field.spans[0][0]
            yield page.field("issuer", (start, start + found.end(1)), "in the title")


def _signatures(page: Page) -> Iterator[Span]:
    """The lines above a date near the end."""
    tail = page.paragraphs[-8:]
    for above, below in itertools.pairwise(tail):
        if above[1] - above[0] <= 30 and below[1] - below[0] <= 30 and DATE.match(page.text, *below):
            yield above


_LINE_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("issue_number", re.compile(rf"[（(]?((?:总|總)?第\s*[\d{NUMERAL}]+\s*[期辑輯])[）)]?$|((?:19|20)\d{{2}}年第\s*\d+\s*期)")),
    ("document_number", re.compile(rf"([{HAN}]{{1,14}}[〔\[（(【]\s*(?:19|20)\d{{2}}\s*[〕\]）)】]\s*第?\s*\d+\s*[号號])$")),
    ("document_number", re.compile(r"第\s*(\d+)\s*[号號令]$")),
    ("registration_number", re.compile(rf"([{HAN}]{{0,12}}(?:登记证|登記證|准印证|準印證|刊号|刊號|备案号|許可證|许可证)\S{{0,4}}.{{2,30}}?[\d号號])$")),
)


def numbers(page: Page) -> Iterator[Field]:
    """Numbers that stand on a line of their own at the top or the bottom."""
    for span in dict.fromkeys([*page.paragraphs[:12], *page.paragraphs[-6:]]):
        for name, pattern in _LINE_NUMBERS if span[1] - span[0] <= 50 else ():
            if found := pattern.match(page.text, *span):
                yield page.field(name, (found.start(found.lastindex), found.end(found.lastindex)))
                break


_SENT = re.compile("(抄送|主送|分送|抄报|抄報|报送|報送)[：:]")


def distribution(page: Page) -> Iterator[Field]:
    """To whom the document goes, with the lines that continue the list."""
    for at, span in enumerate(page.paragraphs):
        found = _SENT.match(page.text, *span)
        if not found:
            continue
        spans = [(found.end(), span[1])]
        for low, high in page.paragraphs[at + 1 :]:
            if not page.text[low:high].endswith(("。", "，", "、", "；")) or high - low > 100 or low in page.headings:
                break
            spans.append((low, high))
        yield Field("to" if found[1] == "主送" else "cc", "；".join(page.text[low:high].rstrip("。") for low, high in spans), tuple(spans))


def category(page: Page) -> Iterator[Field]:
    """What a breadcrumb says, below the name of the site."""
    for span in page.all[:20]:
        line = page.text[slice(*span)]
        if span not in page.paragraphs and (found := re.search(r"位置\s*[:：][^>＞»›]*[>＞»›]\s*(.+)$", line)):
            yield page.field("category", (span[0] + found.start(1), span[1]))


def sections(page: Page, law: bool) -> Iterator[Field]:
    """The sections of a periodical and the titles of its articles."""
    sections = [heading for heading in page.document.headings if page.text[heading.start] == "【" and not _outside(page, heading.start)]
    if len(sections) >= 2 and not law:
        for heading in page.document.headings:
            if not _outside(page, heading.start) and heading.start >= sections[0].start:
                yield page.field("section" if page.text[heading.start] == "【" else "article", (heading.start, heading.end))


def _outside(page: Page, offset: int) -> bool:
    return any(start <= offset < end for start, end in page.outside)


def completeness(document: Document) -> Iterator[Field]:
    for flag in document.flags:
        if flag.kind == "incomplete":
            yield Field("completeness", "truncated", ((flag.start, flag.end),), flag.note)
