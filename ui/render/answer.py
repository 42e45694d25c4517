"""The conversation: questions, answers with their marks, refusals, and what can be done with an answer.

`mark-2-1` (in the second answer) and `source-2-1` (in the panel) lead to each other.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from qa import Answer, Part, Turn, to_simplified
from ui.render.text import attribute, button, shown
from ui.strings import Words

_SURE, _FAIRLY = 0.8, 0.5  # the share of right answers that a calibrated confidence promises
NEAREST = 5  # passages shown after a refusal
_VERDICTS = ("useful", "useless", "wrong_citation")


def question_bubble(question: str) -> str:
    return f'<div class="question">{shown(question)}</div>'


def waiting(words: Words) -> str:
    return f'<div class="waiting" role="status"><span>{words["searching"]}</span>{button(words["stop"], "stop", "plain")}</div>'


def failure(message: str) -> str:
    return f'<div class="answer"><div class="refusal">{shown(message)}</div></div>'


def answer_bubble(turn: Turn, conversation: str, words: Words) -> str:
    """An answer in the conversation: the product's own words apart from the quotations, each with its mark."""
    answer = turn.answer
    body = _answered(answer, turn.number, words) if answer.answered else _refusal(answer, turn.number, words)
    return f'<div class="answer">{_understood(answer, turn.question, words)}{body}{_foot(turn, conversation, words)}</div>'


def _understood(answer: Answer, asked: str, words: Words) -> str:
    if answer.question.strip() == asked.strip():
        return ""
    return f'<p class="understood">{words["understood"].format(question=shown(answer.question))}</p>'


def _answered(answer: Answer, turn: int, words: Words) -> str:
    return f'{_parts(answer.parts, turn, words)}<p class="sure">{_how_sure(answer.confidence, words)}</p>{_notice(answer)}'


def _parts(parts: Sequence[Part], turn: int, words: Words) -> str:
    pieces, marked = [], set()
    for part in parts:
        if part.kind == "quote":
            mark = _mark(turn, part.number, part.number not in marked, words)
            pieces.append(f"<blockquote>{_written(part.text, mark)}{_simplified(part.text, mark)}</blockquote>")
            marked.add(part.number)
        elif part.text.strip():
            pieces.append(f'<p class="own">{shown(part.text.strip())}</p>')
    return "".join(pieces)


def _written(text: str, mark: str) -> str:
    kind = "" if text == to_simplified(text) else ' class="written"'
    return f"<span{kind}>{_with_mark(text, mark)}</span>"


def _simplified(text: str, mark: str) -> str:
    """The quotation once more in simplified script, where that is another text; shown when the reader asks for it."""
    simplified = to_simplified(text)
    return "" if simplified == text else f'<span class="simplified" lang="zh-Hans">{_with_mark(simplified, mark.replace(" id=", " data-id="))}</span>'


def _with_mark(text: str, mark: str) -> str:
    body, end = text[:-2], text[-2:]  # the mark stays on the line of the last word and its full stop
    return f'{shown(body)}<span class="end">{shown(end)}{mark}</span>'


def _mark(turn: int, number: int, first: bool, words: Words) -> str:
    """[1], leading to its source; the first mark of a number is where the source leads back to."""
    name = f' id="mark-{turn}-{number}"' if first else ""
    label = words["to_source"].format(number=number)
    return f'<a class="mark"{name} href="#source-{turn}-{number}" title="{label}" aria-label="{label}">[{number}]</a>'


def _how_sure(confidence: float, words: Words) -> str:
    return words["sure" if confidence >= _SURE else "fairly" if confidence >= _FAIRLY else "unsure"]


def _refusal(answer: Answer, turn: int, words: Words) -> str:
    """That the documents do not say it, and what they say instead, if there is something."""
    nearest = f'<p>{words["nearest_note"].format(count=len(answer.hits[:NEAREST]))}</p>' if answer.hits and not answer.citations else ""
    instead = _parts(answer.parts[1:], turn, words) if answer.citations else _notice(answer)
    return f'<div class="refusal" id="mark-{turn}-0"><strong>{words["refusal"]}</strong>{nearest}</div>{instead}'


def _notice(answer: Answer) -> str:
    return f'<p class="notice">{shown(answer.notice)}</p>' if answer.notice else ""


# ------------------------------------------------------------------------------------------ what can be done with an answer


def _foot(turn: Turn, conversation: str, words: Words) -> str:
    taken = _taking(turn, conversation, words) if turn.answer.citations else ""
    verdicts = "".join(
        button(words[verdict], "judge", "plain", pressed=turn.verdict == verdict, turn=turn.number, verdict=verdict)
        for verdict in _VERDICTS
        if verdict != "wrong_citation" or turn.answer.citations
    )
    return f'<div class="foot">{taken}<span class="verdicts" role="group" aria-label="{words["feedback"]}">{verdicts}</span></div>'


def _taking(turn: Turn, conversation: str, words: Words) -> str:
    links = "".join(
        f'<a href="/conversations/{conversation}/export.{ending}?turn={turn.number}" download>{label}</a>' for ending, label in (("docx", "Word"), ("md", "Markdown"))
    )
    other = any(to_simplified(part.text) != part.text for part in turn.answer.parts if part.kind == "quote")
    script = button(words["simplified"], "script", "plain") if other else ""
    return (
        f'<button type="button" class="plain" data-copy="{attribute(plain(turn.answer))}" data-copied="{words["copied"]}">{words["copy"]}</button>'
        f'<template class="rich">{rich(turn.answer)}</template><span class="export">{words["export"]} {links}</span>{script}'
    )


def plain(answer: Answer) -> str:
    """The answer with its references, to be pasted as text."""
    references = "\n".join(f"[{citation.number}] {citation.reference}" for citation in answer.citations)
    return f"{answer.text.strip()}\n\n{references}\n"


def rich(answer: Answer) -> str:
    """The same to be pasted into a text processor."""
    quoted = "".join(
        f"<blockquote>{html.escape(part.text)}[{part.number}]</blockquote>" if part.kind == "quote" else f"<p>{html.escape(part.text.strip())}</p>" for part in answer.parts
    )
    return quoted + "".join(f"<p>[{citation.number}] {html.escape(citation.reference)}</p>" for citation in answer.citations)
