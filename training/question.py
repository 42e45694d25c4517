"""The question reader: a transformer whose vector of a question lies beside the static vectors of what answers it.

    python -m training.question CORPORA [--work training/work] [--model data/model] [--out data/question]

It starts from multilingual-e5-small (pretrained.py) and a linear map of its vectors onto the static ones, and learns by contrast:
a question's vector against those of all texts of its kind, or of the batch. The texts keep their static vectors, so that no
library changes with it. At last its matrices are rounded to 4 bits, and training goes on with the rounding in place: reader.py.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch.nn import functional

from qa.embed import StaticModel
from training import charsmap, evaluate, pairs, pretrained
from training import corpora as read
from training.reader import Reader, export, quantised

_log = logging.getLogger(__name__)
_SPECIAL = 4  # <s>, <pad>, </s>, <unk>
_KEPT = 60_000  # pairs of a source that are read
_BATCHES_SORTED = 8  # so many batches are sorted by length together: half of the tokens would be padding otherwise
_PIECES = 43_000  # that stay: the wheel has room for no more
_ALIKE = 0.97  # cosine above which another text of the batch is no wrong answer


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of."""

    steps: int = 800
    rounded: int = 400  # further steps, with the matrices in 4 bits
    batch: int = 96
    most: int = 40  # tokens of a question
    temperature: float = 0.05
    rate: float = 1e-4
    head_rate: float = 1e-3
    frozen: int = 4  # the lowest layers and the pieces stay as they are
    dropped: float = 0.1
    seed: int = 1
    share: dict[str, float] = field(default_factory=lambda: {"law": 50, "asked": 22, "parallel": 12, "kdconv": 4, "titles": 6, "interface": 6})


@dataclass(frozen=True, slots=True)
class Source:
    """Questions of one kind with what answers each: rows of `texts`. Of a `whole` source all texts stand against each other."""

    name: str
    questions: list[str]
    right: list[tuple[int, ...]]
    texts: list[str]
    whole: bool = False
    block: int = 1  # so many follow each other and stay together


def sources(corpora: Path) -> list[Source]:
    """Every source; those of one paragraph stay beside each other, the others are shuffled."""
    chance = random.Random(1)
    return [
        _law(corpora),
        _paired("asked", pairs._asked(corpora), chance, pairs.BLOCK),
        _paired("parallel", read.parallel(corpora), chance),
        _paired("kdconv", read.questions(corpora, "kdconv"), chance),
        _paired("titles", ((title, body[:400]) for title, body in read.titled(corpora)), chance),
        _paired("interface", ((text, chinese) for _, text, chinese in read.interface(corpora) if len(chinese) > 3), chance),
    ]


def _law(corpora: Path) -> Source:
    """Lay questions with all articles that answer them, those of the held-back quarter left out."""
    place: dict[str, int] = {}
    right: dict[str, list[int]] = {}
    for question, text in (*read.questions(corpora, "stard_train"), *read.everyday("everyday.tsv", "everyday-2.tsv")):
        right.setdefault(question, []).append(place.setdefault(text, len(place)))
    return Source("law", list(right), list(map(tuple, right.values())), list(place), whole=True)


def _paired(name: str, found: Iterable[tuple[str, str]], chance: random.Random, block: int = 1) -> Source:
    rows = [pair for pair in found if pair[0] and pair[1]]
    blocks = [rows[start : start + block] for start in range(0, len(rows) // block * block, block)]
    chance.shuffle(blocks)
    kept = [pair for rows in islice(blocks, _KEPT // block) for pair in rows]
    place: dict[str, int] = {}
    right = [(place.setdefault(text, len(place)),) for _, text in kept]
    return Source(name, [question for question, _ in kept], right, list(place), block=block)


def tokenizer(pieces: Sequence[tuple[str, float]], work: Path) -> Tokenizer:
    """A Unigram model of these pieces, specials first, that reads both scripts alike."""
    found = Tokenizer(models.Unigram(list(pieces), unk_id=_SPECIAL - 1, byte_fallback=False))
    found.normalizer = charsmap.scripts(work)
    found.pre_tokenizer = pre_tokenizers.Metaspace()
    found.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return found


def pruned(start: pretrained.Pretrained, texts: Iterable[str], work: Path) -> tuple[Tokenizer, dict[str, np.ndarray]]:
    """Every piece that holds a Chinese character or is one character, and of the others those that these texts use most, _PIECES in
    all: their tokenizer and the tensors without the other rows. A piece that the tokenizer folds never comes: one in traditional script."""
    whole = tokenizer(start.pieces, work)
    used = np.zeros(len(start.pieces))
    for encoding in whole.encode_batch_fast([pretrained.PREFIX + text for text in texts], add_special_tokens=False):
        np.add.at(used, encoding.ids, 1)
    for row, (piece, _) in enumerate(start.pieces):
        if row < _SPECIAL or len(piece.lstrip("▁")) == 1 or any("\u3400" <= character <= "\u9fff" for character in piece):
            used[row] = np.inf if row < _SPECIAL or whole.normalizer.normalize_str(piece) == piece else 0
    rows = np.sort(np.argsort(-used, kind="stable")[:_PIECES])
    return tokenizer([start.pieces[row] for row in rows], work), start.tensors | {"embeddings": start.tensors["embeddings"][rows]}


def onto(read: np.ndarray, static: np.ndarray) -> dict[str, np.ndarray]:
    """The head to start from: least squares from the transformer's vectors to the static ones of the same texts."""
    wide = np.column_stack([read, np.ones(len(read))]).astype(np.float64)
    found = np.linalg.solve(wide.T @ wide + 0.1 * np.eye(wide.shape[1]), wide.T @ static).astype(np.float32)
    return {"head": found[:-1].T, "head.bias": found[-1]}


def train(reader: Reader, found: list[Source], ids: Callable[[Sequence[str]], list[list[int]]], static: StaticModel, recipe: Recipe, check: Callable[[], None]) -> None:
    """AdamW, the rate falling to nothing along a cosine; one source a batch."""
    moved = [parameter for parameter in reader.body.parameters() if parameter.requires_grad]
    adam = torch.optim.AdamW([{"params": moved, "lr": recipe.rate}, {"params": reader.head.parameters(), "lr": recipe.head_rate}], weight_decay=0.01, betas=(0.9, 0.98))
    began, losses = time.monotonic(), []
    for step, (source, vectors, rows) in enumerate(_batches(found, ids, static, recipe), start=1):
        for group, rate in zip(adam.param_groups, (recipe.rate, recipe.head_rate)):
            group["lr"] = rate * min(1.0, step / 40) * 0.5 * (1 + np.cos(np.pi * step / recipe.steps))
        asked = functional.normalize(reader.head(reader(ids([source.questions[row] for row in rows]))))
        loss = _loss(asked, vectors, [source.right[row] for row in rows], source.whole, recipe.temperature)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(moved, 1.0)
        adam.step()
        losses.append((source.name, loss.item()))
        if step % 50 == 0 or step == recipe.steps:
            means = {one.name: round(float(np.mean([loss for name, loss in losses if name == one.name] or [np.nan])), 3) for one in found}
            _log.info("step %d, %.0f s, loss %s", step, time.monotonic() - began, means)
            losses.clear()
        if step % 300 == 0 or step == recipe.steps:
            check()


def _batches(found: list[Source], ids: Callable[[Sequence[str]], list[list[int]]], static: StaticModel, recipe: Recipe) -> Iterator[tuple[Source, torch.Tensor, np.ndarray]]:
    """A source, the vectors of all its texts, and the rows of a batch."""
    chance = np.random.default_rng(recipe.seed)
    share = np.array([recipe.share[source.name] for source in found])
    vectors = [torch.from_numpy(static.passages(source.texts)) for source in found]
    lengths = [np.array(list(map(len, ids(source.questions)))) for source in found]
    queues: list[list[np.ndarray]] = [[] for _ in found]
    for index in chance.choice(len(found), size=recipe.steps, p=share / share.sum()):
        queues[index] = queues[index] or _epoch(lengths[index], found[index].block, recipe.batch, chance)
        yield found[index], vectors[index], queues[index].pop()


def _epoch(lengths: np.ndarray, block: int, batch: int, chance: np.random.Generator) -> list[np.ndarray]:
    """Batches in random order; within one, questions of like length."""
    first = chance.permutation(len(lengths) // block) * block
    width, batches = batch // block, []
    for start in range(0, len(first) - width + 1, _BATCHES_SORTED * width):
        some = first[start : start + _BATCHES_SORTED * width]
        some = some[np.argsort(np.add.reduce([lengths[some + place] for place in range(block)]), kind="stable")]
        batches += [(some[at : at + width, None] + np.arange(block)).ravel() for at in range(0, len(some) - width + 1, width)]
    return [batches[place] for place in chance.permutation(len(batches))]


def _loss(asked: torch.Tensor, vectors: torch.Tensor, right: Sequence[tuple[int, ...]], whole: bool, temperature: float) -> torch.Tensor:
    """The cross-entropy of what is right, its share equal, among all texts or those of the batch."""
    if not whole:
        chosen = vectors[[rows[0] for rows in right]]
        alike = (chosen @ chosen.T > _ALIKE).fill_diagonal_(False)
        scores, target = (asked @ chosen.T / temperature).masked_fill(alike, float("-inf")), torch.arange(len(right))
        return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
    wanted = torch.zeros(len(right), len(vectors))
    for row, rows in enumerate(right):
        wanted[row, list(rows)] = 1 / len(set(rows))
    return functional.cross_entropy(asked @ vectors.T / temperature, wanted)


def figures(encode: evaluate.Encode, static: StaticModel, corpora: Path, every: int) -> dict[str, tuple[float, ...]]:
    """Recall at 1, 5 and 10 of held-back lay law, of drcd's passages by their best sentence and of NTREX, by the reader's vectors, by
    the static ones and by their sum; `every`-th question of drcd and row of NTREX."""
    found = {}
    for name, questions, gold, score in _measured(static, corpora, every):
        mine, other = encode(questions), static.passages(questions)
        for kind, vectors in (("reader", mine), ("static", other), ("sum", mine + other)):
            scores = score(vectors)
            found[f"{name} {kind}"] = tuple(round(evaluate.recall(scores, gold, depth), 3) for depth in (1, 5, 10))
    return found


def _measured(static: StaticModel, corpora: Path, every: int) -> Iterator[tuple[str, list[str], list[set[int]], Callable[[np.ndarray], np.ndarray]]]:
    questions, gold, articles = evaluate.stard_split(corpora)
    law = static.passages(articles).T
    yield "lay law", questions, gold, lambda vectors: vectors @ law
    texts, asked = read.passages(corpora / "passages" / "drcd-dev")
    asked, place = asked[::every], {key: row for row, (key, _, _) in enumerate(texts)}
    yield "drcd", [row["question"] for row in asked], [{place[row["passage_id"]]} for row in asked], evaluate.sentence_scores(static.passages, [text for *_, text in texts])
    head, *rows = read.tsv(corpora / "passages" / "ntrex_multi.tsv")
    columns = dict(zip(head, zip(*rows, strict=True), strict=True))
    chinese = static.passages(columns["zh-CN"]).T
    for language in ("en", "ja", "fr", "ru"):
        yield language, list(columns[language][::every]), [{row} for row in range(0, len(rows), every)], lambda vectors: vectors @ chinese


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.question", description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--model", type=Path, default=Path("data/model"), help="the static model that it belongs to")
    parser.add_argument("--out", type=Path, default=Path("data/question"))
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options.work.mkdir(parents=True, exist_ok=True)
    build(options.corpora, options.work, options.model, options.out, Recipe(steps=options.steps))


def build(corpora: Path, work: Path, folder: Path, out: Path, recipe: Recipe) -> None:
    """Pieces, start, training, figures, folder."""
    torch.manual_seed(recipe.seed)
    static, found, start = StaticModel(folder), sources(corpora), pretrained.read()
    pieces, tensors = pruned(start, (text for source in found for text in (*source.questions, *source.texts)), work)
    some = [question for source in found for question in source.questions[:: max(1, len(source.questions) // 3000)]]
    _log.info("%d pieces, %s", pieces.get_vocab_size(), {source.name: len(source.questions) for source in found})

    def ids(texts: Sequence[str]) -> list[list[int]]:
        pieces.enable_truncation(recipe.most)
        return [encoding.ids for encoding in pieces.encode_batch_fast([pretrained.PREFIX + text for text in texts])]

    def trained(reader: Reader, recipe: Recipe) -> dict[str, np.ndarray]:
        check = lambda: _log.info("dev %s", figures(lambda texts: reader.encode(ids(texts)), static, corpora, 12))  # noqa: E731
        check()
        train(reader, found, ids, static, recipe, check)
        return reader.tensors()

    none = {"head": np.eye(pretrained.DIMENSION, dtype=np.float32), "head.bias": np.zeros(pretrained.DIMENSION, np.float32)}
    halfway = work / "question.npz"  # not made again; the pieces, which stand still, are taken from the start
    if not halfway.exists():
        head = onto(Reader(tensors | none, 0.0).encode(ids(some), head=False), static.passages(some))
        reader = Reader(tensors | head, recipe.dropped)
        reader.freeze(recipe.frozen)
        np.savez(halfway, **trained(reader, recipe))
    reader = Reader(dict(np.load(halfway)) | {"embeddings": tensors["embeddings"]}, recipe.dropped)
    reader.freeze(recipe.frozen)
    reader.round()
    export(pieces, quantised(trained(reader, replace(recipe, steps=recipe.rounded, seed=recipe.seed + 1))), out)


if __name__ == "__main__":
    main()
