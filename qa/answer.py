"""Hits to an answer: the few sentences that answer, verbatim, each with its mark, or an honest refusal.

No language model writes anything. What is not a quotation is a document's title before its quotes, or one of the sentences
of this file.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.cite import Citation, cite
from qa.embed import StaticModel
from qa.match import match
from qa.search import Candidate, Question, coverage
from qa.store import Store
from qa.types import Hit, Span

NOT_FOUND = "资料中没有找到能回答这个问题的内容。"
EMPTY = "资料库还是空的，请先添加文档。"

_PASSAGES = 8  # passages whose sentences may be quoted
_SHORT, _LONG = 180, 420  # characters quoted at most for a fact, and for an enumeration or a comparison
_THRESHOLD = 0.5

# Kinds of questions that one sentence does not answer, in the order in which they are tried.
_KINDS = (
    ("compare", re.compile(r"区别|差别|不同|不一样|对比|比较|异同|分别|各自|一样吗|區別|差別|對比|比較|異同|\bdiffer|\bcompare", re.IGNORECASE)),
    ("list", re.compile(r"哪些|哪几|哪[两二三四五六七八九十]|几[点条个项种方]|[两二三四五六七八九十][个项点条种方类]|包括|内容|要求|措施|怎么做|都有|有什么|哪些|哪幾|幾[點條個項種]|內容|\bmeasures\b|\brequirements\b|\blist\b", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer: kind "quote" (verbatim, with the number of its citation) or "words" (the product's own, 0)."""

    kind: str
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question.

    Every quoted sentence carries its own mark; every mark resolves; words that are not quoted are visibly the product's own
    and few. Nothing found is a normal Answer with `answered == False` and the nearest passages in `hits`.
    `confidence` is the estimated probability, 0 to 1, that the quotes answer the question.
    """

    question: str
    text: str
    answered: bool
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    notice: str = ""
    parts: tuple[Part, ...] = ()

    def to_markdown(self) -> str:
        """The answer with its quotations and a numbered list of references, ready to paste into a report."""
        lines = [f"**{_escaped(self.question)}**", ""]
        for part in self.parts:
            lines += [f"> {_escaped(part.text)} [{part.number}]".replace("\n", "  \n> ") if part.kind == "quote" else _escaped(part.text.strip()), ""]
        if self.notice:
            lines += [_escaped(self.notice), ""]
        if self.citations:
            lines += ["参考资料", ""] + [f"[{citation.number}] {_escaped(citation.reference)}" for citation in self.citations]
        return "\n".join(lines).rstrip() + "\n"

    def to_json(self) -> dict:
        """The fields, by the same names, as plain dicts, lists, strings and numbers."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class _Sentence:
    candidate: Candidate
    order: int  # its place in the passage
    span: Span  # in the document
    text: str
    score: float


def compose(question: Question, found: Sequence[Candidate], store: Store, static: StaticModel, notice: str = "") -> Answer:
    """The answer of the candidates to the question, in the words of the documents, or a refusal."""
    hits = tuple(hit(candidate) for candidate in found)
    sentences = _sentences(question, found[:_PASSAGES], static)
    if not sentences:
        return Answer(question.text, NOT_FOUND, False, 0.0, (), hits, notice, (Part("words", NOT_FOUND),))
    confidence = _confidence(question, sentences, static)
    if confidence < _THRESHOLD:
        return Answer(question.text, NOT_FOUND, False, confidence, (), hits, notice, (Part("words", NOT_FOUND),))
    citations = [
        cite(number, store.document(candidate.entry.document), candidate.document, candidate.entry.passage, span)
        for number, (candidate, span) in enumerate(_stretches(_chosen(question.text, sentences)), 1)
    ]
    parts = _parts(citations)
    return Answer(question.text, "".join(_plain(part) for part in parts).strip(), True, confidence, tuple(citations), hits, notice, parts)


def hit(candidate: Candidate) -> Hit:
    """A candidate as the public value."""
    return Hit(candidate.entry.passage, candidate.document, candidate.score, candidate.found_by, candidate.entry.id)


def kind(question: str) -> str:
    """"compare", "list" or "fact": how much an answer needs."""
    return next((name for name, pattern in _KINDS if pattern.search(question)), "fact")


def _sentences(question: Question, found: Sequence[Candidate], static: StaticModel) -> list[_Sentence]:
    """The sentences of the passages, best first. A sentence is judged by itself and together with its passage."""
    rows = [(candidate, order, span) for candidate in found for order, span in enumerate(candidate.entry.sentences)]
    texts = [candidate.entry.passage.text[start:end] for candidate, _, (start, end) in rows]
    if not rows:
        return []
    matched = match(static, question.tokens, texts) @ question.tokens.weights
    covered = coverage(question, texts)
    scores = [
        float(candidate.score + 0.5 * matched[row] + 0.3 * covered[row] + 0.3 * (candidate.entry.vectors[1 + order].astype(np.float32) @ question.vector))
        for row, (candidate, order, _) in enumerate(rows)
    ]
    sentences = [
        _Sentence(candidate, order, (candidate.entry.passage.start + span[0], candidate.entry.passage.start + span[1]), text, score)
        for (candidate, order, span), text, score in zip(rows, texts, scores)
    ]
    return sorted(sentences, key=lambda sentence: (-sentence.score, sentence.candidate.entry.id, sentence.order))


def _confidence(question: Question, sentences: Sequence[_Sentence], static: StaticModel) -> float:
    """The estimated probability that the best sentences answer, from how much of the question they and their passage hold."""
    best = sentences[0].candidate
    return 1 / (1 + math.exp(-(best.features[4] * 6 + best.features[1] * 3 - 5)))


def _chosen(question: str, sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """The sentences to quote."""
    wanted = kind(question)
    if wanted == "compare":
        first = sentences[0]
        other = next((s for s in sentences if s.candidate.entry.id != first.candidate.entry.id), None)
        return [first] + ([other] if other else [])
    if wanted == "list":
        return _within(_around(sentences[0], sentences), _LONG)
    near = [s for s in sentences[:3] if s.score >= 0.9 * sentences[0].score]
    return _within(near, _SHORT)


def _around(best: _Sentence, sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """The sentence and what follows it in its passage."""
    passage = sorted((s for s in sentences if s.candidate.entry.id == best.candidate.entry.id and s.order > best.order), key=lambda s: s.order)
    return [best] + passage


def _within(sentences: Sequence[_Sentence], room: int) -> list[_Sentence]:
    """As many of the sentences as there is room for, the first one in any case."""
    chosen = [sentences[0]]
    for sentence in sentences[1:]:
        if sum(len(s.text) for s in chosen) + len(sentence.text) <= room:
            chosen.append(sentence)
    return chosen


def _stretches(sentences: Sequence[_Sentence]) -> list[tuple[Candidate, Span]]:
    """Neighbouring sentences become one quotation; in the order of the best of each."""
    stretches: list[tuple[Candidate, list[_Sentence]]] = []
    for sentence in sentences:
        for candidate, members in stretches:
            if candidate.entry.id == sentence.candidate.entry.id and any(abs(member.order - sentence.order) == 1 for member in members):
                members.append(sentence)
                break
        else:
            stretches.append((sentence.candidate, [sentence]))
    return [(candidate, (min(m.span[0] for m in members), max(m.span[1] for m in members))) for candidate, members in stretches]


def _parts(citations: Sequence[Citation]) -> tuple[Part, ...]:
    parts: list[Part] = []
    last = None
    for citation in citations:
        if citation.document.key != last:
            parts.append(Part("words", f"《{citation.document.title or citation.document.name}》：\n"))
            last = citation.document.key
        parts.append(Part("quote", citation.quote, citation.number))
    return tuple(parts)


def _plain(part: Part) -> str:
    return f"{part.text}[{part.number}]\n" if part.kind == "quote" else part.text


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is written."""
    return re.sub(r"([\\`*_\[\]<>|#~$])", r"\\\1", text)
