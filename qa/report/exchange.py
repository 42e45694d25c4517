"""The references of a report for reference managers: BibTeX, RIS and CSL-JSON, with the same items in each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence

from qa.reference import KINDS, Reference
from qa.report.content import Entry, one_line

# kind: BibTeX entry, RIS type, CSL type
_TYPES = {
    "newspaper": ("article", "NEWS", "article-newspaper"), "journal": ("article", "JOUR", "article-journal"), "web": ("online", "ELEC", "webpage"),
    "report": ("techreport", "RPRT", "report"), "speech": ("misc", "GEN", "speech"), "document": ("misc", "GEN", "document"), "law": ("misc", "STAT", "legislation"),
    "standard": ("standard", "STAND", "standard"), "book": ("book", "BOOK", "book"), "other": ("misc", "GEN", "document"),
}  # fmt: skip


def to_bibtex(entries: Sequence[Entry]) -> str:
    """BibTeX with the names that biblatex and gbt7714 use; an organisation's name is in braces, so that it is not turned round."""
    return "\n".join(_bibtex(entry.number, entry.item) for entry in entries)


def _bibtex(number: int, item: Reference) -> str:
    names = " and ".join(f"{{{_tex(name)}}}" for name in item.creators)
    place = {"newspaper": "journal", "journal": "journal"}.get(item.kind, "")
    values = (
        ("author", names), ("title", _tex(item.title)), ("subtitle", _tex(item.subtitle)), (place, _tex(item.container)), ("number", _tex(item.number or item.issue)),
        ("volume", _tex(item.volume)), ("edition", _tex(item.edition)), ("address", _tex(item.place)), ("publisher", _tex(item.publisher)), ("date", item.date),
        ("year", item.year), ("pages", _tex(item.page or item.locator)), ("url", _tex(item.url)), ("urldate", item.accessed if item.code.endswith("OL") else ""),
        ("mark", KINDS[item.kind][1]), ("langid", "chinese"),
    )  # fmt: skip
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in values if name and value)
    return f"@{_TYPES[item.kind][0]}{{youju{number},\n{lines}}}\n"


def _tex(text: str) -> str:
    """The text as TeX sets it; braces that do not match would end a field, so they are set by their names."""
    text = one_line(text)
    return re.sub(r"[\\{}%$#&_~^]", lambda found: _TEX[found[0]], text)


_TEX = {"\\": r"\textbackslash ", "{": r"\textbraceleft ", "}": r"\textbraceright ", "~": r"\textasciitilde ", "^": r"\textasciicircum "} | {c: "\\" + c for c in "%$#&_"}


def to_ris(entries: Sequence[Entry]) -> str:
    """RIS; the lines of an entry in the order of the format's own description."""
    return "".join("".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in _ris(entry.item)) + "ER  - \r\n\r\n" for entry in entries)


def _ris(item: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[item.kind][1]
    yield from (("AU", name) for name in item.creators)
    values = (
        ("TI", item.title), ("ST", item.subtitle), ("T2", item.container), ("PY", item.year), ("DA", item.date.replace("-", "/")), ("VL", item.volume),
        ("IS", item.issue), ("M1", item.number), ("ET", item.edition), ("SP", item.page or item.locator), ("CY", item.place), ("PB", item.publisher), ("UR", item.url),
        ("Y2", item.accessed.replace("-", "/") if item.code.endswith("OL") else ""), ("LA", "zh"),
    )  # fmt: skip
    yield from ((tag, value) for tag, value in values if value)


def to_csl(entries: Sequence[Entry]) -> str:
    """CSL-JSON, version 1.0.2."""
    return json.dumps([_csl(entry.number, entry.item) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def _csl(number: int, item: Reference) -> dict:
    text: Callable[[str], str] = one_line
    values = {
        "id": f"youju{number}", "type": _TYPES[item.kind][2], "author": [{"literal": text(name)} for name in item.creators],
        "title": "：".join(text(part) for part in (item.title, item.subtitle) if part), "container-title": text(item.container), "number": text(item.number),
        "issue": text(item.issue), "volume": text(item.volume), "edition": text(item.edition), "page": text(item.page or item.locator), "publisher-place": text(item.place),
        "publisher": text(item.publisher), "issued": _csl_date(item.date), "accessed": _csl_date(item.accessed) if item.code.endswith("OL") else None, "URL": text(item.url),
        "language": "zh-CN",
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _csl_date(date: str) -> dict | None:
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else None
