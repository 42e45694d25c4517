"""Answers, passages and documents as programs get them: typed, documents by opaque ids, never a path of their own."""

from __future__ import annotations

from pydantic import BaseModel

from qa import Answer, Description, Hit
from ui.shelf import Sheet, opaque
from ui.verdicts import verified

LONGEST_QUESTION = 2000  # characters; what is longer is a pasted document, and each of its terms would be searched


class Listed(BaseModel):
    """A document of the library."""

    id: str
    title: str
    name: str
    issuer: str
    date: str
    digest: str
    media_type: str


class Cited(BaseModel):
    """A verbatim quotation with its place in the original; `verified` is ok, changed, missing or misattributed."""

    number: int
    quote: str
    document: Listed
    location: str
    verified: str
    reference: str


class Found(BaseModel):
    """A passage that may answer."""

    text: str
    headings: list[str]
    document: Listed
    score: float
    found_by: list[str]


class Answered(BaseModel):
    """What the documents say; `answered` is false when they do not, and `nearest` has the nearest passages."""

    question: str
    text: str
    answered: bool
    confidence: float
    notice: str
    citations: list[Cited]
    nearest: list[Found]


class Documents(BaseModel):
    """A part of the list."""

    total: int
    documents: list[Listed]


def answered(answer: Answer) -> Answered:
    """An answer, its quotations verified now."""
    citations = [
        Cited(number=c.number, quote=plain(c.quote), document=listed(c.document), location=c.location, verified=verified(c).state, reference=plain(c.reference))
        for c in answer.citations
    ]
    return Answered(
        question=plain(answer.question), text=plain(answer.text), answered=answer.answered, confidence=answer.confidence, notice=plain(answer.notice),
        citations=citations, nearest=[found(hit) for hit in answer.hits],
    )  # fmt: skip


def found(hit: Hit) -> Found:
    """A hit."""
    passage = hit.passage
    return Found(text=plain(passage.text), headings=[plain(heading) for heading in passage.headings], document=listed(hit.document), score=hit.score, found_by=list(hit.found_by))


def listed(document: Description) -> Listed:
    """A document."""
    names = ("title", "name", "issuer", "date", "digest", "media_type")
    return Listed(id=opaque(document.key), **{name: plain(getattr(document, name)) for name in names})


def documents(sheet: Sheet) -> Documents:
    """A part of the list."""
    return Documents(total=sheet.total, documents=[listed(document) for document in sheet.documents])


def plain(text: str) -> str:
    """Text that JSON can hold: lone surrogates it cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
