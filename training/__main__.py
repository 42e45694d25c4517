"""From the corpora to data/model: `python -m training CORPORA`. What a step has left in the work folder is not done again."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training import baseline, card, evaluate, export, pairs, prune, rows, teacher, vocabulary
from training import train as training
from training.train import Embedding, Recipe

STEPS = ("vocabulary", "teacher", "pairs", "train", "prune", "evaluate")
FULL = Recipe()
SHORT = Recipe(steps=500, rate=1e-3, weight_rate=5e-3, seed=2)  # after pruning: the shared rows settle
ROWS = 51_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("corpora", type=Path, help="the folder described in training/README.md")
    parser.add_argument("--work", type=Path, default=Path("training/work"), help="where every step keeps what it made")
    parser.add_argument("--out", type=Path, default=Path("data/model"))
    parser.add_argument("--until", choices=STEPS, default=STEPS[-1], help="the last step to run")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    build(options.corpora, options.work, options.out, STEPS.index(options.until))


def build(corpora: Path, work: Path, folder: Path, last: int) -> None:
    """The steps in their order, each fed by the ones before."""
    tokenizer = vocabulary.build(corpora, work, vocabulary.Sizes())
    if last < STEPS.index("teacher"):
        return
    texts, taught = teacher.encode(corpora, work)
    if last < STEPS.index("pairs"):
        return
    sources = pairs.load(corpora, work, tokenizer, texts)
    if last < STEPS.index("train"):
        return
    full = _kept(work / "full.npz") or training.start(corpora, tokenizer, rows.lemmas(tokenizer), texts, taught, FULL.dimensions)
    if not (work / "full.npz").exists():
        training.train(full, sources, taught, FULL, training.dev(full, tokenizer, corpora))
        np.savez(work / "full.npz", **full.tensors())
    if last < STEPS.index("prune"):
        return
    small = _kept(work / "small.npz") or prune.share(full, prune.importance(tokenizer, full.rows.numpy()), ROWS)
    if not (work / "small.npz").exists():
        training.train(small, sources, taught, SHORT, training.dev(small, tokenizer, corpora))
        np.savez(work / "small.npz", **small.tensors())
    if last == STEPS.index("evaluate"):
        _finish(corpora, work, folder, tokenizer, full, small)


def _kept(path: Path) -> Embedding | None:
    """What an earlier run trained."""
    if not path.exists():
        return None
    tensors = np.load(path)
    return Embedding(tensors["embeddings"], tensors["mapping"], tensors["weights"])


def _finish(corpora: Path, work: Path, folder: Path, tokenizer: Tokenizer, full: Embedding, small: Embedding) -> None:
    """Measure both models, write the figures, and export the small one with its card."""
    measured = {}
    for name, model in (("full", full), ("small", small)):
        encode = evaluate.encoder(tokenizer, model.vectors())
        measured[name] = evaluate.figures(encode, corpora) | baseline.stard(encode, corpora)
    (work / "figures.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    export.export(tokenizer, small.tensors(), card.written(measured), folder)


if __name__ == "__main__":
    main()
