"""How much a word says: how rare it is in the language at large, by jieba's dictionary, and whether it names something.

A library of five documents cannot tell 那天 (rare there, since people ask in other words than they write) from a name.
"""

from __future__ import annotations

import functools
import math

_WORDS_PER_PASSAGE = 100
_NAMES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})  # jieba's tags for persons, places, organisations, other names


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
    return len(word) > 1 and _dictionary()[0].get(word, (0, ""))[1] in _NAMES


def weight(found: int, total: int, general: float, pseudo: int) -> float:
    """The inverse document frequency of a term, Robertson's ln(1 + (N - n + 0.5) / (n + 0.5)), where the library's `total`
    passages, `found` of them with the term, are joined by `pseudo` passages of general language."""
    passages, holding = total + pseudo, found + pseudo * general
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))
