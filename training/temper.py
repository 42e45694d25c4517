"""Step 6: the weights of Chinese tokens part of the way back to their rarity.

Training fits the weights to its own texts, nine tenths of them statutes; the frequencies behind the tokenizer come from seven
kinds of text. README.md has what it gains and costs.
"""

from __future__ import annotations

import json

import numpy as np
from tokenizers import Tokenizer

from training.train import rarity


def tempered(tensors: dict[str, np.ndarray], tokenizer: Tokenizer, keep: float) -> dict[str, np.ndarray]:
    """The tensors with each Chinese token's weight the geometric mean of its own (`keep`) and of its rarity (the rest)."""
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    chinese = np.array(["\u3400" <= token[0] <= "\u9fff" for token, _ in vocabulary])
    weights = tensors["weights"].astype(np.float64)
    own, wanted = np.maximum(weights[chinese], 1e-6), rarity(np.array([score for _, score in vocabulary]))[chinese]
    level = np.exp(np.log(own).mean() - np.log(wanted).mean())
    weights[chinese] = own**keep * (level * wanted) ** (1 - keep)
    return tensors | {"weights": weights.astype(np.float32)}
