"""Typing errors of people who type by sound: 按全 for 安全, 徐洲 for 徐州.

It speaks only where the exact words fail: a character that jieba leaves alone, whose pairs with its neighbours stand
(almost) nowhere in the library, is replaced by one that sounds the same and makes a word that stands there often. Of 300
lay questions without an error it changes one.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from qa.fold import to_simplified, words
from qa.rarity import share

_RARE = 1  # passages: a pair that stands in more is no typing error
_USUAL = 20  # times as many passages hold the pair that was meant
_FUNCTIONS = frozenset("的了着过是在有和就也都又还再才只很太不没要会我你他她它这那哪谁啥吗呢吧啊个多")
_COMMON_CHARACTERS = range(0x4E00, 0x9FA6)


@functools.cache
def sounds() -> tuple[dict[str, str], dict[str, str]]:
    """Each character's syllable without its tone, and for each syllable the simplified characters that have it."""
    from pypinyin import Style, lazy_pinyin

    characters = [c for c in map(chr, _COMMON_CHARACTERS) if c.encode("gb2312", "ignore")]
    syllables = dict(zip(characters, lazy_pinyin(characters, style=Style.NORMAL)))
    sounding: dict[str, str] = defaultdict(str)
    for character, syllable in syllables.items():
        sounding[syllable] += character
    return syllables, dict(sounding)


def corrected(question: str, frequencies: Callable[[Sequence[str]], Mapping[str, int]]) -> str:
    """The question with the characters that were meant; the question itself when nothing is wrong.

    `frequencies` gives in how many passages each term of `fold.terms` stands.
    """
    folded = to_simplified(question)
    characters = list(folded)
    for place in _alone(folded):
        pairs = [folded[i : i + 2] for i in (place - 1, place) if 0 <= i and i + 2 <= len(folded) and all("\u4e00" <= c <= "\u9fff" for c in folded[i : i + 2])]
        if pairs and max(frequencies(pairs).values(), default=0) <= _RARE:
            characters[place] = _meant(folded, place, pairs, frequencies)
    return "".join(characters)


def _alone(text: str) -> list[int]:
    """The places of characters that are no part of a longer word."""
    places, at = [], 0
    for word in words(text):
        found = text.find(word, at)
        if found < 0:
            continue
        if len(word) == 1 and "\u4e00" <= word <= "\u9fff" and word not in _FUNCTIONS:
            places.append(found)
        at = found + len(word)
    return places


def _meant(text: str, place: int, pairs: Sequence[str], frequencies: Callable[[Sequence[str]], Mapping[str, int]]) -> str:
    """The character that sounds the same and makes the most frequent pair; the one that stands there when none is frequent."""
    syllables, sounding = sounds()
    own = text[place]
    options = {}
    for other in sounding.get(syllables.get(own, ""), ""):
        for pair in pairs:
            if share(pair.replace(own, other)):
                options[pair.replace(own, other)] = other
    found = frequencies(["_" + pair for pair in options])
    best = max(found, key=lambda pair: (found[pair], pair), default="")
    return options[best[1:]] if best and found[best] >= _USUAL else own
