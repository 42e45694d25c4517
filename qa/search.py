"""A question to hits: candidates from both indexes, ranked by features of how well each holds what is asked.

Fusion is a weighted sum of scores, not of ranks: rank fusion lowered R@1 on CMRC from .97 to .84, a weighted sum never did.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.dense import Dense
from qa.embed import StaticModel
from qa.fold import fold, terms
from qa.lexical import Lexical
from qa.match import match
from qa.rarity import is_name
from qa.store import Entry, Store
from qa.titles import Naming, Titles
from qa.types import Description, Passage, Sibling
from qa.understand import Question

CANDIDATES = 100  # from each index
_NAMED = 40  # from each index, within the documents that the question names
_MOST_NAMED = 12  # documents
_BEHIND = 40  # candidates beyond those that are wanted are looked at for near-duplicates
_ALIKE = 0.85  # of the runs of four characters of two passages together: they say the same
_AROUND = 0.5  # what a term around a passage counts beside one of its own, as in lexical.py
_NEARLY = 0.45  # of a title's weight: a document of which the question says that much is looked into
_BESIDE, _FADING = 4, 2.0  # passages on either side that speak for one, each by exp(-distance / 2): beside those of 2 and 8 at 1 and 3 the
# most among the first five of the laws, see benchmarks/LOG.md
_REPEALED = re.compile("废止|失效|廢止")
_TELLING = 2000  # a name that stands in more passages than these says little about a document, and is slow to look up

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
    status: str = ""  # "已废止" or "旧版": the document is not the one in force, as far as the library knows


# Each feature lies between 0 and 1, a cosine seldom below. The weights: `python -m training.ranking`; see benchmarks/LOG.md.
FEATURES = {
    "bm25": 0.1,  # BM25 of the passage and, at half the weight, of what stands around it, divided by the best candidate's
    "coverage": 3.0,  # idf-weighted share of the question's terms that stand in the passage, its headings or its title
    "others": 2.6,  # share of the question's weight that stands there in other words only, those of the lists of synonyms
    "whole": 0.1,  # cosine of the question and the passage with its headings
    "sentence": 1.8,  # cosine of the question and the passage's best sentence
    "official": 3.2,  # the larger of the two, of the question together with the other words for its words
    "match": 2.6,  # token matching, in the passage, its headings or its title
    "names": 1.2,  # idf-weighted share of the question's names that stand anywhere in the passage's document; 1 without names
    "title": 0.8,  # how much of the document's title the question says, and how much it says at all
    "exact": 0.5,  # 1: it says the whole title
    "place": 1.9,  # 1: the document is of the region that the question names, or of none when it names none
    "version": 0.8,  # 1: the document is the version that the question names, or the newest
    "article": 2.0,  # 1: the passage is the article that the question names
    "run": 0.1,  # the longest run of the question's characters that the passage holds, of 6
    "kind": 0.2,  # the share of what such a question wants (a date, a number, a penalty ...) that the passage holds
    "meant": 13.0,  # "whole" times how far words leave the question open, the same for all of its candidates: see _open
    "near": 0.5,  # what the passages beside it in its document are worth by all of the above; always the last
}
_WEIGHTS = np.array(list(FEATURES.values()), np.float32)
_TOTAL = float(_WEIGHTS.sum()) - FEATURES["meant"]  # what a score is divided by: "meant" is 0 for most questions
_RIVALS, _LEADS = 5, 0.7  # a passage that is so far ahead of the mean of the next five in BM25 has been found by its words


def candidates(question: Question, store: Store, dense: Dense, lexical: Lexical, static: StaticModel, titles: Titles, limit: int, documents: Collection[str] = ()) -> list[Candidate]:
    """The best passages for a question, best first, near-duplicates as siblings of the better one.

    `documents` are the keys of those that are searched, all when there are none. Raises NoSuchDocument.
    """
    found = _distinct(ranked(question, store, dense, lexical, static, documents)[: limit + _BEHIND], titles)[:limit]
    return [dataclasses.replace(candidate, status=_status(candidate, titles)) for candidate in found]


def ranked(question: Question, store: Store, dense: Dense, lexical: Lexical, static: StaticModel, documents: Collection[str] = ()) -> list[Candidate]:
    """All passages that any index proposes, best first; ties by the passages' order in the library."""
    found = _proposed(question, store, dense, lexical, store.within(documents) if documents else None)
    entries = store.entries(sorted(set().union(*found.values())))
    if not entries:
        return []
    descriptions = {id: store.description(id) for id in {entry.document for entry in entries}}
    around = [around_text(descriptions[entry.document], entry.passage) for entry in entries]
    matched = match(static, question.tokens, [f"{more}\n{entry.passage.text}" for more, entry in zip(around, entries)])
    features = _features(question, entries, around, matched, store, lexical)
    features = np.column_stack([features, _near(entries, features @ _WEIGHTS[:-1] / _TOTAL)])
    scores = features @ _WEIGHTS / _TOTAL
    return [
        Candidate(
            entries[row], descriptions[entries[row].document], features[row], matched[row], float(scores[row]),
            tuple(name for name, ids in found.items() if entries[row].id in ids),
        )
        for row in sorted(range(len(entries)), key=lambda row: (-float(scores[row]), entries[row].id))
    ]


def _distinct(ordered: Sequence[Candidate], titles: Titles) -> list[Candidate]:
    """The candidates without those that say nearly the same as a better one; these become its siblings."""
    kept: list[Candidate] = []
    shingles: list[set[str]] = []
    for candidate in ordered:
        own = _shingles(_folded(candidate.entry.passage.text))
        same = next((place for place, others in enumerate(shingles) if _same(own, others)), None)
        if same is None:
            kept.append(candidate)
            shingles.append(own)
        else:
            sibling = Sibling(candidate.document, candidate.entry.passage, _relation(candidate, kept[same], titles))
            kept[same] = dataclasses.replace(kept[same], siblings=(*kept[same].siblings, sibling))
    return kept


def _same(first: set[str], second: set[str]) -> bool:
    """Whether two sets have nearly all in common; their sizes alone settle most."""
    small, large = sorted((len(first), len(second)))
    return small >= _ALIKE * large and len(first & second) >= _ALIKE * len(first | second)


def _shingles(folded: str) -> set[str]:
    """The runs of four letters or digits; of a short text the text."""
    letters = "".join(filter(str.isalnum, folded))
    return {letters[i : i + 4] for i in range(len(letters) - 3)} or {letters}


def _status(candidate: Candidate, titles: Titles) -> str:
    """Whether a document says itself that it is repealed, or there is a newer one of its title."""
    if any(field.name == "repealed" or field.name == "validity" and _REPEALED.search(field.value) for field in candidate.document.fields):
        return "已废止"
    return "旧版" if titles.stale(candidate.entry.document) else ""


def _relation(candidate: Candidate, kept: Candidate, titles: Titles) -> str:
    """How a near-duplicate stands to the passage that is shown."""
    if _status(candidate, titles) == "已废止":
        return "已废止"
    older = titles.older(candidate.entry.document, kept.entry.document)
    if older is None:
        return "同一文件内重复" if candidate.entry.document == kept.entry.document else "文字相近"
    return "旧版" if older else "新版"


def _proposed(question: Question, store: Store, dense: Dense, lexical: Lexical, within: np.ndarray | None) -> dict[str, set[int]]:
    """The ids of the passages that may answer, by what proposes them."""
    found = {"lexical": {id for id, _ in lexical.search(question.terms, CANDIDATES, within)}}
    found["dense"] = {id for id, _ in dense.search(question.vector, CANDIDATES, within)}
    if question.others:
        official = dict.fromkeys(term for others in question.others for word in others.instead for term in terms(word))
        found["synonym"] = {id for id, _ in lexical.search([*question.terms, *official], CANDIDATES, within)}
        found["dense"] |= {id for id, _ in dense.search(question.official, CANDIDATES, within)}
    named = _named(question.naming)
    if named:
        inside = store.within_documents(named)
        if within is not None:
            inside &= within
        found["title"] = {id for id, _ in lexical.search(question.terms, _NAMED, inside)} | {id for id, _ in dense.search(question.vector, _NAMED, inside)}
        found["title"] |= {id for id, _ in lexical.search(["_" + article for article in question.articles], _NAMED, inside)}
    return found


def _named(naming: Naming) -> list[int]:
    """The documents that the question names, in full or nearly so: their ids."""
    said = naming.share + naming.exact + 0.3 * naming.place + 0.1 * naming.version
    rows = [row for row in np.argsort(-said, kind="stable")[:_MOST_NAMED] if naming.share[row] >= _NEARLY]
    return naming.ids[rows].tolist()


def _features(question: Question, entries: Sequence[Entry], around: Sequence[str], matched: np.ndarray, store: Store, lexical: Lexical) -> np.ndarray:
    """(entries, FEATURES without "near") float32."""
    own, more = [_folded(entry.passage.text) for entry in entries], list(map(_folded, around))
    texts = [f"{a}\n{b}" for a, b in zip(more, own)]
    rows = question.naming.rows([entry.document for entry in entries])
    naming = question.naming
    bm25, covered = _by_terms(question, store.postings([entry.id for entry in entries]))
    whole, sentence, official = _cosines(question, entries)
    return np.stack(
        [
            bm25, covered, said_otherwise(question, texts), whole, sentence, official,
            (matched * question.tokens.weights).sum(axis=1),  # a matmul raises a false alarm about NaN on some processors
            _names(question, entries, lexical),
            *(values[rows] for values in (naming.share * naming.telling, naming.exact, naming.place, naming.version)),
            np.array([any(text.startswith(article) for article in question.articles) for text in own], np.float32),
            _runs(question, own),
            kinds(question, own),
            _open(question, bm25, covered) * whole,
        ],
        axis=1,
    ).astype(np.float32)


@functools.lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """A passage's text, folded: wanted for its features and for its near-duplicates, and by the next question; or what stands
    around it: the same for many."""
    return fold(text)


def fused(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates by the sum of what the two indexes say alone: BM25 and both cosines. Not by their weights in FEATURES, which are
    those beside all the others."""
    weights = np.array([name in ("bm25", "whole", "sentence") for name in FEATURES], np.float32)
    return sorted(found, key=lambda candidate: -float(candidate.features @ weights))


def around_text(document: Description, passage: Passage) -> str:
    """What is searched beside a passage's own words: title, kicker, headings, context and lead, each once, and the place that the
    document is about, where its title leaves it out."""
    more = [field.value for field in document.fields if field.name in ("kicker", "subtitle") or (field.name == "region" and field.value not in document.title)]
    return "\n".join(dict.fromkeys(part for part in (document.title, *more, *passage.headings, passage.context, *passage.lead) if part))


# What is known about a document that people ask for it by. Not for vectors: it is the same for every passage.
FACTS = ("source", "speaker", "author", "issue_number", "document_number", "index_number", "standard_number")


def facts_text(description: Description) -> str:
    """What a document is found by although its passages do not say it: who issued it when, its numbers."""
    facts = [field.value for field in description.fields if field.name in FACTS]
    return "\n".join(dict.fromkeys(part for part in (description.issuer, day_in_words(description.date), *facts) if part))


def day_in_words(date: str) -> str:
    """A date of a description as people write it.

    >>> day_in_words("2023-07-02"), day_in_words("2023-07"), day_in_words("--07-02"), day_in_words("")
    ('2023年7月2日', '2023年7月', '7月2日', '')
    """
    parts = date.removeprefix("-").split("-")
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日") if part.isdigit())


def coverage(weights: Mapping[str, float], folded: str) -> float:
    """The share of the weight of some terms that stand in a folded text, as neighbouring characters."""
    total = sum(weights.values()) or 1.0
    return sum(weight for term, weight in weights.items() if term.lstrip("_") in folded) / total


def _by_terms(question: Question, postings: Sequence[tuple[list[str], list[str]]]) -> tuple[np.ndarray, np.ndarray]:
    """BM25 (k1 = 1.2, b = 0.75) of all candidates, whichever index proposed them, beside the best, and the share of the
    question's weight whose terms they have. A question of which the library knows few words (another language) trusts
    BM25 less."""
    average = sum(len(own) + len(around) for own, around in postings) / len(postings)
    total = sum(question.weights.values()) or 1.0
    scores, shares = np.zeros((2, len(postings)), np.float32)
    for row, (own, around) in enumerate(postings):
        room = 1.2 * (0.25 + 0.75 * (len(own) + len(around)) / average)
        often = Counter(term for term in own if term in question.weights)
        for term in question.weights.keys() & set(around):
            often[term] += _AROUND
        for term, count in often.items():
            scores[row] += question.weights[term] * count / (count + room)
        shares[row] = sum(question.weights[term] for term in often) / total
    known = sum(question.weights[term] for term in question.frequencies) / total
    return scores / (scores.max(initial=0) or 1.0) * min(1.0, 0.25 + known), shares


def _open(question: Question, bm25: np.ndarray, covered: np.ndarray) -> float:
    """How far words leave open what is asked, 0 to 1: no passage has much of it or leads in BM25, and little of it is names, which
    nothing but words can find."""
    first, *rivals = np.sort(bm25)[::-1][: _RIVALS + 1]
    lead = float(first - np.mean(rivals)) if len(rivals) == _RIVALS else 1.0
    names = sum(question.weights[term] for term in _name_terms(question)) / (sum(question.weights.values()) or 1.0)
    return (1 - float(covered.max())) * max(0.0, 1 - lead / _LEADS) * max(0.0, 1 - 2 * names)


def said_otherwise(question: Question, folded: Sequence[str]) -> np.ndarray:
    """The share of the question's weight that stands in each text in other words only."""
    total = sum(question.weights.values()) or 1.0
    shares = [sum(o.weight for o in question.others if o.word not in text and any(word in text for word in o.instead)) / total for text in folded]
    return np.minimum(np.array(shares, np.float32), 1)


def _runs(question: Question, folded: Sequence[str]) -> np.ndarray:
    """The longest run of the question's characters in each text, between 2 and 6, as a share."""
    pieces = {size: {run[i : i + size] for run in question.runs for i in range(len(run) - size + 1)} for size in range(3, 7)}
    lengths = [next((size - 1 for size in range(3, 7) if not any(piece in text for piece in pieces[size])), 6) for text in folded]
    return (np.array(lengths, np.float32) - 2) / 4


def kinds(question: Question, folded: Sequence[str]) -> np.ndarray:
    """The share of what such a question wants that each text holds; 1 when it wants nothing in particular."""
    if not question.wants:
        return np.ones(len(folded), np.float32)
    return np.array([sum(bool(holds.search(text)) for holds in question.wants) / len(question.wants) for text in folded], np.float32)


def _cosines(question: Question, entries: Sequence[Entry]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    asked = np.stack([question.vector, question.official], axis=1)
    cosines = [entry.vectors.astype(np.float32) @ asked for entry in entries]
    return np.array([rows[0, 0] for rows in cosines]), np.array([rows[1:, 0].max(initial=0) for rows in cosines]), np.array([rows[:, 1].max() for rows in cosines])


def _near(entries: Sequence[Entry], scores: np.ndarray) -> np.ndarray:
    """For each passage the weighted mean of how far its neighbours' scores lie above the lowest; what is no candidate counts 0. In a
    text on what is asked the passages around one speak of it too: one that stands alone more often shares its words only."""
    ids, documents = np.array([entry.id for entry in entries]), np.array([entry.document for entry in entries])
    distance = np.abs(ids[:, None] - ids)
    beside = np.exp(-distance / _FADING) * ((0 < distance) & (distance <= _BESIDE) & (documents[:, None] == documents))
    most = 2 * np.exp(-np.arange(1, _BESIDE + 1) / _FADING).sum()
    return ((beside * (scores - scores.min())).sum(axis=1) / most).astype(np.float32)


def _name_terms(question: Question) -> list[str]:
    return [term for term in question.terms if is_name(term.removeprefix("_"))]


def _names(question: Question, entries: Sequence[Entry], lexical: Lexical) -> np.ndarray:
    """The share of the question's names that stand anywhere in each passage's document."""
    names = [term for term in _name_terms(question) if question.frequencies.get(term, 0) <= _TELLING]
    holding = {term: lexical.documents(term) for term in names if term in question.frequencies}
    total = sum(question.weights[term] for term in names)
    held = {document: sum(question.weights[term] for term in names if document in holding.get(term, ())) for document in {entry.document for entry in entries}}
    return np.array([held[entry.document] / total if total else 1.0 for entry in entries], np.float32)
