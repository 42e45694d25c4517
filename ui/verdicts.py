"""What became of quotations. To verify one the file is read, and a large PDF takes seconds: the page shows the answer first
and asks for the verdict afterwards; it is asked again only when the file has changed.
"""

from __future__ import annotations

import os

from qa import Citation, Verdict

_KEPT = 4096
_verdicts: dict[tuple, Verdict] = {}


def known(citation: Citation) -> Verdict | None:
    """The verdict, if the file need not be read for it."""
    file = _file(citation)
    return _verdicts.get((citation, file)) if file else citation.verify()


def verified(citation: Citation) -> Verdict:
    """The verdict; the file is read when that has not been done since it changed."""
    file, verdict = _file(citation), known(citation)
    if verdict is None:
        verdict = _verdicts[citation, file] = citation.verify()
        for old in list(_verdicts)[:-_KEPT]:
            _verdicts.pop(old, None)
    return verdict


def _file(citation: Citation) -> tuple[int, int] | None:
    """What tells one state of the file from another; None when it is not there."""
    try:
        status = os.stat(citation.document.path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size
