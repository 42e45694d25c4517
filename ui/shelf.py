"""The library's documents as the page shows them: by names that tell nothing (a key is a path), searched, a page at a time."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from qa import Description, Library, NoSuchDocument, to_simplified

PAGE = 50  # documents shown at once


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the list: of `total` documents that match, those from `offset` on."""

    documents: tuple[Description, ...]
    query: str
    offset: int
    total: int


def opaque(key: str) -> str:
    """The name of a document in addresses: 128 bits, from which its path cannot be read."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32]


class Shelf:
    """The documents, read again when the library has changed."""

    def __init__(self, library: Library):
        self._library = library
        self._lock = threading.Lock()
        self._generation = -1
        self._documents: list[Description] = []
        self._searched: list[str] = []
        self._keys: dict[str, str] = {}

    def _fresh(self) -> None:
        with self._lock:
            generation = self._library.generation
            if generation != self._generation:
                self._documents = self._library.documents()[::-1]  # the latest first
                self._searched = [_searched(document) for document in self._documents]
                self._keys = {opaque(document.key): document.key for document in self._documents}
                self._generation = generation

    def __len__(self) -> int:
        self._fresh()
        return len(self._documents)

    def find(self, query: str = "", offset: int = 0, limit: int = PAGE) -> Sheet:
        """The documents whose title, name, issuer, date or numbers hold every word of the query; simplified finds traditional."""
        self._fresh()
        words = _folded(query).split()
        found = [document for document, text in zip(self._documents, self._searched) if all(word in text for word in words)]
        offset = min(max(offset, 0), max(len(found) - 1, 0) // limit * limit)
        return Sheet(tuple(found[offset : offset + limit]), query, offset, len(found))

    def key(self, id: str) -> str:
        """The key of the document with this opaque name. Raises NoSuchDocument."""
        self._fresh()
        if id not in self._keys:
            raise NoSuchDocument("资料库里没有这份文件，它可能已被移除。")
        return self._keys[id]

    def keys(self, ids: Iterable[str]) -> list[str]:
        """The keys of those that are still there."""
        self._fresh()
        return [self._keys[id] for id in ids if id in self._keys]

    def description(self, key: str) -> Description:
        """The description of the document with this key. Raises NoSuchDocument."""
        self._fresh()
        for document in self._documents:
            if document.key == key:
                return document
        raise NoSuchDocument("资料库里没有这份文件，它可能已被移除。")

    def with_digest(self, digest: str) -> Description | None:
        """A document that was read from the same bytes, if there is one."""
        self._fresh()
        return next((document for document in self._documents if document.digest == digest), None)


def _searched(document: Description) -> str:
    return _folded(" ".join([document.title, document.name, document.issuer, document.date, *(field.value for field in document.fields)]))


def _folded(text: str) -> str:
    return to_simplified(text).lower()
