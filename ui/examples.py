"""Questions to begin with: suggested by what the library's own documents name, and tried out before they are shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from qa import Answer, Description, Library

# What a document may name, and the question that this suggests, in the language of the documents.
_SUGGESTED = (
    ("speaker", "{}讲了哪几个方面？"),
    ("event_date", "{}开了什么会？"),
    ("person", "{}强调了什么？"),
    ("title", "《{}》提出了哪些要求？"),
)
_TRIED = 12  # documents; a question takes about a tenth of a second
_SHOWN = 4
_SENTENCE_ENDS = ("。", "！", "？", "；", "”")


class Examples:
    """Questions to begin with, thought of again when the library has changed."""

    def __init__(self, library: Library):
        self._library = library
        self._generation, self._questions = -1, []
        self._lock = threading.Lock()

    def questions(self) -> list[str]:
        with self._lock:
            if self._library.generation != self._generation:
                self._generation = self._library.generation
                self._questions = examples(self._library, _SHOWN)
            return self._questions


def examples(library: Library, limit: int) -> list[str]:
    """At most `limit` questions, one a document, that the library answers."""
    chosen: list[str] = []
    for document in library.documents()[:_TRIED]:
        if len(chosen) == limit:
            break
        fresh = (question for question in _questions(document) if question not in chosen)
        chosen += [question for question in fresh if _is_good(library.ask(question))][:1]
    return chosen


def _questions(document: Description) -> Iterator[str]:
    """The first suggestion of each kind."""
    for name, question in _SUGGESTED:
        value = next((field.value for field in document.fields if field.name == name and field.value), "")
        if value:
            yield question.format(_day(value) if name == "event_date" else value)


def _day(date: str) -> str:
    """2021-05-28 as people write it in a question: 5月28日."""
    month, day = date.split("-")[-2:]
    return f"{int(month)}月{int(day)}日"


def _is_good(answer: Answer) -> bool:
    """Whether there is one, and it quotes a whole sentence rather than a heading with the words of the question."""
    return answer.answered and answer.citations[0].quote.rstrip().endswith(_SENTENCE_ENDS)
