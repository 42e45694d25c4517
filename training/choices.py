"""Which of a question's candidates, passages or sentences, is the right one: collected once, and weights that put it first.

Shared by ranking.py and sentences.py, which differ in what they collect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

Lists = list[tuple[np.ndarray, np.ndarray]]
"""For each question the values of its candidates (n, weights) and which of them are right (n,) bool."""
_RATE = 0.05


def cached(file: Path, collect: Callable[[], Iterable[tuple[np.ndarray, np.ndarray]]]) -> Lists:
    """The lists in the file, collected and put there when it is not there."""
    if not file.exists():
        rows = list(collect())
        np.savez(file, features=np.concatenate([f for f, _ in rows]), right=np.concatenate([r for _, r in rows]), counts=[len(r) for _, r in rows])
    data = np.load(file)
    ends = np.cumsum(data["counts"])[:-1]
    return list(zip(np.split(data["features"], ends), np.split(data["right"], ends)))


def fitted(sets: list[Lists], start: np.ndarray, steps: int, decay: float, least: float = -np.inf) -> np.ndarray:
    """Weights, none below `least`, by Adam on the mean cross-entropy of what is right among all; every set counts the same."""
    weights = start
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    packed = [_packed([one for one in lists if one[1].any()]) for lists in sets]
    for step in range(1, steps + 1):
        gradient = sum(_gradient(weights, *pack) for pack in packed) / len(packed) + decay * weights
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weights = np.maximum(weights - _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8), least)
    return weights


def _packed(lists: Lists) -> tuple[np.ndarray, np.ndarray]:
    """(questions, most candidates, weights) padded with NaN, and (questions, most candidates) of what is right."""
    widest = max(len(right) for _, right in lists)
    features = np.full((len(lists), widest, lists[0][0].shape[1]), np.nan, np.float32)
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
