"""The one truth of a library: SQLite with documents, passages, vectors and postings.

One transaction per document: it is there with all its passages, vectors and postings, or not at all, whatever is killed
when. Only a large document comes in several; until the last one it has no key that anybody knows, everybody reads the library
as it was, and what a kill leaves of it is taken out when the library is opened.

One process owns a library (a lock file that the system releases when the process dies), one connection writes, and one lock
covers everything on it, commits and checkpoints included: SQLite before 3.51.3 can damage a database when one connection
checkpoints while another commits (https://sqlite.org/wal.html#walresetbug), so there are no automatic checkpoints and no
memory mapping. A second connection only reads, while a large document comes in.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from qa.layout import as_bytes, as_text, bound, description_json, description_of, document_of, layout_json, pack, unpack
from qa.types import Description, Document, LibraryDamaged, LibraryInUse, NoSuchDocument, Passage, Span

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL UNIQUE,   -- bytes: a file name need not be UTF-8
    path BLOB NOT NULL,
    description TEXT NOT NULL,  -- JSON of what else a Description holds
    source BLOB NOT NULL,       -- the decoded file, compressed: quotes can be shown when the file is gone
    layout BLOB NOT NULL        -- runs, repairs ... of the Document, JSON, compressed
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    headings TEXT NOT NULL,     -- JSON
    context TEXT NOT NULL,
    lead TEXT NOT NULL DEFAULT '[]', -- JSON
    sentences BLOB NOT NULL,    -- int32 pairs (start, end) within the text
    vectors BLOB NOT NULL       -- float16, (1 + sentences, dimension): the passage with its headings, then each sentence
);
CREATE INDEX passages_of_document ON passages(document);
-- Terms come ready-made from fold.terms; the tokenizer only cuts at spaces.
CREATE VIRTUAL TABLE postings USING fts5(own, around, tokenize = "unicode61 remove_diacritics 0 tokenchars '_.%'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(postings, 'row');
"""
# What people set by hand about a document outlives its readings, so it hangs on the key. Libraries of the first builds lack it.
_FACTS = "CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID"
# Libraries of the first builds lack the lead; `youju rebuild` does not read files, so theirs stays empty until a file is read again.
_LEAD = "ALTER TABLE passages ADD COLUMN lead TEXT NOT NULL DEFAULT '[]'"
# A large file has its further volumes here, the first one in its row of documents. Libraries of the first builds lack the table.
_VOLUMES = """
CREATE TABLE IF NOT EXISTS volumes (
    document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    start INTEGER NOT NULL,     -- where it begins in the text of the whole document
    source_start INTEGER NOT NULL,
    line INTEGER NOT NULL,      -- the line ends before it
    source BLOB NOT NULL,
    layout BLOB NOT NULL,
    PRIMARY KEY (document, start)
)"""
_INCOMPLETE = b"\0incomplete"  # the key of a large document that is coming in: no path, and no name that anybody types
_CHECKPOINT_PAGES = 4000  # 16 MB of write-ahead log: about 300 documents


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as it is stored: its vectors are float16 of shape (1 + len(sentences), dimension)."""

    id: int
    document: int
    passage: Passage
    sentences: tuple[Span, ...]
    vectors: np.ndarray


class Store:
    """The database in a folder; created, empty, when it is not there. Raises LibraryInUse, LibraryDamaged."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "library.db"
        self._owner = folder / "owner"
        self._file_lock = FileLock(folder / "lock")
        try:
            self._file_lock.acquire(timeout=0)
        except Timeout:
            raise LibraryInUse(f"资料库“{folder}”正被另一个进程使用（PID {_read(self._owner)}）。请先关闭它，或用 --library 换一个文件夹。") from None
        self._owner.write_text(str(os.getpid()))
        self._lock = threading.RLock()
        self._ranges: tuple = (-1,)
        self._as_it_was: sqlite3.Connection | None = None
        self._reading_past = False
        try:
            self._connect()
            self._reads = (self._db, self._lock)
        except BaseException:
            self._file_lock.release()
            raise

    def _connect(self) -> None:
        self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0", "mmap_size = 0", "foreign_keys = ON", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;")
            if version <= _SCHEMA_VERSION:
                self._db.execute(_FACTS)
                self._db.execute(_VOLUMES)
                if not any(column[1] == "lead" for column in self._db.execute("PRAGMA table_info(passages)")):
                    self._db.execute(_LEAD)
                self._take_out_incomplete()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise LibraryDamaged(f"资料库文件“{self.path}”打不开或已损坏（{error}）。请从备份恢复，或删除该文件夹后重新导入。") from error
        if version > _SCHEMA_VERSION:
            self._db.close()
            raise LibraryDamaged(f"资料库“{self.path}”由更新版本的有据建立，请先升级程序。")

    def close(self) -> None:
        """Folds the log into the database and gives the library back. Closing twice is fine."""
        with self._lock:
            if self._file_lock.is_locked:
                if self._as_it_was:
                    self._as_it_was.close()
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self._db.close()
                self._owner.unlink(missing_ok=True)
                self._file_lock.release()

    # -- writing

    def write(self, document: Document, description: Description, entries: Sequence[Entry], postings: Sequence[tuple[str, str]]) -> tuple[list[int], list[int]]:
        """Puts a document in place of what has its key; gives the ids of its passages and of those it replaced.

        `entries` are in order, their ids are not used; `postings` are the terms of each passage and of what stands around it.
        """
        with self._transaction() as db:
            replaced = self._delete(db, as_bytes(description.key))
            row = _write_document(db, document, description, as_bytes(description.key))
            return _write_passages(db, row, entries, postings), replaced

    def write_volumes(self, description: Description, volumes: Iterable[tuple[Document, Sequence[Entry], Sequence[tuple[str, str]]]]) -> None:
        """Puts a large document in place of what has its key: volumes with their passages as `write` takes them, each in a
        transaction of its own. Nobody waits longer than for one, and everybody reads the library as it was until all are in."""
        with self._reading_as_it_was():
            try:
                row = 0
                for document, entries, postings in volumes:
                    with self._change() as db:
                        row = _write_volume(db, row, document) if row else _write_document(db, document, description, _INCOMPLETE)
                        _write_passages(db, row, entries, postings)
                with self._transaction() as db:
                    self._delete(db, as_bytes(description.key))
                    db.execute("UPDATE documents SET key = ? WHERE id = ?", (as_bytes(description.key), row))
            except BaseException:
                self._take_out_incomplete()
                raise
        self._forget()

    def _take_out_incomplete(self) -> None:
        if self._db.execute("SELECT 1 FROM documents WHERE key = ?", (_INCOMPLETE,)).fetchone():
            with self._change() as db:
                self._delete(db, _INCOMPLETE)

    @contextlib.contextmanager
    def _reading_as_it_was(self) -> Iterator[None]:
        """While it lasts, everything but what is kept beside the documents is read from the library as it is now."""
        with self._lock:
            if self._as_it_was is None:
                self._as_it_was = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
                self._as_it_was.execute("PRAGMA query_only = ON")
            self._as_it_was.execute("BEGIN")
            self._as_it_was.execute("SELECT count(*) FROM meta").fetchone()  # what is read from now on is of this moment
            lock = threading.RLock()
            self._reads, self._reading_past = (self._as_it_was, lock), True
        try:
            yield
        finally:
            with self._lock, lock:
                self._reads, self._reading_past = (self._db, self._lock), False
                self._as_it_was.execute("COMMIT")

    def renew(self, made: Callable[[list[Entry]], Iterable[tuple[np.ndarray, tuple[str, str]]]], facts: Mapping[str, str]) -> None:
        """New vectors and postings for all passages, by a thousand, and the facts that go with them: all of it or, when killed, nothing.

        `made` gives for each entry its vectors, (1 + len(entry.sentences), dimension), and the terms of it and of what stands around it.
        """
        with self._transaction() as db:
            last = 0
            while ids := [row[0] for row in db.execute("SELECT id FROM passages WHERE id > ? ORDER BY id LIMIT 1000", (last,))]:
                for id, (vectors, terms) in zip(ids, made(self.entries(ids)), strict=True):
                    db.execute("UPDATE passages SET vectors = ? WHERE id = ?", (vectors.astype(np.float16).tobytes(), id))
                    db.execute("UPDATE postings SET own = ?, around = ? WHERE rowid = ?", (*terms, id))
                last = ids[-1]
            for name, value in facts.items():
                self._set(name, value)

    def remove(self, key: str) -> list[int]:
        """Takes a document out with everything of it; gives the ids of its passages. Raises NoSuchDocument."""
        with self._transaction() as db:
            self.id_of(key)
            db.execute("DELETE FROM facts WHERE key = ?", (as_bytes(key),))
            return self._delete(db, as_bytes(key))

    def facts(self, key: str) -> dict[str, str]:
        """What was set by hand about a document, by name."""
        rows = self._rows("SELECT facts FROM facts WHERE key = ?", (as_bytes(key),))
        return json.loads(rows[0][0]) if rows else {}

    def set_facts(self, description: Description, facts: Mapping[str, str]) -> None:
        """Keeps what was set by hand about a document, with the description that it gives."""
        with self._transaction() as db:
            db.execute("INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET facts = excluded.facts", (as_bytes(description.key), json.dumps(dict(facts))))
            db.execute("UPDATE documents SET description = ? WHERE key = ?", (description_json(description), as_bytes(description.key)))

    def _delete(self, db: sqlite3.Connection, key: bytes) -> list[int]:
        ids = [row[0] for row in db.execute("SELECT p.id FROM passages p JOIN documents d ON d.id = p.document WHERE d.key = ?", (key,))]
        db.executemany("DELETE FROM postings WHERE rowid = ?", ((id,) for id in ids))
        db.execute("DELETE FROM documents WHERE key = ?", (key,))
        return ids

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A change of the documents: another generation."""
        with self._change() as db:
            yield db
            self._set("generation", str(int(db.execute("SELECT coalesce(max(value), 0) FROM meta WHERE name = 'generation'").fetchone()[0]) + 1))
        self._forget()

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            if self._wal_pages() > _CHECKPOINT_PAGES and not self._reading_past:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _forget(self) -> None:
        """After a change of the documents."""
        for cached in (self._volume, self.description, self.counts, self._frequency):
            cached.cache_clear()

    def _wal_pages(self) -> int:
        log = self.path.with_name(self.path.name + "-wal")
        return log.stat().st_size // 4096 if log.exists() else 0

    # -- what is kept beside the documents (qa/conversations.py): not a new generation, the indexes stay as they are

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:
        """The rows of a query, as they are now."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def change(self, statements: Sequence[tuple[str, Sequence[object]]]) -> int:
        """Carries the statements out together or not at all; how many rows the last one changed."""
        with self._change() as db:
            return [db.execute(statement, values).rowcount for statement, values in statements][-1]

    # -- facts about the library

    @property
    def generation(self) -> int:
        """Counts the commits: what was derived at another generation is stale."""
        return int(self.get("generation") or 0)

    def get(self, name: str) -> str | None:
        """A remembered fact: "model", "dense" ..."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def set(self, name: str, value: str) -> None:
        """Remembers a fact about the library; not a new generation."""
        with self._lock:
            self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        self._db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    @functools.lru_cache(maxsize=1)  # noqa: B019 - a store lives as long as its process
    def counts(self) -> tuple[int, int]:
        """How many documents and how many passages there are."""
        return self._rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")[0]

    @property
    def sqlite_version(self) -> str:
        """The version of SQLite in use; those before 3.51.3 have the bug that this file's first lines speak of."""
        return sqlite3.sqlite_version

    def problems(self) -> list[str]:
        """What SQLite and the counts say is wrong; empty when all is well."""
        found = [f"数据库：{row[0]}" for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        orphans = self._rows("SELECT count(*) FROM passages WHERE id NOT IN (SELECT rowid FROM postings)")[0][0]
        orphans += self._rows("SELECT count(*) FROM postings WHERE rowid NOT IN (SELECT id FROM passages)")[0][0]
        return found + ([f"{orphans} 个段落与词条索引不一致"] if orphans else [])

    # -- reading

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:
        db, lock = self._reads
        with lock:
            return db.execute(query, values).fetchall()

    def descriptions(self) -> list[Description]:
        """All documents, in the order in which they came."""
        return [description_of(*row) for row in self._rows("SELECT key, path, description FROM documents ORDER BY id")]

    def digests(self) -> dict[str, str]:
        """For each key the SHA-256 of the file that was read."""
        return {as_text(key): digest for key, digest in self._rows("SELECT key, json_extract(description, '$.digest') FROM documents")}

    def id_of(self, key: str) -> int:
        """The id of the document with this key. Raises NoSuchDocument."""
        rows = self._rows("SELECT id FROM documents WHERE key = ?", (as_bytes(key),))
        if not rows:
            raise NoSuchDocument(f"资料库里没有“{key}”这份文档。用 youju list 查看全部文档。")
        return rows[0][0]

    def titles(self) -> list[tuple[int, str, str, str]]:
        """For each document its id, title, date and file name, by id."""
        fields = ", ".join(f"json_extract(description, '$.{name}')" for name in ("title", "date", "name"))
        return self._rows(f"SELECT id, {fields} FROM documents ORDER BY id")

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - a store lives as long as its process
    def description(self, id: int) -> Description:
        """The description of the document with this id."""
        return description_of(*self._rows("SELECT key, path, description FROM documents WHERE id = ?", (id,))[0])

    def document(self, id: int) -> Document:
        """The document with this id, rebuilt from its source and layout; a large one is as large in memory."""
        volumes = list(self.volumes(id))
        return bound(volumes) if len(volumes) > 1 else volumes[0]

    def volume(self, entry: Entry) -> Document:
        """The document of a passage, of a large one the volume in which it stands. Treat as read-only: it is cached."""
        return self.volume_at(entry.document, entry.passage.start)

    def volume_at(self, id: int, offset: int) -> Document:
        """The document with this id, of a large one the volume in which the offset lies. Treat as read-only: it is cached."""
        rows = self._rows("SELECT max(start) FROM volumes WHERE document = ? AND start <= ?", (id, offset))
        return self._volume(id, rows[0][0] or 0)

    def volumes(self, id: int) -> Iterator[Document]:
        """The document with this id, of a large one its volumes in order, each read when it is asked for."""
        yield self._volume(id, 0)
        for (start,) in self._rows("SELECT start FROM volumes WHERE document = ? ORDER BY start", (id,)):
            yield self._volume.__wrapped__(self, id, start)  # not kept: there are as many as the file is large

    def first_volume(self, document: int) -> Document:
        """The document with this id, of a large one the first volume: what it says about itself stands there. Read-only too."""
        return self._volume(document, 0)

    @functools.lru_cache(maxsize=64)  # noqa: B019 - a store lives as long as its process
    def _volume(self, id: int, start: int) -> Document:
        if start:
            columns = self._rows("SELECT source, layout, start, source_start, line FROM volumes WHERE document = ? AND start = ?", (id, start))[0]
        else:
            columns = self._rows("SELECT source, layout, 0, 0, 0 FROM documents WHERE id = ?", (id,))[0]
        source, layout, *begins = columns
        return document_of(self.description(id), unpack(source), json.loads(unpack(layout)), *begins)

    def entries(self, ids: Sequence[int]) -> list[Entry]:
        """The passages with these ids, in the order of the ids."""
        marks = ",".join("?" * len(ids))
        rows = self._rows(f'SELECT id, document, text, start, "end", headings, context, lead, sentences, vectors FROM passages WHERE id IN ({marks})', tuple(ids))
        found = {row[0]: _entry(row) for row in rows}
        return [found[id] for id in ids if id in found]

    def passages(self, document: int) -> list[Passage]:
        """The passages of the document with this id, in order."""
        return [passage for _, _, passage in self._plain("document = ?", (document,))]

    def postings(self, ids: Sequence[int]) -> list[tuple[list[str], list[str]]]:
        """For each passage its terms and those around it, in the order of the ids, which are sorted."""
        rows = self._rows(f"SELECT own, around FROM postings WHERE rowid IN ({','.join('?' * len(ids))}) ORDER BY rowid", tuple(ids))
        return [(own.split(), around.split()) for own, around in rows]

    def vectors(self, dimension: int) -> Iterator[tuple[list[int], list[np.ndarray]]]:
        """All vectors, by a thousand passages: the passages' ids, and for each its vectors, (1 + sentences, dimension)."""
        last = 0
        while rows := self._rows("SELECT id, vectors FROM passages WHERE id > ? ORDER BY id LIMIT 1000", (last,)):
            yield [id for id, _ in rows], [np.frombuffer(blob, np.float16).reshape(-1, dimension) for _, blob in rows]
            last = rows[-1][0]

    def bm25(self, expression: str, limit: int, weights: tuple[float, float], within: np.ndarray | None = None) -> list[tuple[int, float]]:
        """(passage id, BM25) of the best passages for an FTS5 expression of quoted terms, best first; see `within`."""
        condition = "" if within is None else "AND rowid BETWEEN {} AND {} AND chosen(rowid)".format(*_ends(within))
        query = f"SELECT rowid, -bm25(postings, ?, ?) AS score FROM postings WHERE postings MATCH ? {condition} ORDER BY score DESC, rowid LIMIT ?"
        db, lock = self._reads
        with lock:
            if within is not None:
                db.create_function("chosen", 1, within.tobytes().__getitem__)
            return db.execute(query, (*weights, expression, limit)).fetchall()

    def within(self, keys: Collection[str]) -> np.ndarray:
        """(highest passage id + 1,) bool: the passages of the documents with these keys. Raises NoSuchDocument."""
        return self.within_documents([self.id_of(key) for key in keys])

    def within_documents(self, ids: Sequence[int]) -> np.ndarray:
        """(highest passage id + 1,) bool: the passages of the documents with these ids."""
        first, documents = self._first_passages()
        last = self._rows("SELECT coalesce(max(id), 0) FROM passages")[0][0]
        chosen = np.isin(documents, ids)
        return np.repeat(np.append(False, chosen), np.diff(first, prepend=0, append=last + 1))

    def documents_with(self, expression: str) -> set[int]:
        """The ids of the documents with a passage that an FTS5 expression of quoted terms matches."""
        found = np.array(self._rows("SELECT rowid FROM postings WHERE postings MATCH ?", (expression,)), np.int64).ravel()
        first, documents = self._first_passages()
        return set(documents[np.searchsorted(first, found, side="right") - 1].tolist())

    def holders(self, term: str, limit: int) -> np.ndarray:
        """The ids of the passages in whose own words a term of `fold.terms` stands, or a phrase of them, in order; of more
        than `limit` the first ones."""
        return np.array(self._rows("SELECT rowid FROM postings WHERE postings MATCH ? LIMIT ?", (f'own : "{term}"', limit)), np.int64).ravel()

    def stretch(self, first: int, last: int) -> list[tuple[int, int, Passage]]:
        """(id, document, passage) of the passages with ids from `first` to `last`."""
        return self._plain("id BETWEEN ? AND ?", (first, last))

    def among(self, ids: Sequence[int]) -> list[tuple[int, int, Passage]]:
        """(id, document, passage) of the passages with these ids, by id."""
        return self._plain(f"id IN ({','.join('?' * len(ids))})", tuple(ids))

    def _plain(self, condition: str, values: tuple[int, ...]) -> list[tuple[int, int, Passage]]:
        rows = self._rows(f'SELECT id, document, text, start, "end", headings, context, lead FROM passages WHERE {condition} ORDER BY id', values)
        return [(id, document, _passage(*values)) for id, document, *values in rows]

    def ranges(self) -> dict[int, Span]:
        """For each document its first and last passage."""
        return {document: (first, last) for document, first, last in self._rows("SELECT document, min(id), max(id) FROM passages GROUP BY document")}

    def _first_passages(self) -> tuple[np.ndarray, np.ndarray]:
        """Each document's first passage and the document, in order: its passages' ids follow one another, since documents
        come in one by one. Asking the table for each passage instead reads its vectors' pages, 50 times slower."""
        generation = self.generation
        if self._ranges[0] != generation:
            rows = self._rows("SELECT min(id), document FROM passages GROUP BY document ORDER BY 1")
            self._ranges = (generation, *np.array(rows, np.int64).reshape(-1, 2).T)
        return self._ranges[1:]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; terms that stand nowhere are left out."""
        return {term: found for term in dict.fromkeys(terms) if (found := self._frequency(term))}

    @functools.lru_cache(maxsize=65536)  # noqa: B019 - a store lives as long as its process
    def _frequency(self, term: str) -> int:
        rows = self._rows("SELECT doc FROM vocabulary WHERE term = ?", (term,))
        return rows[0][0] if rows else 0


def _write_document(db: sqlite3.Connection, document: Document, description: Description, key: bytes) -> int:
    """The id of the new row."""
    values = (key, as_bytes(description.path), description_json(description), pack(document.source.text), pack(layout_json(document)))
    return db.execute("INSERT INTO documents (key, path, description, source, layout) VALUES (?, ?, ?, ?, ?)", values).lastrowid


def _write_volume(db: sqlite3.Connection, row: int, volume: Document) -> int:
    """A further volume of a document; the id of its document."""
    source = volume.source
    db.execute("INSERT INTO volumes VALUES (?, ?, ?, ?, ?, ?)", (row, volume.start, source.start, source.line, pack(source.text), pack(layout_json(volume))))
    return row


def _write_passages(db: sqlite3.Connection, document: int, entries: Sequence[Entry], postings: Sequence[tuple[str, str]]) -> list[int]:
    ids = []
    for entry, (own, around) in zip(entries, postings, strict=True):
        passage = entry.passage
        headings, lead = (json.dumps(texts, ensure_ascii=False) for texts in (passage.headings, passage.lead))
        values = (document, passage.text, passage.start, passage.end, headings, passage.context, lead)
        blobs = (np.array(entry.sentences, np.int32).tobytes(), entry.vectors.astype(np.float16).tobytes())
        ids.append(db.execute('INSERT INTO passages (document, text, start, "end", headings, context, lead, sentences, vectors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', values + blobs).lastrowid)
        db.execute("INSERT INTO postings (rowid, own, around) VALUES (?, ?, ?)", (ids[-1], own, around))
    return ids



def _ends(chosen: np.ndarray) -> tuple[int, int]:
    """The first and the last place that is true; (0, -1) when none is."""
    places = np.flatnonzero(chosen)
    return (int(places[0]), int(places[-1])) if len(places) else (0, -1)


def _read(path: Path) -> str:
    return path.read_text().strip() if path.exists() else "?"


def _entry(row: tuple) -> Entry:
    id, document, *values, sentences, vectors = row
    spans = tuple((int(a), int(b)) for a, b in np.frombuffer(sentences, np.int32).reshape(-1, 2))
    return Entry(id, document, _passage(*values), spans, np.frombuffer(vectors, np.float16).reshape(1 + len(spans), -1))


def _passage(text: str, start: int, end: int, headings: str, context: str, lead: str) -> Passage:
    return Passage(text, start, end, tuple(json.loads(headings)), context, tuple(json.loads(lead)))
