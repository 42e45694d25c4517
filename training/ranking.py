"""The weights of search.FEATURES, learned: which mixture of features puts the right passage first.

    python -m training.ranking WORK CORPORA [QUESTIONS LIBRARY ...]

From CORPORA come drcd-dev, cmrc2018-trial and lay law: the held-back questions of STARD against all its articles, every
other one once more with the law's name in it, since people name laws. QUESTIONS is a file as `youju evaluate` reads it and
LIBRARY the folder of a library of its documents. Features are collected once for each set (cached in WORK) with the
product's own candidates; then one vector of weights, none below 0, is fitted by the cross-entropy of the right passage
among its candidates, every set counting the same.

Printed: R@1, R@5 and R@10 of each set with the weights in use, with those fitted to all sets, with those fitted to the
other sets only, and with those fitted to one half of the questions of every set and measured on the other half.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

import qa
from qa import search
from qa.evaluate import plain
from qa.library import Library
from qa.questions import load
from qa.search import FEATURES, Candidate
from training import choices
from training.choices import Lists
from training.corpora import held_back_law, passages

_STEPS, _DECAY = 600, 1e-3
_MOST = 250  # questions of a set
_NAMING = ("{law}里，{question}", "按{law}，{question}", "{law}规定，{question}", "根据《{law}》，{question}", "{question}{law}怎么说的？", "{law}第几条：{question}")

Asked = tuple[str, Sequence, Callable[[Candidate], bool]]
"""A question, the conversation before it, and whether a candidate answers it."""


def collect(name: str, work: Path, library: Callable[[], Library], asked: Callable[[], Iterator[Asked]]) -> Lists:
    """The candidates of a set's questions with their features, in the product's order, from WORK when they are there."""

    def rows() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        with library() as opened:
            yield from (_candidates(opened, *one) for one in asked())

    return choices.cached(work / f"{name}.npz", rows)


def _candidates(library: Library, question: str, history: Sequence, right: Callable[[Candidate], bool]) -> tuple[np.ndarray, np.ndarray]:
    understood = library._understood(question, history)
    found = search.ranked(understood, library._store, library._dense, library._lexical, library._static)
    if not found:
        return np.zeros((1, len(FEATURES)), np.float32), np.zeros(1, bool)
    return np.stack([candidate.features for candidate in found]), np.array([right(candidate) for candidate in found])


def passage_set(folder: Path, texts: list[tuple[str, str, str]]) -> Library:
    """A library of passages, each a document of its own: (key, title, text)."""
    library = qa.open_library(folder)
    library.add_texts(texts)
    return library


def squad(prefix: Path) -> tuple[list[tuple[str, str, str]], list[Asked]]:
    """A set in the form of drcd-dev: its passages and a sample of its questions."""
    texts, rows = passages(prefix)
    rows = rows[:: max(1, len(rows) // _MOST)]
    return texts, [(row["question"], [], _among(row.get("passage_ids") or [row["passage_id"]])) for row in rows]


def lay_law(corpora: Path) -> tuple[list[tuple[str, str, str]], list[Asked]]:
    """STARD: all its articles under the names of their laws, and the held-back questions, some with the law's name."""
    texts, gold = held_back_law(corpora / "qp" / "stard_train.jsonl")
    laws = {key: law.removeprefix("中华人民共和国") for key, law, _ in texts}
    asked: list[Asked] = []
    for number, (question, keys) in enumerate(gold.items()):
        asked.append((question, [], _among(keys)))
        if number % 2 and 0 < len(law := laws[keys[0]]) < 16:
            asked.append((_NAMING[number // 2 % len(_NAMING)].format(law=law, question=question), [], _among(keys)))
    return texts, asked[:_MOST]


def question_file(path: Path) -> Iterator[Asked]:
    """The answerable questions of a file with "file" and "evidence"."""
    for item in load(path).items:
        if item.files:
            evidence = list(map(plain, item.evidence))
            yield item.question, item.history, lambda c, evidence=evidence, item=item: item.names(c.document) and any(e in plain(c.entry.passage.text) for e in evidence)


def _among(keys: list[str]) -> Callable[[Candidate], bool]:
    return lambda candidate: candidate.document.key in keys


def fit(sets: list[Lists]) -> np.ndarray:
    """(features,) weights, none below 0; every set counts the same."""
    return choices.fitted(sets, np.full(len(FEATURES), 3.0), _STEPS, _DECAY, least=0)


def ranks(weights: np.ndarray, lists: Lists) -> np.ndarray:
    """For each question the place of its first right candidate, from 0; 1,000 when there is none."""
    ordered = [right[np.argsort(-(features @ weights), kind="stable")] for features, right in lists]
    return np.array([int(np.argmax(right)) if right.any() else 1000 for right in ordered])


def _shown(places: np.ndarray) -> str:
    return " ".join(f"{(places < k).mean():.3f}" for k in (1, 5, 10))


def main(work: str, corpora: str, *files: str) -> None:
    """Collects, fits and prints."""
    folder, source = Path(work), Path(corpora)
    folder.mkdir(parents=True, exist_ok=True)
    sets: dict[str, Lists] = {}
    for name, (texts, asked) in {"drcd": squad(source / "passages" / "drcd-dev"), "cmrc": squad(source / "passages" / "cmrc2018-trial"), "lay law": lay_law(source)}.items():
        sets[name] = collect(name, folder, lambda name=name, texts=texts: passage_set(folder / f"{name}.library", texts), lambda asked=asked: iter(asked))
    for path, library in zip(files[::2], files[1::2], strict=True):
        name = Path(path).stem
        sets[name] = collect(name, folder, lambda library=library: qa.open_library(library), lambda path=path: question_file(Path(path)))
    used, fitted = np.array(list(FEATURES.values())), fit(list(sets.values()))
    print("weights", {name: round(float(weight * used.sum() / fitted.sum()), 2) for name, weight in zip(FEATURES, fitted)})
    halves = [fit([lists[side::2] for lists in sets.values()]) for side in (0, 1)]
    print(f"{'R@1 R@5 R@10':16} {'in use':19} {'fitted to all':19} {'to the other sets':19} {'to the other half':19}")
    for name, lists in sets.items():
        others = fit([other for key, other in sets.items() if key != name]) if len(sets) > 1 else fitted
        crossed = np.concatenate([ranks(halves[1 - side], lists[side::2]) for side in (0, 1)])
        print(f"{name:16} {_shown(ranks(used, lists)):19} {_shown(ranks(fitted, lists)):19} {_shown(ranks(others, lists)):19} {_shown(crossed):19}")
    for row, feature in enumerate(FEATURES):
        without = np.where(np.arange(len(FEATURES)) == row, 0, fitted)
        print(f"  without {feature:10}", *(f"{name} {(ranks(without, lists) < 1).mean():.3f}" for name, lists in sets.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
