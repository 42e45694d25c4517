"""A small transformer in numpy: what reads a question word by word in its order, beside the mean of its tokens' vectors.

Passages are many and must be cheap; a question is one, and 30 ms of it are not felt. So only questions are read by a
transformer, whose vectors lie where the static ones of the passages lie: no index knows of it. It is BERT
(https://arxiv.org/abs/1810.04805) as multilingual-e5-small has it, with GELU by its tanh; onnxruntime or torch would do
the same for 15 or 200 MB more.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

_LARGE = "embeddings"  # stays in 4 bits; only the rows at hand are put together


class Transformer:
    """The folder holds config.json, tokenizer.json and model.safetensors: matrices in 4 bits (`X`, `X.scale`, see _whole)."""

    def __init__(self, folder: Path):
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        shape = json.loads((folder / "config.json").read_text("utf-8"))
        self.layers, self.heads, self.prefix = int(shape["layers"]), int(shape["heads"]), str(shape["prefix"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tensors = load_file(folder / "model.safetensors")
        self._tokenizer.enable_truncation(len(tensors["positions"]))  # 128, two hundred characters
        self._pieces, self._scales = tensors.pop(_LARGE), tensors.pop(f"{_LARGE}.scale")
        self._weights = {
            name: _whole(rows, tensors[f"{name}.scale"]) if f"{name}.scale" in tensors else rows for name, rows in tensors.items() if not name.endswith(".scale")
        }

    def read(self, text: str) -> np.ndarray:
        """(dimension,) float32: the mean over the tokens of what the last layer says of each, through the head; not scaled."""
        ids = self._tokenizer.encode(self.prefix + text).ids
        w = self._weights
        x = _normed(_whole(self._pieces[ids], self._scales[ids]) + w["positions"][: len(ids)], w, "start")
        for layer in range(self.layers):
            x = self._layer(x, f"{layer}.")
        return w["head"] @ x.mean(axis=0) + w["head.bias"]

    def _layer(self, x: np.ndarray, at: str) -> np.ndarray:
        w = self._weights
        query, key, value = (self._by_head(_linear(x, w, at + name)) for name in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) * query.shape[-1] ** -0.5  # a Python float: numpy's would make float64 of all that follows, four times slower
        chance = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (chance / chance.sum(axis=-1, keepdims=True)) @ value
        x = _normed(x + _linear(mixed.transpose(1, 0, 2).reshape(x.shape), w, at + "mixed"), w, at + "between")
        return _normed(x + _linear(_gelu(_linear(x, w, at + "wide")), w, at + "narrow"), w, at + "end")

    def _by_head(self, x: np.ndarray) -> np.ndarray:
        """(tokens, dimension) -> (heads, tokens, dimension of a head)."""
        return x.reshape(len(x), self.heads, -1).transpose(1, 0, 2)


def _whole(packed: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """(rows, n / 2) uint8, two weights from -8 to 7 a byte, the first in the low half, and (rows, blocks) of scales -> (rows, n) float32."""
    weights = np.stack([packed & 15, packed >> 4], axis=-1).reshape(*scales.shape, -1).astype(np.float32) - 8
    return (weights * scales[..., None].astype(np.float32)).reshape(len(packed), -1)


def _linear(x: np.ndarray, weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    return x @ weights[name].T + weights[f"{name}.bias"]


def _normed(x: np.ndarray, weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Layer normalisation."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12) * weights[name] + weights[f"{name}.bias"]


def _gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.tanh(0.7978845608 * x * (1 + 0.044715 * x * x)))  # https://arxiv.org/abs/1606.08415
