"""The one door for text: everything that comes from a document, a file name or a user passes `shown`.

Nothing is sanitised, because nothing is trusted to be HTML.
"""

from __future__ import annotations

import html
import re

from qa import Description, Passage
from ui.strings import Words

# Characters that a reader cannot see but that change what he sees: controls (a line feed and a tab excepted), bidirectional
# and zero-width formatting, tag characters, lone surrogates (which no page can be encoded with).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """The text as text: HTML escaped, unseen characters made visible as ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda found: f'<span class="unseen">⟨U+{ord(found[0]):04X}⟩</span>', html.escape(text))


def attribute(text: str) -> str:
    """The text in an attribute: unseen characters as ⟨U+202E⟩ too."""
    return html.escape(_UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text))


def button(label: str, act: str, kind: str = "", hint: str = "", pressed: bool | None = None, **values: object) -> str:
    """A button that page.js turns into an act, with these values; `pressed` is None where it is not one of a choice."""
    data = "".join(f' data-{key}="{attribute(str(value))}"' for key, value in values.items())
    tip = f' title="{attribute(hint)}" aria-label="{attribute(hint)}"' if hint else ""
    state = "" if pressed is None else f' aria-pressed="{"true" if pressed else "false"}"'
    return f'<button type="button" class="{kind}"{state} data-act="{act}"{data}{tip}>{label}</button>'


def pages(act: str, offset: int, size: int, total: int, words: Words, **values: object) -> str:
    """Where a part of a list stands in it, and the buttons to the parts before and after; nothing where the list is one part."""
    if total <= size:
        return ""
    back = button(words["back"], act, "plain", offset=offset - size, **values) if offset else ""
    on = button(words["on"], act, "plain", offset=offset + size, **values) if offset + size < total else ""
    return f'<div class="pages">{back}<span>{offset + 1}–{min(offset + size, total)} / {total}</span>{on}</div>'


def title(document: Description) -> str:
    return f'<span class="title">{shown(document.called)}</span>'


def facts(document: Description, words: Words, location: str = "") -> str:
    told = [document.issuer, date(document.date, words), location, document.name]
    return '<p class="facts">' + "".join(f"<span>{shown(fact)}</span>" for fact in told if fact) + "</p>"


def date(iso: str, words: Words) -> str:
    """As ISO 8601 has it; --11-20, a day without a year, in words."""
    day = re.fullmatch(r"--(\d\d)-(\d\d)", iso)
    return words["no_year"].format(month=int(day[1]), day=int(day[2])) if day else iso


def headings(passage: Passage) -> str:
    return f'<p class="headings">{" › ".join(map(shown, passage.headings))}</p>' if passage.headings else ""
