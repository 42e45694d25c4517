"""Step 5: the rare words read the row of the nearest frequent one, since rows are what the folder is made of.

A token costs about 40 bytes and a row a kilobyte, so the vocabulary stays whole and the matrix is cut.
"""

from __future__ import annotations

import json
import re

import numpy as np
from tokenizers import Tokenizer

from training.train import Embedding

_HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U000323af]+")
_CHINESE = 3.0  # how much more a Chinese word counts than one of another language with the same share of its texts
_AT_ONCE = 2000


def importance(tokenizer: Tokenizer, rows: np.ndarray) -> np.ndarray:
    """For each row the share of all text that its tokens make up; single characters, which spell the rest, come first."""
    found = np.zeros(rows.max() + 1)
    for token, (text, score) in enumerate(json.loads(tokenizer.to_str())["model"]["vocab"]):
        han = bool(_HAN.fullmatch(text))
        found[rows[token]] += np.exp(score) * (_CHINESE if han else 1.0) + (han and len(text) == 1)
    return found


def share(model: Embedding, importance: np.ndarray, keep: int) -> Embedding:
    """The model with `keep` rows; a token of another row takes the nearest kept one, at the length of its projection."""
    tensors = model.tensors()
    unit, rows = tensors["embeddings"], tensors["mapping"]
    kept = np.sort(np.argsort(-importance, kind="stable")[:keep])
    nearest, cosine = _nearest(unit, unit[kept])
    nearest[kept], cosine[kept] = np.arange(keep), 1.0
    return Embedding(unit[kept], nearest[rows], tensors["weights"] * np.maximum(cosine[rows], 0.05))


def _nearest(unit: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    places, cosines = [], []
    for start in range(0, len(unit), _AT_ONCE):
        found = unit[start : start + _AT_ONCE] @ kept.T
        places.append(found.argmax(axis=1))
        cosines.append(found.max(axis=1))
    return np.concatenate(places), np.concatenate(cosines)
