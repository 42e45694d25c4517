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
from qa.fold import to_simplified
from qa.match import match
from qa.report import Report
from qa.search import FEATURES, Candidate, Question, around_text, coverage
from qa.store import Store
from qa.types import Hit, Span

NOT_FOUND = "资料中没有找到能回答这个问题的内容。"

_PASSAGES = 8  # passages whose sentences may be quoted
_SHORT, _LONG = 180, 420  # characters quoted at most for a fact, and for an enumeration, a record or a comparison
_SAID = 0.7  # how much of a token's weight is settled by a title or heading that has it
# Logistic regression on answerable and unanswerable questions; "lacking" is the largest share of the question that one token
# has which is not there. How it was fitted and what it keeps out: benchmarks/LOG.md.
_CONFIDENCE = {"match": 0.68, "sentence": 2.69, "names": 1.38, "lacking": -9.55, "bias": -0.68}
THRESHOLD = 0.36  # below it an answer is refused

# Kinds of questions that one sentence does not answer, in the order in which they are tried.
_KINDS = (
    ("compare", re.compile(r"区别|差别|不同|不一样|一样吗|对比|对照|比较|异同|分别|各自|都提到|哪几[次份个篇]|哪些(文件|材料|文档|会)|\bdiffer|\bcompare|\bboth\b", re.IGNORECASE)),
    ("list", re.compile(r"哪些|哪几|哪[两二三四五六七八九十]|几[点条个项种方]|[两二三四五六七八九十][个项点条种方类大]|包括|内容|要求|措施|任务|问题|怎么[做抓搞办]|怎样|如何|有什么|\bmeasures\b|\brequirements\b|\blist\b|\bsteps\b", re.IGNORECASE)),
)
_ENUMERATOR = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}(?:[、，,.：:]|是|要|个是|条)|（[一二三四五六七八九十]{1,2}）|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、．)）]|[①-⑳])")
_LEADS_IN = re.compile(r"[：:]$|(?:如下|以下|下列|挑战|问题|不足|要求|几点|[两二三四五六七八九十][点条个项方][面]?)[。：:；]?$")


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

    def to_text(self) -> str:
        """The answer as plain text for the clipboard, its references in GB/T 7714-2025. For other styles and formats: `Report`."""
        return Report([self], title=self.question).to_bytes("txt").decode()

    def to_docx(self) -> bytes:
        """The answer as a Word file that carries its evidence, its references in GB/T 7714-2025."""
        return Report([self], title=self.question).to_bytes("docx")

    def to_json(self) -> dict:
        """The fields, by the same names, as plain dicts, lists, strings and numbers."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that may be quoted: its place, how well it answers, and which of the question's tokens it holds."""

    candidate: Candidate
    order: int  # its place in the passage
    span: Span  # in the document
    text: str
    score: float
    matched: np.ndarray  # (tokens,) from 0 to 1

    @property
    def passage(self) -> int:
        return self.candidate.entry.id


def compose(question: Question, found: Sequence[Candidate], store: Store, static: StaticModel, threshold: float = THRESHOLD) -> Answer:
    """The answer of the candidates to the question, in the words of the documents, or, less confident than `threshold`, a refusal."""
    hits = tuple(hit(candidate) for candidate in found)
    sentences = _sentences(question, found[:_PASSAGES], static)
    confidence = _confidence(question, sentences[0].candidate) if sentences else 0.0
    if not sentences or confidence < threshold:
        return Answer(question.text, NOT_FOUND, False, confidence, (), hits, parts=(Part("words", NOT_FOUND),))
    citations = [
        cite(number, store.document(candidate.entry.document), candidate.document, candidate.entry.passage, span)
        for number, (candidate, span) in enumerate(_stretches(_chosen(question, sentences)), 1)
    ]
    parts = _parts(citations)
    return Answer(question.text, "".join(_plain(part) for part in parts).strip(), True, confidence, tuple(citations), hits, parts=parts)


def hit(candidate: Candidate) -> Hit:
    """A candidate as the public value."""
    return Hit(candidate.entry.passage, candidate.document, candidate.score, candidate.found_by, candidate.entry.id, candidate.siblings)


def kind(question: str) -> str:
    """"compare", "list" or "fact": how much an answer needs."""
    asked = to_simplified(question)
    return next((name for name, pattern in _KINDS if pattern.search(asked)), "fact")


def _sentences(question: Question, found: Sequence[Candidate], static: StaticModel) -> list[_Sentence]:
    """The sentences of the passages, best first: judged by themselves and by their passage."""
    rows = [(candidate, order, span) for candidate in found for order, span in enumerate(candidate.entry.sentences)]
    texts = [candidate.entry.passage.text[start:end] for candidate, _, (start, end) in rows]
    if not rows:
        return []
    matched, covered = match(static, question.tokens, texts), coverage(question, texts)
    said = match(static, question.tokens, [around_text(candidate.document, candidate.entry.passage) for candidate in found])
    left = {candidate.entry.id: _left(question, row) for candidate, row in zip(found, said)}
    records = {candidate.entry.id for candidate in found if _is_record(candidate)}
    sentences = []
    for row, (candidate, order, (start, end)) in enumerate(rows):
        cosine = float(candidate.entry.vectors[1 + order].astype(np.float32) @ question.vector)
        own = 0.5 * float(matched[row] @ left[candidate.entry.id]) + 0.3 * float(covered[row]) + 0.3 * cosine
        score = candidate.score + own * (1.0 if _is_sentence(texts[row]) or candidate.entry.id in records else 0.5)
        offset = candidate.entry.passage.start
        sentences.append(_Sentence(candidate, order, (offset + start, offset + end), texts[row], score, matched[row]))
    return sorted(sentences, key=lambda sentence: (-sentence.score, sentence.passage, sentence.order))


def _left(question: Question, said: np.ndarray) -> np.ndarray:
    """The tokens' weights for the sentences under a title: what the title says already, they need not say again."""
    weights = question.tokens.weights * (1 - _SAID * said)
    return weights / max(float(weights.sum()), 1e-9)


def _is_sentence(text: str) -> bool:
    """Whether a text ends like a sentence: headings and the lines of a table do not."""
    return bool(re.search(r"[。！？；：!?;:.…][”’」』）)\]】]*$", text)) or len(text) > 60


def _is_record(candidate: Candidate) -> bool:
    """Whether a passage is a masthead, an imprint, a table of keys and values: short lines, hardly a sentence among them."""
    passage = candidate.entry.passage
    lines = [passage.text[start:end] for start, end in candidate.entry.sentences]
    return len(lines) > 1 and len(passage.text) <= _LONG and sum(map(_is_sentence, lines)) < len(lines) / 4


def _confidence(question: Question, best: Candidate) -> float:
    """The estimated probability that the best sentence answers, from how much of the question its passage and title hold."""
    lacking = float((question.tokens.weights * (1 - best.matched)).max(initial=0.0)) if len(best.matched) else 1.0
    values = dict(zip(FEATURES, best.features.tolist())) | {"lacking": lacking, "bias": 1.0}
    return 1 / (1 + math.exp(-sum(weight * values[name] for name, weight in _CONFIDENCE.items())))


def _chosen(question: Question, sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """The sentences to quote, by the kind of the question."""
    best, wanted = sentences[0], kind(question.text)
    if _is_record(best.candidate):
        return _of_passage(best, sentences)
    if wanted == "compare":
        return _within(_sides(question, sentences), _LONG)
    if wanted == "list":
        return _within(_enumeration(best, sentences), _LONG)
    return _within([s for s in sentences[:3] if s.score >= 0.8 * best.score], _SHORT)


def _of_passage(sentence: _Sentence, sentences: Sequence[_Sentence]) -> list[_Sentence]:
    return sorted((other for other in sentences if other.passage == sentence.passage), key=lambda other: other.order)


def _sides(question: Question, sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """Sentences of different passages that together hold most of the question: each adds what those before it lack."""
    chosen = [sentences[0]]
    while len(chosen) < 3:
        held = np.max([s.matched for s in chosen], axis=0)
        used = {s.passage for s in chosen}
        rest = [s for s in sentences if s.passage not in used and s.score >= 0.6 * sentences[0].score]
        if not rest:
            break
        chosen.append(max(rest, key=lambda s: s.score + float(np.maximum(s.matched - held, 0) @ question.tokens.weights)))
    return chosen


def _enumeration(best: _Sentence, sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """The sentence and its neighbours of the same build: those that begin alike (要…要…, 一是…二是…), and what a lead-in leads
    to, in the passages that follow too."""
    rows = _of_passage(best, sentences)
    at = next(place for place, row in enumerate(rows) if row.order == best.order)
    first = last = at
    while first > 0 and _alike(rows[first - 1].text, best.text):
        first -= 1
    run = rows[at + 1].text if at + 2 < len(rows) and _alike(rows[at + 1].text, rows[at + 2].text) else best.text
    while last + 1 < len(rows) and (_alike(rows[last + 1].text, run) or _leads_in(best.text, rows[at + 1].text)):
        last += 1
    chosen = rows[first : last + 1]
    if last + 1 == len(rows):
        ids = {s.passage for s in sentences}
        following = [s for id in range(best.passage + 1, best.passage + 4) if id in ids for s in sentences if s.passage == id and s.order == 0]
        if _LEADS_IN.search(chosen[-1].text) or _ENUMERATOR.match(best.text):
            chosen += [s for s in following if _ENUMERATOR.match(s.text)]
    return [best] + [row for row in chosen if row is not best]


def _alike(text: str, other: str) -> bool:
    return bool(_ENUMERATOR.match(text) and _ENUMERATOR.match(other)) or text[:1] == other[:1]


def _leads_in(text: str, following: str) -> bool:
    return bool(_LEADS_IN.search(text) and (_ENUMERATOR.match(following) or text.endswith(("：", ":"))))


def _within(sentences: Sequence[_Sentence], room: int) -> list[_Sentence]:
    """As many of the sentences as there is room for, the first one in any case."""
    chosen = [sentences[0]]
    for sentence in sentences[1:]:
        if sum(len(s.text) for s in chosen) + len(sentence.text) <= room:
            chosen.append(sentence)
    return chosen


def _stretches(sentences: Sequence[_Sentence]) -> list[tuple[Candidate, Span]]:
    """Neighbouring sentences of a passage as one quotation each; in the order in which the first of each was chosen."""
    order = {}
    for sentence in sentences:
        order.setdefault(sentence.passage, len(order))
    stretches: list[tuple[Candidate, Span]] = []
    last: _Sentence | None = None
    for sentence in sorted(sentences, key=lambda s: (order[s.passage], s.order)):
        if last and last.passage == sentence.passage and last.order + 1 == sentence.order:
            stretches[-1] = (sentence.candidate, (stretches[-1][1][0], sentence.span[1]))
        else:
            stretches.append((sentence.candidate, sentence.span))
        last = sentence
    return stretches


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
