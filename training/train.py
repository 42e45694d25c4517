"""Step 4: from the teacher's vectors to the model's, by contrast within a batch."""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training import corpora as read
from training import evaluate, teacher, vocabulary
from training.pairs import BLOCK, Source, Texts

_log = logging.getLogger(__name__)
_FREQUENT = 1e-3  # a word of another language of this share starts at half the weight of a rare one
_COMMON, _LEAST, _RAREST = 3.0, 0.3, 12.0  # a Chinese token's weight is -log(its share of all text) - _COMMON, between these, as BM25 weighs
_UNMEANT = 0.2  # weight of pieces without a meaning: at full weight their noise costs 4 to 11 points of R@1 at the start


@dataclass(frozen=True, slots=True)
class Recipe:
    """What one training run is made of; a row of the ablation table changes one field."""

    dimensions: int = 384  # the teacher's; 8-bit rows of this length just fit
    steps: int = 1100
    batch: int = 2048
    temperature: float = 0.08
    rate: float = 3e-3
    weight_rate: float = 1e-2
    pull: float = 0.01  # how much of the distance between a token's log weight and where it started each step takes back
    identity: float = 0.6  # length of each Chinese row's own random direction beside its meaning, which no dictionary knows
    rarity: bool = True  # Chinese tokens start at the weight of BM25, not at a/(a + p)
    kept: float = 0.5  # of what training made of a Chinese token's weight, the rest is its rarity; see temper.py
    hard: str = ""  # pairs whose right texts are near stand in one batch: by the "model" as it starts, or by their "words"
    geometry: float = 1.0
    dropped: float = 0.7
    thinned: float = 0.25
    seed: int = 1
    checked: int = 550
    share: dict[str, float] = field(default_factory=lambda: dict(SHARE))


BLOCKED = ("sentences", "asked")  # four pairs of a paragraph follow each other
_HARD = ("parallel", "lay law", "dialogue", "titles", "neighbours")
SHARE = {
    "parallel": 6, "glosses": 3, "wordnet en": 1, "wordnet other": 3, "interface": 2, "synonyms": 1,
    "lay law": 2, "everyday": 3, "dialogue": 0.5, "titles": 0.5, "neighbours": 3, "sentences": 5, "pseudo": 4, "asked": 4, "headed": 1,
}


class Embedding:
    """Directions, the row of each token, and the logarithm of each token's weight.

    A text is the weighted sum of its tokens, normalised.
    """

    def __init__(self, directions: np.ndarray, rows: np.ndarray, weights: np.ndarray):
        self.directions = torch.from_numpy(directions.astype(np.float32))
        self.rows = torch.from_numpy(rows.astype(np.int64))
        self.weights = torch.from_numpy(np.log(np.maximum(weights, 1e-6)).astype(np.float32))

    def tensors(self) -> dict[str, np.ndarray]:
        """What the folder holds: unit rows, the row of each token, its weight; the unknown token weighs nothing."""
        lengths = self.directions.norm(dim=1)
        weights = self.weights.exp() * lengths[self.rows]
        weights[0] = 0
        return {
            "embeddings": (self.directions / lengths[:, None]).numpy(),
            "mapping": self.rows.numpy().astype(np.int32),
            "weights": weights.numpy(),
        }

    def vectors(self) -> np.ndarray:
        """One row a token, its weight folded in."""
        return vectors(self.tensors())


def vectors(tensors: dict[str, np.ndarray]) -> np.ndarray:
    """One row a token, put together from what the folder holds."""
    return tensors["embeddings"][tensors["mapping"]] * tensors["weights"][:, None]


class LazyAdam:
    """Adam that moves only the rows of the batch: with 130,000 rows a step takes a third of the time, and rare words keep still."""

    def __init__(self, parameters: torch.Tensor, rate: float):
        self.parameters, self.rate = parameters, rate
        self.first, self.second = torch.zeros_like(parameters), torch.zeros_like(parameters)
        self.start = parameters.clone()

    @torch.no_grad()
    def move(self, rows: torch.Tensor, gradient: torch.Tensor, factor: float) -> None:
        self.first[rows] = first = self.first[rows].lerp_(gradient, 0.1)
        self.second[rows] = second = self.second[rows].lerp_(gradient.square(), 0.01)
        self.parameters[rows] -= factor * self.rate * first / (second.sqrt() + 1e-8)

    @torch.no_grad()
    def pull(self, rows: torch.Tensor, share: float) -> None:
        """Takes a share of the way back to where the rows started."""
        self.parameters[rows] = self.parameters[rows].lerp(self.start[rows], share)


def start(corpora: Path, tokenizer: Tokenizer, rows: np.ndarray, texts: list[str], vectors: np.ndarray, recipe: Recipe) -> Embedding:
    """The vectors before training: the teacher's of a word's English explanation, of the word itself, of its translation."""
    dimensions = recipe.dimensions
    reduced = _reduced(vectors, dimensions)
    place = {text: row for row, text in enumerate(texts)}
    known = tokenizer.get_vocab()
    found = np.zeros((len(known), dimensions), np.float32)
    fold = tokenizer.normalizer.normalize_str
    for word, glosses in read.glosses(corpora).items():
        if (row := known.get(fold(word))) is not None and (text := teacher.explanation(glosses)) in place:
            found[row] = reduced[place[text]]
    explained = found.any(axis=1)
    for token, row in known.items():
        if token in place:
            found[row] = reduced[place[token]]
    for group in (explained, found.any(axis=1) & ~explained):
        found[group] = _unit(found[group] - found[group].mean(axis=0))  # en -> zh .41 in place of .03 before any training
    _translated(corpora, known, fold, found)
    _from_parts(known, found)
    chinese = np.array(["\u3400" <= token[0] <= "\u9fff" for token in sorted(known, key=known.__getitem__)])
    found[chinese] += recipe.identity * _unit(np.random.default_rng(1).normal(size=(chinese.sum(), dimensions)).astype(np.float32))
    meant = np.bincount(rows, found.any(axis=1))[rows] > 0
    frequency = _frequency(tokenizer, known)
    weights = np.where(chinese & recipe.rarity, rarity(np.log(frequency)), _FREQUENT / (_FREQUENT + frequency))
    return Embedding(_shared(found, rows), rows, np.where(meant, weights, _UNMEANT * weights))


def rarity(shares: np.ndarray) -> np.ndarray:
    """The weight of tokens of these log shares of all text, 1 at most."""
    return np.clip(-shares - _COMMON, _LEAST, _RAREST) / _RAREST


def _shared(found: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The mean of the vectors of the tokens that share a row; where none has a meaning, a random direction."""
    sums = 1e-3 * np.random.default_rng(0).normal(size=(rows.max() + 1, found.shape[1])).astype(np.float32)
    np.add.at(sums, rows, found)
    return _unit(sums)


def _frequency(tokenizer: Tokenizer, known: dict[str, int]) -> np.ndarray:
    """How frequent each token is in its own language: `die` weighs little although few of all texts are German."""
    found = np.exp([score for _, score in json.loads(tokenizer.to_str())["model"]["vocab"]])
    for counts in vocabulary.foreign(tokenizer.normalizer).values():
        for word, frequency in counts.items():
            if word in known:
                found[known[word]] = max(found[known[word]], frequency)
    return found


def _reduced(vectors: np.ndarray, dimensions: int) -> np.ndarray:
    """Principal components of the teacher's vectors, unit length."""
    centred = vectors.astype(np.float32) - vectors.mean(axis=0, dtype=np.float32)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return _unit(centred @ directions[:, ::-1][:, :dimensions])


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6)


def _translated(corpora: Path, known: dict[str, int], fold: Callable[[str], str], found: np.ndarray) -> None:
    """Words of other languages start as the mean of their Chinese translations."""
    sums: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(found.shape[1], np.float32))
    for _, word, chinese in read.wordnet(corpora):
        row, other = known.get(fold(word)), known.get(fold(chinese))
        if row is not None and other is not None and not found[row].any():
            sums[row] += found[other]
    for row, total in sums.items():
        found[row] = _unit(total)


def _from_parts(known: dict[str, int], found: np.ndarray) -> None:
    """A Chinese token that no dictionary explains starts as the mean of two words that it consists of, else of its characters."""
    for token, row in sorted(known.items(), key=lambda item: (len(item[0]), item[1])):
        if len(token) > 1 and "\u3400" <= token[0] <= "\u9fff" and not found[row].any():
            cuts = ((token[:cut], token[cut:]) for cut in range(2, len(token) - 1))
            words = next((pair for pair in cuts if all(one in known and found[known[one]].any() for one in pair)), token)
            found[row] = _unit(sum((found[known[one]] for one in words if one in known), np.zeros_like(found[row])))


def train(model: Embedding, sources: list[Source], taught: np.ndarray, recipe: Recipe, check: Callable[[], dict[str, float]]) -> None:
    """Adam over directions and weights, the rate falling to nothing along a cosine."""
    directions, weights = LazyAdam(model.directions, recipe.rate), LazyAdam(model.weights, recipe.weight_rate)
    began, losses = time.monotonic(), defaultdict(list)
    groups = {source.name: _groups(source.right, _table(model, recipe.hard)) for source in sources if recipe.hard and source.name in _HARD}
    for step, (source, picked) in enumerate(_batches(sources, recipe, groups), start=1):
        chance = np.random.default_rng([recipe.seed, step])
        ids, starts = _bags(source, picked, recipe.dropped if source.name == "sentences" else recipe.thinned, chance)
        tokens, ids = torch.unique(ids, return_inverse=True)
        rows, row_of = torch.unique(model.rows[tokens], return_inverse=True)
        moved, weighed = model.directions[rows].requires_grad_(), model.weights[tokens].requires_grad_()
        table = moved[row_of] * weighed.exp()[:, None]
        texts = functional.normalize(functional.embedding_bag(ids, table, starts, mode="sum"))
        loss = _loss(*texts.chunk(2), _same(source.left, picked) | _same(source.right, picked), _wanted(source.teacher[picked], taught), recipe)
        loss.backward()
        directions.move(rows, moved.grad, _rate(step, recipe.steps))
        weights.move(tokens, weighed.grad, _rate(step, recipe.steps))
        weights.pull(tokens, recipe.pull * _rate(step, recipe.steps))
        losses[source.name].append(loss.item())
        if step % 250 == 0 or step == recipe.steps:
            _log.info("step %d, %.0f s, loss %s", step, time.monotonic() - began, {name: round(float(np.mean(found)), 3) for name, found in losses.items()})
            losses.clear()
        if step % recipe.checked == 0 or step == recipe.steps:
            _log.info("dev %s", {name: round(100 * value, 1) for name, value in check().items()})


def _rate(step: int, steps: int) -> float:
    return min(1.0, step / 50) * 0.5 * (1 + np.cos(np.pi * step / steps))


def _table(model: Embedding, hard: str) -> np.ndarray:
    """One row a token: the model's, or for likeness in words a random direction with the model's weight, as BM25 would weigh it."""
    found = model.vectors()
    if hard == "model":
        return found
    return np.linalg.norm(found, axis=1, keepdims=True) * _unit(np.random.default_rng(6).normal(size=found.shape).astype(np.float32))


def _groups(texts: Texts, table: np.ndarray) -> np.ndarray:
    """For each text the one of a random twentieth that it is nearest to."""
    sums = functional.embedding_bag(torch.from_numpy(texts.ids), torch.from_numpy(table), torch.from_numpy(texts.starts[:-1]), mode="sum")
    known = functional.normalize(sums)
    centres = known[torch.from_numpy(np.random.default_rng(5).permutation(len(known))[: max(1, len(known) // 20)])]
    return np.concatenate([(part @ centres.T).argmax(dim=1).numpy() for part in known.split(2000)])


def _batches(sources: list[Source], recipe: Recipe, groups: dict[str, np.ndarray]) -> Iterator[tuple[Source, np.ndarray]]:
    """One source a batch, each in the order of its own shuffled epochs."""
    chance = np.random.default_rng(recipe.seed)
    share = np.array([recipe.share[source.name] for source in sources])
    queues = {source.name: np.empty(0, np.int64) for source in sources}
    for index in chance.choice(len(sources), size=recipe.steps, p=share / share.sum()):
        source = sources[index]
        size = min(recipe.batch, len(source))
        if len(queues[source.name]) < size:
            queues[source.name] = _order(source, groups.get(source.name), chance)
        yield source, queues[source.name][:size]
        queues[source.name] = queues[source.name][size:]


def _order(source: Source, groups: np.ndarray | None, chance: np.random.Generator) -> np.ndarray:
    """An epoch: every pair once in random order, the sentences of one paragraph together, and the pairs of one group."""
    if groups is not None:
        mixed = chance.permutation(len(source))
        mixed = mixed[np.argsort(groups[mixed], kind="stable")]
        return np.concatenate([mixed[start : start + 2 * BLOCK] for start in chance.permutation(np.arange(0, len(mixed), 2 * BLOCK))])
    if source.name not in BLOCKED:
        return chance.permutation(len(source))
    blocks = chance.permutation(len(source) // BLOCK) * BLOCK
    return (blocks[:, None] + np.arange(BLOCK)).ravel()


def _loss(left: torch.Tensor, right: torch.Tensor, same: torch.Tensor, wanted: torch.Tensor | None, recipe: Recipe) -> torch.Tensor:
    """Contrast both ways, and where the teacher knows the left texts, its similarities within the batch."""
    scores = (left @ right.T / recipe.temperature).masked_fill(same, float("-inf"))
    target = torch.arange(len(left))
    loss = (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
    if wanted is None or not recipe.geometry:
        return loss
    return loss + recipe.geometry * sum(_distance(one @ other.T, wanted) for one, other in ((left, left), (right, right), (left, right)))


def _wanted(rows: np.ndarray, taught: np.ndarray) -> torch.Tensor | None:
    """The teacher's similarities within the batch, when it knows every left text."""
    if (rows < 0).any():
        return None
    known = torch.from_numpy(taught[rows].astype(np.float32))
    return known @ known.T


def _distance(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Mean squared difference of similarities, in units that stand beside a contrastive loss (the bare mean is near 0.01)."""
    return 10 * (found - wanted).square().mean()


def _bags(source: Source, picked: np.ndarray, drop: float, chance: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and starts of the left texts, then of the right ones; a share of the left tokens is left out."""
    left = [source.left.row(i) for i in picked]
    texts = [_some(row, chance, drop) for row in left] if drop else left
    texts += [source.right.row(i) for i in picked]
    return torch.from_numpy(np.concatenate(texts)), torch.from_numpy(np.cumsum([0, *map(len, texts[:-1])]))


def _some(row: np.ndarray, chance: np.random.Generator, drop: float) -> np.ndarray:
    keep = chance.random(len(row)) >= drop
    return row[keep] if len(row) > 4 and keep.any() else row


def _same(texts: Texts, picked: np.ndarray) -> torch.Tensor:
    """True where another pair of the batch has the very same text: the right one of each is no wrong answer to the left one of the
    other. Nearly half of the lay questions have several articles that answer them."""
    keys = np.array([hash(texts.row(i).tobytes()) for i in picked])
    same = torch.from_numpy(keys[:, None] == keys[None, :])
    return same.fill_diagonal_(False)


def dev(model: Embedding, tokenizer: Tokenizer, corpora: Path) -> Callable[[], dict[str, float]]:
    """The figures of the model as it is now."""
    return lambda: evaluate.figures(evaluate.encoder(tokenizer, model.vectors()), corpora)
