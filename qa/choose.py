"""Sentences to quotations: how many of them an answer needs.

A fact needs one sentence; a list its whole enumeration with what leads in; a comparison a sentence for each side; an item of
an enumeration is nothing without its lead-in (处五万元以下罚款：（一）…), whichever of the two was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from qa.fold import fold
from qa.quote import Sentence, is_sentence, kind, leads
from qa.rarity import is_name
from qa.search import Candidate, around_text
from qa.types import Span
from qa.understand import Question

SHORT, ROOM, LONG = 180, 300, 420  # characters quoted at most: a sentence with what it needs, a fact in all, an enumeration or comparison
_NEAR = 0.92  # of the score of the best sentence: another one as good is quoted too
_BRIEF = 60  # characters: with the next sentence cmrc cited .87 -> .90, drcd .92 -> .94, seeds .84 -> .85
_MOST = 3  # sentences to begin with
_LIKENESS = 4.0  # log odds: what a cosine of 1 between the sentences of two sides counts
_TRIED = 12  # sentences of a side
_SIDE = 3.0  # log odds: a sentence that is to be compared may be so far behind
_ENUMERATOR = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}(?:[、，,．.：:]|是|要|个是|条|方面)|（[一二三四五六七八九十]{1,2}）|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、．)）]|[①-⑳])")
_LEADS_IN = re.compile(r"[：:]$|(?:如下|以下|下列|挑战|问题|不足|要求|几点|[两二三四五六七八九十][点条个项方][面]?)[。：:；]?$")


def chosen(question: Question, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences to quote, by the kind of the question, the best one first: as many as may well be the one that answers,
    each with what it needs beside it."""
    best, wanted = sentences[0], kind(question.alone)
    if is_record(best.candidate.entry.passage.text):
        return _of_passage(best, sentences)
    picked = _sides(question, sentences) if wanted == "compare" else [s for s in sentences[:_MOST] if s.score >= _NEAR * best.score]
    groups = [_enumeration(s, sentences) if wanted == "list" or _opens(s, sentences) else _led(s, sentences) for s in picked]
    quoted = _within(groups + [_led(s, sentences) for s in picked[1:]], ROOM if wanted == "fact" else LONG)
    return quoted + _next(quoted, sentences) if wanted == "fact" else quoted


def _next(quoted: Sequence[Sentence], sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentence after the only ones quoted, when these are so short that they may not say it all."""
    length, last = sum(len(s.text) for s in quoted), max(s.order for s in quoted)
    if length >= _BRIEF or len({s.passage for s in quoted}) > 1:
        return []
    return [s for s in sentences if s.passage == quoted[0].passage and s.order == last + 1 and length + len(s.text) <= SHORT]


def is_record(text: str) -> bool:
    """Whether a passage is a masthead, an imprint, a table of keys and values: short lines, hardly a sentence among them."""
    lines = text.split("\n")
    return len(lines) > 1 and len(text) <= LONG and sum(map(is_sentence, lines)) < len(lines) / 4


def _of_passage(sentence: Sentence, sentences: Sequence[Sentence]) -> list[Sentence]:
    return sorted((other for other in sentences if other.passage == sentence.passage), key=lambda other: other.order)


def _opens(sentence: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Whether a sentence leads in what follows it: without that it says nothing."""
    following = [row for row in _of_passage(sentence, sentences) if row.order == sentence.order + 1]
    return bool(following) and sentence.text.endswith(("：", ":")) and bool(_ENUMERATOR.match(following[0].text))


def _led(sentence: Sentence, sentences: Sequence[Sentence]) -> list[Sentence]:
    """A sentence; an item of an enumeration with its lead-in, and with the items between them when there is room for them."""
    rows = _of_passage(sentence, sentences)
    at = next(place for place, row in enumerate(rows) if row.order == sentence.order)  # damaged ones are missing
    lead = leads([row.text for row in rows])[at]
    if lead is None:
        return [sentence]
    between = rows[lead:at]
    return [sentence, *(between if sum(len(row.text) for row in between) + len(sentence.text) <= SHORT else between[:1])]


def _sides(question: Question, sentences: Sequence[Sentence]) -> list[Sentence]:
    """A sentence for each thing compared: for each name in the question the best one of a passage that has this name and none
    of the others; without two such names, sentences of different documents, or passages, that each add what those before it lack."""
    names = [word for term in question.terms if is_name(word := term.removeprefix("_"))]
    passages = {s.passage: s.candidate for s in sentences}
    texts = {id: fold(f"{around_text(one.document, one.entry.passage)}{one.entry.passage.text}") for id, one in passages.items()}
    held = {id: {name for name in names if name in text} for id, text in texts.items()}
    sides = [side for name in dict.fromkeys(names) if (side := [s for s in sentences if held[s.passage] == {name}])]
    if len(sides) >= 2:
        return _alike_sides(sides[:_MOST])
    picked = [sentences[0]]
    while len(picked) < _MOST:
        covered, used = np.max([s.matched for s in picked], axis=0), {s.passage for s in picked}
        near = [s for s in sentences if s.passage not in used and s.score >= sentences[0].score - _SIDE]
        rest = [s for s in near if s.candidate.entry.document not in {p.candidate.entry.document for p in picked}] or near
        if not rest:
            break
        picked.append(max(rest, key=lambda s: s.score + float(np.maximum(s.matched - covered, 0) @ question.tokens.weights) + _LIKENESS * _cosine(s, picked[0])))
    return picked


def _alike_sides(sides: Sequence[Sequence[Sentence]]) -> list[Sentence]:
    """A sentence of each side: the two of the first two sides that answer best and speak of the same thing, and those like them."""
    first = max(sides[0][:_TRIED], key=lambda one: one.score + max(other.score + _LIKENESS * _cosine(one, other) for other in sides[1][:_TRIED]))
    return [first] + [max(side[:_TRIED], key=lambda other: other.score + _LIKENESS * _cosine(first, other)) for side in sides[1:]]


def _cosine(one: Sentence, other: Sentence) -> float:
    return float(one.vector @ other.vector)


def _enumeration(best: Sentence, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentence and its neighbours of the same build: those that begin alike (要…要…, 一是…二是…), and what a lead-in leads
    to, in the passages that follow too."""
    rows = _of_passage(best, sentences)
    at = next(place for place, row in enumerate(rows) if row.order == best.order)
    first = last = at
    while first > 0 and _alike(rows[first - 1].text, best.text):
        first -= 1
    if first > 0 and _leads_in(rows[first - 1].text, rows[first].text):
        first -= 1
    run = rows[at + 1].text if at + 2 < len(rows) and _alike(rows[at + 1].text, rows[at + 2].text) else best.text
    while last + 1 < len(rows) and (_alike(rows[last + 1].text, run) or _leads_in(best.text, rows[at + 1].text)):
        last += 1
    picked = rows[first : last + 1]
    if last + 1 == len(rows) and (_LEADS_IN.search(picked[-1].text) or _ENUMERATOR.match(best.text)):
        following = [s for s in sentences if best.passage < s.passage < best.passage + 5 and s.order == 0 and _ENUMERATOR.match(s.text)]
        picked += sorted(following, key=lambda s: s.passage)
    return [best] + [row for row in picked if row is not best]


def _alike(text: str, other: str) -> bool:
    return bool(_ENUMERATOR.match(text) and _ENUMERATOR.match(other)) or text[:1] == other[:1]


def _leads_in(text: str, following: str) -> bool:
    return bool(_LEADS_IN.search(text) and (_ENUMERATOR.match(following) or text.endswith(("：", ":"))))


def _within(groups: Sequence[Sequence[Sentence]], room: int) -> list[Sentence]:
    """As many of the groups as there is room for: of the first as much as there is room for an enumeration, the others whole."""
    picked = _fitting(groups[0], LONG)
    for group in groups[1:]:
        known = {(sentence.passage, sentence.order) for sentence in picked}
        new = [sentence for sentence in group if (sentence.passage, sentence.order) not in known]
        if sum(len(s.text) for s in [*picked, *new]) <= room:
            picked += new
    return picked


def _fitting(sentences: Sequence[Sentence], room: int) -> list[Sentence]:
    fitting: list[Sentence] = []
    for sentence in sentences:
        if not fitting or sum(len(s.text) for s in fitting) + len(sentence.text) <= room:
            fitting.append(sentence)
    return fitting


def stretches(sentences: Sequence[Sentence]) -> list[tuple[Candidate, Span]]:
    """Neighbouring sentences of a passage as one quotation each; in the order in which the first of each was chosen."""
    order: dict[int, int] = {}
    for sentence in sentences:
        order.setdefault(sentence.passage, len(order))
    joined: list[tuple[Candidate, Span]] = []
    last: Sentence | None = None
    for sentence in sorted(sentences, key=lambda s: (order[s.passage], s.order)):
        if last and last.passage == sentence.passage and last.order + 1 == sentence.order:
            joined[-1] = (sentence.candidate, (joined[-1][1][0], sentence.span[1]))
        else:
            joined.append((sentence.candidate, sentence.span))
        last = sentence
    return joined
