"""A question as people ask it aloud: 请问 before it, 啥 for 什么, other words for some of its words, typing errors."""

from __future__ import annotations

import random
import re
from pathlib import Path

from qa.fold import to_simplified, words
from qa.homophones import sounds
from qa.rarity import names_something, share
from training import corpora

_ALOUD = (("什么样", "啥样"), ("什么时候", "啥时候"), ("为什么", "为啥"), ("什么", "啥"), ("怎么", "咋"), ("如何", "咋"), ("多少", "多少来着"), ("是谁", "是哪个"), ("哪里", "哪儿"))
_BEFORE = ("请问", "我想知道", "麻烦问一下，", "你好，", "帮我查一下", "想了解一下", "", "", "")
_AFTER = ("", "", "", "啊", "呀", "，谢谢")
_OTHERWISE = 0.5  # of the words that have other words are replaced
_MISTYPED = 0.25  # of the questions have a character in the place of which stands one that sounds the same
ASKS = re.compile(r"什么|哪|谁|多少|几|啥|多[高大长久]|如何|怎么")


def aloud(question: str, alike: dict[str, list[str]], chance: random.Random) -> str:
    """A question in other words: as it is said, with other words for some of its words, with a typing error now and then; `alike` has them by each word."""
    said = "".join(_instead(word, alike, chance) for word in cut_up(to_simplified(question)))
    for written, spoken in _ALOUD:
        if written in said and chance.random() < 0.6:
            said = said.replace(written, spoken)
            break
    if chance.random() < _MISTYPED:
        said = mistyped(said, chance)
    return chance.choice(_BEFORE) + said.rstrip("？?") + chance.choice(_AFTER) + chance.choice(("？", ""))


def cut_up(text: str) -> list[str]:
    """The words of a text and what stands between them."""
    pieces, at = [], 0
    for word in words(text):
        place = text.find(word, at)
        if place >= 0:
            pieces += [text[at:place], word]
            at = place + len(word)
    return [*pieces, text[at:]]


def _instead(word: str, alike: dict[str, list[str]], chance: random.Random) -> str:
    others = alike.get(word, []) if len(word) > 1 and not names_something(word) and not ASKS.search(word) else []
    return chance.choice(others) if others and chance.random() < _OTHERWISE else word


def mistyped(text: str, chance: random.Random) -> str:
    """The text with one character in the place of which stands a frequent one that sounds the same."""
    syllables, sounding = sounds()
    places = [place for place, character in enumerate(text) if character in syllables]
    place = chance.choice(places) if places else 0
    others = sorted((c for c in sounding[syllables[text[place]]] if c != text[place]), key=share, reverse=True)[:4] if places else []
    return text[:place] + chance.choice(others) + text[place + 1 :] if others else text


def synsets(folder: Path) -> dict[str, list[str]]:
    """Short simplified words that share a meaning, by each of them."""
    found: dict[str, list[str]] = {}
    for synset in corpora.synonyms(folder):
        alike = [word for word in synset if len(word) < 6 and to_simplified(word) == word]
        for word in alike:
            found.setdefault(word, []).extend(other for other in alike if other != word)
    return {word: others for word, others in found.items() if others}
