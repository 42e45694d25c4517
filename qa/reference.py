"""A description to a reference in the national standard: GB/T 7714-2025 and GB/T 7714-2015, numeric and author-date.

The kind of a document (newspaper, web page, bulletin, speech, law, standard ...) is concluded from what its description
says, or set by hand. Items are those of the standard's clause for that kind, in its order and with its marks; an item that
the document does not state is left out and named in `Reference.missing`, never made up.

What the standard leaves to its user, and what is done here (clauses of the 2025 edition, those of 2015 in brackets):
- Marks: in 2025 “.”, “[ ]”, “/” and “-” are half width, “：”, “，”, “；” and “（）” full width, as its examples are set; in 2015
  all are half width with a space after them.
- Laws, speeches and internal documents have no clause of their own. They are Z, 其他 (Table A.1 [B.1]), with the items of
  reports (8.8.3): 题名：编号[Z]. 版本. 日期：引文位置. Read on the web they are web pages, EB/OL (8.11.1).
- A title that the document does not bear is put in “[ ]” (7.2.1).
- 佚名 stands for a missing creator in the author-date system only, which demands it (7.1.3 [8.1.3]).
- [出版地不详] and [出版者不详] are demanded for published works in 2015 [8.4.1.3, 8.4.2.3] and optional in 2025 (7.5.2.3,
  7.5.3.3): they are written for books and standards in 2015, and nowhere else.
- A standard has neither creator nor year in 2025 (8.9): it is written alike in both systems, and its number is its mark.
- Page and article are in the reference when a document is quoted from one place, beside the mark in the text when it is
  quoted from several (9.2.1.3, 9.3.1.4 [10.1.3, 10.2.4]). Lines of a file are no item of the standard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.describe.page import ARTICLE
from qa.fold import to_simplified
from qa.types import BadRequest, Description

STYLES = ("gbt7714-2025", "gbt7714-2015")
SYSTEMS = ("numeric", "author-date")

# kind: its name, its code in Table A.1, and the items without which it is said to be incomplete
KINDS = {
    "newspaper": ("报纸", "N", ("creators", "container", "date", "page")),
    "journal": ("期刊", "J", ("creators", "container", "date", "page")),
    "web": ("网页", "EB", ("creators", "date", "url")),
    "report": ("报告、简报", "R", ("creators", "date")),
    "speech": ("讲话", "Z", ("creators", "date")),
    "document": ("文件", "Z", ("creators", "number", "date")),
    "law": ("法律法规", "Z", ("creators", "date")),
    "standard": ("标准", "S", ("number",)),
    "book": ("图书", "M", ("creators", "place", "publisher", "date")),
    "other": ("其他", "Z", ("creators", "date")),
}
_ITEMS = {"creators": "责任者", "container": "报刊名", "date": "日期", "page": "版次或页码", "url": "网址", "number": "编号", "place": "出版地", "publisher": "出版者"}

_STANDARD = re.compile(r"^\s*((?:GBJ?|GA|AQ|XF|DB\d{2,4}|HG|JT[GJ]?|SY|MT|YJ|QX|DL|NB|T/[A-Z]+|[A-Z]{2,3})(?:/[TZ])?\s?\d+(?:\.\d+)*\s?[-—–]{1,2}\s?\d{4})\s*(.*)$", re.DOTALL)
_CLOSING = r"(?:[（(][^（）()]*[）)])?$"  # the end of a title, what stands there in brackets left out
_LAW = re.compile(rf"(?:法|条例|规定|办法|细则|规则|解释|决定){_CLOSING}")
_SURELY_LAW = re.compile(rf"(?:条例|^中华人民共和国.+法){_CLOSING}")
_SPEECH = re.compile(rf"(?:讲话|发言|致辞|演讲){_CLOSING}")
_REPORT = re.compile(rf"(?:报告|公报|白皮书|年报|简报|蓝皮书|月报|周报|专报){_CLOSING}")
_DOCUMENT = re.compile(rf"(?:通知|意见|函|批复|方案|纪要|决定|公告|通告|请示|通报|预案|规划){_CLOSING}")
_PAPER = re.compile(r"(?:报|日报|晚报|早报|时报)$")
_SITE = ("url", "category", "disclosure_form", "disclosure_manner", "disclosure_period")
_ARTICLE = re.compile(ARTICLE)


@dataclass(frozen=True, slots=True)
class Reference:
    """The items of a reference; an empty one is not known. `missing` names, in Chinese, those that its kind should have.

    `locator` is the place that is quoted: a page ("3", "3-5") or an article (第二十一条). `own_title` is False for a title
    that the document does not bear.
    """

    kind: str
    creators: tuple[str, ...] = ()
    title: str = ""
    own_title: bool = True
    subtitle: str = ""
    number: str = ""  # of an issue, a document, a standard
    edition: str = ""  # 3版, 2021年修正
    container: str = ""  # the newspaper or journal
    volume: str = ""
    issue: str = ""
    page: str = ""  # of the newspaper or journal
    place: str = ""
    publisher: str = ""
    date: str = ""  # ISO 8601, at least a year
    url: str = ""
    accessed: str = ""
    locator: str = ""
    missing: tuple[str, ...] = ()

    @property
    def year(self) -> str:
        return self.date[:4]

    @property
    def code(self) -> str:
        """The type, and the carrier of what is online: N, R/OL, EB/OL."""
        code = KINDS[self.kind][1]
        online = self.url or code == "EB"
        return f"{'EB' if code == 'Z' else code}/OL" if online else code


def reference(description: Description, accessed: str = "", locator: str = "") -> Reference:
    """The reference to a document. `accessed`: the day on which it was read, ISO 8601."""
    stated = _Stated(description)
    kind = _kind(stated)
    number, title = _number(kind, stated)
    date = description.date if re.match(r"\d{4}", description.date) else ""
    items = {
        "creators": _creators(kind, stated), "title": title, "own_title": stated.own_title, "subtitle": stated("subtitle"), "number": number,
        "edition": stated("edition") or (_version(stated) if kind == "law" else ""), "container": stated("source") if kind in ("newspaper", "journal") else "",
        "volume": stated("volume"), "issue": stated("issue_number") if kind == "journal" else "", "page": stated("page"), "place": stated("place"),
        "publisher": stated("publisher"), "date": date, "url": stated("url"),
    }  # fmt: skip
    missing = tuple(_missing_name(kind, item, description) for item in KINDS[kind][2] if not items[item])
    return Reference(kind, **items, accessed=accessed, locator=locator, missing=missing)


class _Stated:
    """What a description says, by name: the first value that is not empty, what was set by hand before what was read."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self.values: dict[str, str] = {}
        for field in sorted(description.fields, key=lambda field: field.note != BY_HAND):
            if field.value.strip():
                self.values.setdefault(field.name, " ".join(field.value.split()))
        titles = [field for field in description.fields if field.name == "title"]
        title = to_simplified(description.title)
        worded = any(pattern.search(title) for pattern in (_LAW, _SPEECH, _REPORT, _DOCUMENT))
        self.own_title = bool(description.title) and (worded or not (titles and titles[0].note == "synthetic"))

    def __call__(self, *names: str) -> str:
        return next((self.values[name] for name in names if name in self.values), "")


BY_HAND = "by hand"
"""The note of a field that a person has set."""


def kind_of(description: Description) -> str:
    """The kind of a document, one of KINDS: as set by hand, else as concluded from what the description says."""
    return _kind(_Stated(description))


def _kind(stated: _Stated) -> str:
    """The first of these rules that holds."""
    description = stated.description
    title = to_simplified(description.title)
    names = set(stated.values)
    rules = (
        (stated("kind") in KINDS, stated("kind")),
        (bool(stated("standard_number") or _STANDARD.match(title)), "standard"),
        (bool(names & {"passed", "amended", "promulgated", "approved"}) or bool((_LAW if "in_force" in names else _SURELY_LAW).search(title)), "law"),
        ("publisher" in names, "book"),
        ("speaker" in names or bool(_SPEECH.search(title)), "speech"),
        ("issue_number" in names or bool(_REPORT.search(title)), "report"),
        (description.media_type == "text/html" or bool(names & set(_SITE)) or to_simplified(description.issuer).endswith(("网", "网站")), "web"),
        (bool(_PAPER.search(to_simplified(stated("source")))), "newspaper"),
        ("document_number" in names or bool(_DOCUMENT.search(title)), "document"),
    )
    return next((kind for holds, kind in rules if holds), "other")


def _number(kind: str, stated: _Stated) -> tuple[str, str]:
    """The number of the document, and its title without it."""
    title = " ".join((stated.description.title or re.sub(r"\.\w{1,5}$", "", stated.description.name)).split())
    if kind == "standard":
        found = _STANDARD.match(title)
        number = stated("standard_number") or (found[1] if found else stated("document_number"))
        return number, (found[2] or title) if found else title
    number = stated("document_number", "issue_number") if kind != "report" else stated("issue_number", "document_number")
    return (f"第{number}号" if number.isdigit() else number) if kind not in ("newspaper", "journal", "web", "book") else "", title


def _creators(kind: str, stated: _Stated) -> tuple[str, ...]:
    names = {"newspaper": ("author", "reporter"), "journal": ("author",), "speech": ("author", "speaker"), "web": ("author", "reporter", "speaker")}.get(kind, ("author",))
    found = stated(*names) or ("" if kind in ("newspaper", "journal", "speech") else stated.description.issuer)
    return tuple(name for part in re.split(r"[、，,；;]", found) if (name := " ".join(part.split())))


def _version(stated: _Stated) -> str:
    """Which version of a law: the last time that it was amended (7.4 [8.3])."""
    amended = [field for field in stated.description.fields if field.name == "amended" and field.value]
    latest = max(amended, key=lambda field: field.value, default=None)
    return f"{latest.value[:4]}年{latest.note or '修改'}" if latest else ""


def _missing_name(kind: str, item: str, description: Description) -> str:
    if item == "date" and description.date.startswith("--"):
        return f"日期（原件只写了{int(description.date[2:4])}月{int(description.date[5:7])}日，没有年份）"
    return {("law", "creators"): "制定机关", ("document", "number"): "文号", ("document", "creators"): "发文机关", ("speech", "creators"): "讲话人",
            ("newspaper", "container"): "报纸名", ("newspaper", "page"): "版次", ("journal", "container"): "刊名", ("standard", "number"): "标准编号",
            ("web", "date"): "发布日期"}.get((kind, item), _ITEMS[item])  # fmt: skip


def article(text: str) -> str:
    """The article with which a passage of a law, or what stands above it, begins.

    >>> article("第二十一条 用人单位不得……")
    '第二十一条'
    """
    found = _ARTICLE.match(text.lstrip("*#　 "))
    return found[0] if found else ""


# ------------------------------------------------------------------------------------------------------------ in writing


@dataclass(frozen=True, slots=True)
class _Marks:
    comma: str
    colon: str
    opened: str
    closed: str


_MARKS = {"gbt7714-2025": _Marks("，", "：", "（", "）"), "gbt7714-2015": _Marks(", ", ": ", "(", ")")}


def check_style(style: str, system: str) -> None:
    """Raises BadRequest for a style or a system that is not known."""
    if style not in STYLES:
        raise BadRequest(f"没有“{style}”这种引用格式，可用的有：{'、'.join(STYLES)}。")
    if system not in SYSTEMS:
        raise BadRequest(f"没有“{system}”这种标引体系，可用的有：numeric（顺序编码制）、author-date（著者-出版年制）。")


def written(item: Reference, style: str = STYLES[0], system: str = SYSTEMS[0], letter: str = "") -> str:
    """The reference as the list of references has it, without its number. `letter` tells works of one creator and year apart."""
    check_style(style, system)
    marks, dated = _MARKS[style], system == "author-date"
    head = _names(item.creators, marks) if item.creators else "佚名" if dated else ""
    if dated and item.year:
        head = f"{head}{marks.comma}{item.year}{letter}"
    if item.kind == "standard" and style == "gbt7714-2025":
        head = ""
    return ". ".join(part for part in (head, _titled(item, style, marks), *_published(item, style, marks, dated), item.url) if part).rstrip(".") + "."


def _names(creators: Sequence[str], marks: _Marks) -> str:
    """The first three and 等 (7.1.2 [8.1.2])."""
    more = ("et al" if creators[0].isascii() else "等",) if len(creators) > 3 else ()
    return marks.comma.join((*creators[:3], *more))


def _titled(item: Reference, style: str, marks: _Marks) -> str:
    title = item.title if item.own_title else f"[{item.title}]"
    if item.kind == "standard" and style == "gbt7714-2025":  # 8.9.2: 标准编号 标准名称[S]
        return f"{item.number} {title}[{item.code}]".strip()
    version = item.edition if item.code == "EB/OL" and item.kind == "law" else ""
    return f"{marks.colon.join(part for part in (title, item.subtitle, item.number, version) if part)}[{item.code}]"


def _published(item: Reference, style: str, marks: _Marks, dated: bool) -> list[str]:
    """What stands between the title and the address: edition, where, when, which page, and the day of access."""
    visit = f"[{item.accessed}]" if item.accessed and (item.code == "EB/OL" or item.url and style == "gbt7714-2015") else ""
    posted = f"{marks.opened}{item.date}{marks.closed}" if item.date else ""
    if item.code == "EB/OL":  # 8.11.3.2 [4.6.2]
        return [posted + visit]
    if item.kind in ("newspaper", "journal"):
        return [_in_serial(item, marks, dated) + visit]
    if item.kind == "standard" and style == "gbt7714-2025":
        return []
    if item.kind in ("book", "standard"):
        year = "" if dated else item.year
        return [item.edition, _with_locator(_imprint(item, style, marks, year), item, marks) + visit]
    if item.url and style == "gbt7714-2015":  # [4.6.2]: (2012-01-16)[2013-03-26]
        return [item.edition, posted + visit]
    return [item.edition, _with_locator(item.date, item, marks)]


def _in_serial(item: Reference, marks: _Marks, dated: bool) -> str:
    """8.5.3 [4.4.2]: a newspaper with its day and page, a journal with year, volume, issue and pages."""
    if item.kind == "newspaper":
        where = marks.comma.join(part for part in (item.container, item.date) if part)
        return where + (f"{marks.opened}{item.page}{marks.closed}" if item.page else "")
    issue = f"{marks.opened}{item.issue.strip('第期')}{marks.closed}" if item.issue else ""
    where = marks.comma.join(part for part in (item.container, "" if dated else item.year, item.volume) if part) + issue
    return marks.colon.join(part for part in (where, item.page or item.locator) if part)


def _imprint(item: Reference, style: str, marks: _Marks, year: str) -> str:
    place, publisher = item.place, item.publisher
    if style == "gbt7714-2015" and not item.url:
        place, publisher = place or "[出版地不详]", publisher or "[出版者不详]"
    return marks.comma.join(part for part in (marks.colon.join(part for part in (place, publisher) if part), year) if part)


def _with_locator(published: str, item: Reference, marks: _Marks) -> str:
    return marks.colon.join(part for part in (published, item.locator) if part)


def in_text(item: Reference, style: str = STYLES[0], letter: str = "") -> str:
    """The mark of the author-date system in the text: （张群 等，2024） (9.3.1.2 [10.2.2])."""
    marks = _MARKS[style]
    if item.kind == "standard" and style == "gbt7714-2025":
        return f"{marks.opened}{item.number or item.title}{marks.closed}"
    name = item.creators[0] + ((" et al." if item.creators[0].isascii() else " 等") if len(item.creators) > 1 else "") if item.creators else "佚名"
    return f"{marks.opened}{marks.comma.join(part for part in (name, item.year + letter if item.year else '') if part)}{marks.closed}"


def collated(item: Reference) -> tuple:
    """The order of the author-date system: Chinese before other scripts, then names, then years (9.3.2 [9.2]).

    GB 18030 has the common characters in the order of their pinyin, the rarer ones in that of their radicals.
    """
    name = to_simplified("".join(item.creators) or "佚名")
    return (name.isascii(), name.encode("gb18030", "replace"), item.date, item.title)
