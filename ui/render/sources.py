"""The panel of sources: the cited passages with their quotations marked and verified, or the nearest ones after a refusal."""

from __future__ import annotations

from collections.abc import Iterable

from qa import Answer, Citation, Hit, Turn
from ui.render.answer import NEAREST
from ui.render.text import button, facts, headings, shown, title
from ui.strings import Words
from ui.verdicts import known


def panel(turns: Iterable[Turn], words: Words) -> str:
    """The sources of each turn, the latest first and open."""
    sections = [
        f'<details class="turn" data-turn="{turn.number}"><summary>{shown(turn.question)}</summary>{entries}</details>'
        for turn in turns
        if (entries := sources(turn.answer, turn.number, words))
    ]
    sections[-1:] = [section.replace("<details", "<details open", 1) for section in sections[-1:]]
    note = "" if sections else f'<p class="hint">{words["sources_note"]}</p>'
    return f'<div class="panel"><h2>{words["sources"]}</h2>{note}{"".join(reversed(sections))}</div>'


def sources(answer: Answer, turn: int, words: Words) -> str:
    """The panel's entries for one answer: the cited passages, or after a refusal the nearest ones."""
    if answer.citations:
        return _cited_passages(answer.citations, turn, words)
    if not answer.hits:
        return ""
    near = "".join(_near_passage(hit, turn, number, words) for number, hit in enumerate(answer.hits[:NEAREST]))
    return f'<p class="hint">{words["nearest"]}</p>{near}'


def _cited_passages(citations: Iterable[Citation], turn: int, words: Words) -> str:
    """One entry a passage, however many quotations were taken from it, in the order of the passages' first marks."""
    groups: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.document.key, citation.passage.start), []).append(citation)
    return "".join(_cited_passage(group, turn, words) for group in groups.values())


def _cited_passage(citations: list[Citation], turn: int, words: Words) -> str:
    first = citations[0]
    numbers = "".join(f'<a class="number" href="#mark-{turn}-{c.number}" title="{words["to_answer"]}">[{c.number}]</a>' for c in citations)
    if not first.passage.text:
        anchors = "".join(f'<span id="source-{turn}-{c.number}" tabindex="-1"></span>' for c in citations)
        return f'<article class="source gone">{anchors}<header>{numbers}{title(first.document)}</header><p class="state missing">{words["gone"]}</p></article>'
    locations = "、".join(dict.fromkeys(c.location for c in citations if c.location))
    states = "".join(_state(citation, words) for citation in citations)
    opens = button(words["read"], "read", "plain open", turn=turn, number=first.number)
    return (
        f'<article class="source"><header>{numbers}{title(first.document)}</header>'
        f"{facts(first.document, words, locations)}{headings(first.passage)}"
        f'<div class="passage">{_marked(citations, turn)}</div><footer>{states}{opens}</footer></article>'
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
    """Verified or not. Where the file has to be read for it, page.js asks for the verdict and puts it in."""
    verdict = known(citation)
    state = verdict.state if verdict else "checking"
    repaired = f'<span class="repaired">{words["repaired"].format(count=len(citation.repaired))}</span>' if citation.repaired else ""
    reason = shown(verdict.reason) if verdict and verdict.state != "ok" else ""
    return (
        f'<span class="state {state}" data-number="{citation.number}"><b>[{citation.number}]</b> <span>{words[state]}</span></span>'
        f'<span class="reason">{reason}</span>{repaired}'
    )


def _near_passage(hit: Hit, turn: int, number: int, words: Words) -> str:
    opens = button(words["read"], "read", "plain open", turn=turn, near=number)
    return (
        f'<article class="source near"><header>{title(hit.document)}</header>{facts(hit.document, words)}'
        f'{headings(hit.passage)}<div class="passage" tabindex="0">{shown(hit.passage.text)}</div><footer>{opens}</footer></article>'
    )
