"""From the corpora to data/model: `python -m training CORPORA`. What a step has left in the work folder is not done again."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training import average, baseline, card, evaluate, export, pairs, rows, teacher, temper, vocabulary
from training import train as training
from training.train import Recipe

SEEDS = [1, 2]
STEPS = ("vocabulary", "teacher", "pairs", "train", "quantise", "evaluate")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("corpora", type=Path, help="the folder described in training/README.md")
    parser.add_argument("--work", type=Path, default=Path("training/work"), help="where every step keeps what it made")
    parser.add_argument("--out", type=Path, default=Path("data/model"))
    parser.add_argument("--until", choices=STEPS, default=STEPS[-1], help="the last step to run")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="one run each; the model is their mean")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    build(options.corpora, options.work, options.out, STEPS.index(options.until), options.seeds)


def build(corpora: Path, work: Path, folder: Path, last: int, seeds: list[int]) -> None:
    """The steps in their order, each fed by the ones before."""
    sizes = vocabulary.Sizes()
    tokenizer = vocabulary.build(corpora, work, sizes)
    if last < STEPS.index("teacher"):
        return
    texts, taught = teacher.encode(corpora, work)
    if last < STEPS.index("pairs"):
        return
    sources = pairs.load(corpora, work, tokenizer, sizes, texts)
    if last < STEPS.index("train"):
        return
    full = temper.tempered(average.averaged([_trained(corpora, work, tokenizer, Recipe(seed=seed), texts, taught, sources) for seed in seeds]), tokenizer, Recipe().kept)
    if last < STEPS.index("quantise"):
        return
    small = export.quantised(full)
    if last == STEPS.index("evaluate"):
        measured = {"full": measure(corpora, tokenizer, full), "8 bits": measure(corpora, tokenizer, small)}
        (work / f"figures-{'-'.join(map(str, seeds))}.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
        export.export(tokenizer, small, card.written(measured), folder)


def _trained(corpora: Path, work: Path, tokenizer: Tokenizer, recipe: Recipe, texts: list[str], taught: np.ndarray, sources: list[pairs.Source]) -> dict[str, np.ndarray]:
    """The tensors of one run, kept in the work folder."""
    kept = work / f"trained-{recipe.seed}.npz"
    if not kept.exists():
        model = training.start(corpora, tokenizer, rows.lemmas(tokenizer), texts, taught, recipe)
        training.train(model, sources, taught, recipe, training.dev(model, tokenizer, corpora))
        np.savez(kept, **model.tensors())
    return dict(np.load(kept))


def measure(corpora: Path, tokenizer: Tokenizer, tensors: dict[str, np.ndarray]) -> dict[str, float]:
    """Every figure of the model card."""
    encode = evaluate.encoder(tokenizer, training.vectors(tensors))
    return evaluate.figures(encode, corpora) | evaluate.scripts(encode, corpora) | baseline.stard(encode, corpora)


if __name__ == "__main__":
    main()
