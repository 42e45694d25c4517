"""The vocabulary: the frozen values that flow from a file to a citation, and the error tree.

    Path -> Source -> Document -> Passage[] -> (vectors, terms) -> Library
    question + history -> Hit[] -> Citation[] -> Answer

Offsets are counted in characters, end exclusive. Two texts have offsets: the decoded file (`Source.text`, "source
offsets") and what people read and quote (`Document.text`, "document offsets"); `Run` and `Repair` lead from the second to
the first. This module imports nothing of ours.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from dataclasses import dataclass, field

Span = tuple[int, int]
"""(start, end) in characters, end exclusive."""


# ---------------------------------------------------------------------------------------------------------- a document


@dataclass(frozen=True, slots=True)
class Place:
    """From `start` (a source offset) on, the text stands on this page, sheet or cell of the file."""

    start: int
    kind: str  # "page", "sheet", "cell", "paragraph" ...; plain text has none: its places are lines, which are counted
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was decoded: nothing removed, nothing changed, a byte order mark and CRLF included."""

    path: str  # absolute; undecodable bytes as surrogates (os.fsdecode); "" for a text without a file
    name: str  # for people: the file's name, readable and free of control characters
    digest: str  # SHA-256 of the bytes, hexadecimal
    media_type: str
    encoding: str  # the Python codec that was used
    text: str
    places: tuple[Place, ...] = ()
    doubts: tuple[str, ...] = ()  # what the reader was not sure of, one Chinese sentence each
    start: int = 0  # where in the whole decoded file `text` begins: a large file comes in volumes (read/volumes.py)
    line: int = 0  # the line ends before it


@dataclass(frozen=True, slots=True)
class Run:
    """`document.text[start:start + length] == source.text[source:source + length]`: text that was only copied."""

    start: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Repair:
    """`document.text[start:end] == became`, where the source has `was` at `source`; `was` or `became` may be empty."""

    start: int
    end: int
    source: Span
    was: str
    became: str
    why: str  # the name of the rule


@dataclass(frozen=True, slots=True)
class Deletion:
    """Source characters that are not in the document, and the name of the rule that took them out."""

    source: Span
    why: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A paragraph of the document that is a heading; level 1 is the highest."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Flag:
    """A stretch of the document that is not as it should be.

    kind "damaged" is never quoted; "boilerplate" is in no passage; "incomplete" and "doubtful" are said beside the quote.
    """

    start: int
    end: int
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Document:
    """A source made readable. Paragraphs are separated by one "\\n".

    It deletes and it repairs, it never rewords. Every character of `text` is a source character at a known offset (`runs`)
    or part of a declared repair (`repairs`); runs and repairs are in order of `start` and tile the text.
    """

    source: Source
    text: str
    runs: tuple[Run, ...]
    repairs: tuple[Repair, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    headings: tuple[Heading, ...] = ()
    flags: tuple[Flag, ...] = ()
    start: int = 0  # where in the whole document `text` begins, when the source is a volume of a large file


@dataclass(frozen=True, slots=True)
class Field:
    """One fact about a document, with where the document says so (document offsets; empty: it does not, see `note`)."""

    name: str  # "issue_number", "document_number", "index_number", "source", "speaker", "region" ...
    value: str
    spans: tuple[Span, ...] = ()
    note: str = ""  # "synthetic", "inferred", "no year" ...


@dataclass(frozen=True, slots=True)
class Description:
    """Who issued what when. An empty string means that the document does not say: nothing is guessed."""

    key: str  # names the document in its library: the absolute path, or the key given to `add_texts`
    path: str
    name: str
    title: str
    issuer: str
    date: str  # ISO 8601 as far as it is known: "2021-06-02", "2021-06", "--11-20" for a day without a year
    digest: str
    encoding: str
    media_type: str
    fields: tuple[Field, ...] = ()

    @property
    def called(self) -> str:
        """What people are shown: the title, or of a document without one the name of its file."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a part of a long one: `document.text[start:end] == text`.

    `headings` (outermost first) and `context` (speaker, place, article) are for search and for the reader; they are
    carried beside the text and are never part of a quote. `lead` is for search only: what the paragraphs before it said that
    it leans on (the lead-in of its enumeration, the topic of who speaks on, the occasion, the office of who speaks).
    """

    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    context: str = ""
    lead: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------------------ a search


@dataclass(frozen=True, slots=True)
class Sibling:
    """A passage that says nearly the same as a hit, and how it stands to it: "旧版", "已废止", "文字相同" ..."""

    document: Description
    passage: Passage
    note: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that may answer. `found_by` names what proposed it: "lexical", "dense" ...; `siblings` are its near-duplicates."""

    passage: Passage
    document: Description
    score: float
    found_by: tuple[str, ...]
    passage_id: int = 0
    siblings: tuple[Sibling, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be taken in, and why, in one sentence for its owner."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """What was noticed when a document was read, in words for its owner.

    `repairs` are kinds of damage and how often each was mended, `flags` what is left and how often; white space between
    paragraphs is not counted. `doubts` are the reader's.
    """

    key: str
    passages: int
    repairs: tuple[tuple[str, int], ...] = ()
    flags: tuple[tuple[str, int], ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What `library.add` did, by document key. The first five add up to the files that were looked at; `skipped` are those in
    the folders that were not: no reader for their ending, links, devices. Hidden files, locks and caches are not mentioned. `notes` are on those added
    and updated."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Refused, ...] = ()
    skipped: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What `library.check` saw. `problems` is empty when store, index and files agree."""

    documents: int
    passages: int
    sentences: int
    model: str
    sqlite: str
    problems: tuple[str, ...] = field(default=())


# ------------------------------------------------------------------------------------------------------------ and JSON


def restored(kind: type, value: object) -> typing.Any:
    """The value of type `kind` of which `dataclasses.asdict` and JSON made `value`.

    Raises TypeError, ValueError or AttributeError when it is not one: a field too many or too few, a wrong type.
    """
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: restored(hints.get(name, type(None)), item) for name, item in value.items()})
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(restored(inner[0], item) for item in value)
        return tuple(restored(one, item) for one, item in zip(inner, value, strict=True))
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


@functools.cache
def _hints(kind: type) -> dict[str, type]:
    return typing.get_type_hints(kind)


# ---------------------------------------------------------------------------------------------------------- the errors
#
# YoujuError
# ├── UnreadableFile        this file cannot be read: empty, broken, encrypted, too large
# │   └── UnknownFormat     no reader for files of this kind
# ├── LibraryError
# │   ├── LibraryInUse      another process owns the library
# │   ├── LibraryDamaged    the store does not hold what it should
# │   ├── OtherModel        the library was built with another embedding model
# │   ├── NoSuchDocument
# │   └── NoSuchConversation
# ├── NoModel               the embedding model is not there
# └── BadRequest            the caller's words cannot be carried out: an unknown option, a broken answer file


class YoujuError(Exception):
    """The message is one Chinese sentence for the user: what happened and the way out."""


class UnreadableFile(YoujuError):
    """This file cannot be read: empty, broken, encrypted, too large."""


class UnknownFormat(UnreadableFile):
    """There is no reader for files of this kind."""


class LibraryError(YoujuError):
    """Something about a library."""


class LibraryInUse(LibraryError):
    """Another process owns the library."""


class LibraryDamaged(LibraryError):
    """The store does not hold what it should."""


class OtherModel(LibraryError):
    """The library was built with another embedding model."""


class NoSuchDocument(LibraryError):
    """No document has this key."""


class NoSuchConversation(LibraryError):
    """The owner has no conversation with this id."""


class NoModel(YoujuError):
    """The embedding model is not there."""


class BadRequest(YoujuError):
    """The caller's words cannot be carried out: an unknown option, a broken answer file."""
