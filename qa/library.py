"""A folder of documents that can be asked: open, add, remove, search, ask, check."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from qa import embed, followup, search
from qa.answer import Answer, compose, hit
from qa.cite import Citation, cite
from qa.clean import clean
from qa.confidence import THRESHOLD
from qa.conversations import Conversations
from qa.dense import Dense
from qa.describe import describe
from qa.facts import checked, known, revised
from qa.inspect import noted, together
from qa.lexical import Lexical
from qa.proof import Finding, proof
from qa.quote import ranked, reordered
from qa.read import Volume, digest, divided, from_text, page_image, quote_boxes, read_volumes, survey
from qa.resources import folder as resource
from qa.split import Open, open_headings, sentences, split
from qa.store import Entry, Store
from qa.synonyms import NAME as SYNONYMS
from qa.synonyms import WORDS, Synonyms, word_list
from qa.titles import Titles
from qa.types import BadRequest, Changes, Description, Document, Findings, Hit, Note, OtherModel, Passage, Refused, Span, UnreadableFile, restored
from qa.understand import Question, understand

_LOOKED_AT = 10  # passages, however few are shown
Progress = Callable[[float, int, str], None]
"""Called with (done, total, name of the file) after each file, and within a large one, whose share that is read counts."""


@functools.lru_cache(maxsize=256)
def _around_terms(lexical: Lexical, text: str) -> str:
    """The terms around a passage; those that follow one another mostly stand under the same headings."""
    return " ".join(lexical.terms(text))


def _terms(lexical: Lexical, description: Description, passage: Passage, around: str) -> tuple[str, str]:
    """The terms of a passage and of what stands around it, as the postings hold them."""
    return " ".join(lexical.terms(passage.text)), _around_terms(lexical, f"{around}\n{search.facts_text(description)}")


def _cleaned(document: Document, parts: Iterator[Volume], within: Callable[[float], None]) -> Iterator[Document]:
    """The volumes after the first one, each cleaned when it is asked for, while their share of the file is told."""
    for part in parts:
        within(part.share)
        document = dataclasses.replace(clean(part.source), start=document.start + len(document.text) + 1)
        yield document


def _described(document: Document, key: str, title: str = "") -> Description:
    """What the document says of itself; a title that came with a text without a file is its title, and its source's name."""
    description, name = describe(document, key), "" if document.source.path else document.source.name
    given = title or (name if name != key else "")
    return dataclasses.replace(description, title=given) if given else description


class Library:
    """Documents with their passages, vectors and postings in a folder. One process owns it; its threads may share it.

    Use it in a `with` statement or call `close`.
    """

    def __init__(self, folder: Path, model: str | None = None):
        self.folder = folder
        self._store = Store(folder)
        try:
            self._model = self._remembered_model(model)
            self._static = embed.bundled()
            self._lexical = Lexical(self._store, word_list(folder / WORDS))
            self._dense = Dense(self._store, self._model.dimension)
            self._titles = Titles(self._store)
            self._synonyms = Synonyms([resource("words") / SYNONYMS, folder / SYNONYMS])
            self.conversations = Conversations(self._store)
            self.created = self._store.generation == 0
        except BaseException:
            self._store.close()
            raise
        self._writing = threading.Lock()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        documents, passages = self._store.counts()
        return f"Library({str(self.folder)!r}, {documents} documents, {passages} passages)"

    def close(self) -> None:
        """Gives the library back to other processes."""
        self._store.close()

    # -- what is in it

    def add(self, paths: str | os.PathLike | Iterable[str | os.PathLike], encoding: str | None = None, progress: Progress | None = None) -> Changes:
        """Reads files and folders (recursively) into the library; a file that has not changed is not read again.

        A file that is gone from an added folder is taken out. A file that cannot be read is reported in `failed` and harms
        no other, and what has no reader in `skipped`. `encoding` overrides the detection for text files.
        """
        roots = [Path(os.path.abspath(path)) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
        found = survey(roots)
        files = [str(path) for path in found.files]
        with self._writing:
            self._dense.prepare()
            known = self._store.digests()
            outcome: dict[str, list] = {"added": [], "updated": [], "unchanged": [], "removed": [], "failed": found.failed, "skipped": found.skipped, "notes": []}
            for done, file in enumerate(files, 1):

                def within(share: float, before: int = done - 1, name: str = Path(file).name) -> None:
                    if progress:
                        progress(before + share, len(files), name)

                try:
                    if file in known and digest(file) == known[file]:  # before it is read: a PDF takes seconds to parse
                        outcome["unchanged"].append(file)
                    else:
                        self._put(file, read_volumes(file, encoding), known, outcome, within=within)
                except UnreadableFile as error:
                    outcome["failed"].append(Refused(file, str(error)))
                if progress:
                    progress(done, len(files), Path(file).name)
            present = set(files)
            for key in known:
                if key not in present and any(root in Path(key).parents for root in roots if root.is_dir()) and not Path(key).exists():
                    self._take_out(key)
                    outcome["removed"].append(key)
            self._dense.save()
        return Changes(**{name: tuple(values) for name, values in outcome.items()})

    def add_texts(self, texts: Iterable[tuple[str, str, str]]) -> Changes:
        """Takes in documents that have no file: (key, title, text) each. A text with a known key replaces the old one."""
        with self._writing:
            self._dense.prepare()
            known = self._store.digests()
            outcome: dict[str, list] = {"added": [], "updated": [], "unchanged": [], "failed": [], "notes": []}
            for key, title, text in texts:
                try:
                    self._put(key, divided(from_text(key, title, text)), known, outcome, title)
                except UnreadableFile as error:
                    outcome["failed"].append(Refused(key, str(error)))
            self._dense.save()
        return Changes(**{name: tuple(values) for name, values in outcome.items()})

    def remove(self, key: str) -> None:
        """Takes a document out with everything of it. Raises NoSuchDocument."""
        with self._writing:
            self._dense.prepare()
            self._take_out(key)
            self._dense.save()

    def _take_out(self, key: str) -> None:
        """A document out of the store, the index and the answers that were kept."""
        self._dense.remove(self._store.remove(key))
        self.conversations.forget(key)

    @property
    def generation(self) -> int:
        """Counts the changes to the documents: what was made of them at another generation is stale."""
        return self._store.generation

    def documents(self) -> list[Description]:
        """All documents, in the order in which they came."""
        return self._store.descriptions()

    def document(self, key: str) -> Document:
        """The cleaned text of a document with its source, repairs, deletions, headings and flags. Raises NoSuchDocument."""
        return self._store.document(self._store.id_of(key))

    def passages(self, key: str) -> list[Passage]:
        """The passages of a document, in order: `document.text[p.start:p.end] == p.text`. Raises NoSuchDocument."""
        return self._store.passages(self._store.id_of(key))

    def note(self, key: str) -> Note:
        """What was noticed when a document was read: repairs, what is left, doubts. Raises NoSuchDocument."""
        id = self._store.id_of(key)
        return dataclasses.replace(together([noted(volume, key, 0) for volume in self._store.volumes(id)]), passages=len(self._store.passages(id)))

    def page_image(self, key: str, page: int, width: int = 1200) -> bytes:
        """A page (from 1) of a PDF in the library as PNG, `width` pixels wide or less. Raises NoSuchDocument, UnreadableFile."""
        return page_image(self._path(key), page, width)

    def quote_boxes(self, key: str, page: int, quote: str) -> list[tuple[float, float, float, float]]:
        """Where on that page a quotation stands: (left, top, right, bottom) of each of its lines in fractions of the page, from
        the upper left corner; empty when it does not stand there. Raises NoSuchDocument, UnreadableFile."""
        return quote_boxes(self._path(key), page, quote)

    def _path(self, key: str) -> str:
        path = self._store.description(self._store.id_of(key)).path
        if not os.path.isfile(path):
            raise UnreadableFile(f"找不到原文件：{path or key}")
        return path

    def describe(self, key: str, **facts: str | None) -> Description:
        """Sets facts about a document by hand (None: takes one back) and gives its description; without any it just gives it.

        They are kept when the file is read again and carry the note "by hand". The names are those of `qa.facts.SETTABLE`.
        Raises NoSuchDocument, BadRequest.
        """
        if not facts:
            return self._store.description(self._store.id_of(key))
        with self._writing:
            id = self._store.id_of(key)
            document = self._store.first_volume(id)
            kept = self._store.facts(key) | {name: checked(name, value) for name, value in facts.items() if value is not None}
            for name in [name for name, value in facts.items() if value is None]:
                known(name)
                kept.pop(name, None)
            description = revised(_described(document, key), kept)
            self._store.set_facts(description, kept)
            if {"title", "subtitle", "issuer", "date", *search.FACTS} & facts.keys():  # they are searched with every passage
                self._take(self._store.volumes(id), description)
                self._dense.save()
            return description

    def cite(self, hit: Hit) -> Citation:
        """The citation of a hit's whole passage, for a report. Raises NoSuchDocument when its document is gone, BadRequest when it
        has been read again and says something else there."""
        document = self._store.volume_at(self._store.id_of(hit.document.key), hit.passage.start)
        citation = cite(1, document, hit.document, hit.passage, (hit.passage.start, hit.passage.end))
        if citation.quote != hit.passage.text:
            raise BadRequest(f"《{hit.document.called}》在查找之后改动过，请重新查找再摘引。")
        return citation

    def collected(self, stored: object) -> list[Answer | Citation]:
        """For a `Report`, an answer that was stored with `Answer.to_json`, or hits of `search` (`youju ask --json`, `youju search
        --json`), read from their JSON. Raises BadRequest when it is neither, and what `cite` raises."""
        try:
            if isinstance(stored, dict):
                return [restored(Answer, stored)]
            hits = restored(tuple[Hit, ...], stored)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadRequest("这不是 youju ask --json 或 youju search --json 保存的结果，不能放进报告。") from error
        return [self.cite(hit) for hit in hits]

    # -- asking

    def search(self, question: str, limit: int = 10, history: Sequence[Mapping[str, str]] = (), documents: Collection[str] = ()) -> list[Hit]:
        """The passages nearest to a question, best first. `history`: {"role": "user" | "assistant", "content": str} each.

        `documents` are the keys of the documents that are searched; without any, all are. Raises NoSuchDocument.
        """
        understood = self._understood(question, history)
        return self._hits(understood, limit, documents) if understood else []

    def ask(self, question: str, history: Sequence[Mapping[str, str]] = (), documents: Collection[str] = (), threshold: float = THRESHOLD) -> Answer:
        """The sentences that answer the question, or `answered == False` and the nearest passages; `documents`: see `search`.

        `threshold`: answers of less confidence are refused; 0 refuses only where nothing is found at all.
        """
        understood = self._understood(question, history)
        if understood is None:
            raise BadRequest("请输入一个问题。")
        return compose(understood, self._candidates(understood, _LOOKED_AT, documents), self._store, self._static, threshold)

    def rankings(self, question: str, limit: int = 10, history: Sequence[Mapping[str, str]] = ()) -> dict[str, tuple[list[Hit], float]]:
        """For an ablation, the hits of each retriever alone, of their sum ("fused") and as `search` ranks them
        ("reranked"), each with the milliseconds it took once the question was understood."""
        understood = self._understood(question, history)
        if understood is None:
            return {}
        return {name: _timed(functools.partial(self._ranking, name, understood, limit)) for name in ("lexical", "dense", "fused", "reranked")}

    def _ranking(self, name: str, question: Question, limit: int) -> list[Hit]:
        if name == "reranked":
            return self._hits(question, limit)
        if name == "fused":
            return [hit(candidate) for candidate in search.fused(self._candidates(question, 2 * search.CANDIDATES))[:limit]]
        ranking = self._lexical.search(question.terms, limit) if name == "lexical" else self._dense.search(question.vector, limit)
        scores = dict(ranking)
        entries = self._store.entries(list(scores))
        return [Hit(entry.passage, self._store.description(entry.document), scores[entry.id], (name,), entry.id) for entry in entries]

    def proof(self, text: str, progress: Callable[[int, int], None] | None = None) -> tuple[Finding, ...]:
        """A finding for each quotation of a draft, in its order: whether the library has these words, and whether they are
        from where the draft says. `progress` is called with (done, total). Raises BadRequest when the draft is too long."""
        return proof(text, self._store, progress)

    def _understood(self, question: str, history: Sequence[Mapping[str, str]]) -> Question | None:
        asked = followup.understood(question, self._answered(question, history))
        return understand(asked.text, asked.carried, self._model, self._static, self._lexical, self._titles, self._synonyms) if asked.text else None

    def _answered(self, question: str, history: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
        """The conversation; where a question leans on one that was not answered, with its answer: 他 is somebody in it."""
        if not history or history[-1]["role"] != "user" or not followup.leans(question):
            return history
        before = followup.understood(history[-1]["content"], history[:-1])
        if not before.text:
            return history
        understood = understand(before.text, before.carried, self._model, self._static, self._lexical, self._titles, self._synonyms)
        answer = compose(understood, self._candidates(understood, _LOOKED_AT), self._store, self._static, threshold=0.0)
        return [*history, {"role": "assistant", "content": answer.text}]

    def _hits(self, question: Question, limit: int, documents: Collection[str] = ()) -> list[Hit]:
        found = self._candidates(question, max(limit, _LOOKED_AT), documents)
        return [hit(candidate) for candidate in reordered(found, ranked(question, found, self._static))][:limit]

    def _candidates(self, question: Question, limit: int, documents: Collection[str] = ()) -> list[search.Candidate]:
        return search.candidates(question, self._store, self._dense, self._lexical, self._static, self._titles, limit, documents)

    # -- keeping it right

    def check(self) -> Findings:
        """Whether store, index and files agree. `problems` is empty when they do."""
        documents, passages = self._store.counts()
        problems = self._store.problems()
        vectors = sum(len(block) for _, blocks in self._store.vectors(self._model.dimension) for block in blocks)
        if vectors != self._dense.size:
            problems.append(f"向量索引有 {self._dense.size} 个向量，应有 {vectors} 个：删除 {self.folder / 'dense.faiss'} 后会自动重建")
        problems += [f"原文件不见了：{description.path}" for description in self.documents() if description.path and not Path(description.path).exists()]
        return Findings(documents, passages, vectors - passages, self._model.name, self._store.sqlite_version, tuple(problems))

    def _put(self, key: str, parts: Iterator[Volume], known: Mapping[str, str], outcome: dict[str, list], title: str = "", within: Callable[[float], None] = lambda share: None) -> None:
        """Reads a source into the store and the index and says so in `outcome`."""
        first = next(parts)
        if known.get(key) == first.source.digest:
            outcome["unchanged"].append(key)
            return
        if first.share < 1:
            within(first.share)
        document = clean(first.source)
        notes = self._take(itertools.chain([document], _cleaned(document, parts, within)), revised(_described(document, key, title), self._store.facts(key)))
        outcome["updated" if key in known else "added"].append(key)
        outcome["notes"].append(together(notes))

    def _take(self, volumes: Iterator[Document], description: Description) -> list[Note]:
        """Puts a document with its description into the store and the index; a large one comes in volumes, and their vectors are
        for the store alone, since an index that grew with them would hold them all in memory. What was noticed in each."""
        notes: list[Note] = []
        stored = self._stored(volumes, description, notes)
        first, second = next(stored), next(stored, None)
        if second is None:
            document, entries, postings = first
            ids, replaced = self._store.write(document, description, entries, postings)
            self._dense.remove(replaced)
            self._dense.add(ids, [entry.vectors for entry in entries])
            return notes
        self._store.write_volumes(description, itertools.chain([first, second], stored))
        self._dense.forget()
        return notes

    def _stored(self, volumes: Iterator[Document], description: Description, notes: list[Note]) -> Iterator[tuple[Document, list[Entry], list[tuple[str, str]]]]:
        """Each volume with its passages as they are stored, and the terms of each and of what stands around it; split and
        embedded when it is asked for. `notes` grows with them."""
        above: Open = ()
        for document in volumes:
            passages = split(document, above=above)
            above = open_headings(document, above)
            spans = [tuple(sentences(passage.text)) for passage in passages]
            around = [search.around_text(description, passage) for passage in passages]
            placed = [dataclasses.replace(p, start=p.start + document.start, end=p.end + document.start) for p in passages]
            entries = [Entry(0, 0, *parts) for parts in zip(placed, spans, _vectors(self._model, around, passages, spans))]
            notes.append(noted(document, description.key, len(entries)))
            yield document, entries, [_terms(self._lexical, description, passage, more) for passage, more in zip(passages, around)]

    def _remembered_model(self, name: str | None) -> embed.Model:
        remembered = self._store.get("model")
        model = embed.load(name if name is not None else remembered)
        digest = self._store.get("model_digest")
        if digest is not None and digest != model.digest:
            way = f"用 --model {remembered} 打开它，或者" if remembered else ""
            raise OtherModel(
                f"资料库“{self.folder}”是用另一个嵌入模型（{remembered or '内置模型的另一版本'}）建立的。请{way}"
                f"运行 youju rebuild{f' --model {name}' if name else ''} 换成{name or '内置模型'}：只重算向量，不用重新导入文件。"
            )
        if digest is None or name is not None:  # a folder may have moved
            self._store.set("model", name or "")
            self._store.set("model_digest", model.digest)
        return model


def _timed(rank: Callable[[], list[Hit]]) -> tuple[list[Hit], float]:
    began = time.perf_counter()
    return rank(), 1000 * (time.perf_counter() - began)


def _vectors(model: embed.Model, around: Sequence[str], passages: Sequence[Passage], spans: Sequence[Sequence[Span]]) -> list[np.ndarray]:
    """For each passage its own vector, read with what stands around it, and those of its sentences, float16, (1 + sentences, dimension)."""
    parts = [[f"{more}\n{passage.text}", *(passage.text[start:end] for start, end in rows)] for more, passage, rows in zip(around, passages, spans, strict=True)]
    if not parts:
        return []
    vectors = model.passages([text for texts in parts for text in texts]).astype(np.float16)
    return np.split(vectors, np.cumsum([len(texts) for texts in parts])[:-1])


def rebuild_library(folder: str | os.PathLike | None = None, model: str | None = None, progress: Progress | None = None) -> None:
    """Gives all passages of a library the vectors of another model, without reading the files again; without a name, of the bundled
    one. What is searched by words is made anew too, with the library's own list of words.

    Killed on the way, the library is as it was. `progress` counts passages. Raises BadRequest where there is no library, and
    LibraryInUse, LibraryDamaged, NoModel.
    """
    folder, name = _folder(folder), model or ""
    if not (folder / "library.db").exists():
        raise BadRequest(f"“{folder}”里没有资料库。")
    embedder = embed.load(name)
    with closing(Store(folder)) as store:
        total, done, lexical = store.counts()[1], 0, Lexical(store, word_list(folder / WORDS))

        def made(entries: list[Entry]) -> Iterator[tuple[np.ndarray, tuple[str, str]]]:
            nonlocal done
            passages, descriptions = [entry.passage for entry in entries], [store.description(entry.document) for entry in entries]
            around = [search.around_text(description, passage) for description, passage in zip(descriptions, passages)]
            vectors = _vectors(embedder, around, passages, [entry.sentences for entry in entries])
            done += len(entries)
            if progress:
                progress(done, total, name)
            return zip(vectors, [_terms(lexical, *parts) for parts in zip(descriptions, passages, around)])

        store.renew(made, {"model": name, "model_digest": embedder.digest})
        Dense(store, embedder.dimension).ready()


def open_library(folder: str | os.PathLike | None = None, model: str | None = None) -> Library:
    """The library in a folder; created, empty, when it is not there. Without a folder: $YOUJU_LIBRARY or ./data/library.

    `model` is the folder or name of a sentence-transformers model; a library remembers the one that it was built with.
    Raises LibraryInUse, LibraryDamaged, OtherModel, NoModel.
    """
    return Library(_folder(folder), model)


def _folder(named: str | os.PathLike | None) -> Path:
    return Path(named or os.environ.get("YOUJU_LIBRARY") or Path("data") / "library")


def default_library(model: str | None = None, progress: Progress | None = None) -> Library:
    """The default library; when it is not there it is made with the documents that the program carries (`created` is True)."""
    library = open_library(None, model)
    if library.created:
        library.add([resource("seeds")], progress=progress)
    return library


def answer(question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
    """Asks the default library; see `Library.ask`."""
    with default_library() as library:
        return library.ask(question, history)
