"""The evidence that a report carries, and its verification: each quotation as it stands in the report now, against what was
cited, and what was cited against the file.

The evidence is JSON: the words of the answers with the citations of what they quote, and the report's own choices. Word files
carry it as a custom XML part, which Word and LibreOffice keep when they save; Markdown and HTML as a comment at their end,
compressed; the JSON report is the evidence itself. Plain text, tables and lists of references carry none.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from qa.cite import Citation, Verdict, citations_from_json, verify_all
from qa.read import digest
from qa.report import html, markdown
from qa.report.content import shown
from qa.types import BadRequest

_COMMENT = re.compile(r"(?<!\\)<!-- youju-evidence ([A-Za-z0-9+/=]+) -->")  # a document's own words have their “<” escaped
_LARGEST = 200_000_000  # characters of evidence: what unpacks to more is no report


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation of a report: its number in the order of the report, what was cited (None where nothing was), the words as
    the report has them, and what became of it."""

    number: int
    quote: str
    citation: Citation | None
    verdict: Verdict


def packed(evidence: object) -> str:
    """The evidence as a comment for the end of a Markdown or HTML file."""
    data = json.dumps(evidence, ensure_ascii=True, sort_keys=True).encode()
    return f"<!-- youju-evidence {base64.b64encode(zlib.compress(data, 9)).decode()} -->"


def verify_report(path: str | Path) -> list[Checked]:
    """Every quotation of a report (.docx, .md, .html, .json), or of an answer that was stored as JSON, with its verdict.

    "ok", "changed" and "missing" as `Citation.verify` has them, but that a report names the SHA-256 of its sources: of a file
    that has another one all quotations are "changed", and it is said which of them still stand there. "misattributed" also when
    the words in the report are no longer those that were cited, or a quotation has no evidence. Raises BadRequest for a file
    that carries no evidence.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BadRequest(f"没有 {path.name} 这个文件。") from error
    ending = path.suffix.lower()
    if ending == ".json" or ending not in _READERS:
        evidence = _json(data, path.name)
        citations = citations_of(evidence)
        verdicts = (_verified if _is_report(evidence) else verify_all)(citations)
        return [Checked(number, c.quote, c, verdicts[c]) for number, c in enumerate(citations, 1)]
    evidence, quotations = _READERS[ending](data, path.name)
    return _checked(citations_of(evidence), quotations)


def citations_of(evidence: object) -> list[Citation]:
    """All citations of the evidence of a report, in the order of the report, or of a stored answer. Raises BadRequest."""
    if _is_report(evidence):
        return [citation for item in evidence["basket"] for citation in citations_from_json(item)]
    return citations_from_json(evidence)


def _is_report(evidence: object) -> bool:
    return isinstance(evidence, dict) and isinstance(evidence.get("basket"), list)


def _verified(citations: Sequence[Citation]) -> dict[Citation, Verdict]:
    """The verdicts on citations of a report, which names the digests of its sources."""
    verdicts = verify_all(citations)
    right = [citation for citation, verdict in verdicts.items() if verdict.state == "ok"]
    digests = {path: digest(path) for path in {citation.document.path for citation in right}}
    moved = Verdict("changed", "原文件在报告之后改动过（SHA-256 与报告所记不同），这句引文还是原话")
    return verdicts | {citation: moved for citation in right if digests[citation.document.path] != citation.document.digest}


def _json(data: bytes, name: str) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise BadRequest(f"{name} 不是有据的报告，也不是 youju ask … --json 保存的答案：里面没有可以核对的证据。") from error


def _from_word(data: bytes, name: str) -> tuple[object, list[str]]:
    from qa.report import word

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [info for info in package.infolist() if info.filename.startswith("customXml/item") and info.file_size < _LARGEST]
            found = next((text for info in parts if (text := word.evidence_in(package.read(info)))), "")
            pieces = [package.getinfo(f"word/{name}.xml") for name in ("document", "styles")]
            quotations = word.quotations_in(*map(package.read, pieces)) if found and all(piece.file_size < _LARGEST for piece in pieces) else []
    except (zipfile.BadZipFile, KeyError, zlib.error, ElementTree.ParseError) as error:
        raise BadRequest(f"{name} 不是完好的 Word 文件，无法核对。") from error
    if not found:
        raise BadRequest(f"{name} 里没有有据的证据：它不是有据生成的报告，或者保存时丢掉了证据（例如另存成别的格式）。请核对原来的报告。")
    return _json(found.encode(), name), quotations


def _from_text(quotations_in: Callable[[str], list[str]]) -> Callable[[bytes, str], tuple[object, list[str]]]:
    def read(data: bytes, name: str) -> tuple[object, list[str]]:
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        found = [*_COMMENT.finditer(text)]
        if not found:
            raise BadRequest(f"{name} 里没有有据的证据：它不是有据生成的报告，或者末尾的证据被删掉了。请核对原来的报告。")
        try:
            unpacker = zlib.decompressobj()
            evidence = json.loads(unpacker.decompress(base64.b64decode(found[-1][1], validate=True), _LARGEST))
        except (binascii.Error, zlib.error, ValueError) as error:
            raise BadRequest(f"{name} 末尾的证据已经损坏，无法核对。") from error
        return evidence, quotations_in(_COMMENT.sub("", text))

    return read


_READERS = {".docx": _from_word, ".md": _from_text(markdown.quotations_in), ".html": _from_text(html.quotations_in)}
_READERS |= {".htm": _READERS[".html"], ".markdown": _READERS[".md"]}


def _checked(citations: Sequence[Citation], quotations: list[str]) -> list[Checked]:
    """Pairs what was cited with what the report has: equal ones first, then each with the most like it that is left."""
    left = list(quotations)
    verified = _verified(citations)
    verdicts: dict[int, tuple[str, Verdict]] = {}
    for place, citation in enumerate(citations):
        if (quote := shown(citation.quote)) in left:
            left.remove(quote)
            verdicts[place] = (quote, verified[citation])
    for place, citation in enumerate(citations):
        if place not in verdicts:
            verdicts[place] = _altered(citation, left)
    found = [Checked(place + 1, quote, citations[place], verdict) for place, (quote, verdict) in sorted(verdicts.items())]
    foreign = Verdict("misattributed", "报告里的这段引文没有证据：不是有据摘引的，或者是手工加进去的")
    return found + [Checked(len(found) + more, quote, None, foreign) for more, quote in enumerate(left, 1)]


def _altered(citation: Citation, left: list[str]) -> tuple[str, Verdict]:
    near = difflib.get_close_matches(shown(citation.quote), left, 1, 0.5)
    if not near:
        return citation.quote, Verdict("misattributed", "报告里找不到这条引文了：被删去，或改得面目全非")
    left.remove(near[0])
    return near[0], Verdict("misattributed", f"报告里的引文被改过，与所引原文不同：{_difference(shown(citation.quote), near[0])}")


def _difference(was: str, now: str) -> str:
    steps = difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    changes = [f"“{was[a:b]}”→“{now[c:d]}”" for kind, a, b, c, d in steps if kind != "equal"]
    return "，".join(changes[:3]) + ("……" if len(changes) > 3 else "")
