"""Whether a place in the library is what the draft says it is: document, article, speaker, date.

Only what the original states can contradict a draft. An original that names no speaker does not; one in which the named
speaker does not occur at all does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.fold import to_simplified
from qa.proof.attribution import ARTICLE, SPEAKER, Claim, Quotation, article_number, dates_in, person
from qa.proof.keys import key_of
from qa.proof.lookup import Place
from qa.store import Store
from qa.types import Description, Document, Passage

_BRACKETS = re.compile(r"(?:[（(][^（）()]*[）)])+$")
_VERSION = re.compile(r"(?:[（(][^（）()]*(?:\d{4}|修正|修订|修改|试行|暂行|草案|废止|失效)[^（）()]*[）)])+$|\d{4}[-年].*$")
_STATE = "中华人民共和国"
_ARTICLE_LINE = re.compile(rf"^[ \t\u3000]*{ARTICLE.pattern}", re.MULTILINE)
_LONGEST_ARTICLE = 6000  # characters behind which an article's number is looked for
_MEETING = re.compile("[会會][议議]$|大[会會]$")
_DAY_REACH = 1500  # characters before a saying in which its day may stand


def title_key(title: str) -> str:
    """A title without version and 中华人民共和国, as it is compared.

    >>> title_key("中华人民共和国消防法（2021年修正）") == title_key("消防法")
    True
    >>> title_key("某法解释（一）") == title_key("某法解释（二）")
    False
    """
    key = key_of(_VERSION.sub("", title)).key
    return key.removeprefix(_STATE) or key


@dataclass(slots=True)
class Sources:
    """The documents of the library by the names that drafts give them."""

    store: Store
    titles: dict[str, list[int]] = field(default_factory=dict)
    dates: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    _named: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _descriptions: dict[int, Description] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for id, title, date, name in self.store.titles():
            self.dates[id], self.names[id] = date or "", title or name
            told = [title or "", name.rpartition(".")[0] or name]
            for known in {title_key(one) for text in told for one in (text, _BRACKETS.sub("", text))} - {""}:  # 某法解释 is 某法解释（一） too
                self.titles.setdefault(known, []).append(id)

    def named(self, title: str) -> tuple[int, ...]:
        """The documents with a title, newest first: the same title, else titles that end so (of a province, of an office)."""
        if title not in self._named:
            wanted = title_key(title)
            found = self.titles.get(wanted, []) if wanted else []
            if not found and len(wanted) >= 4:
                found = [id for known, ids in self.titles.items() if known.endswith(wanted) for id in ids]
            self._named[title] = tuple(sorted(dict.fromkeys(found), key=lambda id: (self.dates[id], id), reverse=True))
        return self._named[title]

    def description(self, id: int) -> Description:
        """The description of a document, kept."""
        if id not in self._descriptions:
            self._descriptions[id] = self.store.description(id)
        return self._descriptions[id]

    # -- what is wrong with a place

    def complaints(self, quotation: Quotation, place: Place, document: Document, passage: Passage | None) -> tuple[str, ...]:
        """What the draft says of its quotation and the place, in this document and passage, contradicts: one Chinese sentence each."""
        description = self.description(place.document)
        claims = [claim for claim in quotation.claims if claim.tied]
        if claims:
            mine = [claim for claim in claims if place.document in self.named(claim.title) or _is_headed(document, description, claim.title)]
            if not mine:
                return (self._other_document(claims, place),)
            return tuple(filter(None, (_other_article(mine, document, place), self._other_version(mine, description))))
        return tuple(filter(None, (_other_speaker(quotation.speaker, document, description, passage, place), _other_day(quotation.dates, document, description, place))))

    def _other_document(self, claims: Sequence[Claim], place: Place) -> str:
        said = "、".join(f"《{claim.title}》" for claim in claims)
        unknown = all(not self.named(claim.title) for claim in claims)
        return f"资料库里没有{said}，无从核对；这段话见于《{self.names[place.document]}》。" if unknown else f"这段话不在{said}里，见于《{self.names[place.document]}》。"

    def _other_version(self, claims: Sequence[Claim], description: Description) -> str:
        said = [date for claim in claims for date in claim.dates]
        known = [description.date, description.name, *(field.value for field in description.fields if re.match(r"\d{4}", field.value))]
        if not said or not description.date or any(date in value for date in said for value in known):
            return ""
        return f"日期不符：草稿写的是{chinese_date(said[0])}，这份文件的日期是{chinese_date(description.date)}。"


def _is_headed(document: Document, description: Description, title: str) -> bool:
    """Whether a title is one within the document: an article of a bulletin, a kicker."""
    wanted = key_of(title).key
    headings = [document.text[heading.start : heading.end] for heading in document.headings] + [field.value for field in description.fields if field.name in ("kicker", "subtitle", "article")]
    return len(wanted) >= 4 and any(wanted in key_of(heading).key for heading in headings)


def article_at(document: Document, start: int) -> tuple[str, str]:
    """The article in which a place stands, as a number and as written; ("", "") outside of articles."""
    lines = [found for found in _ARTICLE_LINE.finditer(document.text, max(start - _LONGEST_ARTICLE, 0), start + 12) if found.start() <= start]
    return (article_number(lines[-1]), lines[-1][0].strip()) if lines else ("", "")


def _other_article(claims: Sequence[Claim], document: Document, place: Place) -> str:
    said = [article for claim in claims for article in claim.articles]
    number, written = article_at(document, place.start)
    if not said or not number or number in said:
        return ""
    return f"条文号不符：草稿写的是第{'、'.join(said)}条，这段话在{written}。"


def _other_speaker(said: str, document: Document, description: Description, passage: Passage | None, place: Place) -> str:
    if not said:
        return ""
    spoken = speaker_at(document, description, passage, place.start)
    if spoken:
        return "" if _same_person(said, spoken) else f"说话人不符：草稿写的是{said}，原文是{spoken}。"
    everything = to_simplified("\n".join((description.title, description.issuer, description.name, document.text)))
    return "" if to_simplified(said) in everything else f"说话人不符：原文件里没有出现“{said}”。"


def _same_person(name: str, other: str) -> bool:
    name, other = to_simplified(name), to_simplified(other)
    return name in other or other in name


def speaker_at(document: Document, description: Description, passage: Passage | None, start: int) -> str:
    """Who speaks at a place, as far as its paragraph, its context or the document's title says; "" otherwise."""
    paragraph = document.text[document.text.rfind("\n", 0, start) + 1 : start]
    spoken = [found[1] for found in SPEAKER.finditer(paragraph)]
    if spoken:
        return "会议" if _MEETING.search(spoken[-1]) else next(filter(None, map(person, reversed(spoken))), "")
    if passage and (found := list(SPEAKER.finditer(passage.context))):
        return person(found[-1][1])
    return next((field.value for field in description.fields if field.name == "speaker"), "")


def _other_day(said: Sequence[str], document: Document, description: Description, place: Place) -> str:
    """A day that the draft gives for a saying, where the original gives others."""
    near = document.text[max(place.start - _DAY_REACH, 0) : place.end]
    days = [*dates_in(near), description.date, *(field.value for field in description.fields if re.match(r"\d{4}-\d\d|--\d\d", field.value))]
    known = [day for day in days if day.count("-") >= 2]
    if not said or not known or any(_same_day(one, other) for one in said for other in known):
        return ""
    nearest = [*dates_in(near)][-1:] or known[:1]
    return f"日期不符：草稿写的是{chinese_date(said[0])}，原文的日期是{chinese_date(nearest[0])}。"


def _same_day(one: str, other: str) -> bool:
    return one[-5:] == other[-5:] and ("--" in (one[:2], other[:2]) or one[:4] == other[:4])


def chinese_date(date: str) -> str:
    """A date as it is written.

    >>> chinese_date("2021-06-02"), chinese_date("--05-28"), chinese_date("2021")
    ('2021年6月2日', '5月28日', '2021年')
    """
    parts = [part for part in date.split("-") if part]
    units = "年月日" if len(date) > 2 and not date.startswith("--") else "月日"
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, units))
