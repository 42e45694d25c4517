"""The source reader: a document as it was cleaned, around the quotation, with its repairs; of a PDF the page itself.

Only a window of the text is made into HTML; more is fetched when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa import Description, Document, Repair
from ui.render.text import attribute, button, facts, shown, title
from ui.shelf import opaque
from ui.strings import Words

WINDOW = 6000  # characters before and after the place
_HEADINGS = 300  # entries of the table of contents

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """What the reader is opened at: the quotation and its passage in the document's text, (0, 0) for its beginning."""

    quote: Span = (0, 0)
    passage: Span = (0, 0)
    notice: str = ""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of a PDF and where the quotation stands on it, in fractions of the page."""

    number: int
    boxes: tuple[tuple[float, float, float, float], ...]


def window(document: Document, first: int, last: int) -> Span:
    """From `first` to `last`, out to whole paragraphs."""
    text = document.text
    first = text.rfind("\n", 0, max(first, 0)) + 1
    end = text.find("\n", min(last, len(text)))
    return first, len(text) if end < 0 else end


def reader(document: Document, description: Description, place: Place, span: Span, pictures: Sequence[PagePicture], words: Words) -> str:
    """The reader, scrolled by page.js to the element with the id "reading"."""
    id, (first, last) = opaque(description.key), window(document, *span)
    where = {"document": id, "start": place.quote[0], "end": place.quote[1], "from": place.passage[0], "to": place.passage[1]}
    before = button(words["before"], "read", "plain more", first=max(first - 2 * WINDOW, 0), last=last, keep="before", **where) if first > 0 else ""
    after = button(words["after"], "read", "plain more", first=first, last=last + 2 * WINDOW, keep="after", **where) if last < len(document.text) else ""
    notice = f'<p class="notice">{shown(place.notice)}</p>' if place.notice else ""
    original = f'<a class="original" href="/documents/{id}/original" download>{words["original"]}</a>' if description.path else ""
    doubts = "".join(f'<p class="notice">{shown(doubt)}</p>' for doubt in document.source.doubts)
    return (
        f'<article class="reader" aria-label="{words["reader"]}"><header>{closing(words)}{original}'
        f"<h2>{title(description)}</h2>{facts(description, words)}{notice}{doubts}</header>{_contents(document, where, words)}{_pictures(id, pictures, words)}"
        f'<div class="text">{before}{_paragraphs(document, place, first, last, words)}{after}</div></article>'
    )


def closing(words: Words) -> str:
    """The button that leads back; the page shows the label of where the reader was opened from."""
    return button(f'<span class="from-talk">{words["to_sources"]}</span><span class="from-proof">{words["to_proof"]}</span>', "close", "plain close")


def _contents(document: Document, where: dict, words: Words) -> str:
    if not document.headings:
        return ""
    entries = "".join(
        f'<li class="level-{min(heading.level, 4)}">'
        + button(shown(document.text[heading.start : heading.end]), "read", "plain", **where | {"first": heading.start, "last": heading.start + WINDOW, "keep": f"at-{heading.start}"})
        + "</li>"
        for heading in document.headings[:_HEADINGS]
    )
    return f'<details class="toc"><summary>{words["toc"]}</summary><ul>{entries}</ul></details>'


def _pictures(id: str, pictures: Sequence[PagePicture], words: Words) -> str:
    return "".join(
        f'<figure class="sheet"><img src="/documents/{id}/pages/{picture.number}" alt="{words["page_image"].format(page=picture.number)}">'
        + "".join(f'<i style="left:{a:.2%};top:{b:.2%};width:{c - a:.2%};height:{d - b:.2%}"></i>' for a, b, c, d in picture.boxes)
        + f"<figcaption>{words['page_image'].format(page=picture.number)}</figcaption></figure>"
        for picture in pictures
    )


def _paragraphs(document: Document, place: Place, first: int, last: int, words: Words) -> str:
    levels = {heading.start: heading.level for heading in document.headings}
    repairs = [repair for repair in document.repairs if repair.end >= first and repair.start <= last]
    flags = [flag for flag in document.flags if flag.end > first and flag.start < last]
    pieces, start = [], first
    for paragraph in document.text[first:last].split("\n"):
        end = start + len(paragraph)
        level = levels.get(start, 0)
        names = [f"heading level-{min(level, 4)}"] if level else []
        names += ["cited"] if start < place.passage[1] and end > place.passage[0] else []
        names += sorted({flag.kind for flag in flags if flag.start < end and flag.end > start})
        notes = "；".join(dict.fromkeys(flag.note for flag in flags if flag.note and flag.start < end and flag.end > start))
        hint = f' title="{attribute(notes)}"' if notes else ""
        inner = _pieces(document.text, start, end, place.quote, [repair for repair in repairs if repair.start <= end and repair.end >= start], words)
        pieces.append(f'<p id="at-{start}" class="{" ".join(names)}"{hint}>{inner}</p>')
        start = end + 1
    return "".join(pieces)


def _pieces(text: str, start: int, end: int, quote: Span, repairs: Sequence[Repair], words: Words) -> str:
    """A paragraph cut at the ends of the quotation and of the repairs."""
    cuts = {start, end, *(min(max(at, start), end) for at in quote)}
    spans = [(max(repair.start, start), min(repair.end, end), repair) for repair in repairs if "\n" not in repair.became]
    cuts.update(at for a, b, _ in spans for at in (a, b))
    order, pieces, opened = sorted(cuts), [], False
    for a, b in zip(order, order[1:]):
        pieces += [_cut(repair, words) for x, y, repair in spans if x == y == a]
        inner = shown(text[a:b])
        for x, y, repair in spans:
            if x <= a and b <= y and x < y:
                inner = f'<span class="repair" tabindex="0" title="{_told(repair, words)}">{inner}</span>'
                break
        if quote[0] <= a and b <= quote[1] and quote[0] < quote[1]:
            name = "" if opened or quote[0] < start else ' id="reading"'
            opened = True
            inner = f"<mark{name}>{inner}</mark>"
        pieces.append(inner)
    return "".join(pieces)


def _cut(repair: Repair, words: Words) -> str:
    return f'<span class="repair cut" tabindex="0" title="{_told(repair, words)}">‸</span>' if repair.was.strip() else ""


def _told(repair: Repair, words: Words) -> str:
    was = repair.was if len(repair.was) < 60 else repair.was[:60] + "…"
    return attribute(words["was_became"].format(was=was.replace("\n", "⏎"), became=repair.became or words["nothing"]))
