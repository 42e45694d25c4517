"""The weights of quote.WEIGHTS, learned: which sentence of the passages found holds the answer.

    python -m training.sentences WORK PASSAGES [LIBRARY QUESTIONS ...]

PASSAGES is the folder with cmrc2018-trial and drcd-dev; QUESTIONS is a file as `youju evaluate` reads it and LIBRARY the folder of a
library of its documents. Sentences are collected once for each set (cached in WORK); the weights are fitted by the cross-entropy
of the right sentence among all, every set counting the same. Printed: how often the first, and one of the first three, is right
with the weights in use, with those fitted to all sets, and with those fitted to one half and measured on the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import qa
from qa import quote
from qa.evaluate import plain
from qa.library import Library
from qa.questions import Item, load
from training import choices
from training.choices import Lists
from training.corpora import passages

_MOST = 200  # questions of a set
_STEPS, _DECAY = 500, 2e-3
_SCALE = np.array([10.0 if name == "passage" else 1.0 for name in quote.WEIGHTS])  # scores of passages lie close together


def squad(prefix: Path, work: Path) -> tuple[Library, list[Item]]:
    """A library of the passages of a set in the form of drcd-dev, and a sample of its questions."""
    library = qa.open_library(work / f"{prefix.name}.library")
    texts, rows = passages(prefix)
    library.add_texts(texts)
    rows = rows[:: max(1, len(rows) // _MOST)]
    return library, [Item(str(number), row["question"], "", (row["passage_id"],), tuple(row["answers"])) for number, row in enumerate(rows)]


def collected(name: str, work: Path, library: Library, items: list[Item]) -> Lists:
    """The sentences of a set's questions, scaled, from WORK when they are there; questions without a right one are left out."""
    lists = choices.cached(work / f"{name}.sentences.npz", lambda: (row for row in _rows(library, items) if row[1].any()))
    return [(values * _SCALE, right) for values, right in lists]


def _rows(library: Library, items: list[Item]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for item in items:
        if not item.answerable:
            continue
        understood = library._understood(item.question, item.history)
        sentences = quote.ranked(understood, library._candidates(understood, 10), library._static)
        wanted = [plain(words) for words in item.evidence]
        if sentences:
            yield np.stack([s.values for s in sentences]), np.array([_right(s, item, wanted) for s in sentences])


def _right(sentence: quote.Sentence, item: Item, wanted: list[str]) -> bool:
    return item.names(sentence.candidate.document) and any(words in plain(sentence.text) for words in wanted)


def fit(sets: list[Lists]) -> np.ndarray:
    """(WEIGHTS,) of either sign; every set counts the same."""
    return choices.fitted(sets, np.zeros(len(quote.WEIGHTS)), _STEPS, _DECAY)


def _first(weights: np.ndarray, lists: Lists, depth: int = 1) -> np.ndarray:
    return np.array([right[np.argsort(-(values @ weights), kind="stable")[:depth]].any() for values, right in lists])


def main(work: str, passages: str, *files: str) -> None:
    """Collects, fits and prints."""
    folder = Path(work)
    folder.mkdir(parents=True, exist_ok=True)
    sets: dict[str, Lists] = {}
    for name in ("cmrc2018-trial", "drcd-dev"):
        library, items = squad(Path(passages) / name, folder)
        with library:
            sets[name] = collected(name, folder, library, items)
    for home, questions in zip(files[::2], files[1::2], strict=True):
        with qa.open_library(home) as library:
            sets[Path(questions).stem] = collected(Path(questions).stem, folder, library, list(load(Path(questions)).items))
    used, fitted = np.array(list(quote.WEIGHTS.values())) / _SCALE, fit(list(sets.values()))
    halves = [fit([lists[side::2] for lists in sets.values()]) for side in (0, 1)]
    print(f"{'first, of three':16} {'in use':13} {'fitted to all':13} {'to the other half':13}")
    for name, lists in sets.items():
        columns = [" ".join(f"{_first(weights, lists, depth).mean():.3f}" for depth in (1, 3)) for weights in (used, fitted)]
        crossed = [np.concatenate([_first(halves[1 - side], lists[side::2], depth) for side in (0, 1)]).mean() for depth in (1, 3)]
        print(f"{name:16} {columns[0]:13} {columns[1]:13} {crossed[0]:.3f} {crossed[1]:.3f}")
    print({name: round(float(weight * scale), 2) for name, weight, scale in zip(quote.WEIGHTS, fitted, _SCALE)})


if __name__ == "__main__":
    main(*sys.argv[1:])
