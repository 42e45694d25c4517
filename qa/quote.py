"""Candidates to sentences: which ones answer, and how many of them an answer needs.

A fact needs one sentence; a list its whole enumeration with what leads in; a comparison a sentence for each side; an item of
an enumeration is nothing without its lead-in (处五万元以下罚款：（一）…), whichever of the two was found.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.describe import PERSON
from qa.embed import StaticModel
from qa.fold import fold, to_simplified
from qa.match import match
from qa.rarity import is_name
from qa.search import Candidate, Question, around_text, coverage, kinds, said_otherwise
from qa.types import Document, Passage, Span

_PASSAGES = 8  # passages whose sentences may be quoted
SHORT, ROOM, LONG = 180, 300, 420  # characters quoted at most: a sentence with what it needs, a fact in all, an enumeration or comparison
_SAID = 0.7  # how much of a token's or term's weight is settled by a title or heading that has it
_TELLING = 0.2  # of what is asked: a heading or a line of a table that holds as much is as good as a sentence
_NEAR = 0.93  # of the score of the best sentence: another one as good is quoted too
_BEST = 0.25  # of a passage's rank is its best sentence's; with 0.5 a version that is not wanted may come first
_BRIEF = 60  # characters: with the next sentence cmrc cited .87 -> .90, drcd .92 -> .94, seeds .84 -> .85
_MOST = 3  # sentences to begin with
_SIDE = 3.0  # log odds: a sentence that is to be compared may be so far behind
LEANED_ON = 0.3  # of the weight of the tokens that a follow-up takes from the question before
# The log odds of a sentence that it holds the answer, beside the other sentences: fitted to four sets of questions, see
# benchmarks/LOG.md. An item of an enumeration is read with its lead-in.
WEIGHTS = {"passage": 35.0, "match": 4.0, "coverage": 4.4, "cosine": 1.4, "others": 1.6, "kind": 0.6, "typed": 2.2, "fragment": -0.9, "listed": 0.5, "spoken": 2.6}

# Kinds of questions that one sentence does not answer, in the order in which they are tried.
_KINDS = (
    ("compare", re.compile(r"区别|差别|不同|不一样|一样吗|对比|对照|比较|异同|分别|各自|都提到|哪几(?:次|份|篇|个(?:文件|地方|城市|单位|部门))|哪些(?:文件|材料|文档|会)|\bdiffer|\bcompare|\bboth\b", re.IGNORECASE)),
    ("list", re.compile(r"哪些|哪几|哪类|哪[两二三四五六七八九十]|(?<!第)几[点条个项种件方类]|[两二三四五六七八九十][个项点条种方类大]|包括|列[了出举]|内容|要求|措施|任务|职责|问题|什么样的|什么(?:条件|情况|情形)|怎么[做抓搞办]|(?<!会)怎样|如何|有什么|\bmeasures\b|\brequirements\b|\blist\b|\bsteps\b", re.IGNORECASE)),
)
# What a question asks for, and what the answer must then hold; the first that asks counts.
_NUMERAL = r"[\d零〇一二两三四五六七八九十百千万亿半]"
_ASKED = (
    ("date", r"什么时候|何时|哪[一]?[天年月日]|几月|几号|哪个月|^when\b|\bwhen (?:did|does|do|is|are|was|were|will)\b", rf"{_NUMERAL}[年月日号]|今年|去年|当[天日年]|每[年月周日]|世纪|年代"),
    ("money", r"多少钱|多少.{0,4}(?:元|钱|资金|经费|罚款|奖金|费)|罚多少|罚款.{0,4}多少|奖多少|\bfine\b|\bcost\b", rf"{_NUMERAL}\s*[万亿]?余?元|[%％]|百分之|倍"),
    ("number", r"多少|多久|多长|多大|多高|多远|(?<![哪第])几(?:个|[人名位起次家小天年月周米公分岁级期])|\bhow (?:many|much|long|large|far|old)\b", _NUMERAL),
    ("list", r"哪些|哪几|哪[两二三四五六七八九十]|[几两二三四五六七八九十][个项点条种方类]|包括", r"、.*、|[一二三]是|[（(][一二三][）)]|第[一二三]|(.{2}).{2,24}\1.{2,24}\1"),
    ("person", r"谁|哪[一]?位|\bwho(?:m|se)?\b", r""),
)
_MEASURED = re.compile(r"(?:多少|(?<![哪第])几)个?(人|名|位|元|分|起|次|天|日|年|月|小时|分钟|周|级|岁|米|公里|亩|吨|辆|家|户|座|台|学时|期)(?![前后来])")
_SAME_MEASURE = ("人名位", "天日", "年", "月", "周星", "米公", "家户")  # by their first characters
_ENUMERATOR = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}(?:[、，,．.：:]|是|要|个是|条|方面)|（[一二三四五六七八九十]{1,2}）|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、．)）]|[①-⑳])")
_ITEM = re.compile(r"^(?:（[一二三四五六七八九十]{1,2}）|\([一二三四五六七八九十]{1,2}\))")
_SPEAKS = re.compile(rf"({PERSON})(?:同志|书记|[省市县]长)?(?:指出|强调|要求|表示|认为|提出|说)")
_HEAD = 24  # characters of a passage in which it says who speaks
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


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage as its sentences are judged: `leads` are the places of their lead-ins, `read` the sentences with these before them."""

    candidate: Candidate
    texts: list[str]
    leads: list[int | None]
    read: list[str]
    around: str


def kind(question: str) -> str:
    """"compare", "list" or "fact": how much an answer needs."""
    asked = to_simplified(question)
    return next((name for name, pattern in _KINDS if pattern.search(asked)), "fact")


def asked_for(question: str) -> tuple[str, re.Pattern[str]] | None:
    """"date", "money", "number", "list" or "person" with what an answer to such a question holds; None for any other question."""
    asked = to_simplified(question)
    found = next(((name, held) for name, asks, held in _ASKED if re.search(asks, asked, re.IGNORECASE)), None)
    if found and found[0] == "number" and (measured := _MEASURED.search(asked)):
        alike = next((same for same in _SAME_MEASURE if measured[1][0] in same), measured[1])
        return "number", re.compile(rf"{_NUMERAL}[万亿余多来几]*\s*个?[{alike}]")
    return (found[0], re.compile(found[1])) if found else None


def ranked(question: Question, found: Sequence[Candidate], static: StaticModel) -> list[Sentence]:
    """The sentences of the best passages, best first: judged by themselves and by their passage."""
    passages = [_read(candidate) for candidate in found[:_PASSAGES]]
    matched = match(static, question.tokens, [text for passage in passages for text in (passage.around, *passage.read)])
    sentences, at = [], 0
    for passage in passages:
        sentences += _judged(question, passage, matched[at], matched[at + 1 : at + 1 + len(passage.read)])
        at += 1 + len(passage.read)
    return sorted(sentences, key=lambda sentence: (-sentence.score, sentence.passage, sentence.order))


def _read(candidate: Candidate) -> _Read:
    passage = candidate.entry.passage
    texts = [passage.text[start:end] for start, end in candidate.entry.sentences]
    leads = _leads(texts)
    read = [text if lead is None else texts[lead] + text for text, lead in zip(texts, leads)]
    return _Read(candidate, texts, leads, read, around_text(candidate.document, passage))


def reordered(found: Sequence[Candidate], sentences: Sequence[Sentence]) -> list[Candidate]:
    """The candidates by their own scores and, with a share of _BEST, by their best sentences' log odds on the same scale. Right first:
    seeds .78 -> .81, laws .61 -> .63; among the first five of the laws .88 -> .90; drcd and cmrc the same."""
    best: dict[int, float] = {}
    for sentence in sentences:
        best[sentence.passage] = max(best.get(sentence.passage, -math.inf), sentence.score / WEIGHTS["passage"])
    scored = [dataclasses.replace(one, score=(1 - _BEST) * one.score + _BEST * best.get(one.entry.id, one.score)) for one in found]
    return sorted(scored, key=lambda candidate: -candidate.score)


def _judged(question: Question, passage: _Read, said: np.ndarray, matched: np.ndarray) -> list[Sentence]:
    """The sentences of a passage. What its title and headings say already (`said`), they need not say again."""
    candidate, folded = passage.candidate, list(map(fold, passage.read))
    left, terms = _left(question, said), _terms_left(question, fold(passage.around))
    cosines = candidate.entry.vectors[1:].astype(np.float32) @ question.vector
    others, held = said_otherwise(question, folded), kinds(question, folded)
    wanted, listing = asked_for(question.alone), kind(question.alone) == "list"
    spoken, start = _spoken(to_simplified(question.text), candidate.entry.passage), candidate.entry.passage.start
    sentences = []
    for row, (text, lead, span) in enumerate(zip(passage.texts, passage.leads, candidate.entry.sentences)):
        covered = coverage(terms, folded[row])
        cosine = cosines[row] if lead is None else max(cosines[row], (cosines[row] + cosines[lead]) / 2)
        typed = bool(wanted and wanted[1].search(to_simplified(text)))
        fragment = not is_sentence(text) and covered < _TELLING
        listed = listing and (lead is not None or row in passage.leads)
        values = np.array([candidate.score, matched[row] @ left, covered, cosine, others[row], held[row], typed, fragment, listed, spoken], np.float32)
        sentences.append(Sentence(candidate, row, (start + span[0], start + span[1]), text, values, float(values @ _VECTOR), matched[row]))
    return sentences


def _spoken(asked: str, passage: Passage) -> bool:
    """Whether who speaks in a passage, or where, is somebody or somewhere that the question names."""
    context = to_simplified(passage.context)
    said = [*_SPEAKS.findall(f"{context}\n{to_simplified(passage.text[:_HEAD])}"), *(part.rstrip("省市县区") for part in context.split())]
    return any(len(name) > 1 and name in asked for name in said)


def _leads(texts: Sequence[str]) -> list[int | None]:
    """For each sentence the place of the lead-in without which it says nothing (处五万元以下罚款：（一）…), if it is an item."""
    leads: list[int | None] = []
    lead = None
    for place, text in enumerate(texts):
        item = bool(_ITEM.match(text))
        leads.append(lead if item else None)
        if not item:
            lead = place if text.endswith(("：", ":")) else None
    return leads


def _terms_left(question: Question, around: str) -> dict[str, float]:
    return {term: weight * (1 - _SAID * (term.lstrip("_") in around)) for term, weight in question.weights.items()}


def _left(question: Question, said: np.ndarray) -> np.ndarray:
    """The tokens' weights for the sentences under a title. What a follow-up leans on led to the passage; which of its sentences
    answers, the follow-up's own words say."""
    weights = question.tokens.weights * (1 - _SAID * said)
    weights[question.own :] *= LEANED_ON
    return weights / max(float(weights.sum()), 1e-9)


def is_sentence(text: str) -> bool:
    """Whether a text ends like a sentence: headings and the lines of a table do not."""
    return bool(re.search(r"[。！？；：!?;:.…][”’」』）)\]】]*$", text)) or len(text) > 60


def is_record(text: str) -> bool:
    """Whether a passage is a masthead, an imprint, a table of keys and values: short lines, hardly a sentence among them."""
    lines = text.split("\n")
    return len(lines) > 1 and len(text) <= LONG and sum(map(is_sentence, lines)) < len(lines) / 4


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


def damaged(sentence: Sentence, document: Document) -> bool:
    """Whether a sentence stands in a stretch of its document that is flagged as damaged: that is never quoted."""
    start, end = sentence.span
    return any(flag.kind == "damaged" and flag.start < end and start < flag.end for flag in document.flags)


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
    lead = _leads([row.text for row in rows])[at]
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
    sides = [next((s for s in sentences if held[s.passage] == {name}), None) for name in names]
    if sum(side is not None for side in sides) >= 2:
        return [side for side in sides if side is not None][:3]
    picked = [sentences[0]]
    while len(picked) < 3:
        covered, used = np.max([s.matched for s in picked], axis=0), {s.passage for s in picked}
        near = [s for s in sentences if s.passage not in used and s.score >= sentences[0].score - _SIDE]
        rest = [s for s in near if s.candidate.entry.document not in {p.candidate.entry.document for p in picked}] or near
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


_VECTOR = np.array(list(WEIGHTS.values()), np.float32)
