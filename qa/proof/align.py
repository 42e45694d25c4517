"""Where in a text a quotation fits best, and what differs there.

Approximate matching with free ends by Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic
programming", J. ACM 46 (1999), with Python's integers as vectors of any length.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa.fold import to_simplified
from qa.proof.keys import Key
from qa.types import Span


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a quotation beside the original: kind "same", "changed", "added" (only the quotation has it), "missing"
    (only the original has it) or "omitted" (left out behind an ellipsis). Joined, the `quote`s are the quotation and the
    `original`s the original."""

    kind: str
    quote: str
    original: str


def nearest(pattern: str, text: str) -> tuple[int, Span]:
    """The fewest edits (changed, dropped, inserted characters) that make `pattern` of a stretch of `text`, and that stretch:
    of several the first to end, the shortest one."""
    distance, end = _best_end(pattern, text)
    backwards = text[max(end - len(pattern) - distance, 0) : end][::-1]
    _, length = _best_end(pattern[::-1], backwards, anchored=True)
    return distance, (end - length, end)


def _best_end(pattern: str, text: str, anchored: bool = False) -> tuple[int, int]:
    """(distance, end) of the best match; `anchored`: it must begin with the text."""
    if not pattern:
        return 0, 0
    masks: dict[str, int] = {}
    for at, character in enumerate(pattern):
        masks[character] = masks.get(character, 0) | 1 << at
    full, top = (1 << len(pattern)) - 1, 1 << len(pattern) - 1
    positive, negative, score = full, 0, len(pattern)
    best = (score, 0)
    for end, character in enumerate(text, 1):
        equal = masks.get(character, 0)
        vertical = equal | negative
        horizontal = (((equal & positive) + positive) ^ positive) | equal
        up = negative | (full & ~(horizontal | positive))
        down = positive & horizontal
        score += 1 if up & top else -1 if down & top else 0
        up, down = (up << 1 | anchored) & full, (down << 1) & full
        positive, negative = down | (full & ~(vertical | up)), up & vertical
        if score < best[0]:
            best = (score, end)
    return best


def changes(quote: Key, original: Key) -> tuple[Change, ...]:
    """What differs between a quotation and its original, both whole; what their keys do not tell apart counts as "changed"
    where it is not the same character for character."""
    found: list[Change] = []
    steps = [step for step in Levenshtein.opcodes(quote.key, original.key) if step.tag == "equal"]
    at, there = 0, 0
    for step in steps:
        for mine, its in zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)):
            mine_at, its_at = quote.offsets[mine], original.offsets[its]
            if mine_at < at or its_at < there:  # a further part of one character: ㎡ is m2
                continue
            _append(found, quote.text[at:mine_at], original.text[there:its_at])
            _append(found, quote.text[mine_at], original.text[its_at])
            at, there = mine_at + 1, its_at + 1
    _append(found, quote.text[at:], original.text[there:])
    return tuple(found)


def _append(found: list[Change], quote: str, original: str) -> None:
    if quote or original:
        kind = "same" if quote == original else "added" if not original else "missing" if not quote else "changed"
        if found and found[-1].kind == kind:
            found[-1] = Change(kind, found[-1].quote + quote, found[-1].original + original)
        else:
            found.append(Change(kind, quote, original))


def kinds(diff: Sequence[Change]) -> list[str]:
    """In what a quotation differs from an original with the same key, in Chinese, each once."""
    return list(dict.fromkeys(_kinds(diff)))


def _kinds(diff: Sequence[Change]) -> Iterator[str]:
    for change in diff:
        if change.kind == "same":
            continue
        mine, its = unicodedata.normalize("NFKC", change.quote), unicodedata.normalize("NFKC", change.original)
        if mine.lower() == its.lower():
            yield "全角半角或大小写"
        elif mine and its and len(mine) == len(its) and to_simplified(mine) == to_simplified(its):
            yield "繁简或异体"
        elif {"‘", "’"} & set(change.quote) and {"“", "”"} & set(change.original):
            yield "内层引号"
        else:
            yield "标点或空格"
