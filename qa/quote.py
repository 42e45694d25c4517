"""Candidates to sentences: how well each one answers, by itself and by its passage.

An item of an enumeration is nothing without its lead-in (处五万元以下罚款：（一）…), so it is judged with it. How many of the sentences
an answer needs is said in choose.py.
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
from qa.search import Candidate, around_text, coverage, kinds, said_otherwise
from qa.types import Document, Passage, Span
from qa.understand import Question

_PASSAGES = 8  # passages whose sentences may be quoted
_SAID = 0.7  # how much of a token's or term's weight is settled by a title or heading that has it
_TELLING = 0.2  # of what is asked: a heading or a line of a table that holds as much is as good as a sentence
_BEST = 0.35  # of a passage's rank is its best sentence's; with 0.5 a version that is not wanted may come first
LEANED_ON = 0.3  # of the weight of the tokens that a follow-up takes from the question before
# The log odds of a sentence that it holds the answer, beside the other sentences: fitted to four sets of questions, "match" and
# "coverage" then raised by hand, see benchmarks/LOG.md. An item of an enumeration is read with its lead-in.
WEIGHTS = {"passage": 35.0, "match": 7.0, "coverage": 7.5, "cosine": 1.4, "others": 1.6, "kind": 0.6, "typed": 2.2, "fragment": -0.9, "listed": 0.5, "spoken": 2.6}

# Kinds of questions that one sentence does not answer, in the order in which they are tried.
_KINDS = (
    ("compare", re.compile(r"区别|差别|不同|不一样|一样吗|对比|对照|比较|异同|分别|各自|都提到|哪几(?:次|份|篇|个(?:文件|地方|城市|单位|部门))|哪些(?:文件|材料|文档|会)|\bdiffer|\bcompare|\bboth\b", re.IGNORECASE)),
    ("list", re.compile(r"哪些|哪几|哪类|哪[两二三四五六七八九十]|(?<!第)几[点条个项种件方类]|[两二三四五六七八九十][个项点条种方类大]|包括|列[了出举]|内容|要求|措施|任务|职责|问题|什么样的|什么(?:条件|情况|情形)|怎么[做抓搞办]|(?<!会)怎样|如何|有什么|\bmeasures\b|\brequirements\b|\blist\b|\bsteps\b", re.IGNORECASE)),
)
# What a question asks for, and what the answer must then hold; the first that asks counts.
_NUMERAL = r"[\d零〇一二两三四五六七八九十百千万亿半]"
_ASKED = (
    ("date", r"什么时候|何时|哪[一]?[天年月日]|几月|几号|哪个月|^when\b|\bwhen (?:did|does|do|is|are|was|were|will)\b", rf"{_NUMERAL}[年月日号]|今年|去年|当[天日年]|每[年月周日]|世纪|年代|(?:周|星期)[一二三四五六日天]|[今明昨]天|[唐宋元明清汉晋隋秦朝][末初代]|时期"),
    ("money", r"多少钱|多少.{0,4}(?:元|钱|资金|经费|罚款|奖金|费)|罚多少|罚款.{0,4}多少|奖多少|\bfine\b|\bcost\b", rf"{_NUMERAL}\s*[万亿]?余?元|[%％]|百分之|倍"),
    ("number", r"多少|多久|多长|多大|多高|多远|(?<![哪第])几(?:个|[人名位起次家小天年月周米公分岁级期])|\bhow (?:many|much|long|large|far|old)\b", _NUMERAL),
    ("list", r"哪些|哪几|哪[两二三四五六七八九十]|[几两二三四五六七八九十][个项点条种方类]|包括", r"、.*、|[一二三]是|[（(][一二三][）)]|第[一二三]|(.{2}).{2,24}\1.{2,24}\1"),
    ("person", r"谁|哪[一]?位|\bwho(?:m|se)?\b", r""),
)
_MEASURED = re.compile(r"(?:多少|(?<![哪第])几)个?(人|名|位|元|分|起|次|天|日|年|月|小时|分钟|周|级|岁|米|公里|亩|吨|辆|家|户|座|台|学时|期)(?![前后来])")
_SAME_MEASURE = ("人名位", "天日", "年", "月", "周星", "米公", "家户")  # by their first characters
_ITEM = re.compile(r"^(?:（[一二三四五六七八九十]{1,2}）|\([一二三四五六七八九十]{1,2}\))")
_SPEAKS = re.compile(rf"({PERSON})(?:同志|书记|[省市县]长)?(?:指出|强调|要求|表示|认为|提出|说)")
_HEAD = 24  # characters of a passage in which it says who speaks


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
    def vector(self) -> np.ndarray:
        """Its vector by the library's model, (dimension,)."""
        return self.candidate.entry.vectors[1 + self.order].astype(np.float32)

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
    compared = kind(question.alone) == "compare"
    passages = [_read(candidate) for candidate in found[: None if compared else _PASSAGES]]
    matched = match(static, question.tokens, [text for passage in passages for text in (passage.around, *passage.read)])
    sentences, at = [], 0
    for passage in passages:
        sentences += _judged(question, passage, matched[at], matched[at + 1 : at + 1 + len(passage.read)])
        at += 1 + len(passage.read)
    return sorted(sentences, key=lambda sentence: (-sentence.score, sentence.passage, sentence.order))


def _read(candidate: Candidate) -> _Read:
    passage = candidate.entry.passage
    texts = [passage.text[start:end] for start, end in candidate.entry.sentences]
    lead_ins = leads(texts)
    read = [text if lead is None else texts[lead] + text for text, lead in zip(texts, lead_ins)]
    return _Read(candidate, texts, lead_ins, read, around_text(candidate.document, passage))


def reordered(found: Sequence[Candidate], sentences: Sequence[Sentence]) -> list[Candidate]:
    """The candidates by their own scores and, with a share of _BEST, by their best sentences' log odds on the same scale. Right first:
    seeds .78 -> .81, laws .61 -> .63; among the first five of the laws .88 -> .90; drcd and cmrc the same."""
    best: dict[int, float] = {}
    for sentence in sentences:
        best[sentence.passage] = max(best.get(sentence.passage, -math.inf), sentence.score / WEIGHTS["passage"])
    scored = [dataclasses.replace(one, score=(1 - _BEST) * one.score + _BEST * best.get(one.entry.id, one.score)) for one in found]
    return sorted(scored, key=lambda candidate: -candidate.score)


def _judged(question: Question, passage: _Read, said: np.ndarray, matched: np.ndarray) -> list[Sentence]:
    """The sentences of a passage. What its title and headings say already (`said`), they need not say again; one that is nothing but
    the document's title, or a part of it, is not among them."""
    candidate, folded = passage.candidate, list(map(fold, passage.read))
    title = fold(candidate.document.title)
    left, terms = _left(question, said), _terms_left(question, fold(passage.around))
    cosines = candidate.entry.vectors[1:].astype(np.float32) @ question.vector
    others, held = said_otherwise(question, folded), kinds(question, folded)
    wanted, listing = asked_for(question.alone), kind(question.alone) == "list"
    spoken, start = _spoken(to_simplified(question.text), candidate.entry.passage), candidate.entry.passage.start
    sentences = []
    for row, (text, lead, span) in enumerate(zip(passage.texts, passage.leads, candidate.entry.sentences)):
        if folded[row].strip() in title:
            continue
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


def leads(texts: Sequence[str]) -> list[int | None]:
    """For each sentence the place of the lead-in without which it says nothing (处五万元以下罚款：（一）…), if it is an item."""
    found: list[int | None] = []
    lead = None
    for place, text in enumerate(texts):
        item = bool(_ITEM.match(text))
        found.append(lead if item else None)
        if not item:
            lead = place if text.endswith(("：", ":")) else None
    return found


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


def damaged(sentence: Sentence, document: Document) -> bool:
    """Whether a sentence stands in a stretch of its document that is flagged as damaged: that is never quoted."""
    start, end = sentence.span
    return any(flag.kind == "damaged" and flag.start < end and start < flag.end for flag in document.flags)


_VECTOR = np.array(list(WEIGHTS.values()), np.float32)
