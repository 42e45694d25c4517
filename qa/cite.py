"""A citation: the words, their address in the original, and the proof that they stand there.

`verify` needs only the file and the citation, neither index nor model nor library.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.clean import source_spans
from qa.fold import to_simplified
from qa.read import read_volumes
from qa.types import BadRequest, Description, Document, Passage, Repair, Source, Span, UnreadableFile, restored

PAGES = re.compile(r"第(\d+)(?:–(\d+))?页")
"""A `Citation.location` in a file that has pages: the first page and, where it is another, the last."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quotation: state "ok", "changed", "missing" or "misattributed", and why in one sentence."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation and its address.

    Joined, the source characters at `spans` are `quote`, except where `repaired` declares otherwise: a Repair's start and
    end count in `quote`. `passage_span` is where the quote stands in `passage.text`; `location` says in words where it
    stands in the file (第53行, 第3页).
    """

    number: int
    quote: str
    document: Description
    passage: Passage
    passage_span: Span
    spans: tuple[Span, ...]
    repaired: tuple[Repair, ...]
    location: str

    def verify(self) -> Verdict:
        """Reads the file again and compares. "changed": the file no longer has these words at this place; "missing": there
        is no file; "misattributed": the file is as it was cited, and the quote is not what it says there."""
        return verify(self)

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages on which the quote stands, in files that have pages; see `Library.page_image`, `Library.quote_boxes`."""
        found = PAGES.fullmatch(self.location)
        return tuple(range(int(found[1]), int(found[2] or found[1]) + 1)) if found else ()

    @property
    def simplified(self) -> str:
        """The quote in simplified characters, for readers who ask for it; as long as the quote, character by character."""
        return to_simplified(self.quote)

    @property
    def reference(self) -> str:
        """Title, issuer, date, location and path, for a list of references; what is not known is left out."""
        document = self.document
        return "，".join(part for part in (f"《{document.called}》", document.issuer, document.date, self.location, document.path) if part)


def cite(number: int, document: Document, description: Description, passage: Passage, span: Span) -> Citation:
    """The citation of the stretch `span` of the document, which lies in `passage` and, of a large file, in this volume of it."""
    start, end = span[0] - document.start, span[1] - document.start
    source, (spans, repaired) = document.source, source_spans(document, start, end)
    return Citation(
        number=number, quote=document.text[start:end], document=description, passage=passage, passage_span=(span[0] - passage.start, span[1] - passage.start),
        spans=tuple(_moved(found, source.start) for found in spans), repaired=tuple(replace(repair, source=_moved(repair.source, source.start)) for repair in repaired),
        location=location(source, spans),
    )  # fmt: skip


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def location(source: Source, spans: Sequence[Span]) -> str:
    """Where in the file the spans lie: its pages, sheets or cells if it has them, else its lines, counted from 1."""
    if not spans:
        return ""
    first, last = min(start for start, _ in spans), max(end for _, end in spans) - 1
    if source.places:
        starts = [place.start for place in source.places]
        at = [source.places[max(bisect.bisect_right(starts, offset) - 1, 0)] for offset in (first, last)]
        return _range(at[0].label, at[1].label, {"page": "第{}页"}.get(at[0].kind, "{}"))
    lines = [source.line + source.text.count("\n", 0, offset) + 1 for offset in (first, last)]
    return _range(str(lines[0]), str(lines[1]), "第{}行")


def _range(first: str, last: str, form: str) -> str:
    return form.format(first if first == last else f"{first}–{last}")


def verify(citation: Citation) -> Verdict:
    """See `Citation.verify`."""
    return _verdicts([citation])[0]


def verify_all(citations: Iterable[Citation]) -> dict[Citation, Verdict]:
    """What `Citation.verify` says of each; a file is read once, however many of them are from it."""
    by_file: dict[tuple[str, str, str], list[Citation]] = {}
    for citation in citations:
        document = citation.document
        by_file.setdefault((document.path, document.encoding, document.media_type), []).append(citation)
    return {citation: verdict for cited in by_file.values() for citation, verdict in zip(cited, _verdicts(cited))}


def _verdicts(citations: Sequence[Citation]) -> list[Verdict]:
    """The verdicts on citations from one file."""
    document = citations[0].document
    if not document.path or not Path(document.path).is_file():
        return [Verdict("missing", f"找不到原文件：{document.path or citation.document.name}") for citation in citations]
    spans = [span for citation in citations for span in (*citation.spans, *(repair.source for repair in citation.repaired))]
    try:
        digest, texts = _texts_at(spans, document)
    except UnreadableFile as error:
        return [Verdict("changed", f"原文件已无法读取：{error}")] * len(citations)
    return [_compared(citation, digest, texts) for citation in citations]


def _compared(citation: Citation, digest: str, texts: Mapping[Span, str]) -> Verdict:
    if _stands(citation, texts):
        return Verdict("ok", "与原文一致" if digest == citation.document.digest else "文件有改动，但所引文字与原文一致")
    if digest == citation.document.digest:
        return Verdict("misattributed", "引文与原文件中该处的文字不符，而原文件未改动")
    return Verdict("changed", "原文件在引用之后改动过，该处文字已与引文不符")


def _texts_at(spans: Sequence[Span], document: Description) -> tuple[str, dict[Span, str]]:
    """The digest of the file as it is now, and what stands at each of the spans; a large file is read volume by volume."""
    texts, digest = dict.fromkeys(spans, ""), ""
    for volume in read_volumes(document.path, encoding=document.encoding if document.media_type.startswith("text/") else None):
        source = volume.source
        digest = source.digest
        for start, end in texts:
            texts[start, end] += source.text[max(start - source.start, 0) : max(end - source.start, 0)]
    return digest, texts


def _stands(citation: Citation, texts: Mapping[Span, str]) -> bool:
    """Whether the quote, without what was repaired, is what the source has at the spans, and the repairs are as declared."""
    copied, last = [], 0
    for repair in sorted(citation.repaired, key=lambda repair: repair.start):
        if citation.quote[repair.start : repair.end] != repair.became or texts[repair.source] != repair.was:
            return False
        copied.append(citation.quote[last : repair.start])
        last = repair.end
    copied.append(citation.quote[last:])
    return bool(citation.spans) and "".join(copied) == "".join(texts[span] for span in citation.spans)


def citations_from_json(answer: object) -> list[Citation]:
    """The citations of an answer that was stored with `Answer.to_json`. Raises BadRequest when it is none."""
    try:
        return list(restored(tuple[Citation, ...], answer["citations"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest("这不是有据保存的回答：缺少 citations，或其中的字段不完整。请用 youju ask … --json 保存。") from error
