"""Other words for what is asked: everyday words and the official ones (危化品 and 危险化学品), from a list that people may edit.

A line `说法 说法 = 正式说法` leads both ways, `说法 > 正式说法` from left to right only; words stand apart by spaces and "#"
begins a comment. The program's own list is data/words/synonyms.txt; a library's own is synonyms.txt in its folder. Beside it
words.txt has, one a line, words of one's own that are to be found whole (苏安码, 三管三必须); documents that are in the library
already know a new word after `youju rebuild`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from qa.fold import fold

NAME = "synonyms.txt"
WORDS = "words.txt"


class Synonyms:
    """The lists of some files, one after the other; a file that is not there is empty."""

    def __init__(self, files: Iterable[Path]):
        self._others: dict[str, tuple[str, ...]] = {}
        for file in files:
            for word, others in _entries(file):
                self._others[word] = tuple(dict.fromkeys(self._others.get(word, ()) + others))
        self._longest = max(map(len, self._others), default=0)

    def found(self, question: str) -> dict[str, tuple[str, ...]]:
        """The listed words of a question, folded, with their other words; of overlapping ones the longest.

        >>> from qa.resources import folder
        >>> Synonyms([folder("words") / NAME]).found("危化品怎么运")
        {'危化品': ('危险化学品',)}
        """
        text = fold(question)
        found: dict[str, tuple[str, ...]] = {}
        at = 0
        while at < len(text):
            word = next((text[at : at + size] for size in range(self._longest, 0, -1) if text[at : at + size] in self._others), "")
            if word:
                found[word] = self._others[word]
            at += len(word) or 1
        return found


def _entries(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(word, other words) of each line, folded."""
    if not file.is_file():
        return
    for line in file.read_text("utf-8-sig", errors="replace").splitlines():
        line = line.split("#")[0]
        both = "=" in line
        sides = [[fold(word) for word in side.split()] for side in line.replace("＝", "=").replace(">", "=").split("=")]
        if len(sides) != 2:
            continue
        left, right = sides
        for word in left:
            yield word, tuple(other for other in right if other != word)
        if both:
            for word in right:
                yield word, tuple(other for other in left if other != word)


def word_list(file: Path) -> tuple[str, ...]:
    """The words of a list, folded, each once; of a file that is not there none. One character alone is no word."""
    if not file.is_file():
        return ()
    lines = (fold(line.split("#")[0]).strip() for line in file.read_text("utf-8-sig", errors="replace").splitlines())
    return tuple(dict.fromkeys(word for line in lines for word in line.split() if len(word) > 1 and word.isalnum()))
