"""What is written by sound: 按全 for 安全, 徐洲 for 徐州, and in an English question Taixing for 泰兴.

Of typing errors it speaks only where the exact words fail: a character that jieba leaves alone, whose pairs with its neighbours stand
(almost) nowhere in the library, is replaced by one that sounds the same and makes a word that stands there often. Of 300
lay questions without an error it changes one.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from qa.fold import to_simplified, words
from qa.rarity import names_something, share

_RARE = 1  # passages: a pair that stands in more is no typing error
_USUAL = 20  # times as many passages hold the pair that was meant
_FUNCTIONS = frozenset("的了着过是在有和就也都又还再才只很太不没要会我你他她它这那哪谁啥吗呢吧啊个多")
_COMMON_CHARACTERS = range(0x4E00, 0x9FA6)
_ROMAN = re.compile(r"\b[A-Z][a-z]+(?:'[a-z]{2,})?(?: [A-Z][a-z]+(?:'[a-z]{2,})?)*")  # Xi'an, but not Zhao's
_LONGEST_PLACE = 18  # letters: three syllables of six (zhuang); the ways to cut a word grow with the square of its length
_MOST_COMBINED = 5000  # ways of writing syllables in characters, at most


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


def in_characters(question: str, titled: Callable[[str], str], frequencies: Callable[[Sequence[str]], Mapping[str, int]]) -> str:
    """The question with the Chinese names that it writes in Latin letters in characters, as the library has them.

    A place is one that the dictionary and the library know (Taixing); a person, surname and given name, one that a title names:
    `titled` gives what is sounded so in some title, "" for nothing. Other words stay.
    """
    placed = functools.cache(functools.partial(_place, frequencies=frequencies))
    return _ROMAN.sub(lambda run: _written(run[0].split(" "), titled, placed), question)


def _written(run: Sequence[str], titled: Callable[[str], str], placed: Callable[[str], str]) -> str:
    """A run of words with what is a name in it in characters, the longest name that begins at a word first."""
    written, at = [], 0
    while at < len(run):
        read = {size: "".join(run[at : at + size]).replace("'", "").lower() for size in (3, 2, 1) if at + size <= len(run)}
        names = ((size, titled(sound) if size > 1 else placed(sound)) for size, sound in read.items())
        size, name = next((found for found in names if found[1]), (1, run[at]))
        written.append(name)
        at += size
    return " ".join(written)


def _place(sound: str, frequencies: Callable[[Sequence[str]], Mapping[str, int]]) -> str:
    """The place of two or three syllables that sounds so and stands most often in the library, "" when there is none."""
    if len(sound) > _LONGEST_PLACE:
        return ""
    _, sounding = sounds()
    names = set()
    for cuts in itertools.chain(itertools.combinations(range(1, len(sound)), 1), itertools.combinations(range(1, len(sound)), 2)):
        parts = [sounding.get(sound[low:high], "") for low, high in itertools.pairwise((0, *cuts, len(sound)))]
        if 0 < math.prod(map(len, parts)) <= _MOST_COMBINED:
            names |= {name for name in map("".join, itertools.product(*parts)) if names_something(name)}
    found = frequencies(sorted({pair for name in names for pair in _pairs(name)}))
    held = {name: min(found.get(pair, 0) for pair in _pairs(name)) for name in names}
    return max((name for name in held if held[name]), key=lambda name: (held[name], name), default="")


def _pairs(name: str) -> list[str]:
    return [name[i : i + 2] for i in range(len(name) - 1)]
