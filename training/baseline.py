"""BM25 over jieba's words and character bigrams: what the vectors are measured against and combined with."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
from opencc import OpenCC
from scipy import sparse

from training import evaluate

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_K1, _B = 1.2, 0.6
_DENSE = 6  # parts of the cosine to one of BM25 over its best; right within ten of the 317 questions: 275 at 4, 277, 279 at 6, 278, 277 at 8, 276 at 12
_simplify = OpenCC("t2s").convert


def terms(text: str) -> list[str]:
    """Words, marked, and bigrams."""
    import jieba

    found = []
    for run in _RUN.findall(_simplify(text).lower()):
        found += [f"_{word}" for word in jieba.cut(run)]
        found += [run[i : i + 2] for i in range(len(run) - 1)] if run[0] > "z" else []
    return found


def bm25(questions: list[str], texts: list[str]) -> np.ndarray:
    """Questions x texts."""
    counts = [Counter(terms(text)) for text in texts]
    place = {term: column for column, term in enumerate(dict.fromkeys(term for found in counts for term in found))}
    lengths = np.array([sum(found.values()) for found in counts], np.float64)
    rows = np.repeat(np.arange(len(texts)), [len(found) for found in counts])
    columns = np.array([place[term] for found in counts for term in found])
    times = np.array([n for found in counts for n in found.values()], np.float64)
    idf = np.log(1 + (len(texts) - (df := np.bincount(columns)) + 0.5) / (df + 0.5))
    weights = idf[columns] * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * lengths[rows] / lengths.mean()))
    index = sparse.csr_matrix((weights, (rows, columns)), (len(texts), len(place)))
    asked = sparse.lil_matrix((len(questions), len(place)))
    for row, question in enumerate(questions):
        for term in set(terms(question)) & place.keys():
            asked[row, place[term]] = 1
    return (asked.tocsr() @ index.T).toarray()


def stard(encode: evaluate.Encode, corpora: Path) -> dict[str, float]:
    """The held-back lay questions with BM25 alone, and with the vectors' share added to BM25 divided by its best."""
    questions, gold, articles = evaluate.stard_split(corpora)
    lexical = bm25(questions, articles)
    lexical /= np.maximum(lexical.max(axis=1, keepdims=True), 1e-9)
    dense = encode(questions) @ encode(articles).T
    measured = {"bm25": lexical, "dense": dense, "both": lexical + _DENSE * dense}
    return {f"stard {name} R@{depth}": evaluate.recall(scores, gold, depth) for name, scores in measured.items() for depth in (1, 10)}
