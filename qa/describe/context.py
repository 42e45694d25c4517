"""What a passage leaves out, because the paragraphs before it said it: who speaks, of which place, what is enumerated, on
what occasion.

Two things come of it. The context (speaker and place) is for search and for the reader. The lead is for search only: the lead-in
of an enumeration for its later items (二是 …), the first sentence of whoever speaks on (要 …), the occasion on which it was said
and the office of who says it. Neither is ever part of a quote. On the seeds the lead lifts found@1 from .797 to .828.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.clean.characters import NUMERAL, integer
from qa.describe.page import HAN, simplified
from qa.describe.people import offices
from qa.types import Span

_SPEAKER = re.compile(rf"(?:^|(?<=[。！？\n”]))([{HAN}·]{{2,16}}?)(?:同志|先生|女士)?(?:进一步|進一步|还|還|同时|同時|特别|特別|并|並|再次)?(指出|强调|強調|要求|表示|认为|認為|提出|说|說|介绍说|介紹說|宣布)[，,：:]")
_RUN_IN = re.compile(rf"([{HAN}]{{2,12}})[：:](?=\S)")
_PLACE = re.compile(rf"[{HAN}]{{1,7}}[省市县縣区區镇鎮乡鄉州盟旗]$")
_NO_SUBJECT = re.compile(rf"[{NUMERAL}]{{1,2}}(?:是|要)|要|必须|必須|应当?|應當?|坚持|堅持")
_OCCASION = re.compile(rf"(?:召开|召開|举行|舉行|举办|舉辦)了?([{HAN}“”·\d、]{{2,40}}?(?:会议|會議|会|會|培训班|培訓班|演练|演練|活动|活動|仪式|儀式))(?=[，,。；;])")
_LONGEST = 80  # characters of a sentence that is carried

# How items are marked, and their number: 第一个是 and 一是 are one way, which texts mix.
_MARKS = (
    ("是", re.compile(rf"第?([{NUMERAL}]{{1,3}})[个個]?是(?=[{HAN}])")),
    ("要", re.compile(rf"([{NUMERAL}]{{1,3}})要(?=[{HAN}])")),
    ("第", re.compile(rf"第([{NUMERAL}]{{1,3}})[，,、：:]")),
    ("（", re.compile(rf"[（(]([{NUMERAL}]{{1,3}})[）)]")),
    ("、", re.compile(rf"([{NUMERAL}]{{1,3}})、")),
    ("1", re.compile(r"(\d{1,2})[.、．](?!\d)")),
)


@dataclass(frozen=True, slots=True)
class _Item:
    mark: str
    number: int
    lead_in: str  # the sentence before the first item
    head: str  # the item's own first sentence


def first_item(text: str, start: int) -> bool:
    """Whether an enumeration begins here: 一是, 第一个是, （一）, 1."""
    marked = _marked(text, start)
    return bool(marked and marked[1] == 1)


def _marked(text: str, start: int) -> tuple[str, int] | None:
    """The mark of the item that begins here, and its number; None when none does."""
    for mark, pattern in _MARKS:
        if found := pattern.match(text, start):
            return mark, integer(found[1])
    return None


@dataclass(slots=True)
class Said:
    """What a text has said, as far as it has gone: under another heading, nothing yet."""

    headings: tuple[str, ...] = ()
    place: str = ""
    opening: str = ""  # who opened the paragraph: 张三指出
    speaker: str = ""
    topic: str = ""  # the first sentence of the paragraph that they opened
    occasion: str = ""
    before: str = ""  # the sentence before
    items: list[_Item] = field(default_factory=list)  # the items that are open, outermost first
    offices: dict[str, str] = field(default_factory=dict)  # of the people named so far, in simplified script; headings do not end them

    def enter(self, headings: tuple[str, ...]) -> None:
        """Under another heading nobody has spoken yet."""
        if headings != self.headings:
            self.headings, self.place, self.opening, self.speaker = headings, "", "", ""
            self.topic, self.occasion, self.before, self.items = "", "", "", []

    def hear(self, text: str, start: int, end: int, sentences: Sequence[Span], first: bool) -> tuple[str, tuple[str, ...]]:
        """The context and the lead of a stretch, from what came before it; then the stretch is listened to. `sentences`: its
        own. `first`: it begins a paragraph. Who opens a paragraph speaks on in the next ones (要 …); whoever else is quoted, in
        this one only."""
        run_in = _RUN_IN.match(text, start, end)
        place = run_in[1] if run_in and _PLACE.match(run_in[1]) else ""
        speakers = list(_SPEAKER.finditer(text, start, end))
        opens = bool(speakers) and speakers[0].start() - start < 4
        leans = not opens and not place and (not first or bool(_NO_SUBJECT.match(text, start, end)))
        speaker = self.opening if first else self.speaker
        context = " ".join(part for part in ("" if place else self.place, speaker if leans else "") if part)
        lead = self._lead(text[start:end], _marked(text, start), first, opens, leans, f"{speakers[0][1] if opens else ''}{context}")
        if first:
            self.opening = speakers[0][1] + speakers[0][2] if opens else self.opening if leans else ""
            self.topic = _beginning(text[slice(*sentences[0])]) if opens and sentences else self.topic if leans else ""
            self.speaker = self.opening
            self.items = [] if opens or place else self.items
        self.speaker = speakers[-1][1] + speakers[-1][2] if speakers else self.speaker
        self.place = place or self.place
        self._listen(text, sentences)
        return context, lead

    def _lead(self, text: str, marked: tuple[str, int] | None, first: bool, opens: bool, leans: bool, speaker: str) -> tuple[str, ...]:
        """What was said before a stretch that it needs, where it does not say it itself."""
        needed = [*self._enumerated(marked, first)] if not opens else []
        if leans:
            needed.append(self.topic)
        if (opens or leans) and not any(self.occasion in heading for heading in self.headings):
            needed.append(self.occasion)
        needed += self._offices(speaker)
        return tuple(dict.fromkeys(part for part in needed if part and part not in text))

    def _enumerated(self, marked: tuple[str, int] | None, first: bool) -> Sequence[str]:
        """The items within which a stretch lies, and the lead-in of its own enumeration."""
        if marked is None:
            return [] if first else [part for item in self.items for part in (item.lead_in, item.head)]
        mark, number = marked
        if number == 1:
            return [*(item.head for item in self._outside(mark)), self.before]
        last = self._last(marked)
        return [*(item.head for item in self._outside(mark)), last.lead_in] if last else []

    def _outside(self, mark: str) -> list[_Item]:
        """The open items around an enumeration with this mark."""
        at = next((place for place, item in enumerate(self.items) if item.mark == mark), len(self.items))
        return self.items[:at]

    def _last(self, marked: tuple[str, int]) -> _Item | None:
        """The open item that comes before this one in its enumeration."""
        return next((item for item in self.items if item.mark == marked[0] and item.number == marked[1] - 1), None)

    def _offices(self, speaker: str) -> list[str]:
        """The office of who speaks."""
        said = simplified(speaker) if self.offices and speaker else ""
        return [office for name, office in self.offices.items() if name in said]

    def _listen(self, text: str, sentences: Sequence[Span]) -> None:
        for start, end in sentences:
            sentence = text[start:end]
            if marked := _marked(text, start):
                self._count(*marked, sentence)
            if found := _OCCASION.search(sentence):
                self.occasion = found[1]
            self.offices |= offices(sentence)
            self.before = sentence

    def _count(self, mark: str, number: int, sentence: str) -> None:
        """An item begins: it ends the one before it and all within that one; a number out of order is no item."""
        last = self._last((mark, number))
        if number == 1:
            self.items = [*self._outside(mark), _Item(mark, 1, _ending(self.before), _beginning(sentence))]
        elif last:
            self.items = [*self._outside(mark), _Item(mark, number, last.lead_in, _beginning(sentence))]


def _beginning(sentence: str) -> str:
    """A sentence, or the clauses with which a long one begins."""
    if len(sentence) <= _LONGEST:
        return sentence
    cut = max(sentence.rfind(mark, 0, _LONGEST) for mark in "，,；;、")
    return sentence[: cut if cut > 0 else _LONGEST]


def _ending(sentence: str) -> str:
    """A sentence, or the clauses with which a long one ends."""
    if len(sentence) <= _LONGEST:
        return sentence
    cuts = [at for mark in "，,；;、" if (at := sentence.find(mark, len(sentence) - _LONGEST)) >= 0]
    return sentence[min(cuts) + 1 if cuts else -_LONGEST :]
