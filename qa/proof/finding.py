"""What a proof says about one quotation of a draft."""

from __future__ import annotations

from dataclasses import dataclass

from qa.cite import Citation
from qa.proof.align import Change
from qa.types import Description

RIGHT = frozenset({"exact", "variant", "shortened"})
"""The verdicts with which a draft may go out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A quotation, `draft[start:end] == quote`, and what the library says to it.

    verdict:
        exact          the original has it character for character
        variant        but for script, width, case, punctuation or blanks
        altered        words differ: see `diff`
        shortened      something is left out behind an ellipsis, in order and from one place
        joined         put together from several places without saying so
        misattributed  the words are right; the speaker, date, document or article is not: see `note`
        not_found      no passage of the library is near to it

    `original` is verbatim the text of `document` at `location`, and what `citations` cite: one, for "joined" one for each
    piece (their quotes joined by "\\n"). For "not_found" it is empty and `document` None, unless the draft names an article
    that the library has: then the citation leads to that article. `diff` tells quotation and original apart; it is empty for
    "exact", "joined" and "not_found". `note` is one or more Chinese sentences for the editor, or empty.
    """

    quote: str
    start: int
    end: int
    verdict: str
    original: str
    document: Description | None
    location: str
    note: str
    diff: tuple[Change, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the quotation may stay as it is."""
        return self.verdict in RIGHT
