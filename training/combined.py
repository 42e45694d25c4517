"""The model together with words: what BM25 and token matching add to the vectors of a finished folder.

    python -m training.combined CORPORA [MODEL]

`stard`: lay questions over statute articles. `english`: an English sentence of NTREX, whole or with every second word left out,
finds the Chinese paragraph (five sentences that follow each other) that holds its translation among 399. The features
are the product's own kinds: BM25 over its best, cosine of the whole text, cosine of the best sentence, token matching.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from pathlib import Path

import numpy as np

from qa.embed import StaticModel
from training import baseline, evaluate
from training import corpora as read

_SENTENCES = 5
FLOOR = 0.35  # that of qa.match
_MIXTURES = {
    "bm25": (1, 0, 0, 0), "whole": (0, 1, 0, 0), "sentence": (0, 0, 1, 0), "tokens": (0, 0, 0, 1),
    "bm25 + whole": (0.2, 1, 0, 0), "bm25 + whole + sentence": (0.1, 1, 0.5, 0), "whole + sentence + tokens": (0, 1, 1, 1), "all": (0.3, 1, 1, 1),
}


def features(model: StaticModel, questions: list[str], texts: list[str]) -> np.ndarray:
    """(4, questions, texts)."""
    lexical = baseline.bm25(questions, texts)
    lexical /= np.maximum(lexical.max(axis=1, keepdims=True), 1e-9)
    whole = model.passages(questions) @ model.passages(texts).T
    sentence = evaluate.by_sentence(model.passages, questions, texts)
    return np.stack([lexical, whole, sentence, _matched(model, questions, texts)])


def _matched(model: StaticModel, questions: list[str], texts: list[str]) -> np.ndarray:
    """Token matching as in `qa.match`, the texts cut once for all questions."""
    ids = model.token_ids(texts)
    counts = Counter(token for row in ids for token in set(row.tolist()))
    distinct, where = np.unique(np.concatenate(ids), return_inverse=True)
    directions, starts = model.directions(distinct), np.cumsum([0, *map(len, ids[:-1])])
    found = np.zeros((len(questions), len(texts)), np.float32)
    for row, asked in enumerate(map(np.unique, model.token_ids(questions))):
        rarity = [math.log(1 + (len(texts) - counts[token] + 0.5) / (counts[token] + 0.5)) for token in asked.tolist()]
        weights = np.array(rarity, np.float32) * model.weights(asked)
        cosines = model.directions(asked) @ directions.T
        cosines[cosines < FLOOR] = 0
        found[row] = weights / max(float(weights.sum()), 1e-9) @ np.maximum.reduceat(cosines[:, where], starts, axis=1)
    return found


def english(corpora: Path) -> dict[str, tuple[list[str], list[set[int]], list[str]]]:
    """Questions, the paragraph of each, and all paragraphs: with whole sentences, and with half of their words."""
    head, *rows = read.tsv(corpora / "passages" / "ntrex_multi.tsv")
    chinese, sentences = ([row[head.index(language)] for row in rows] for language in ("zh-CN", "en"))
    paragraphs = ["".join(chinese[start : start + _SENTENCES]) for start in range(0, len(chinese) - _SENTENCES + 1, _SENTENCES)]
    asked = [sentences[place * _SENTENCES + place % _SENTENCES] for place in range(len(paragraphs))]
    gold = [{place} for place in range(len(paragraphs))]
    return {"english": (asked, gold, paragraphs), "english, half the words": ([" ".join(text.split()[::2]) for text in asked], gold, paragraphs)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.combined", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("model", type=Path, nargs="?", default=Path("data/model"))
    options = parser.parse_args()
    model = StaticModel(options.model)
    for name, (questions, gold, texts) in {"stard": evaluate.stard_split(options.corpora), **english(options.corpora)}.items():
        found = features(model, questions, texts)
        for mixture, weights in _MIXTURES.items():
            scores = np.tensordot(weights, found, axes=1)
            print(f"| {name} | {mixture} | " + " | ".join(f"{100 * evaluate.recall(scores, gold, depth):.1f}" for depth in (1, 10)) + " |")


if __name__ == "__main__":
    main()
