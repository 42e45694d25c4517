"""Which row of the matrix a token reads: words of one lemma share theirs, so that `décidèrent` learns what `décider` learns.

The format is that of sentence-transformers for quantised vocabularies: `mapping` from token to row, and a weight per token.
"""

from __future__ import annotations

import logging
from itertools import islice

import numpy as np
from tokenizers import Tokenizer

_log = logging.getLogger(__name__)
_INFLECTED = ("en", "fr", "de", "es", "ru", "it", "pt")  # an earlier language claims a word that two share
_READ = 120_000  # words of each frequency list


def lemmas(tokenizer: Tokenizer) -> np.ndarray:
    """Token -> row, rows numbered from 0 without gaps; a token without a lemma in the vocabulary has its own."""
    import simplemma
    from wordfreq import get_frequency_dict

    known = tokenizer.get_vocab()
    fold = tokenizer.normalizer.normalize_str
    target = np.arange(len(known))
    claimed = np.zeros(len(known), bool)
    for language in _INFLECTED:
        for word in islice(get_frequency_dict(language), _READ):
            token = known.get(fold(word))
            if token is not None and not claimed[token]:
                claimed[token] = True
                target[token] = known.get(fold(simplemma.lemmatize(word, lang=language)), token)
    _, rows = np.unique(_resolved(target), return_inverse=True)
    _log.info("rows: %d tokens share %d", len(rows), rows.max() + 1)
    return rows.astype(np.int64)


def _resolved(target: np.ndarray) -> np.ndarray:
    """Chains followed to their end: a lemma may itself be a form of another word; circles stop after three steps."""
    for _ in range(3):
        target = target[target]
    return np.minimum(target, target[target])
