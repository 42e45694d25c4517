"""Vectors to a ranking: a thin FAISS index over the passages' vectors.

It is a cache of what the store holds. Fourteen in a hundred randomly damaged FAISS files load without an error, so the file
is loaded only when its SHA-256 and its generation are those that the store remembers; otherwise it is made again.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from qa.store import Store

if TYPE_CHECKING:
    import faiss  # imported where it is used: `youju verify` and `--help` start in half the time without it

_ROWS_PER_PASSAGE = 4  # rows fetched for a passage that is wanted: several sentences of one passage may lead
_BITS = 10  # a vector's id is its passage's id, and behind it, in so many bits, its place among the passage's vectors


class Dense:
    """Inner product over all vectors of a library; a passage counts by its best vector."""

    def __init__(self, store: Store, dimension: int):
        self._store, self._dimension = store, dimension
        self._path = store.path.with_name("dense.faiss")
        self._lock = threading.Lock()
        self._index: faiss.Index | None = None  # until it is needed
        self._generation = -1  # of the store when the index was made

    def search(self, vector: np.ndarray, limit: int, within: np.ndarray | None = None) -> list[tuple[int, float]]:
        """(passage id, cosine of its best vector) of the best passages for a vector of length 1, best first; `within`: see
        `Store.within`."""
        with self._lock:
            rows = min(limit * _ROWS_PER_PASSAGE, self._current().ntotal)
            if rows == 0:
                return []
            scores, ids = self._search(vector.reshape(1, -1).astype(np.float32), rows, within)
        best: dict[int, float] = {}
        for id, score in zip((ids >> _BITS).tolist(), scores.tolist()):
            best[id] = max(score, best.get(id, score))
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]

    def _search(self, vector: np.ndarray, rows: int, within: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The scores and the ids of the best rows. For a choice of passages the index below that of ids is asked, since only
        there it is a bitmap: as a set of ids 10,000 documents take a second."""
        if within is None:
            scores, found = self._index.search(vector, rows)
            return scores[0], found[0]
        import faiss

        ids = faiss.vector_to_array(self._index.id_map)
        bitmap = np.packbits(within[ids >> _BITS], bitorder="little")
        scores, found = self._index.index.search(vector, rows, params=faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap)))
        kept = found[0] >= 0
        return scores[0][kept], ids[found[0][kept]]

    def prepare(self) -> None:
        """Before a change: loads the file, so that what changes is changed in it too. An index that would have to be made anew is
        left for the first search."""
        with self._lock:
            if self._index is None:
                self._index = self._loaded() or (None if self._store.counts()[1] else self._built())

    def forget(self) -> None:
        """Leaves the index to be made anew at the first search: for a change that is too large to follow in memory."""
        with self._lock:
            self._index = None

    def ready(self) -> None:
        """Makes the index now, if it is not there, and writes its file."""
        with self._lock:
            self._current()

    def add(self, ids: Sequence[int], vectors: Sequence[np.ndarray]) -> None:
        """Takes in passages that the store has: their ids, and for each its vectors, (any, dimension)."""
        with self._lock:
            if ids and self._follows():
                _put(self._index, ids, vectors)

    def remove(self, ids: Sequence[int]) -> None:
        """Takes out the passages of one document: their ids follow one another, since documents come in one by one."""
        import faiss

        with self._lock:
            if ids and self._follows():
                self._index.remove_ids(faiss.IDSelectorRange(min(ids) << _BITS, (max(ids) + 1) << _BITS))

    def _follows(self) -> bool:
        """Whether a change is still to be made: not when the index waits to be made, or was made after the store had changed."""
        return self._index is not None and self._generation < self._store.generation

    def save(self) -> None:
        """Writes the file, unless the index waits to be made."""
        with self._lock:
            if self._index is not None:
                self._write()

    def _write(self) -> None:
        """Writes the file beside the old one and puts it in its place, then tells the store which file to trust."""
        import faiss

        temporary = self._path.with_suffix(".tmp")
        generation = self._store.generation
        faiss.write_index(self._index, str(temporary))
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.replace(temporary, self._path)
        self._store.set("dense", f"{generation} {digest}")

    @property
    def size(self) -> int:
        """How many vectors there are."""
        with self._lock:
            return self._current().ntotal

    def _current(self) -> faiss.Index:
        if self._index is None:
            self._index = self._loaded()
        if self._index is None:
            self._index = self._built()
            self._write()
        return self._index

    def _loaded(self) -> faiss.Index | None:
        remembered = (self._store.get("dense") or "").split()
        if not remembered or remembered[0] != str(self._store.generation) or not self._path.is_file():
            return None
        import faiss

        with self._path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != remembered[1]:
                return None
        return faiss.read_index(str(self._path))

    def _built(self) -> faiss.Index:
        import faiss

        self._generation = self._store.generation
        # float16 needs no training and halves the memory; the store holds float16 too, so nothing is lost
        index = faiss.IndexIDMap2(faiss.IndexScalarQuantizer(self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT))
        for ids, vectors in self._store.vectors(self._dimension):
            _put(index, ids, vectors)
        return index


def _put(index: faiss.Index, ids: Sequence[int], vectors: Sequence[np.ndarray]) -> None:
    places = [np.arange(len(block)) + (id << _BITS) for id, block in zip(ids, vectors, strict=True)]
    index.add_with_ids(np.concatenate(vectors).astype(np.float32), np.concatenate(places))
