"""How much a word says: how rare it is in the language at large, by jieba's dictionary, and whether it names something.

A library of five documents cannot tell 那天 (rare there, since people ask in other words than they write) from a name.
"""

from __future__ import annotations

import functools
import math

_WORDS_PER_PASSAGE = 100
_NAMES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})  # jieba's tags for persons, places, organisations, other names


_DIVISIONS = tuple("省市县州")
_SELDOM = 1000  # of jieba's counts: 重点 has 12,694, and there is a 重点县
_FEW = 200  # 林子 has 420, 许可证 351


@functools.cache
def _dictionary() -> tuple[dict[str, tuple[int, str]], int]:
    """Jieba's words with their frequency and tag, and the sum of the frequencies (60 million)."""
    import jieba

    words = {}
    with jieba.get_dict_file() as file:
        for line in file:
            word, frequency, tag = line.decode("utf-8").split()
            words[word] = (int(frequency), tag)
    return words, sum(frequency for frequency, _ in words.values())


def share(word: str) -> float:
    """The share of the passages of general Chinese, 100 words each, that hold this (folded) word; 0 for an unknown one."""
    words, total = _dictionary()
    return 1 - math.exp(-words.get(word, (0, ""))[0] / total * _WORDS_PER_PASSAGE)


def is_name(word: str) -> bool:
    """Whether the dictionary has this (folded) word as the name of a person, a place or an organisation."""
    return len(word) > 1 and tag(word) in _NAMES


def is_place(word: str) -> bool:
    """Whether a (folded) word is a province, city, county or country: the dictionary tags 城市 and 上台 as places too, but
    has no 城市市."""
    words = _dictionary()[0]
    frequency, kind = words.get(word, (0, ""))
    if kind != "ns" and frequency > _SELDOM:
        return False
    stem = word[:-1] if len(word) > 2 and word[-1] in _DIVISIONS else word
    return len(stem) > 1 and (any(stem + division in words for division in _DIVISIONS) or (stem[-1] == "国" and tag(stem) == "ns"))


def names_something(word: str) -> bool:
    """Whether a (folded) word names one place, person or organisation: the dictionary tags 城市, 许可证 and 林子 so too, but
    what names one thing is seldom written, or a place."""
    return is_place(word) or (is_name(word) and _dictionary()[0][word][0] <= _FEW)


def count(word: str) -> int:
    """How often the dictionary's texts (60 million words) have a (folded) word; 0 for an unknown one."""
    return _dictionary()[0].get(word, (0, ""))[0]


def tag(word: str) -> str:
    """The dictionary's part of speech of a (folded) word, "" for an unknown one: ns a place, nr a person, nt an organisation."""
    return _dictionary()[0].get(word, (0, ""))[1]


def weight(found: int, total: int, general: float, pseudo: int) -> float:
    """The inverse document frequency of a term, Robertson's ln(1 + (N - n + 0.5) / (n + 0.5)), where the library's `total`
    passages, `found` of them with the term, are joined by `pseudo` passages of general language."""
    passages, holding = total + pseudo, found + pseudo * general
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))
