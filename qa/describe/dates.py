"""The dates of a document: the one that it bears, and the days that its paragraphs begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.clean.characters import NUMERAL, integer
from qa.describe.page import HAN, Page
from qa.types import Field

_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789"))
DATE = re.compile(rf"(?<!\d)((?:19|20)\d{{2}}|[〇○零一二三四五六七八九]{{4}})\s*(?:年|[-/.])\s*([\d{NUMERAL}]{{1,3}})\s*(?:月|[-/.])\s*(?:([\d{NUMERAL}]{{1,3}})\s*日?)?(?!\d)")
DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_DATE_LINE = re.compile(rf"[（(]?{DATE.pattern}[）)]?\s*(?:印发|印發|发布|發布)?\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?$")


def iso(found: re.Match[str]) -> str:
    """ISO 8601 of what `DATE` found; empty when it is no date."""
    year = "".join(_DIGITS.get(digit, digit) for digit in found[1])
    month, day = integer(found[2]), integer(found[3]) if found[3] else 0
    if not 1 <= month <= 12 or day > 31:
        return ""
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def dates(page: Page, table: Sequence[Field], law: Sequence[Field]) -> Iterator[Field]:
    """The dates of the document, the one that it bears first."""
    passed = [field for field in law if field.name in ("passed", "amended", "promulgated", "approved")]
    if passed:
        latest = max(passed, key=lambda field: field.value)
        yield Field("date", latest.value, latest.spans, "version")
        return
    stated = [*_date_lines(page), *_table_dates(table), *_title_date(page)]
    yield from stated or _dateline(page)


def _table_dates(table: Sequence[Field]) -> Iterator[Field]:
    for field in table:
        if field.name in ("posted", "published", "written", "created") and (found := DATE.search(field.value)) and (value := iso(found)):
            yield Field("date", value, field.spans, field.name)


def _date_lines(page: Page) -> Iterator[Field]:
    """A date alone on a line of the masthead or of the imprint."""
    for place, spans in (("masthead", page.paragraphs[:12]), ("printed", page.paragraphs[-6:])):
        for span in spans:
            found = _DATE_LINE.match(page.text, *span) if span[1] - span[0] <= 30 else None
            if found and (value := iso(found)):
                yield Field("date", value, (span,), "printed" if "印" in found[0] else place)


def _title_date(page: Page) -> Iterator[Field]:
    """A date in brackets in or under the title."""
    for span in page.paragraphs[:4]:
        for found in re.compile(rf"[（(]\s*({DATE.pattern})\s*[）)]").finditer(page.text, *span) if span[1] - span[0] <= 100 else ():
            inner = DATE.search(page.text, found.start(1), found.end(1))
            if inner and (value := iso(inner)):
                yield Field("date", value, (inner.span(),), "heading")


def _dateline(page: Page) -> Iterator[Field]:
    """The date with which the first paragraph begins; often a day without a year."""
    prose = [span for span in page.paragraphs[:8] if span[1] - span[0] >= 40]
    for start, end in prose[:1]:
        found = DATE.search(page.text, start, min(start + 40, end))
        if found and found.start() - start < 20 and (value := iso(found)):
            yield Field("date", value, ((found.start(), found.end()),), "dateline")
        elif (day := DAY.search(page.text, start, min(start + 40, end))) and day.start() - start < 12:
            yield Field("date", f"--{int(day[1]):02}-{int(day[2]):02}", ((day.start(), day.end()),), "no year")


def event_dates(page: Page, issued: str) -> Iterator[Field]:
    """Days that paragraphs begin with, in the year in which the document was issued."""
    for span in page.paragraphs if re.match(r"\d{4}-\d\d", issued) else ():
        lead = re.compile(rf"(?:[{HAN}]{{1,12}}[：:])?").match(page.text, *span).end()
        day = DAY.match(page.text, lead, span[1]) if span[1] - span[0] >= 20 else None
        if day:
            month = int(day[1])
            year = int(issued[:4]) - (month > int(issued[5:7]))  # what is reported lies before the report
            yield Field("event_date", f"{year}-{month:02}-{int(day[2]):02}", ((day.start(), day.end()),), "inferred: year from the date of issue")
