"""The weights of search.FEATURES, learned: which mixture of features puts the right passage first.

    python -m training.ranking WORK PREFIX [PREFIX ...]

Each PREFIX names PREFIX.passages.jsonl and PREFIX.questions.jsonl as the score script passages.py reads them. Features are
collected once for each set (cached in WORK) with the product's own candidates; then one vector of weights, none below 0, is
fitted to all sets by the cross-entropy of the right passage among its candidates. Printed: R@1 of each set with the
weights in use, with weights fitted to all sets, and with weights fitted to the other sets only (the honest figure).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

import qa
from qa.library import Library
from qa.search import FEATURES

_STEPS, _RATE, _DECAY = 1500, 0.02, 1e-3

Lists = list[tuple[np.ndarray, np.ndarray]]
"""For each question the features of its candidates (n, features) and which of them are right (n,) bool."""


def collect(prefix: str, work: Path) -> Lists:
    """The candidates of a set's questions with their features; questions whose passage is no candidate are left out."""
    cache = work / f"{Path(prefix).name}.npz"
    if cache.exists():
        data = np.load(cache)
        ends = np.cumsum(data["counts"])[:-1]
        return list(zip(np.split(data["features"], ends), np.split(data["right"], ends)))
    passages, questions = (_rows(f"{prefix}.{kind}.jsonl") for kind in ("passages", "questions"))
    lists: Lists = []
    with qa.open_library(work / f"{Path(prefix).name}.library") as library:
        library.add_texts([(p["id"], p.get("title", ""), p["text"]) for p in passages])
        for question in questions:
            right = set(question.get("passage_ids") or [question["passage_id"]])
            features, labels = _candidates(library, question["question"], right)
            if labels.any():
                lists.append((features, labels))
    work.mkdir(parents=True, exist_ok=True)
    np.savez(cache, features=np.concatenate([f for f, _ in lists]), right=np.concatenate([r for _, r in lists]), counts=[len(r) for _, r in lists])
    return lists


def _candidates(library: Library, question: str, right: set[str]) -> tuple[np.ndarray, np.ndarray]:
    understood = library._understood(question, ())
    found = library._candidates(understood, 400)
    return np.stack([c.features for c in found]), np.array([c.document.key in right for c in found])


def fit(sets: list[Lists]) -> np.ndarray:
    """(features,) weights, none below 0, by Adam on the mean cross-entropy; every set counts the same."""
    weights = np.ones(len(FEATURES))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    packed = [_packed(lists) for lists in sets]
    for step in range(1, _STEPS + 1):
        gradient = sum(_gradient(weights, *pack) for pack in packed) / len(packed) + _DECAY * weights
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights = np.maximum(weights, 0)
    return weights


def _packed(lists: Lists) -> tuple[np.ndarray, np.ndarray]:
    """(questions, most candidates, features) padded with NaN, and (questions, most candidates) of what is right."""
    widest = max(len(right) for _, right in lists)
    features = np.full((len(lists), widest, len(FEATURES)), np.nan)
    rights = np.zeros((len(lists), widest), bool)
    for row, (one, right) in enumerate(lists):
        features[row, : len(right)], rights[row, : len(right)] = one, right
    return features, rights


def _gradient(weights: np.ndarray, features: np.ndarray, right: np.ndarray) -> np.ndarray:
    scores = features @ weights
    scores -= np.nanmax(scores, axis=1, keepdims=True)
    chance = np.nan_to_num(np.exp(scores))
    given = chance * right
    chance /= chance.sum(axis=1, keepdims=True)
    given /= np.maximum(given.sum(axis=1, keepdims=True), 1e-12)
    return np.einsum("qc,qcf->f", chance - given, np.nan_to_num(features)) / len(right)


def first(weights: np.ndarray, lists: Lists) -> float:
    """R@1 among the questions whose passage is a candidate."""
    return float(np.mean([right[np.argmax(features @ weights)] for features, right in lists]))


def _rows(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def main(work: str, *prefixes: str) -> None:
    """Collects, fits and prints."""
    sets = {Path(prefix).name: collect(prefix, Path(work)) for prefix in prefixes}
    used, fitted = np.array(list(FEATURES.values())), fit(list(sets.values()))
    print("weights", {name: round(float(weight / fitted.sum()), 3) for name, weight in zip(FEATURES, fitted)})
    for name, lists in sets.items():
        others = fit([other for key, other in sets.items() if key != name]) if len(sets) > 1 else fitted
        alone = " ".join(f"{feature} {first(np.eye(len(FEATURES))[row], lists):.3f}" for row, feature in enumerate(FEATURES))
        print(f"{name}: R@1 in use {first(used, lists):.3f}, fitted {first(fitted, lists):.3f}, fitted without it {first(others, lists):.3f}; each alone: {alone}")


if __name__ == "__main__":
    main(*sys.argv[1:])
