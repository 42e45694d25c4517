"""Hits to an answer: the few sentences that answer, verbatim, each with its mark, or an honest refusal.

No language model writes anything. What is not a quotation is a document's title before its quotes, or one of the sentences
of this file.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa import metadata
from qa.choose import SHORT, chosen, is_record, stretches
from qa.cite import Citation, cite
from qa.confidence import OFFICE, THRESHOLD, folded, misplaced, observe, probability, strangers
from qa.embed import StaticModel
from qa.fold import fold
from qa.quote import Sentence, damaged, kind, ranked, reordered
from qa.report import Report
from qa.search import Candidate
from qa.split import sentences as sentences_of
from qa.store import Store
from qa.types import Hit, Passage, Span
from qa.understand import Question

NOT_FOUND = "资料中没有找到能回答这个问题的内容。"
_MASTHEAD = 120  # characters: one as short is quoted whole, 第11期 alone says little
_FURTHER = 4  # passages after the best one are looked at for the rest of its enumeration
_SAYS_ELSE = 0.8  # of the question's weight: a passage that holds so much of it says it of something else


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


def compose(question: Question, found: Sequence[Candidate], store: Store, static: StaticModel, threshold: float = THRESHOLD) -> Answer:
    """The answer of the candidates to the question, in the words of the documents, or, less confident than `threshold`, a refusal."""
    sentences = ranked(question, found, static)
    hits = tuple(hit(candidate) for candidate in reordered(found, sentences))
    if sentences and kind(question.alone) == "list":
        known = {sentence.passage for sentence in sentences}
        sentences += ranked(question, [candidate for candidate in _going_on(sentences[0].candidate, store) if candidate.entry.id not in known], static)
    sentences = _sound(sentences, store)
    confidence = probability(observe(question, found, sentences, store)) if sentences else 0.0
    if not sentences or confidence < threshold:
        return _refusal(question, confidence, hits, sentences, store)
    picked = chosen(question, sentences)
    citations = _recorded(question, sentences[0].candidate, store) or _cited(picked, store)
    notice = _superseded([sentence.candidate for sentence in picked])
    parts = (*_parts(citations), *([Part("words", f"{notice}\n")] if notice else []))
    return Answer(question.text, _joined(parts), True, confidence, citations, hits, notice, parts)


def _superseded(quoted: Sequence[Candidate]) -> str:
    """What is to be known of documents that are quoted although they are not the ones in force."""
    notes = {"旧版": "资料库里有更新的版本", "已废止": "原文注明已废止或失效"}
    told = {c.document.key: f"《{c.document.called}》{f'（{c.document.date}）' if c.document.date else ''}{notes[c.status]}。" for c in quoted if c.status}
    return "".join(told.values())


def _sound(sentences: Sequence[Sentence], store: Store) -> list[Sentence]:
    """The sentences without those in damaged stretches."""
    entries = {sentence.passage: sentence.candidate.entry for sentence in sentences}
    documents = {passage: store.volume(entry) for passage, entry in entries.items()}
    return [sentence for sentence in sentences if not damaged(sentence, documents[sentence.passage])]


def _recorded(question: Question, best: Candidate, store: Store) -> tuple[Citation, ...]:
    """The lines in which the best document states the fact about itself that the question asks for; none when it asks for none."""
    names = metadata.asked(question.alone)
    field = metadata.stated(best.document, names) if names else None
    first = store.first_volume(best.entry.document)
    if field is None or max(end for _, end in field.spans) > len(first.text):
        return ()
    mastheads = [(p.start, p.end) for p in store.passages(best.entry.document) if is_record(p.text) and len(p.text) <= _MASTHEAD]
    lines = [_line(first.text, span, mastheads) for span in (field.spans if field.name in ("cc", "to") else field.spans[:1])]
    return tuple(
        cite(number, first, best.document, Passage(first.text[slice(*line)], *line), line) for number, line in enumerate(dict.fromkeys(lines), 1)
    )


def _line(text: str, span: Span, mastheads: Sequence[Span]) -> Span:
    """The masthead in which a stretch stands, else its line, of a long one its sentence."""
    whole = next((masthead for masthead in mastheads if masthead[0] <= span[0] and span[1] <= masthead[1]), None)
    if whole:
        return whole
    start, end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    end = len(text) if end < 0 else end
    if end - start <= SHORT:
        return start, end
    return next((start + a, start + b) for a, b in sentences_of(text[start:end]) if start + b > span[0])


def _going_on(best: Candidate, store: Store) -> list[Candidate]:
    """The passages after the best one, in which its enumeration may go on although the search did not find them."""
    entries = store.entries(range(best.entry.id + 1, best.entry.id + 1 + _FURTHER))
    return [dataclasses.replace(best, entry=entry, score=0.0) for entry in entries if entry.document == best.entry.document]


def _cited(sentences: Sequence[Sentence], store: Store) -> tuple[Citation, ...]:
    return tuple(
        cite(number, store.volume(candidate.entry), candidate.document, candidate.entry.passage, span)
        for number, (candidate, span) in enumerate(stretches(sentences), 1)
    )


def _refusal(question: Question, confidence: float, hits: tuple[Hit, ...], sentences: Sequence[Sentence], store: Store) -> Answer:
    """The plain sentence; where the documents say what is asked, but of another name or number, with what they say."""
    words = Part("words", NOT_FOUND)
    shown, notice = _instead(question, sentences, store)
    if not notice:
        return Answer(question.text, NOT_FOUND, False, confidence, (), hits, parts=(words,))
    citations = _cited(shown, store)
    parts = (words, Part("words", f"\n{notice}\n"), *_parts(citations))
    return Answer(question.text, _joined(parts), False, confidence, citations, hits, notice, parts)


def _instead(question: Question, sentences: Sequence[Sentence], store: Store) -> tuple[Sequence[Sentence], str]:
    """The sentence that shows what the question has wrong, a person's office, a name, a number, and what is said of it; none, ""."""
    if not sentences:
        return (), ""
    best = sentences[0].candidate
    if wrong := misplaced(question.text, folded(store.volume(best.entry).text)):
        office, person = wrong
        shown = next((s for s in sentences if s.candidate.entry.document == best.entry.document and re.search(rf"{OFFICE}{re.escape(person)}|{re.escape(person)}{OFFICE}", fold(s.text))), None)
        if shown:
            return (shown,), f"资料里没有“{office}{person}”，{person}的职务见 [1]。"
    others = strangers(question.text, best)
    if not others or float(best.matched @ question.tokens.weights) < _SAYS_ELSE:
        return (), ""
    return sentences[:1], f"资料里与“{'、'.join(dict.fromkeys(others))}”对不上，最接近的说法见 [1]。"


def hit(candidate: Candidate) -> Hit:
    """A candidate as the public value."""
    return Hit(candidate.entry.passage, candidate.document, candidate.score, candidate.found_by, candidate.entry.id, candidate.siblings)


def _parts(citations: Sequence[Citation]) -> tuple[Part, ...]:
    parts: list[Part] = []
    last = None
    for citation in citations:
        if citation.document.key != last:
            parts.append(Part("words", f"《{citation.document.called}》{_who(citation)}：\n"))
            last = citation.document.key
        parts.append(Part("quote", citation.quote, citation.number))
    return tuple(parts)


def _who(citation: Citation) -> str:
    """Who speaks, or where, when the quote itself leaves it out."""
    said = citation.passage.context
    return f"（{said}）" if said and said not in citation.quote else ""


def _joined(parts: Sequence[Part]) -> str:
    return "".join(_plain(part) for part in parts).strip()


def _plain(part: Part) -> str:
    return f"{part.text}[{part.number}]\n" if part.kind == "quote" else part.text


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is written."""
    return re.sub(r"([\\`*_\[\]<>|#~$])", r"\\\1", text)
