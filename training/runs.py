"""Step 4, whole: the runs of the recipe, side by side, each in a process and a thread of its own; step 5: their mean."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from training import pairs, rows, teacher, vocabulary
from training import train as training
from training.train import Recipe

RUNS = (Recipe(), Recipe(temperature=0.05, steps=2200))  # the cooler knows passages better, the warmer other languages and lay words
LOGGED = "%(asctime)s %(message)s"


def run(corpora: Path, work: Path, seed: int, processes: int) -> dict[str, np.ndarray]:
    """The mean of all runs; those that the work folder holds are not done again."""
    with ProcessPoolExecutor(processes, get_context("spawn"), _one_thread) as pool:
        return averaged([dict(np.load(path)) for path in pool.map(partial(_trained, corpora, work), [replace(recipe, seed=seed) for recipe in RUNS])])


def averaged(runs: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Directions added and scaled to length 1, weights by their geometric mean; which row a token reads is the same in all.

    Runs that start alike can be added, and their mean is better than each: https://arxiv.org/abs/2203.05482 (model soups).
    """
    directions = np.sum([run["embeddings"] for run in runs], axis=0)
    weights = np.exp(np.mean([np.log(np.maximum(run["weights"], 1e-12)) for run in runs], axis=0))
    weights[0] = 0  # the unknown token
    return runs[0] | {
        "embeddings": (directions / np.linalg.norm(directions, axis=1, keepdims=True)).astype(np.float32),
        "weights": weights.astype(np.float32),
    }


def _one_thread() -> None:
    """The same seed gives the same tensors, and two threads on two cores are slower than two runs side by side."""
    logging.basicConfig(level=logging.INFO, format=LOGGED)
    torch.set_num_threads(1)


def _trained(corpora: Path, work: Path, recipe: Recipe) -> Path:
    """The tensors of one run, from what the steps before have left in the work folder; kept there."""
    kept = work / f"trained-{recipe.seed}-{recipe.temperature}.npz"
    if not kept.exists():
        sizes = vocabulary.Sizes()
        tokenizer, (texts, taught) = vocabulary.build(corpora, work, sizes), teacher.encode(corpora, work)
        model = training.start(corpora, tokenizer, rows.lemmas(tokenizer), texts, taught, recipe)
        training.train(model, pairs.load(corpora, work, tokenizer, sizes, texts), taught, recipe, training.dev(model, tokenizer, corpora))
        np.savez(fresh := kept.with_name(f"fresh-{kept.name}"), **model.tensors())
        fresh.replace(kept)
    return kept
