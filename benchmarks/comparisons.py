"""Comparisons of two places' regulations: are both sides found, and are both quoted?

    python benchmarks/comparisons.py LAWS LIBRARY

LAWS is a folder of statutes in Markdown with an article a paragraph (第X条), LIBRARY the folder of a library that holds them. The
questions are made by rule: two regulations of one name, each with one article about the same thing. Such an article is often one
of several about it, so the shares are low; what counts is whether they rise. Nothing is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import mean, median

from followups import PLACES, subjects, titled

import qa
from qa.evaluate import plain

EACH = 3  # of two places
FORMS = (
    "{first}和{second}对{subject}的规定有什么不同？",
    "{here}和{there}的{name}对{subject}分别怎么规定？",
    "{subject}，{here}的{name}跟{there}的有什么区别？",
    "{here}、{there}两地的{name}里，{subject}各自要怎么做？",
    "{name}里{subject}要怎么做，{here}与{there}一样吗？",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question, and for each of the two files that it compares the words that answer."""

    question: str
    evidence: dict[str, str]


def comparisons(laws: list[Path]) -> Iterator[Comparison]:
    """The questions, in an order that is the same at every run."""
    named, count = {titled(path): path for path in laws}, 0
    for place, here in enumerate(PLACES):
        for there in PLACES[place + 1 :]:
            for title, other, subject in islice(shared(named, here, there), EACH):
                words = {"first": title, "second": other, "here": here.rstrip("省市"), "there": there.rstrip("省市"), "name": title.removeprefix(here), "subject": subject}
                evidence = {named[one].name: subjects(named[one])[subject] for one in (title, other)}
                yield Comparison(FORMS[count % len(FORMS)].format(**words), evidence)
                count += 1


def shared(named: dict[str, Path], here: str, there: str) -> Iterator[tuple[str, str, str]]:
    """The titles of two places' regulations of one name, and the first thing that each has one article about."""
    for title, path in named.items():
        other = title.replace(here, there)
        if title.startswith(here) and other in named:
            for subject in sorted(subjects(path).keys() & subjects(named[other]).keys())[:1]:
                yield title, other, subject


def held(comparison: Comparison, texts: list[tuple[str, str]]) -> float:
    """The share of the two sides whose words stand in one of the texts, (path, text) each, of their own file."""
    return mean(any(path.endswith("/" + name) and plain(words) in plain(text) for path, text in texts) for name, words in comparison.evidence.items())


def main(laws: str, library: str) -> None:
    """Asks and prints."""
    found, cited, lengths = [], [], []
    with qa.open_library(library) as opened:
        for comparison in comparisons(sorted(Path(laws).rglob("*.md"))):
            answer = opened.ask(comparison.question, threshold=0)
            found.append(held(comparison, [(hit.document.path, hit.passage.text) for hit in answer.hits]))
            cited.append(held(comparison, [(citation.document.path, citation.quote) for citation in answer.citations]))
            lengths.append(sum(len(citation.quote) for citation in answer.citations))
    print(f"{len(found)} comparisons, of the two sides: among ten {mean(found):.3f}, cited {mean(cited):.3f}; characters quoted {median(lengths)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
