"""A question against texts, token by token: how much of what is asked stands there, in these words or in others.

For every token of the question the best cosine to any token of the text (static vectors), averaged with the tokens'
weights. It is what finds 安全生产 for 平安生产 and "fine" for 罚款 when a text as a whole is about something else too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.embed import StaticModel

_FLOOR = 0.35  # cosines below it are noise between unrelated words and count 0


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a question: unit vectors (n, dimension) and weights (n,) that sum to 1."""

    vectors: np.ndarray
    weights: np.ndarray


def question_tokens(model: StaticModel, text: str, weigh: Callable[[list[str]], list[float]]) -> Tokens:
    """The distinct tokens of a question that carry meaning, weighed by rarity and by the length of their vectors.

    `weigh` gives each token's inverse document frequency. Training shortens the vectors of words that say nothing about
    the subject (the, 什么), so their length is a weight for words that the documents do not have at all.
    """
    ((ids, spans),) = model.tokens([text])
    pieces = {id: text[start:end] for id, (start, end) in zip(ids, spans) if any(c.isalnum() for c in text[start:end])}
    kept = np.array(list(pieces), np.int64)
    if not len(kept):
        return Tokens(np.zeros((0, model.dimension), np.float32), np.zeros(0, np.float32))
    weights = np.array(weigh(list(pieces.values())), np.float32) * model.weights(kept)
    return Tokens(model.directions(kept), weights / max(float(weights.sum()), 1e-9))


def joined(first: Tokens, second: Tokens, share: float) -> Tokens:
    """The tokens of both, those of the second with `share` of the weight of the first."""
    weights = np.concatenate([first.weights, share * second.weights])
    return Tokens(np.concatenate([first.vectors, second.vectors]), weights / max(float(weights.sum()), 1e-9))


def match(model: StaticModel, question: Tokens, texts: Sequence[str]) -> np.ndarray:
    """(len(texts), len(question.weights)) float32: for each text and token the best cosine, 0 below the floor.

    `match(...) @ question.weights` is the share of the question that a text holds, from 0 to 1.
    """
    found = np.zeros((len(texts), len(question.weights)), np.float32)
    if not found.size:
        return found
    ids = model.token_ids(texts)
    filled = [row for row, tokens in enumerate(ids) if len(tokens)]
    if not filled:
        return found
    flat = np.concatenate([ids[row] for row in filled])
    distinct, where = np.unique(flat, return_inverse=True)
    cosines = question.vectors @ model.directions(distinct).T
    cosines[cosines < _FLOOR] = 0
    starts = np.cumsum([0] + [len(ids[row]) for row in filled[:-1]])
    found[filled] = np.maximum.reduceat(cosines[:, where], starts, axis=1).T
    return found
