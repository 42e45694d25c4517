"""A draft and a library to findings: are the quotations right, and are they from whom the draft says?

    text -> Quotation[] (quotations, attribution) -> Place[] (lookup) -> Finding[] (judge, sources)

What it does not know: whether a paraphrase is fair. Words without quotation marks are looked at only where a law or a titled
document is said to rule them.
"""

from __future__ import annotations

from collections.abc import Callable

from qa.proof.align import Change
from qa.proof.draft import Draft, open_draft, text_draft
from qa.proof.finding import Finding
from qa.proof.judge import Judge
from qa.proof.lookup import Shelf
from qa.proof.quotations import quotations
from qa.proof.sources import Sources
from qa.proof.words import summary, table
from qa.store import Store
from qa.types import BadRequest

__all__ = ["Change", "Draft", "Finding", "open_draft", "proof", "summary", "table", "text_draft"]

_LONGEST_DRAFT = 2_000_000  # characters


def proof(text: str, store: Store, progress: Callable[[int, int], None] | None = None) -> tuple[Finding, ...]:
    """A finding for each quotation of the draft, in its order. Raises BadRequest for a draft of more than 2 million characters."""
    if len(text) > _LONGEST_DRAFT:
        raise BadRequest(f"草稿太长（超过 {_LONGEST_DRAFT // 10_000} 万字），请分成几份再核对。")
    judge = Judge(Shelf(store), Sources(store))
    found = quotations(text)
    findings = []
    for done, quotation in enumerate(found, 1):
        findings.append(judge.finding(text, quotation))
        if progress:
            progress(done, len(found))
    return tuple(findings)
