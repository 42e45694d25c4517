"""From the corpora to data/model: `python -m training CORPORA`. What a step has left in the work folder is not done again."""

from __future__ import annotations

import argparse
import json
import logging
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training import average, baseline, card, evaluate, export, pairs, rows, teacher, temper, vocabulary
from training import train as training
from training.train import Recipe

SEEDS = [1, 2]
_LOGGED = "%(asctime)s %(message)s"
STEPS = ("vocabulary", "teacher", "pairs", "train", "quantise", "evaluate")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("corpora", type=Path, help="the folder described in training/README.md")
    parser.add_argument("--work", type=Path, default=Path("training/work"), help="where every step keeps what it made")
    parser.add_argument("--out", type=Path, default=Path("data/model"))
    parser.add_argument("--until", choices=STEPS, default=STEPS[-1], help="the last step to run")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="a run each; the model is their mean")
    parser.add_argument("--processes", type=int, default=2, help="runs at once, 3.5 GB each")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format=_LOGGED)
    options.work.mkdir(parents=True, exist_ok=True)
    build(options.corpora, options.work, options.out, STEPS.index(options.until), options.seeds, options.processes)


def _one_thread() -> None:
    """The same seed gives the same tensors, and two threads on two cores are slower than two runs side by side."""
    logging.basicConfig(level=logging.INFO, format=_LOGGED)
    torch.set_num_threads(1)


def build(corpora: Path, work: Path, folder: Path, last: int, seeds: list[int], processes: int) -> None:
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
    with ProcessPoolExecutor(processes, get_context("spawn"), _one_thread) as pool:
        runs = [dict(np.load(path)) for path in pool.map(partial(trained, corpora, work), seeds)]
    full = temper.tempered(average.averaged(runs), tokenizer, Recipe().kept)
    if last < STEPS.index("quantise"):
        return
    small = export.quantised(full)
    if last == STEPS.index("evaluate"):
        measured = {"full": measure(corpora, tokenizer, full), "8 bits": measure(corpora, tokenizer, small)}
        (work / f"figures-{'-'.join(map(str, seeds))}.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
        export.export(tokenizer, small, card.written(measured), folder)


def trained(corpora: Path, work: Path, seed: int) -> Path:
    """The tensors of one run, from what the steps before have left in the work folder; kept there."""
    kept = work / f"trained-{seed}.npz"
    if not kept.exists():
        sizes, recipe = vocabulary.Sizes(), Recipe(seed=seed)
        tokenizer, (texts, taught) = vocabulary.build(corpora, work, sizes), teacher.encode(corpora, work)
        model = training.start(corpora, tokenizer, rows.lemmas(tokenizer), texts, taught, recipe)
        training.train(model, pairs.load(corpora, work, tokenizer, sizes, texts), taught, recipe, training.dev(model, tokenizer, corpora))
        np.savez(fresh := kept.with_name(f"fresh-{seed}.npz"), **model.tensors())
        fresh.replace(kept)
    return kept


def measure(corpora: Path, tokenizer: Tokenizer, tensors: dict[str, np.ndarray]) -> dict[str, float]:
    """Every figure of the model card."""
    encode = evaluate.encoder(tokenizer, training.vectors(tensors))
    return evaluate.figures(encode, corpora) | evaluate.scripts(encode, corpora) | baseline.stard(encode, corpora)


if __name__ == "__main__":
    main()
