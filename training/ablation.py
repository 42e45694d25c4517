"""What each part of the recipe is worth: short runs that differ from it in one thing.

    python -m training.ablation CORPORA [--work training/work] [--steps 400] [ROW ...]

All rows, or those named, that the work folder does not hold yet at this number of steps; prints the table of all that it holds.
Run `python -m training CORPORA --until pairs` first.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
from pathlib import Path

import torch

from training import corpora as read
from training import evaluate, export, pairs, rows, teacher, temper, vocabulary
from training import train as training
from training.train import Recipe
from training.vocabulary import Sizes

ROWS: dict[str, dict] = {
    "the recipe": {},
    "weights as trained": {"kept": 1.0},
    "weights from a/(a + p), not pulled back, as trained": {"rarity": False, "pull": 0.0, "kept": 1.0},
    "weights not pulled back": {"pull": 0.0},
    "weights pulled back twice as hard": {"pull": 0.02},
    "weights learn slowly": {"weight_rate": 3e-3, "pull": 0.005},
    "no direction of a word's own": {"identity": 0.0},
    "half the direction of a word's own": {"identity": 0.3},
    "without the teacher's similarities": {"geometry": 0.0},
    "pairs near by the model in one batch": {"hard": "model"},
    "pairs alike in words in one batch": {"hard": "words"},
    "batch 1,024": {"batch": 1024},
    "batch 4,096": {"batch": 4096},
    "temperature .05": {"temperature": 0.05},
    "temperature .12": {"temperature": 0.12},
    "twice the rate": {"rate": 6e-3},
    "128 dimensions": {"dimensions": 128},
    "192 dimensions": {"dimensions": 192},
    "256 dimensions": {"dimensions": 256},
    "320 dimensions": {"dimensions": 320},
    "without asked": {"without": ("asked",)},
    "without asked and sentences": {"without": ("asked", "sentences")},
    "without interface, word lists and pseudo": {"without": ("interface", "wordnet other", "pseudo")},
    "without chapters of laws": {"without": ("headed",)},
    "lay law a third as often": {"share": {"lay law": 0.7}},
    "lay law twice as often": {"share": {"lay law": 4}},
    "18,000 Chinese words": {"sizes": Sizes(chinese=18_000)},
    "20,000 pairs of words as tokens": {"sizes": Sizes(phrases=20_000)},
    "traditional characters as they are": {"sizes": Sizes(raw=True)},
}
_SHOWN = ("ntrex en", "ntrex ja", "ntrex fr", "ntrex ru", "drcd R@1", "cmrc R@1", "stard R@1", "stard R@10")


def recipe(changes: dict, steps: int) -> Recipe:
    """The recipe with one thing changed; `without` names sources that are left out, `sizes` are the vocabulary's."""
    changes = dict(changes)
    changes.pop("sizes", None)
    share = Recipe().share | changes.pop("share", {}) | dict.fromkeys(changes.pop("without", ()), 0.0)
    return dataclasses.replace(Recipe(), steps=steps, checked=steps, share=share, **changes)


def run(corpora: Path, work: Path, wanted: Recipe, sizes: Sizes) -> dict[str, float]:
    """Trains and measures, the rows in 8 bits as they are shipped."""
    tokenizer = vocabulary.build(corpora, work, sizes)
    texts, taught = teacher.encode(corpora, work)
    model = training.start(corpora, tokenizer, rows.lemmas(tokenizer), texts, taught, wanted)
    training.train(model, pairs.load(corpora, work, tokenizer, sizes, texts), taught, wanted, dict)
    tensors = export.quantised(temper.tempered(model.tensors(), tokenizer, wanted.kept))
    return evaluate.figures(evaluate.encoder(tokenizer, training.vectors(tensors)), corpora)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("rows", nargs="*", default=list(ROWS), metavar="ROW")
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    kept = options.work / f"ablation-{options.steps}.jsonl"
    kept.touch()
    known = {row["row"] for row in read.jsonl(kept)}
    for name in options.rows:
        if name not in known:
            found = run(options.corpora, options.work, recipe(ROWS[name], options.steps), ROWS[name].get("sizes", Sizes()))
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"row": name, **found}) + "\n")
    print(f"| {options.steps} steps | " + " | ".join(_SHOWN) + " |\n|" + "---|" * (len(_SHOWN) + 1))
    for row in read.jsonl(kept):
        print(f"| {row['row']} | " + " | ".join(f"{100 * row[name]:.1f}" for name in _SHOWN) + " |")


if __name__ == "__main__":
    main()
