"""From the corpora to data/model: `python -m training CORPORA`. What a step has left in the work folder is not done again."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from training import baseline, card, evaluate, export, pairs, runs, teacher, temper, vocabulary
from training import train as training
from training.train import Recipe

STEPS = ("vocabulary", "teacher", "pairs", "train", "quantise", "evaluate")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("corpora", type=Path, help="the folder described in training/README.md")
    parser.add_argument("--work", type=Path, default=Path("training/work"), help="where every step keeps what it made")
    parser.add_argument("--out", type=Path, default=Path("data/model"))
    parser.add_argument("--until", choices=STEPS, default=STEPS[-1], help="the last step to run")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--processes", type=int, default=2, help="runs at once, 3.5 GB each")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format=runs.LOGGED)
    options.work.mkdir(parents=True, exist_ok=True)
    build(options.corpora, options.work, options.out, STEPS.index(options.until), options.seed, options.processes)


def build(corpora: Path, work: Path, folder: Path, last: int, seed: int, processes: int) -> None:
    """The steps in their order, each fed by the ones before."""
    tokenizer = vocabulary.build(corpora, work, vocabulary.Sizes())
    if last < STEPS.index("teacher"):
        return
    texts, _ = teacher.encode(corpora, work)
    if last < STEPS.index("pairs"):
        return
    pairs.load(corpora, work, tokenizer, vocabulary.Sizes(), texts)
    if last < STEPS.index("train"):
        return
    full = temper.tempered(runs.run(corpora, work, seed, processes), tokenizer, Recipe().kept)
    if last < STEPS.index("quantise"):
        return
    small = export.quantised(full)
    if last == STEPS.index("evaluate"):
        measured = {"full": measure(corpora, tokenizer, full), "8 bits": measure(corpora, tokenizer, small)}
        (work / f"figures-{seed}.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
        export.export(tokenizer, small, card.written(measured), folder)


def measure(corpora: Path, tokenizer: Tokenizer, tensors: dict[str, np.ndarray]) -> dict[str, float]:
    """Every figure of the model card."""
    encode = evaluate.encoder(tokenizer, training.vectors(tensors))
    return evaluate.figures(encode, corpora) | evaluate.scripts(encode, corpora) | baseline.stard(encode, corpora)


if __name__ == "__main__":
    main()
