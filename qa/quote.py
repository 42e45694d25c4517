"""Candidates to sentences: which ones answer, and how many of them an answer needs.

A fact needs one sentence; a list its whole enumeration with what leads in; a comparison a sentence for each side; an item of
an enumeration is nothing without its lead-in (处五万元以下罚款：（一）…), whichever of the two was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.embed import StaticModel
from qa.fold import fold, to_simplified
from qa.match import match
from qa.rarity import is_name
from qa.search import Candidate, Question, around_text, coverage
from qa.types import Span

_PASSAGES = 8  # passages whose sentences may be quoted
SHORT, LONG = 180, 420  # characters quoted at most for a fact, and for an enumeration, a record or a comparison
_SAID = 0.7  # how much of a token's weight is settled by a title or heading that has it
_NEAR = 0.8  # of the best sentence's score: a second one as good is quoted too
LEANED_ON = 0.3  # of the weight of the tokens that a follow-up takes from the question before
# What a sentence is worth beside its passage's score. Weights fitted to drcd and cmrc were no better: .83 and .84 first ones
# right on the half that was kept apart, .85 with these.
WEIGHTS = {"passage": 1.0, "match": 0.5, "coverage": 0.3, "cosine": 0.3, "typed": 0.05, "fragment": -0.1}

# Kinds of questions that one sentence does not answer, in the order in which they are tried.
_KINDS = (
    ("compare", re.compile(r"区别|差别|不同|不一样|一样吗|对比|对照|比较|异同|分别|各自|都提到|哪几[次份个篇]|哪些(文件|材料|文档|会)|\bdiffer|\bcompare|\bboth\b", re.IGNORECASE)),
    ("list", re.compile(r"哪些|哪几|哪[两二三四五六七八九十]|几[点条个项种方]|[两二三四五六七八九十][个项点条种方类大]|包括|内容|要求|措施|任务|问题|怎么[做抓搞办]|怎样|如何|有什么|\bmeasures\b|\brequirements\b|\blist\b|\bsteps\b", re.IGNORECASE)),
)
# What a question asks for, and what the answer must then hold; the first that asks counts.
_NUMERAL = r"[\d零〇一二两三四五六七八九十百千万亿半]"
_ASKED = (
    ("date", r"什么时候|何时|哪[一]?[天年月日]|几月|几号|哪个月|\bwhen\b", rf"{_NUMERAL}[年月日号]|今年|去年|当[天日年]|每[年月周日]|世纪|年代"),
    ("money", r"多少钱|多少.{0,4}(?:元|钱|资金|经费|罚款|奖金|费)|罚多少|罚款.{0,4}多少|奖多少|\bfine\b|\bcost\b", rf"{_NUMERAL}\s*[万亿]?余?元|[%％]|百分之|倍"),
    ("number", r"多少|多久|多长|多大|多高|多远|几[人个名位起次家小天年月周米公]|第几|\bhow (?:many|much|long|large|far|old)\b", _NUMERAL),
    ("list", r"哪些|哪几|哪[两二三四五六七八九十]|[几两二三四五六七八九十][个项点条种方类]|包括", r"、.*、|[一二三]是|[（(][一二三][）)]|第[一二三]|(.{2}).{2,24}\1.{2,24}\1"),
    ("person", r"谁|哪[一]?位|\bwho(?:m|se)?\b", r""),
)
_ENUMERATOR = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}(?:[、，,．.：:]|是|要|个是|条|方面)|（[一二三四五六七八九十]{1,2}）|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、．)）]|[①-⑳])")
_ITEM = re.compile(r"^(?:（[一二三四五六七八九十]{1,2}）|\([一二三四五六七八九十]{1,2}\))")
_LEADS_IN = re.compile(r"[：:]$|(?:如下|以下|下列|挑战|问题|不足|要求|几点|[两二三四五六七八九十][点条个项方][面]?)[。：:；]?$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted: its place, how well it answers, and which of the question's tokens it holds."""

    candidate: Candidate
    order: int  # its place in the passage
    span: Span  # in the document
    text: str
    values: np.ndarray  # in the order of WEIGHTS
    score: float
    matched: np.ndarray  # (tokens,) from 0 to 1

    @property
    def passage(self) -> int:
        """The id of its passage."""
        return self.candidate.entry.id


def kind(question: str) -> str:
    """"compare", "list" or "fact": how much an answer needs."""
    asked = to_simplified(question)
    return next((name for name, pattern in _KINDS if pattern.search(asked)), "fact")


def asked_for(question: str) -> tuple[str, re.Pattern[str]] | None:
    """"date", "money", "number", "list" or "person" with what an answer to such a question holds; None for any other question."""
    asked = to_simplified(question)
    found = next(((name, held) for name, asks, held in _ASKED if re.search(asks, asked, re.IGNORECASE)), None)
    return (found[0], re.compile(found[1])) if found else None


def ranked(question: Question, found: Sequence[Candidate], static: StaticModel) -> list[Sentence]:
    """The sentences of the best passages, best first: judged by themselves and by their passage."""
    found = found[:_PASSAGES]
    rows = [(candidate, order, span) for candidate in found for order, span in enumerate(candidate.entry.sentences)]
    texts = [candidate.entry.passage.text[start:end] for candidate, _, (start, end) in rows]
    if not rows:
        return []
    matched, covered = match(static, question.tokens, texts), coverage(question, texts)
    said = match(static, question.tokens, [around_text(candidate.document, candidate.entry.passage) for candidate in found])
    left = {candidate.entry.id: _left(question, row) for candidate, row in zip(found, said)}
    records = {candidate.entry.id for candidate in found if is_record(candidate)}
    wanted, weights = asked_for(question.text), np.array(list(WEIGHTS.values()), np.float32)
    sentences = []
    for row, (candidate, order, (start, end)) in enumerate(rows):
        id, text = candidate.entry.id, texts[row]
        cosine = float(candidate.entry.vectors[1 + order].astype(np.float32) @ question.vector)
        typed = bool(wanted and wanted[1].search(to_simplified(text)))
        fragment = not is_sentence(text) and id not in records
        values = np.array([candidate.score, float(matched[row] @ left[id]), covered[row], cosine, typed, fragment], np.float32)
        offset = candidate.entry.passage.start
        sentences.append(Sentence(candidate, order, (offset + start, offset + end), text, values, float(values @ weights), matched[row]))
    return sorted(sentences, key=lambda sentence: (-sentence.score, sentence.passage, sentence.order))


def _left(question: Question, said: np.ndarray) -> np.ndarray:
    """The tokens' weights for the sentences under a title: what the title says already, they need not say again. What a
    follow-up leans on led to the passage; which of its sentences answers, the follow-up's own words say."""
    weights = question.tokens.weights * (1 - _SAID * said)
    weights[question.own :] *= LEANED_ON
    return weights / max(float(weights.sum()), 1e-9)


def is_sentence(text: str) -> bool:
    """Whether a text ends like a sentence: headings and the lines of a table do not."""
    return bool(re.search(r"[。！？；：!?;:.…][”’」』）)\]】]*$", text)) or len(text) > 60


def is_record(candidate: Candidate) -> bool:
    """Whether a passage is a masthead, an imprint, a table of keys and values: short lines, hardly a sentence among them."""
    passage = candidate.entry.passage
    lines = [passage.text[start:end] for start, end in candidate.entry.sentences]
    return len(lines) > 1 and len(passage.text) <= LONG and sum(map(is_sentence, lines)) < len(lines) / 4


def chosen(question: Question, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences to quote, by the kind of the question, the best one first."""
    best, wanted = sentences[0], kind(question.text)
    if is_record(best.candidate):
        return _of_passage(best, sentences)
    if wanted == "compare":
        return _within(_led(_sides(question, sentences), sentences), LONG)
    if wanted == "list":
        return _within(_enumeration(best, sentences), LONG)
    return _within(_led([s for s in sentences[:3] if s.score >= _NEAR * best.score], sentences), SHORT)


def _of_passage(sentence: Sentence, sentences: Sequence[Sentence]) -> list[Sentence]:
    return sorted((other for other in sentences if other.passage == sentence.passage), key=lambda other: other.order)


def _led(picked: Sequence[Sentence], sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, each item of an enumeration followed by the lead-in without which it says nothing."""
    led: list[Sentence] = []
    for sentence in picked:
        before = [row for row in _of_passage(sentence, sentences) if row.order < sentence.order and not _ITEM.match(row.text)]
        lead = before[-1:] if _ITEM.match(sentence.text) and before and before[-1].text.endswith(("：", ":")) else []
        led += [one for one in (sentence, *lead) if one not in led]
    return led


def _sides(question: Question, sentences: Sequence[Sentence]) -> list[Sentence]:
    """A sentence for each thing compared: for each name in the question the best one of a passage that has this name and none
    of the others; without two such names, sentences of different passages that each add what those before it lack."""
    names = [word for term in question.terms if is_name(word := term.removeprefix("_"))]
    held = {s.passage: {name for name in names if name in fold(f"{around_text(s.candidate.document, s.candidate.entry.passage)}{s.candidate.entry.passage.text}")} for s in sentences}
    sides = [next((s for s in sentences if held[s.passage] == {name}), None) for name in names]
    if sum(side is not None for side in sides) >= 2:
        return [side for side in sides if side is not None][:3]
    picked = [sentences[0]]
    while len(picked) < 3:
        covered, used = np.max([s.matched for s in picked], axis=0), {s.passage for s in picked}
        rest = [s for s in sentences if s.passage not in used and s.score >= 0.6 * sentences[0].score]
        if not rest:
            break
        picked.append(max(rest, key=lambda s: s.score + float(np.maximum(s.matched - covered, 0) @ question.tokens.weights)))
    return picked


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
    if last + 1 == len(rows):
        ids = {s.passage for s in sentences}
        following = [s for id in range(best.passage + 1, best.passage + 4) if id in ids for s in sentences if s.passage == id and s.order == 0]
        if _LEADS_IN.search(picked[-1].text) or _ENUMERATOR.match(best.text):
            picked += [s for s in following if _ENUMERATOR.match(s.text)]
    return [best] + [row for row in picked if row is not best]


def _alike(text: str, other: str) -> bool:
    return bool(_ENUMERATOR.match(text) and _ENUMERATOR.match(other)) or text[:1] == other[:1]


def _leads_in(text: str, following: str) -> bool:
    return bool(_LEADS_IN.search(text) and (_ENUMERATOR.match(following) or text.endswith(("：", ":"))))


def _within(sentences: Sequence[Sentence], room: int) -> list[Sentence]:
    """As many of the sentences as there is room for, the first one in any case."""
    picked = [sentences[0]]
    for sentence in sentences[1:]:
        if sum(len(s.text) for s in picked) + len(sentence.text) <= room:
            picked.append(sentence)
    return picked


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
