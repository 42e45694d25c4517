"""Who issued what when: read from the document's own words and layout, each value with its span. Nothing is guessed.

Small finders each look at one place where documents of a kind state a fact: the lines of the masthead, a flattened table,
the imprint, the dateline, the lines under a law's title. The first that answers wins; what none answers stays empty. What
is concluded and not read (a year from the date of issue, a title from the first sentence) carries a note that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.describe import dates, laws, people, stated
from qa.describe.page import Page
from qa.describe.people import PERSON
from qa.describe.titles import titles
from qa.types import Description, Document, Field

__all__ = ["PERSON", "describe"]


def describe(document: Document, key: str) -> Description:
    """The description of a document; `key` names it in its library. A fact that the document does not state is empty."""
    page = Page(document)
    title, law, table = [*titles(page)], [*laws.law(page)], [*stated.table(page)]
    days, issuers = [*dates.dates(page, table, law)], [*stated.issuers(page, table, title, law)]
    date = days[0].value if days else ""
    fields = [
        *title, *issuers, *days, *table, *law, *stated.numbers(page), *stated.distribution(page), *stated.category(page), *stated.sections(page, bool(law)),
        *people.speaker(title, page), *people.region(page, issuers, title), *people.persons(page), *dates.event_dates(page, date), *stated.completeness(document),
    ]  # fmt: skip
    source = document.source
    named = next((field.value for field in title if field.name == "title"), "")
    issuer = issuers[0].value if issuers else ""
    return Description(key, source.path, source.name, named, issuer, date, source.digest, source.encoding, source.media_type, tuple(_once(fields)))


def _once(fields: Sequence[Field]) -> Iterator[Field]:
    """Each fact once, where it was first found, with all its spans."""
    seen: dict[tuple[str, str, str], Field] = {}
    for field in fields:
        known = seen.get((field.name, field.value, field.note))
        spans = tuple(dict.fromkeys((*(known.spans if known else ()), *field.spans)))
        seen[(field.name, field.value, field.note)] = Field(field.name, field.value, spans, field.note)
    yield from seen.values()
