"""What two spellings of the same words have in common, character by character, and the way back to the text.

Stricter than `fold`, which serves search: here nothing may be dropped that changes what is said. Script, width, case,
punctuation and blanks go; whatever stands between two digits stays (3.5 is not 35, 3-5 is not 35, 1、2 is not 12), and so do
signs and symbols (%, ±, ℃, ¥). Pairs such as 己已巳, 日曰 and 末未 are different characters and stay so.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from qa.fold import to_simplified
from qa.types import Span

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w]{1,3}(?=\d)")
_SEPARATORS = (
    (re.compile(r"[.．·•・‧∙]"), "."),
    (re.compile(r"[-‐‑–—~～－]+"), "-"),
    (re.compile(r"[:：]"), ":"),
    (re.compile(r"[/／]"), "/"),
    (re.compile(r"[,，、;；]"), ","),
)
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_MINUS = re.compile(r"(?<![\w)）])[-－−](?=\d)")


@dataclass(frozen=True, slots=True)
class Key:
    """A text and its key: key character `i` comes from `text[offsets[i]]`."""

    text: str
    key: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where in the text the key characters from `start` to `end` stand; `start < end`."""
        return self.offsets[start], self.offsets[end - 1] + 1


def key_of(text: str) -> Key:
    """The key of a text.

    >>> key_of("臺灣，（ＪＳ） 3·5%").key, key_of("瞭解").key
    ('台湾js3.5%', '了解')
    """
    kept = dict(_separators(text)) | {found.start(): "-" for found in _MINUS.finditer(text)}
    characters, offsets = [], []
    for at, character in enumerate(to_simplified(text)):  # with the words around it: 瞭 is 了 in 瞭解 only
        for part in kept.get(at) or _folded(character):
            characters.append(part)
            offsets.append(at)
    return Key(text, "".join(characters), tuple(offsets))


def _separators(text: str):
    """What stands between two digits, by its offset, in the one form of its kind; the comma of thousands goes."""
    for found in _BETWEEN_DIGITS.finditer(text):
        between = found[0].strip()
        form = next((form for pattern, form in _SEPARATORS if pattern.fullmatch(between)), "," if between else " ")
        if not (form in ", " and between in ",，" and _THOUSANDS.match(text, found.end())):
            yield found.start(), form


@functools.lru_cache(maxsize=1 << 16)
def _folded(character: str) -> str:
    """The key of one character: nothing for punctuation, blanks and what is invisible; ² is ^2."""
    if "²" <= character <= "³" or character == "¹" or "⁰" <= character <= "⁹":
        return "^" + unicodedata.normalize("NFKC", character)
    parts = to_simplified(unicodedata.normalize("NFKC", character).lower())
    return "".join(part for part in parts if part in "%‰°" or unicodedata.category(part)[0] in "LNMS")
