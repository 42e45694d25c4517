"""Terms to a ranking: thin BM25 over the postings.

BM25 is SQLite's (k1 = 1.2, b = 0.75). Every term is quoted: raw words of a user are operators to FTS5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.fold import terms
from qa.rarity import share, weight
from qa.store import Store

_WEIGHTS = (1.0, 0.5)  # the passage's own words, and those around it: titles, headings, context
_GENERAL_PASSAGES = 500  # that join the library's own in judging how rare a term is
_COMMON = 0.05  # of the passages: a term in more of them is not looked for in a large library. Over 158,000 passages of laws
# that takes 51 ms a question instead of 247 and finds the same (R@10 .67 against .65, R@100 .83 both)
_ALWAYS = 2000  # passages: a term in no more of them is looked for however small the library
_MOST_TERMS = 96  # of a long question only the rarest terms are asked for


class Lexical:
    """BM25 over words and character bigrams of a library's passages."""

    def __init__(self, store: Store, own: Sequence[str] = ()):
        self._store, self._own = store, tuple(own)

    def terms(self, text: str) -> list[str]:
        """`fold.terms` with the library's own words."""
        return terms(text, self._own)

    def search(self, terms: Sequence[str], limit: int, within: np.ndarray | None = None) -> list[tuple[int, float]]:
        """(passage id, BM25) of the best passages for terms of `fold.terms`, best first; `within`: see `Store.within`."""
        known = self._store.frequencies(terms)
        total = self._store.counts()[1]
        most = total if within is not None else max(_ALWAYS, _COMMON * total)  # what is common in all may be rare in a few
        rarest = sorted((term for term in known if known[term] <= most), key=lambda term: (known[term], term))[:_MOST_TERMS]
        if not rarest:
            return []
        return self._store.bm25(" OR ".join(f'"{term}"' for term in rarest), limit, _WEIGHTS, within)

    def weights(self, terms: Sequence[str]) -> dict[str, float]:
        """What each term of `fold.terms` says, by its rarity in the library and in the language; most for an unknown one."""
        known, total = self._store.frequencies(terms), self._store.counts()[1]
        return {term: weight(known.get(term, 0), total, share(term.removeprefix("_")), _GENERAL_PASSAGES) for term in terms}

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; terms that stand nowhere are left out."""
        return self._store.frequencies(terms)

    def documents(self, term: str) -> set[int]:
        """The ids of the documents in which a term stands, in their titles and headings or in their text."""
        return self._store.documents_with(f'"{term}"')
