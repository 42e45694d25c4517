"""What people asked and what they were told, kept in the library; and what they said about it.

A conversation belongs to its owner, the name of a login or "" where there is none; each function takes the owner, and what
belongs to somebody else is as if it were not there. When a document is taken out, its words are taken out of the answers too:
what stays says that the source is gone.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
import re
import sqlite3
from dataclasses import dataclass

from qa.answer import Answer
from qa.cite import Citation
from qa.store import Store
from qa.types import BadRequest, NoSuchConversation, Passage, restored

GONE = "（来源已删除）"
VERDICTS = ("useful", "useless", "wrong_citation")
_ID = re.compile(r"[0-9a-f]{32,64}")  # at least 128 random bits
_TITLE = 80  # characters of a title

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS conversations (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        title TEXT NOT NULL,
        changed TEXT NOT NULL    -- ISO 8601, UTC
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS turns (
        conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        asked TEXT NOT NULL,     -- ISO 8601, UTC
        question TEXT NOT NULL,
        answer TEXT NOT NULL,    -- Answer.to_json
        PRIMARY KEY (conversation, number)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS quoted (  -- which answers show words of which document
        key TEXT NOT NULL,
        conversation TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (key, conversation, number),
        FOREIGN KEY (conversation, number) REFERENCES turns(conversation, number) ON DELETE CASCADE
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS feedback (
        id INTEGER PRIMARY KEY,
        conversation TEXT NOT NULL,
        number INTEGER NOT NULL,
        owner TEXT NOT NULL,
        given TEXT NOT NULL,     -- ISO 8601, UTC
        verdict TEXT NOT NULL,
        comment TEXT NOT NULL,
        question TEXT NOT NULL,  -- kept when the conversation is deleted
        UNIQUE (conversation, number)
    )""",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, as it was typed, with its answer. Numbers begin at 1."""

    number: int
    asked: str
    question: str
    answer: Answer
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list. `changed` is ISO 8601 in UTC."""

    id: str
    title: str
    changed: str
    turns: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody said about an answer: "useful", "useless" or "wrong_citation", with a comment or ""."""

    given: str
    owner: str
    verdict: str
    comment: str
    question: str


class Conversations:
    """The conversations and the feedback in a store."""

    def __init__(self, store: Store):
        self._store = store
        known = store.rows("SELECT count(*) FROM sqlite_master WHERE name = 'feedback'")[0][0]
        if not known:
            store.change([(statement, ()) for statement in _SCHEMA])

    def list(self, owner: str = "", limit: int = 100) -> list[Conversation]:
        """The owner's conversations, the latest first."""
        rows = self._store.rows(
            "SELECT c.id, c.title, c.changed, count(t.number) FROM conversations c JOIN turns t ON t.conversation = c.id"
            " WHERE c.owner = ? GROUP BY c.id ORDER BY c.changed DESC, c.id LIMIT ?",
            (owner, limit),
        )
        return [Conversation(*row) for row in rows]

    def turns(self, id: str, owner: str = "") -> list[Turn]:
        """The turns of a conversation, in order; none for one that has not begun. Raises NoSuchConversation."""
        self._check(id, owner)
        rows = self._store.rows(
            "SELECT t.number, t.asked, t.question, t.answer, coalesce(f.verdict, '') FROM turns t"
            " LEFT JOIN feedback f ON f.conversation = t.conversation AND f.number = t.number WHERE t.conversation = ? ORDER BY t.number",
            (id,),
        )
        return [Turn(number, asked, question, _answer(answer), verdict) for number, asked, question, answer, verdict in rows]

    def keep(self, id: str, question: str, answer: Answer, owner: str = "") -> Turn:
        """Adds a turn; the first one begins the conversation and names it. `id` is at least 128 random bits, hexadecimal."""
        self._check(id, owner)
        now = _now()
        number = self._store.rows("SELECT coalesce(max(number), 0) + 1 FROM turns WHERE conversation = ?", (id,))[0][0]
        keys = {citation.document.key for citation in answer.citations} | {hit.document.key for hit in answer.hits}
        try:
            self._store.change([
                ("INSERT INTO conversations VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET changed = excluded.changed", (id, owner, _clear(question)[:_TITLE], now)),
                ("INSERT INTO turns VALUES (?, ?, ?, ?, ?)", (id, number, now, _clear(question), _json(answer))),
                *(("INSERT INTO quoted VALUES (?, ?, ?)", (_clear(key), id, number)) for key in sorted(keys)),
            ])
        except sqlite3.IntegrityError:  # two pages asked in the same conversation at the same time
            return self.keep(id, question, answer, owner)
        return Turn(number, now, question, answer)

    def rename(self, id: str, title: str, owner: str = "") -> None:
        """Gives the conversation another title. Raises NoSuchConversation."""
        title = " ".join(_clear(title).split())[:_TITLE]
        if not title:
            raise BadRequest("请写一个名称。")
        self._changed(("UPDATE conversations SET title = ? WHERE id = ? AND owner = ?", (title, id, owner)))

    def delete(self, id: str, owner: str = "") -> None:
        """Takes a conversation out. Raises NoSuchConversation."""
        self._changed(("DELETE FROM conversations WHERE id = ? AND owner = ?", (id, owner)))

    def judge(self, id: str, number: int, verdict: str, comment: str = "", owner: str = "") -> None:
        """Keeps what the owner says of an answer, in place of what was said before."""
        if verdict not in VERDICTS:
            raise BadRequest("评价只能是有用、没用或引用有误。")
        self._check(id, owner)
        self._changed((
            "INSERT OR REPLACE INTO feedback (conversation, number, owner, given, verdict, comment, question)"
            " SELECT conversation, number, ?, ?, ?, ?, question FROM turns WHERE conversation = ? AND number = ?",
            (owner, _now(), verdict, _clear(comment)[:2000], id, number),
        ))

    def feedback(self) -> list[Feedback]:
        """What everybody said, the earliest first."""
        return [Feedback(*row) for row in self._store.rows("SELECT given, owner, verdict, comment, question FROM feedback ORDER BY given, id")]

    def forget(self, key: str) -> None:
        """Takes the words of a document out of all answers."""
        rows = self._store.rows(
            "SELECT t.conversation, t.number, t.answer FROM turns t JOIN quoted q ON q.conversation = t.conversation AND q.number = t.number WHERE q.key = ?",
            (_clear(key),),
        )
        changes = [
            ("UPDATE turns SET answer = ? WHERE conversation = ? AND number = ?", (_json(_without(_answer(answer), key)), conversation, number))
            for conversation, number, answer in rows
        ]
        self._store.change([*changes, ("DELETE FROM quoted WHERE key = ?", (_clear(key),))])

    def _check(self, id: str, owner: str) -> None:
        """Raises unless the conversation is the owner's, or not begun."""
        if not _ID.fullmatch(id) or self._store.rows("SELECT 1 FROM conversations WHERE id = ? AND owner != ?", (id, owner)):
            raise NoSuchConversation("没有这个对话。")

    def _changed(self, statement: tuple[str, tuple]) -> None:
        if not self._store.change([statement]):
            raise NoSuchConversation("没有这个对话。")


def _without(answer: Answer, key: str) -> Answer:
    """The answer without the words of this document; marks and places stay."""
    gone = {citation.number for citation in answer.citations if citation.document.key == key}
    parts = tuple(dataclasses.replace(part, text=GONE) if part.number in gone else part for part in answer.parts)
    text = "".join(f"{part.text}[{part.number}]\n" if part.kind == "quote" else part.text for part in parts).strip()
    return dataclasses.replace(
        answer,
        text=text if gone else answer.text,
        parts=parts,
        citations=tuple(_emptied(citation) if citation.number in gone else citation for citation in answer.citations),
        hits=tuple(hit for hit in answer.hits if hit.document.key != key),
        notice="" if gone else answer.notice,
    )


def _emptied(citation: Citation) -> Citation:
    document = dataclasses.replace(citation.document, fields=())
    return dataclasses.replace(citation, quote="", document=document, passage=Passage("", 0, 0), passage_span=(0, 0), spans=(), repaired=())


def _json(answer: Answer) -> str:
    return json.dumps(answer.to_json(), ensure_ascii=True)  # ASCII: a text may hold lone surrogates


@functools.lru_cache(maxsize=1024)  # 2 ms each: a page shows all answers of its conversation again with each new one
def _answer(kept: str) -> Answer:
    """The answer as it was kept; of one that another version kept in another form, its words."""
    stored = json.loads(kept)
    try:
        return restored(Answer, stored)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Answer(str(stored.get("question", "")), str(stored.get("text", "")), False, 0.0, (), ())


def _clear(text: str) -> str:
    """The text as SQLite takes it: lone surrogates as their escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
