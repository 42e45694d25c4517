"""From an answer to the HTML of the page.

Everything that comes from a document, a file name or a user is escaped here, and only here: `shown` is the one door.
Nothing is sanitised, because nothing is trusted to be HTML. `{turn}` numbers the questions of a conversation, so that
`mark-2-1` (in the second answer) and `source-2-1` (in the panel) lead to each other.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from qa import Answer, Citation, Description, Hit, Passage
from ui.strings import STRINGS, Words

# Characters that a reader cannot see but that change what he sees: controls (a line feed and a tab excepted), bidirectional
# and zero-width formatting, tag characters, lone surrogates (which no page can be encoded with).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SURE, _FAIRLY = 0.8, 0.5  # the share of right answers that a calibrated confidence promises
_LISTED = 50  # documents named before the first question
_NEAREST = 5  # passages shown after a refusal


def shown(text: str) -> str:
    """The text as text: HTML escaped, unseen characters made visible as ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda found: f'<span class="unseen">⟨U+{ord(found[0]):04X}⟩</span>', html.escape(text))


# ------------------------------------------------------------------------------------------------------- the first screen


def header(count: int, words: Words) -> str:
    languages = "".join(_language(name, STRINGS[name] is words) for name in STRINGS)
    return (
        f'<div class="page-header"><h1>{words["product"]}</h1><span class="motto">{words["motto"]}</span>'
        f'<span class="count">{words["documents"].format(count=count)}</span><nav>{languages}</nav></div>'
    )


def _language(name: str, current: bool) -> str:
    state = ' aria-current="true"' if current else ""
    return f'<a href="?lang={name}" lang="{name}"{state}>{STRINGS[name]["language"]}</a>'


def welcome(count: int, words: Words) -> str:
    title, note = ("welcome", "welcome_note") if count else ("empty", "empty_note")
    return f'<div class="welcome"><h2>{words[title]}</h2><p>{words[note]}</p></div>'


# ------------------------------------------------------------------------------------------------------ the conversation


def question_bubble(question: str) -> str:
    return f'<div class="question">{shown(question)}</div>'


def answer_bubble(answer: Answer, asked: str, turn: int, words: Words) -> str:
    """An answer in the conversation: the product's own words apart from the quotations, each with its mark."""
    body = _quotations(answer, turn, words) if answer.answered else _refusal(answer, words)
    return f'<div class="answer">{_understood(answer, asked, words)}{body}{_notice(answer)}</div>'


def _understood(answer: Answer, asked: str, words: Words) -> str:
    if answer.question.strip() == asked.strip():
        return ""
    return f'<p class="understood">{words["understood"].format(question=shown(answer.question))}</p>'


def _quotations(answer: Answer, turn: int, words: Words) -> str:
    pieces, marked = [], set()
    for part in answer.parts:
        if part.kind == "quote":
            mark = _mark(turn, part.number, part.number not in marked, words)
            body, end = part.text[:-2], part.text[-2:]  # the mark stays on the line of the last word and its full stop
            pieces.append(f'<blockquote>{shown(body)}<span class="end">{shown(end)}{mark}</span></blockquote>')
            marked.add(part.number)
        elif part.text.strip():
            pieces.append(f'<p class="own">{shown(part.text.strip())}</p>')
    return "".join(pieces) + f'<p class="sure">{_how_sure(answer.confidence, words)}</p>'


def _mark(turn: int, number: int, first: bool, words: Words) -> str:
    """[1], leading to its source; the first mark of a number is where the source leads back to."""
    name = f' id="mark-{turn}-{number}"' if first else ""
    label = words["to_source"].format(number=number)
    return f'<a class="mark"{name} href="#source-{turn}-{number}" title="{label}" aria-label="{label}">[{number}]</a>'


def _how_sure(confidence: float, words: Words) -> str:
    return words["sure" if confidence >= _SURE else "fairly" if confidence >= _FAIRLY else "unsure"]


def _refusal(answer: Answer, words: Words) -> str:
    nearest = f'<p>{words["nearest_note"].format(count=len(answer.hits[:_NEAREST]))}</p>' if answer.hits else ""
    return f'<div class="refusal"><strong>{shown(answer.text)}</strong>{nearest}</div>'


def _notice(answer: Answer) -> str:
    return f'<p class="notice">{shown(answer.notice)}</p>' if answer.notice else ""


def failure(message: str) -> str:
    return f'<div class="answer"><div class="refusal">{shown(message)}</div></div>'


# ------------------------------------------------------------------------------------------------------------ the panel


def panel(turns: Iterable[tuple[str, str]], words: Words) -> str:
    """The sources of each (question, sources), the latest first and open."""
    sections = [
        f'<details class="turn"><summary>{shown(question)}</summary>{entries}</details>'
        for question, entries in turns
        if entries
    ]
    sections[-1:] = [section.replace("<details", "<details open", 1) for section in sections[-1:]]
    return f'<div class="panel"><h2>{words["sources"]}</h2>{"".join(reversed(sections))}</div>'


def contents(documents: Sequence[Description], words: Words) -> str:
    """What the panel shows before the first question: what there is to ask about."""
    listed = "".join(f"<li>{_title(document)}{_facts(document, words)}</li>" for document in documents[:_LISTED])
    return (
        f'<div class="panel"><h2>{words["contents"]}</h2><ul class="contents">{listed}</ul>'
        f'<h2>{words["sources"]}</h2><p class="hint">{words["sources_note"]}</p></div>'
    )


def sources(answer: Answer, turn: int, words: Words) -> str:
    """The panel's entries for one answer: the cited passages, or after a refusal the nearest ones."""
    if answer.citations:
        return _cited_passages(answer.citations, turn, words)
    if not answer.hits:
        return ""
    return f'<p class="hint">{words["nearest"]}</p>' + "".join(_near_passage(hit, words) for hit in answer.hits[:_NEAREST])


def _cited_passages(citations: Iterable[Citation], turn: int, words: Words) -> str:
    """One entry a passage, however many quotations were taken from it, in the order of the passages' first marks."""
    groups: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.document.key, citation.passage.start), []).append(citation)
    return "".join(_cited_passage(group, turn, words) for group in groups.values())


def _cited_passage(citations: list[Citation], turn: int, words: Words) -> str:
    first = citations[0]
    numbers = "".join(
        f'<a class="number" href="#mark-{turn}-{c.number}" title="{words["to_answer"]}">[{c.number}]</a>' for c in citations
    )
    locations = "、".join(dict.fromkeys(c.location for c in citations if c.location))
    states = "".join(_state(citation, words) for citation in citations)
    return (
        f'<article class="source"><header>{numbers}{_title(first.document)}</header>'
        f"{_facts(first.document, words, locations)}{_headings(first.passage)}"
        f'<div class="passage">{_marked(citations, turn)}</div><footer>{states}</footer></article>'
    )


def _marked(citations: list[Citation], turn: int) -> str:
    """The passage with its quotations marked, by their offsets; where two overlap, the later one begins after the earlier."""
    text, pieces, at = citations[0].passage.text, [], 0
    for citation in sorted(citations, key=lambda citation: citation.passage_span):
        start, end = citation.passage_span
        start = max(start, at)
        end = max(end, start)
        pieces += [shown(text[at:start]), f'<mark id="source-{turn}-{citation.number}" data-number="{citation.number}" tabindex="-1">']
        pieces += [shown(text[start:end]), "</mark>"]
        at = end
    return "".join(pieces) + shown(text[at:])


def _state(citation: Citation, words: Words) -> str:
    verdict = citation.verify()
    repaired = f'<span class="repaired">{words["repaired"].format(count=len(citation.repaired))}</span>' if citation.repaired else ""
    reason = f'<span class="reason">{shown(verdict.reason)}</span>' if verdict.state != "ok" else ""
    return f'<span class="state {verdict.state}">[{citation.number}] {words[verdict.state]}</span>{reason}{repaired}'


def _near_passage(hit: Hit, words: Words) -> str:
    return (
        f'<article class="source near"><header>{_title(hit.document)}</header>{_facts(hit.document, words)}'
        f'{_headings(hit.passage)}<div class="passage">{shown(hit.passage.text)}</div></article>'
    )


def _title(document: Description) -> str:
    return f'<span class="title">{shown(document.title or document.name)}</span>'


def _facts(document: Description, words: Words, location: str = "") -> str:
    facts = [document.issuer, _date(document.date, words), location, document.name]
    return '<p class="facts">' + "".join(f"<span>{shown(fact)}</span>" for fact in facts if fact) + "</p>"


def _date(date: str, words: Words) -> str:
    """As ISO 8601 has it; --11-20, a day without a year, in words."""
    day = re.fullmatch(r"--(\d\d)-(\d\d)", date)
    return words["no_year"].format(month=int(day[1]), day=int(day[2])) if day else date


def _headings(passage: Passage) -> str:
    return f'<p class="headings">{" › ".join(map(shown, passage.headings))}</p>' if passage.headings else ""
