"""Step 5: the mean of the models of several seeds, which is better than any of them.

They start alike, so that their rows can be added: https://arxiv.org/abs/2203.05482 (model soups). README.md has what it gains.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def averaged(runs: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Directions added and scaled to length 1, weights by their geometric mean; which row a token reads is the same in all."""
    directions = np.sum([run["embeddings"] for run in runs], axis=0)
    weights = np.exp(np.mean([np.log(np.maximum(run["weights"], 1e-12)) for run in runs], axis=0))
    weights[0] = 0  # the unknown token
    return runs[0] | {
        "embeddings": (directions / np.linalg.norm(directions, axis=1, keepdims=True)).astype(np.float32),
        "weights": weights.astype(np.float32),
    }
