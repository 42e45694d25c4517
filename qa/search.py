"""A question to hits: candidates from both indexes, ranked by features of how well each holds what is asked.

Fusion is a weighted sum of scores, not of ranks: rank fusion lowered R@1 on CMRC from .97 to .84, a weighted sum never did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from qa.dense import Dense
from qa.embed import Model, StaticModel, unit
from qa.fold import fold, terms
from qa.lexical import Lexical
from qa.match import Tokens, joined, match, question_tokens
from qa.rarity import is_name
from qa.store import Entry, Store
from qa.types import Description, Passage, Sibling

CANDIDATES = 100  # from each index
_CARRIED = 0.5  # what the question before counts beside a follow-up
_TELLING = 2000  # a term that stands in more passages than these says little about a document, and is slow to look up

# What asks, and says nothing about what is asked: it must not look for passages that ask the same.
_ASKING = re.compile(
    r"请问|告诉我|帮我|什么样|什么|哪[些个里几天年月位家次篇份条]?|怎么样|怎么着?|怎样|如何|为什么|为何|多少|几[个条点项种]|是不是|有没有|能不能|可不可以|是否|谁|吗|呢|啥|咋|嘛"
    r"|請問|什麼樣|什麼|甚麼|哪[裡裏個幾]|怎麼樣|怎麼|怎樣|為什麼|為何|幾[個條點項種]|嗎"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|the|an?|of|in|to|for|and|or|on|at|by|be|it|that|this|many|much|according)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question in the forms in which it is looked for."""

    text: str
    terms: tuple[str, ...]
    weights: dict[str, float]  # inverse document frequency of each term
    frequencies: dict[str, int]  # in how many passages each term stands; terms that stand nowhere are left out
    tokens: Tokens
    vector: np.ndarray  # by the library's model, (dimension,)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its features, in the order of FEATURES, and their weighted sum; `matched` is its row of `match.match`."""

    entry: Entry
    document: Description
    features: np.ndarray
    matched: np.ndarray
    score: float
    found_by: tuple[str, ...]
    siblings: tuple[Sibling, ...] = ()


# Each feature lies between 0 and 1, a cosine seldom below. The weights: see benchmarks/LOG.md.
FEATURES = {
    "bm25": 1.0,  # BM25 divided by the best candidate's, damped by the share of the question's weight that is known at all
    "coverage": 0.5,  # idf-weighted share of the question's terms that stand in the passage, its headings or its title
    "whole": 0.3,  # cosine of the question and the passage with its headings
    "sentence": 0.6,  # cosine of the question and the passage's best sentence
    "match": 1.0,  # token matching, in the passage, its headings or its title
    "document": 0.5,  # idf-weighted share of the question's telling terms that stand anywhere in the passage's document
    "names": 0.3,  # the same of the names in the question; 1 without names
}
_WEIGHTS = np.array(list(FEATURES.values()), np.float32)


def understand(text: str, carried: str, model: Model, static: StaticModel, lexical: Lexical) -> Question:
    """The forms in which a question is looked for; `carried` is the earlier question that it leans on, which counts less."""
    asked, asked_before = _asked(text), _asked(carried)
    weights = _term_weights(asked, lexical)
    before = _term_weights(asked_before, lexical)
    weights |= {term: _CARRIED * weight for term, weight in before.items() if term not in weights}
    tokens = question_tokens(static, asked, _rarity(lexical))
    vector = model.questions([text])[0]
    if carried:
        tokens = joined(tokens, question_tokens(static, asked_before, _rarity(lexical)), _CARRIED)
        vector = unit(vector + _CARRIED * model.questions([carried])[0])
    return Question(f"{carried}——{text}" if carried else text, tuple(weights), weights, lexical.frequencies(list(weights)), tokens, vector)


def _asked(text: str) -> str:
    """What is asked about; of a question that consists of asking words only, the question."""
    rest = _ASKING.sub(" ", text)
    return rest if terms(rest) else text


def _term_weights(text: str, lexical: Lexical) -> dict[str, float]:
    return lexical.weights(list(dict.fromkeys(terms(text))))


def _rarity(lexical: Lexical) -> Callable[[list[str]], list[float]]:
    def weigh(pieces: list[str]) -> list[float]:
        folded = ["_" + fold(piece).strip() for piece in pieces]
        weights = lexical.weights(folded)
        return [weights[piece] for piece in folded]

    return weigh


def candidates(question: Question, store: Store, dense: Dense, lexical: Lexical, static: StaticModel, limit: int, documents: Collection[str] = ()) -> list[Candidate]:
    """The best passages for a question, best first; ties by the passages' order in the library.

    `documents` are the keys of those that are searched, all when there are none. Raises NoSuchDocument.
    """
    within = store.within(documents) if documents else None
    by_terms = dict(lexical.search(question.terms, CANDIDATES, within))
    by_vector = dict(dense.search(question.vector, CANDIDATES, within))
    entries = store.entries(sorted(by_terms.keys() | by_vector.keys()))
    if not entries:
        return []
    documents = {id: store.description(id) for id in {entry.document for entry in entries}}
    texts = [f"{around_text(documents[entry.document], entry.passage)}\n{entry.passage.text}" for entry in entries]
    matched = match(static, question.tokens, texts)
    features = np.stack(
        [
            _bm25(question, entries, by_terms),
            coverage(question, texts),
            *_cosines(question, entries),
            matched @ question.tokens.weights,
            *_documents(question, entries, lexical),
        ],
        axis=1,
    )
    scores = features @ _WEIGHTS / _WEIGHTS.sum()
    order = sorted(range(len(entries)), key=lambda row: (-float(scores[row]), entries[row].id))[:limit]
    return [
        Candidate(
            entries[row], documents[entries[row].document], features[row], matched[row], float(scores[row]),
            tuple(name for name, found in (("lexical", by_terms), ("dense", by_vector)) if entries[row].id in found),
        )
        for row in order
    ]


def fused(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates by the weighted sum of what the two indexes say alone: BM25 and the cosines."""
    weights = np.array([weight if name in ("bm25", "whole", "sentence") else 0.0 for name, weight in FEATURES.items()], np.float32)
    return sorted(found, key=lambda candidate: -float(candidate.features @ weights))


def around_text(document: Description, passage: Passage) -> str:
    """What is searched beside a passage's own words: title, kicker, headings and context, each once."""
    more = [field.value for field in document.fields if field.name in ("kicker", "subtitle")]
    return "\n".join(dict.fromkeys(part for part in (document.title, *more, *passage.headings, passage.context) if part))


def coverage(question: Question, texts: Sequence[str]) -> np.ndarray:
    """(len(texts),) the share of the question's weight whose terms stand in each text, as neighbouring characters."""
    wanted = [(term.lstrip("_"), weight) for term, weight in question.weights.items()]
    total = sum(weight for _, weight in wanted) or 1.0
    return np.array([sum(weight for term, weight in wanted if term in folded) / total for folded in map(fold, texts)], np.float32)


def _bm25(question: Question, entries: Sequence[Entry], scores: dict[int, float]) -> np.ndarray:
    """BM25 beside the best; a question of which the library knows few words (another language) trusts it less."""
    best = max(scores.values(), default=0) or 1.0
    known = sum(question.weights[term] for term in question.frequencies) / (sum(question.weights.values()) or 1.0)
    return np.array([scores.get(entry.id, 0) / best for entry in entries], np.float32) * min(1.0, 0.25 + known)


def _cosines(question: Question, entries: Sequence[Entry]) -> tuple[np.ndarray, np.ndarray]:
    cosines = [entry.vectors.astype(np.float32) @ question.vector for entry in entries]
    return np.array([row[0] for row in cosines]), np.array([row[1:].max(initial=0) for row in cosines])


def _documents(question: Question, entries: Sequence[Entry], lexical: Lexical) -> tuple[np.ndarray, np.ndarray]:
    """The shares of the question's telling terms, and of its names, that stand anywhere in each passage's document."""
    telling = [term for term, found in question.frequencies.items() if found <= _TELLING]
    names = [term for term in question.terms if question.frequencies.get(term, 0) <= _TELLING and is_name(term.removeprefix("_"))]
    holding = {term: lexical.documents(term) for term in telling}
    return tuple(np.array([_held(question, wanted, holding, entry.document) for entry in entries], np.float32) for wanted in (telling, names))


def _held(question: Question, wanted: Sequence[str], holding: dict[str, set[int]], document: int) -> float:
    total = sum(question.weights[term] for term in wanted)
    return sum(question.weights[term] for term in wanted if document in holding.get(term, ())) / total if total else 1.0
