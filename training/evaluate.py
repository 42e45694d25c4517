"""The last step: what a model is worth, on texts that no step before has read.

`ntrex`: the sentence in another language finds the Chinese one among 1,997. `drcd`, `cmrc`: the question finds the passage
by its best sentence. `stard`: the held-back lay questions find the statute articles. All with the vectors alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from training import corpora as read

LANGUAGES = ("en", "zh-TW", "yue", "ja", "ko", "fr", "de", "es", "pt", "it", "ru")
Encode = Callable[[list[str]], np.ndarray]
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")


def encoder(tokenizer: Tokenizer, vectors: np.ndarray) -> Encode:
    """Texts -> unit vectors, the numpy way that the product reads the model."""

    def encode(texts: list[str]) -> np.ndarray:
        found = np.zeros((len(texts), vectors.shape[1]), np.float32)
        for row, encoding in enumerate(tokenizer.encode_batch_fast(texts, add_special_tokens=False)):
            if encoding.ids:
                found[row] = vectors[encoding.ids].mean(axis=0)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)

    return encode


def figures(encode: Encode, corpora: Path) -> dict[str, float]:
    """Every figure of the table, by name."""
    return ntrex(encode, corpora) | passages(encode, corpora, "drcd-dev") | passages(encode, corpora, "cmrc2018-trial") | stard(encode, corpora)


def ntrex(encode: Encode, corpora: Path) -> dict[str, float]:
    """R@1 of the Chinese sentence for the same sentence in each language."""
    head, *rows = read.tsv(corpora / "passages" / "ntrex_multi.tsv")
    columns = {language: list(column) for language, column in zip(head, zip(*rows, strict=True), strict=True)}
    chinese = encode(columns["zh-CN"])
    gold = [{row} for row in range(len(rows))]
    return {f"ntrex {language}": recall(encode(columns[language]) @ chinese.T, gold, 1) for language in LANGUAGES}


def passages(encode: Encode, corpora: Path, name: str) -> dict[str, float]:
    """R@1 and R@10 of the passage whose best sentence is nearest to the question."""
    texts, asked = read.passages(corpora / "passages" / name)
    scores = by_sentence(encode, [row["question"] for row in asked], [text for _, _, text in texts])
    place = {key: row for row, (key, _, _) in enumerate(texts)}
    gold = [{place[row["passage_id"]]} for row in asked]
    short = name.split("-")[0].removesuffix("2018")
    return {f"{short} R@1": recall(scores, gold, 1), f"{short} R@10": recall(scores, gold, 10)}


def scripts(encode: Encode, corpora: Path) -> dict[str, float]:
    """The share of the traditional questions that find the same first passage when they are converted to simplified script."""
    from opencc import OpenCC

    texts = [row["text"] for row in read.jsonl(corpora / "passages" / "drcd-dev.passages.jsonl")]
    traditional = [row["question"] for row in read.jsonl(corpora / "passages" / "drcd-dev.questions.jsonl")]
    simplified = list(map(OpenCC("t2s").convert, traditional))
    first, second = (by_sentence(encode, questions, texts).argmax(axis=1) for questions in (traditional, simplified))
    return {"drcd same first passage in both scripts": float((first == second).mean())}


def by_sentence(encode: Encode, questions: list[str], texts: list[str]) -> np.ndarray:
    """Questions x texts: the similarity of the best sentence."""
    return sentence_scores(encode, texts)(encode(questions))


def sentence_scores(encode: Encode, texts: list[str]) -> Callable[[np.ndarray], np.ndarray]:
    """What makes of vectors, a row each, their similarity to the best sentence of every text: vectors x texts."""
    sentences = [_SENTENCE.findall(text) or [text] for text in texts]
    starts = np.cumsum([0, *(len(found) for found in sentences[:-1])])
    flat = encode([sentence for found in sentences for sentence in found])
    return lambda vectors: np.maximum.reduceat(vectors @ flat.T, starts, axis=1)


def stard_split(corpora: Path) -> tuple[list[str], list[set[int]], list[str]]:
    """The held-back questions, the articles that answer each, and all articles."""
    articles, right = read.held_back_law(corpora / "qp" / "stard_train.jsonl")
    place = {key: row for row, (key, *_) in enumerate(articles)}
    return list(right), [{place[key] for key in keys} for keys in right.values()], [law + article for _, law, article in articles]


def stard(encode: Encode, corpora: Path) -> dict[str, float]:
    """R@1 and R@10 of a statute article for lay questions."""
    questions, gold, articles = stard_split(corpora)
    scores = encode(questions) @ encode(articles).T
    return {"stard R@1": recall(scores, gold, 1), "stard R@10": recall(scores, gold, 10)}


def recall(scores: np.ndarray, gold: list[set[int]], depth: int) -> float:
    """The share of rows with a gold column among the best `depth`."""
    best = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
    return float(np.mean([bool(found & set(row.tolist())) for found, row in zip(gold, best, strict=True)]))
