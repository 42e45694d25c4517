"""A finished model with the weights of its Chinese tokens half way to their rarity, and its rows in 8 bits.

    python -m training.temper MODEL OUT [--keep .5]

Training fits the weights to its own texts, nine tenths of them statutes; the frequencies behind the tokenizer come from seven
kinds of text. See the log of 2026-11-25 for what it gains and costs.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from training import export

_COMMON, _LEAST, _MOST = 3.0, 0.3, 12.0  # the start of a Chinese token's weight in `train.py`


def tempered(tensors: dict[str, np.ndarray], tokenizer: Tokenizer, keep: float) -> dict[str, np.ndarray]:
    """The tensors with each Chinese token's weight the geometric mean of its own (`keep`) and of its rarity (the rest)."""
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    chinese = np.array(["\u3400" <= token[0] <= "\u9fff" for token, _ in vocabulary])
    rarity = np.clip(-np.array([score for _, score in vocabulary]) - _COMMON, _LEAST, _MOST) / _MOST
    weights = tensors["weights"].astype(np.float64)
    own, wanted = np.maximum(weights[chinese], 1e-6), rarity[chinese]
    level = np.exp(np.log(own).mean() - np.log(wanted).mean())
    weights[chinese] = own**keep * (level * wanted) ** (1 - keep)
    return tensors | {"weights": weights.astype(np.float32)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.temper", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--keep", type=float, default=0.5)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    tensors = tempered(load_file(options.model / "model.safetensors"), tokenizer, options.keep)
    export.export(tokenizer, export.quantised(tensors), (options.model / "README.md").read_text("utf-8"), options.out)


if __name__ == "__main__":
    main()
