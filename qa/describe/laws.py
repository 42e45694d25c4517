"""Laws and regulations: when passed, amended, promulgated, in force; whether the text itself says that it is repealed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.clean.characters import NUMERAL
from qa.describe.dates import DATE, iso
from qa.describe.page import ARTICLE, HAN, Page
from qa.types import Field, Span

_ARTICLE = re.compile(ARTICLE)
_EVENT = re.compile(r"(通过|批准|公布|发布|颁布|修正|修订|修改|施行|实施|废止|失效)[）)》〉。]{0,3}\s*$")
_EVENTS = {"通过": "passed", "批准": "approved", "公布": "promulgated", "发布": "promulgated", "颁布": "promulgated", "修正": "amended", "修订": "amended",
           "修改": "amended", "施行": "in_force", "实施": "in_force", "废止": "repealed", "失效": "repealed"}  # fmt: skip
_PASSED_BY = re.compile(rf"(?:经|由|报)?([{HAN}]{{0,12}}?)(?:第[{NUMERAL}\d]+届)?(全国人民代表大会常务委员会|全国人民代表大会|人民代表大会常务委员会|人民代表大会|最高人民法院|最高人民检察院|国务院)")
_ORDER = re.compile(rf"(?<![{HAN}])[经由]?((?:中华人民共和国)?[{HAN}]{{2,20}}?(?:部|委员会|总局|局|署|院|厅|政府|银行))(?:令|公告|通告)")
_IN_FORCE = re.compile(rf"自({DATE.pattern})起(?:施行|实施|生效)|自(公布之日|发布之日|颁布之日|通过之日|印发之日)起(?:施行|实施|生效)")
_REPEALED = re.compile("[（(](?:已)?(?:被)?(?:废止|失效)[）)]")


def law(page: Page) -> Iterator[Field]:
    """For laws and regulations: when passed, amended, promulgated, in force, and whether the text itself says it is repealed."""
    preamble = _preamble(page)
    events = [event for span in preamble for event in _events(page, span)]
    articles = [span for span in page.paragraphs if _ARTICLE.match(page.text, *span)]
    if not events and len(articles) < 3:
        return
    yield from events
    yield from _issuers(page, preamble)
    yield from _in_force(page, articles or page.paragraphs[-3:])
    for span in [*page.paragraphs[:1], *preamble]:
        if found := _REPEALED.search(page.text, *span):
            yield page.field("repealed", found.span())


def _issuers(page: Page, preamble: Sequence[Span]) -> Iterator[Field]:
    """The body that passed it; of what was approved only, the one whose order promulgated it first."""
    told = [(span, event[1]) for span in preamble if (event := _EVENT.search(page.text, *span))]
    passed = next(((found, event) for span, event in told if (found := _PASSED_BY.search(page.text, *span))), None)
    order = next((found for span, event in told if _EVENTS[event] == "promulgated" and (found := _ORDER.search(page.text, *span))), None)
    if order and not (passed and passed[1] != "批准"):
        yield page.field("issuer", order.span(1), "the body that promulgated it")
    if passed:
        found = passed[0]
        yield Field("issuer", found[1] + found[2], tuple(part for part in (found.span(1), found.span(2)) if part[0] < part[1]), "the body that passed it")


def _preamble(page: Page) -> list[Span]:
    """The lines between the title and the first article or chapter."""
    spans: list[Span] = []
    for start, end in page.paragraphs[1:15]:
        if _ARTICLE.match(page.text, start, end) or page.headings.get(start, 0) > 1:
            break
        spans.append((start, end))
    return spans


def _events(page: Page, span: Span) -> Iterator[Field]:
    """What a line of the preamble says: the date with which it begins and what happened."""
    found, event = DATE.match(page.text, *span), _EVENT.search(page.text, *span)
    if found and event and (value := iso(found)):
        yield Field(_EVENTS[event[1]], value, (span,), event[1] if _EVENTS[event[1]] == "amended" else "")


def _in_force(page: Page, spans: Sequence[Span]) -> Iterator[Field]:
    """The first clause in the last articles that says from when this text itself is in force."""
    for span in [*spans[-4:]][::-1]:
        for found in _IN_FORCE.finditer(page.text, *span):
            if re.search(r"本[^，。；]{1,8}$", page.text[max(span[0], found.start() - 10) : found.start()]):
                inner = DATE.search(found[0])
                yield Field("in_force", iso(inner) if inner else "", (found.span(),), "" if inner else found[0])
                return
