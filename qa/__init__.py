"""有据: answers from a person's own documents, in their exact words, with the exact place.

    from qa import answer, open_library
"""

from qa.answer import Answer, Part
from qa.cite import Citation, Verdict, citations_from_json
from qa.conversations import Conversation, Feedback, Turn
from qa.fold import to_simplified
from qa.inspect import Inspection, inspect
from qa.library import Library, answer, default_library, open_library, rebuild_library
from qa.read import KINDS
from qa.report import ENDINGS, Report
from qa.report.evidence import Checked, verify_report
from qa.types import (
    BadRequest,
    Changes,
    Deletion,
    Description,
    Document,
    Field,
    Findings,
    Flag,
    Heading,
    Hit,
    LibraryDamaged,
    LibraryError,
    LibraryInUse,
    NoModel,
    NoSuchConversation,
    NoSuchDocument,
    Note,
    OtherModel,
    Passage,
    Place,
    Refused,
    Repair,
    Run,
    Sibling,
    Source,
    UnknownFormat,
    UnreadableFile,
    YoujuError,
)

__all__ = [
    "Answer",
    "BadRequest",
    "Changes",
    "Checked",
    "Citation",
    "Conversation",
    "Deletion",
    "Description",
    "Document",
    "ENDINGS",
    "Feedback",
    "Field",
    "Findings",
    "Flag",
    "Heading",
    "Hit",
    "Inspection",
    "KINDS",
    "Library",
    "LibraryDamaged",
    "LibraryError",
    "LibraryInUse",
    "NoModel",
    "NoSuchConversation",
    "NoSuchDocument",
    "Note",
    "OtherModel",
    "Part",
    "Passage",
    "Place",
    "Refused",
    "Repair",
    "Report",
    "Run",
    "Sibling",
    "Source",
    "Turn",
    "UnknownFormat",
    "UnreadableFile",
    "Verdict",
    "YoujuError",
    "answer",
    "citations_from_json",
    "default_library",
    "inspect",
    "open_library",
    "rebuild_library",
    "to_simplified",
    "verify_report",
]
