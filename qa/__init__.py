"""有据: answers from a person's own documents, in their exact words, with the exact place.

    from qa import answer, open_library
"""

from qa.answer import Answer, Part
from qa.cite import Citation, Verdict, citations_from_json
from qa.library import Library, answer, default_library, open_library
from qa.types import (
    BadRequest,
    Changes,
    Description,
    Field,
    Findings,
    Hit,
    LibraryDamaged,
    LibraryError,
    LibraryInUse,
    NoModel,
    NoSuchDocument,
    OtherModel,
    Passage,
    Refused,
    UnknownFormat,
    UnreadableFile,
    YoujuError,
)

__all__ = [
    "Answer",
    "BadRequest",
    "Changes",
    "Citation",
    "Description",
    "Field",
    "Findings",
    "Hit",
    "Library",
    "LibraryDamaged",
    "LibraryError",
    "LibraryInUse",
    "NoModel",
    "NoSuchDocument",
    "OtherModel",
    "Part",
    "Passage",
    "Refused",
    "UnknownFormat",
    "UnreadableFile",
    "Verdict",
    "YoujuError",
    "answer",
    "citations_from_json",
    "default_library",
    "open_library",
]
