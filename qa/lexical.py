"""Terms to a ranking: thin BM25 over the postings.

BM25 is SQLite's (k1 = 1.2, b = 0.75). Every term is quoted: raw words of a user are operators to FTS5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.store import Store

_WEIGHTS = (1.0, 0.5)  # the passage's own words, and those around it: titles, headings, context
_MOST_TERMS = 96  # of a long question only the rarest terms are asked for


class Lexical:
    """BM25 over words and character bigrams of a library's passages."""

    def __init__(self, store: Store):
        self._store = store

    def search(self, terms: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """(passage id, BM25) of the best passages for terms of `fold.terms`, best first."""
        known = self._store.frequencies(terms)
        rarest = sorted(known, key=lambda term: (known[term], term))[:_MOST_TERMS]
        if not rarest:
            return []
        return self._store.bm25(" OR ".join(f'"{term}"' for term in rarest), limit, _WEIGHTS)

    def weights(self, terms: Sequence[str]) -> dict[str, float]:
        """The inverse document frequency of each term: ln(1 + (N - n + 0.5) / (n + 0.5)), Robertson's; highest for an unknown term."""
        known, total = self._store.frequencies(terms), self._store.counts()[1]
        return {term: math.log(1 + (total - known.get(term, 0) + 0.5) / (known.get(term, 0) + 0.5)) for term in terms}

    def known(self, terms: Sequence[str]) -> list[str]:
        """Those of the terms that stand anywhere in the library."""
        return list(self._store.frequencies(terms))
