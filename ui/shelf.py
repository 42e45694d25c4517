"""The library's documents as the page shows them: by names that tell nothing (a key is a path), searched, a page at a time."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection
from dataclasses import dataclass

from qa import Description, Library, NoSuchDocument, to_simplified

ID = "[0-9a-f]{32}"  # what a document, a conversation, a draft and a batch of files are named by: 128 bits
PAGE = 50  # documents shown at once
_GONE = "资料库里没有这份文件，它可能已被移除。"


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


@dataclass(frozen=True, slots=True)
class _Listed:
    """The documents of a library at one generation."""

    generation: int
    documents: dict[str, Description]  # by key, the latest first
    searched: list[str]
    keys: dict[str, str]  # by opaque name


class Shelf:
    """The documents, read again when the library has changed."""

    def __init__(self, library: Library):
        self._library = library
        self._lock = threading.Lock()
        self._listed = _Listed(-1, {}, [], {})

    def _now(self) -> _Listed:
        with self._lock:
            generation = self._library.generation
            if generation != self._listed.generation:
                documents = {document.key: document for document in reversed(self._library.documents())}
                self._listed = _Listed(generation, documents, [_searched(document) for document in documents.values()], {opaque(key): key for key in documents})
            return self._listed

    def __len__(self) -> int:
        return len(self._now().documents)

    def find(self, query: str = "", offset: int = 0, limit: int = PAGE) -> Sheet:
        """The documents whose title, name, issuer, date or numbers hold every word of the query; simplified finds traditional."""
        listed, words = self._now(), _folded(query).split()
        found = [document for document, text in zip(listed.documents.values(), listed.searched) if all(word in text for word in words)]
        offset = min(max(offset, 0), max(len(found) - 1, 0) // limit * limit)
        return Sheet(tuple(found[offset : offset + limit]), query, offset, len(found))

    def key(self, id: str) -> str:
        """The key of the document with this opaque name. Raises NoSuchDocument."""
        key = self._now().keys.get(id)
        if key is None:
            raise NoSuchDocument(_GONE)
        return key

    def keys(self, ids: Collection[str]) -> list[str]:
        """The keys of those that are still there."""
        known = self._now().keys if ids else {}
        return [known[id] for id in ids if id in known]

    def chosen(self, ids: Collection[str]) -> list[str]:
        """The keys of all of them. Raises NoSuchDocument."""
        return [self.key(id) for id in ids]

    def description(self, key: str) -> Description:
        """The description of the document with this key. Raises NoSuchDocument."""
        found = self._now().documents.get(key)
        if found is None:
            raise NoSuchDocument(_GONE)
        return found

    def with_digest(self, digest: str) -> Description | None:
        """A document that was read from the same bytes, if there is one."""
        return next((document for document in self._now().documents.values() if document.digest == digest), None)


def _searched(document: Description) -> str:
    return _folded(" ".join([document.title, document.name, document.issuer, document.date, *(field.value for field in document.fields)]))


def _folded(text: str) -> str:
    return to_simplified(text).lower()
