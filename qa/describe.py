"""Who issued what when: read from the document's own words and layout, each value with its span. Nothing is guessed."""

from __future__ import annotations

import re
from qa.types import Description, Document, Field

_DATE = re.compile(r"(?<!\d)(\d{4})(?:年|-)(\d{1,2})(?:月|-)(\d{1,2})日?(?!\d)")


def describe(document: Document, key: str) -> Description:
    """The description of a document; `key` names it in its library. A fact that the document does not state is empty."""
    source = document.source
    title, fields = _title(document)
    date = _DATE.search(document.text[:2000])
    iso = f"{int(date[1]):04}-{int(date[2]):02}-{int(date[3]):02}" if date else ""
    return Description(key, source.path, source.name, title, "", iso, source.digest, source.encoding, source.media_type, fields)


def _title(document: Document) -> tuple[str, tuple[Field, ...]]:
    for heading in document.headings[:1]:
        return document.text[heading.start : heading.end], (Field("title", document.text[heading.start : heading.end], ((heading.start, heading.end),)),)
    first = document.text.partition("\n")[0]
    sentence = re.split("[。！？]", first)[0][:60]
    return sentence, (Field("title", sentence, ((0, len(sentence)),), "synthetic"),)
