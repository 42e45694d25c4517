"""Step 3: what should lie close together, as pairs of token ids, one named source each.

A source keeps its pairs apart so that a batch holds one kind only: the others in the batch are then hard to tell apart.
"""

from __future__ import annotations

import logging
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from training import corpora as read
from training import vocabulary

_log = logging.getLogger(__name__)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_LONGEST = 160  # tokens of a text that training reads
_NONE = -1
BLOCK = 4


@dataclass(frozen=True, slots=True)
class Texts:
    """Token ids of many texts end to end; text i lies between starts[i] and starts[i + 1]."""

    ids: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, index: int) -> np.ndarray:
        return self.ids[self.starts[index] : self.starts[index + 1]]


@dataclass(frozen=True, slots=True)
class Source:
    """Pairs of one kind; `teacher` is the row of the left text among the teacher's vectors, -1 where there is none."""

    name: str
    left: Texts
    right: Texts
    teacher: np.ndarray

    def __len__(self) -> int:
        return len(self.left)


def load(corpora: Path, work: Path, tokenizer: Tokenizer, sizes: vocabulary.Sizes, teacher: list[str]) -> list[Source]:
    """Every source, in tokens; kept in the work folder under the vocabulary's name."""
    folder = work / f"pairs-{sizes.name}"
    folder.mkdir(exist_ok=True)
    place = {text: row for row, text in enumerate(teacher)}
    return [_source(name, folder / f"{name}.npz", corpora, tokenizer, place) for name in SOURCES]


def _source(name: str, path: Path, corpora: Path, tokenizer: Tokenizer, place: dict[str, int]) -> Source:
    if not path.exists():
        pairs = [(left, right) for left, right in SOURCES[name](corpora) if left and right]
        left, right = _tokens(tokenizer, [pair[0] for pair in pairs]), _tokens(tokenizer, [pair[1] for pair in pairs])
        made = _without_empty(Source(name, left, right, np.array([place.get(pair[0], _NONE) for pair in pairs])))
        with path.open("wb") as file:
            np.savez(file, left=made.left.ids, left_starts=made.left.starts, right=made.right.ids, right_starts=made.right.starts, teacher=made.teacher)
    read_back = np.load(path)
    source = Source(name, Texts(read_back["left"], read_back["left_starts"]), Texts(read_back["right"], read_back["right_starts"]), read_back["teacher"])
    _log.info("pairs: %s %d", name, len(source))
    return source


def _tokens(tokenizer: Tokenizer, texts: list[str]) -> Texts:
    ids = [
        [token for token in encoding.ids if token][:_LONGEST]
        for start in range(0, len(texts), 5000)
        for encoding in tokenizer.encode_batch_fast(texts[start : start + 5000], add_special_tokens=False)
    ]
    starts = np.cumsum([0, *map(len, ids)])
    return Texts(np.fromiter((token for row in ids for token in row), np.int64, starts[-1]), starts)


def _without_empty(source: Source) -> Source:
    keep = [i for i in range(len(source)) if len(source.left.row(i)) and len(source.right.row(i))]
    return Source(source.name, _rows(source.left, keep), _rows(source.right, keep), source.teacher[keep])


def _rows(texts: Texts, keep: list[int]) -> Texts:
    rows = [texts.row(i) for i in keep]
    return Texts(np.concatenate(rows), np.cumsum([0, *map(len, rows)]))


def _glosses(corpora: Path) -> Iterator[tuple[str, str]]:
    for word, found in read.glosses(corpora).items():
        yield from ((gloss, word) for gloss in found[:4])


def _wordnet(*languages: str) -> Callable[[Path], Iterator[tuple[str, str]]]:
    """A word with up to six of its translations at once: one alone is too often the wrong sense."""

    def rows(corpora: Path) -> Iterator[tuple[str, str]]:
        meanings: dict[tuple[str, str], list[str]] = defaultdict(list)
        for language, word, chinese in read.wordnet(corpora):
            if language in languages:
                meanings[language, word].append(chinese)
        return ((word, " ".join(found[:6])) for (_, word), found in meanings.items())

    return rows


def _interface(corpora: Path) -> Iterator[tuple[str, str]]:
    languages = set(vocabulary.LANGUAGES.values())
    return ((text, chinese) for language, text, chinese in read.interface(corpora) if language in languages)


def _synonyms(corpora: Path) -> Iterator[tuple[str, str]]:
    for words in read.synonyms(corpora):
        yield from zip(words, words[1:], strict=False)
    yield from read.similar(corpora)


def _pseudo(corpora: Path) -> Iterator[tuple[str, str]]:
    """Chinese sentences with their words put one by one into another language; what has no translation is left out.

    The only sentences in Spanish, French, German, Russian, Italian and Portuguese that are not about an editor.
    """
    import jieba

    chance = random.Random(3)
    lexica = _lexica(corpora)
    for sentence in islice(_plain_sentences(corpora), 0, None, 2):
        lexicon = chance.choice(lexica)
        words = [chance.choice(lexicon[word]) for word in jieba.cut(sentence) if word in lexicon]
        if len(words) > 3:
            yield " ".join(words), sentence


def _lexica(corpora: Path) -> list[dict[str, list[str]]]:
    """For each language but English: Chinese word -> its translations."""
    lexica: dict[str, dict[str, list[str]]] = {language: defaultdict(list) for language in vocabulary.LANGUAGES}
    for language, word, chinese in read.wordnet(corpora):
        if language in lexica and " " not in word and "_" not in word:
            lexica[language][chinese].append(word)
    return list(lexica.values())


def _plain_sentences(corpora: Path) -> Iterator[str]:
    yield from (chinese for _, chinese in read.parallel(corpora))
    yield from (sentence for sentence, _ in _sentences(corpora))


def _titles(corpora: Path) -> Iterator[tuple[str, str]]:
    return ((title, body[:400]) for title, body in read.titled(corpora))


def _paragraphs(corpora: Path) -> Iterator[str]:
    """Paragraphs of some length: every second law article, and what news and documentation hold."""
    for title, article in islice(read.articles(corpora), 0, None, 2):
        yield f"{title}{article}"
    for _, body in read.titled(corpora):
        yield from (paragraph for paragraph in body.split("\n") if len(paragraph) > 40)


def _neighbours(corpora: Path) -> Iterator[tuple[str, str]]:
    """A sentence and the rest of its paragraph."""
    chance = random.Random(1)
    for paragraph in _paragraphs(corpora):
        sentences = _SENTENCE.findall(paragraph)
        if len(sentences) > 1:
            chosen = chance.randrange(len(sentences))
            yield sentences[chosen], "".join(sentences[:chosen] + sentences[chosen + 1 :])


def _sentences(corpora: Path) -> Iterator[tuple[str, str]]:
    """A sentence twice: training drops most of the words on the left side, as a question does, and keeps the right side.

    Four of a paragraph follow each other, and a batch takes them together: they are each other's hardest wrong answers.
    """
    chance = random.Random(2)
    for paragraph in _paragraphs(corpora):
        sentences = [sentence for sentence in _SENTENCE.findall(paragraph) if len(sentence) > 12]
        if len(sentences) >= BLOCK and chance.random() < 0.7:
            first = chance.randrange(len(sentences) - BLOCK + 1)
            yield from ((sentence, sentence) for sentence in sentences[first : first + BLOCK])


def _asked(corpora: Path) -> Iterator[tuple[str, str]]:
    """A sentence as the answer to a question made from it: a few words give way to a word that asks, some others go.

    Four of a paragraph follow each other, as in `_sentences`. Statutes, which would be nine in ten, give one in eight.
    """
    import jieba

    chance = random.Random(4)
    for paragraph in _varied(corpora):
        sentences = [sentence for sentence in _SENTENCE.findall(paragraph) if len(sentence) > 10]
        for first in range(0, len(sentences) - BLOCK + 1, BLOCK):
            yield from ((_question(jieba.lcut(sentence), chance), sentence) for sentence in sentences[first : first + BLOCK])


def _varied(corpora: Path) -> Iterator[str]:
    """Paragraphs of every kind of text; sentences that stand alone in their source in fours."""
    yield from (f"{title}{article}" for title, article in islice(read.articles(corpora), 0, None, 8))
    yield from (body for _, body in read.titled(corpora))
    alone = [chinese for _, chinese in read.parallel(corpora) if len(chinese) > 10]
    alone += [passage for _, passage in read.questions(corpora, "kdconv")]
    yield from ("\n".join(alone[start : start + BLOCK]) for start in range(0, len(alone), BLOCK))


_ASKING = ("什么", "谁", "哪里", "哪个", "哪些", "怎样", "如何", "为什么", "何种", "是什么")
_COUNTING = ("多少", "几", "哪一年", "什么时候", "何时", "多久")


def _question(words: list[str], chance: random.Random) -> str:
    """The words of a sentence with one to three of them asked for, and a third of the others left out."""
    numbers = [place for place, word in enumerate(words) if word[0].isdigit()]
    first = chance.choice(numbers) if numbers and chance.random() < 0.5 else chance.randrange(len(words))
    last = first + chance.randint(1, 3)
    asking = chance.choice(_COUNTING if any(word[0].isdigit() for word in words[first:last]) else _ASKING)
    kept = ("" if first < place < last or chance.random() < 0.35 else word for place, word in enumerate(words) if place != first)
    rest = list(kept)
    return "".join([*rest[:first], asking, *rest[first:]])


SOURCES: dict[str, Callable[[Path], Iterable[tuple[str, str]]]] = {
    "parallel": read.parallel,
    "glosses": _glosses,
    "wordnet en": _wordnet("eng"),
    "wordnet other": _wordnet(*vocabulary.LANGUAGES),
    "interface": _interface,
    "synonyms": _synonyms,
    "pseudo": _pseudo,
    "lay law": lambda corpora: read.questions(corpora, "stard_train"),
    "everyday": lambda corpora: read.everyday(),
    "dialogue": lambda corpora: read.questions(corpora, "kdconv"),
    "titles": _titles,
    "neighbours": _neighbours,
    "sentences": _sentences,
    "asked": _asked,
    "headed": read.headed,
}
