"""The product measured on somebody's own questions: does it find, does it quote the right words, does it refuse rightly.

    found@k          a passage among the first k lies in a right document and holds a piece of the evidence (one of more than
                     800 characters counts for nothing: whoever shows whole files would find everything)
    cited            the quotes hold the evidence: one piece is enough, for lists and comparisons the share of the pieces;
                     an answer of more than 600 quoted characters counts 0
    first            the first quote alone holds a piece of the evidence
    refused          the share of the questions without an answer that were refused
    false refusals   the share of the others that were
    risk, coverage   were only the most confident answers given: the share of all questions that get one, and the share of
                     those answers that are wrong
    calibration      answers by their confidence, in bins: mean confidence against the share that is right; ece is the mean
                     distance of the two, weighed by the size of the bins (expected calibration error, Naeini 2015)

Texts are compared as search keys without white space: width, script and toned pinyin do not matter.
"""

from __future__ import annotations

import dataclasses
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answer import Answer
from qa.confidence import THRESHOLD
from qa.fold import fold
from qa.library import Library
from qa.questions import Item
from qa.types import Description, Hit

_RANKS = (1, 3, 5, 10)
_LONGEST_PASSAGE, _LONGEST_ANSWER = 800, 600
_BINS = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one question. `ranks`: for each retriever the place of the first right passage, 0 for none among ten."""

    item: Item
    answered: bool
    confidence: float
    cited: float  # from 0 to 1, of the quotes that would be given were nothing refused
    first: bool
    quoted: int  # characters
    ranks: dict[str, int]
    milliseconds: dict[str, float]  # of each retriever, and of "ask"
    text: str

    @property
    def right(self) -> float:
        """How right the answer is, were it given: nothing is where the documents do not answer."""
        return self.cited if self.item.answerable else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence: how many, how confident and how right they are."""

    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Point:
    """The most confident answers only, down to `confidence`: the share that is answered, and the share of it that is wrong."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of all questions, of each kind and of each retriever; shares lie between 0 and 1."""

    figures: dict[str, float]
    kinds: dict[str, dict[str, float]]
    retrievers: dict[str, dict[str, float]]
    risk: tuple[Point, ...]
    calibration: tuple[Bin, ...]
    threshold: float
    trials: tuple[Trial, ...]

    def to_json(self) -> dict:
        """The fields, by the same names, as plain dicts, lists, strings and numbers."""
        return dataclasses.asdict(self)

    def to_text(self) -> str:
        """The figures as lines of text."""
        names = list(dict.fromkeys(name for figures in self.kinds.values() for name in figures))
        rows = [["", *names]] + [[kind or "-", *(_shown(figures.get(name)) for name in names)] for kind, figures in self.kinds.items()]
        retrievers = list(dict.fromkeys(name for figures in self.retrievers.values() for name in figures))
        ablation = [["", *retrievers]] + [[name, *(_shown(figures.get(one)) for one in retrievers)] for name, figures in self.retrievers.items()]
        bins = [["confidence", "right", "answers"]] + [[_shown(bin.confidence), _shown(bin.right), str(bin.count)] for bin in self.calibration]
        curve = [["coverage", "risk", "confidence"]] + [[_shown(p.coverage), _shown(p.risk), _shown(p.confidence)] for p in _spread(self.risk)]
        whole = [[name, _shown(value)] for name, value in self.figures.items()]
        return "\n\n".join(_table(table) for table in (whole, rows, ablation, curve, bins))


def measure(library: Library, items: Sequence[Item], progress: Callable[[int, int, str], None] | None = None, ablation: bool = True) -> Evaluation:
    """Asks every question and compares. `progress` is called with (done, total, question); without `ablation` the search in
    use alone is measured, in a third of the time."""
    library.ask("预热", threshold=0.0)
    trials = []
    for done, item in enumerate(items, 1):
        trials.append(_trial(library, item, ablation))
        if progress:
            progress(done, len(items), item.question)
    kinds = list(dict.fromkeys(item.kind for item in items))
    retrievers = trials[0].ranks if trials else {}
    calibration = _calibration(trials)
    return Evaluation(
        figures=_figures(trials) | _of_confidence(trials, calibration),
        kinds={kind: _figures([trial for trial in trials if trial.item.kind == kind]) for kind in kinds},
        retrievers={name: _found(trials, name) | _speed(trials, name) for name in retrievers},
        risk=tuple(_risk(trials)), calibration=calibration, threshold=THRESHOLD, trials=tuple(trials),
    )


# ------------------------------------------------------------------------------------------------------------ one question


def _trial(library: Library, item: Item, ablation: bool) -> Trial:
    began = time.perf_counter()
    answer = library.ask(item.question, history=item.history, threshold=0.0)
    milliseconds = {"ask": 1000 * (time.perf_counter() - began)}
    evidence = [plain(words) for words in item.evidence]
    ranks = {}
    for name, (hits, took) in _rankings(library, item, answer, ablation).items():
        ranks[name] = _rank(item, evidence, hits)
        milliseconds[name] = took
    held = _held(item, evidence, answer)
    length = sum(len(plain(citation.quote)) for citation in answer.citations)
    first = bool(answer.citations) and any(_holds(item, evidence, answer.citations[0].document, answer.citations[0].quote))
    return Trial(item, answer.confidence >= THRESHOLD, answer.confidence, held if length <= _LONGEST_ANSWER else 0.0, first, length, ranks, milliseconds, answer.text)


def _rankings(library: Library, item: Item, answer: Answer, ablation: bool) -> dict[str, tuple[Sequence[Hit], float]]:
    return library.rankings(item.question, history=item.history) if ablation else {"reranked": (answer.hits, 0.0)}


def _rank(item: Item, evidence: Sequence[str], hits: Sequence[Hit]) -> int:
    right = (len(hit.passage.text) <= _LONGEST_PASSAGE and any(_holds(item, evidence, hit.document, hit.passage.text)) for hit in hits)
    return next((rank for rank, one in enumerate(right, 1) if one), 0)


def _held(item: Item, evidence: Sequence[str], answer: Answer) -> float:
    """How much of the evidence the quotes hold."""
    held = [_holds(item, evidence, citation.document, citation.quote) for citation in answer.citations]
    pieces = [any(piece) for piece in zip(*held)]
    return sum(pieces) / len(pieces) if item.whole and pieces else float(any(pieces))


def _holds(item: Item, evidence: Sequence[str], document: Description, text: str) -> list[bool]:
    """For each piece of evidence whether the text, of this document, holds it; without evidence the document decides."""
    if item.files and not item.names(document):
        return [False] * max(len(evidence), 1)
    text = plain(text)
    return [piece in text for piece in evidence] or [True]


def plain(text: str) -> str:
    """A text as it is compared: its search key without white space."""
    return re.sub(r"\s+", "", fold(text))


# -------------------------------------------------------------------------------------------------------------- many of them


def _figures(trials: Sequence[Trial]) -> dict[str, float]:
    """What the questions have in common; a figure that nothing counts for is left out."""
    known = [trial for trial in trials if trial.item.answerable]
    unknown = [trial for trial in trials if not trial.item.answerable]
    figures: dict[str, float] = {"questions": len(trials)} | _found(trials, "reranked")
    if known:
        figures |= {
            "cited": _mean([trial.answered * trial.cited for trial in known]), "first": _mean([trial.answered and trial.first for trial in known]),
            "quoted": statistics.median([trial.quoted if trial.answered else 0 for trial in known]), "false refusals": _mean([not trial.answered for trial in known]),
        }
    if unknown:
        figures["refused"] = _mean([not trial.answered for trial in unknown])
    return figures | _speed(trials, "ask")


def _found(trials: Sequence[Trial], name: str) -> dict[str, float]:
    known = [trial for trial in trials if trial.item.answerable]
    return {f"found@{k}": _mean([0 < trial.ranks[name] <= k for trial in known]) for k in _RANKS} if known else {}


def _speed(trials: Sequence[Trial], name: str) -> dict[str, float]:
    times = sorted(trial.milliseconds[name] for trial in trials)
    return {"p50 ms": times[len(times) // 2], "p95 ms": times[int(len(times) * 0.95)]} if times else {}


def _of_confidence(trials: Sequence[Trial], calibration: Sequence[Bin]) -> dict[str, float]:
    given = [trial for trial in trials if trial.answered]
    error = sum(bin.count * abs(bin.confidence - bin.right) for bin in calibration) / max(len(trials), 1)
    return {"coverage": _mean([trial.answered for trial in trials]), "risk": 1 - _mean([trial.right for trial in given]), "ece": error}


def _risk(trials: Sequence[Trial]) -> list[Point]:
    """One point for each answer, the most confident first; those of the same confidence are one point."""
    ordered = sorted(trials, key=lambda trial: -trial.confidence)
    points, right = [], 0.0
    for given, trial in enumerate(ordered, 1):
        right += trial.right
        if given == len(ordered) or ordered[given].confidence < trial.confidence:
            points.append(Point(trial.confidence, given / len(ordered), 1 - right / given))
    return points


def _calibration(trials: Sequence[Trial]) -> tuple[Bin, ...]:
    bins = [[trial for trial in trials if min(int(trial.confidence * _BINS), _BINS - 1) == number] for number in range(_BINS)]
    return tuple(Bin(len(bin), _mean([trial.confidence for trial in bin]), _mean([trial.right for trial in bin])) for bin in bins if bin)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# ------------------------------------------------------------------------------------------------------------------ as text


def _spread(points: Sequence[Point]) -> list[Point]:
    """About ten of the points, evenly over the coverage."""
    return [next(point for point in points if point.coverage >= tenth / 10) for tenth in range(1, 11)] if points else []


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if 0 <= value <= 1 and isinstance(value, float) else f"{value:.0f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)
