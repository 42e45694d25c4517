"""A basket of answers and citations to a report that can be handed in, and the report's own verification.

    Report([answer, citation], title="安全生产检查摘引").save("report.docx")

What is heavy (python-docx) is imported by the format that needs it.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
from collections.abc import Sequence
from pathlib import Path

from qa.cite import Citation
from qa.reference import check_style
from qa.report.content import Answered, Content, laid_out
from qa.report.evidence import packed
from qa.report.exchange import to_bibtex, to_csl, to_ris
from qa.report.html import to_html
from qa.report.markdown import to_markdown
from qa.report.text import to_csv, to_text
from qa.types import BadRequest

ENDINGS = {
    "docx": "Word", "md": "Markdown", "html": "网页", "txt": "纯文本", "csv": "引文表", "bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON", "json": "证据",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """Answers and single citations (see `Library.cite`) as one report.

    `style` is "gbt7714-2025" or "gbt7714-2015", `system` "numeric" or "author-date", `accessed` the day of the report (ISO
    8601, today if empty), `appendix` whether the passages around the quotations follow. The same report gives the same bytes.
    Raises BadRequest for a style, system or day that is none.
    """

    answers: Sequence[Answered | Citation]
    title: str = ""
    style: str = "gbt7714-2025"
    system: str = "numeric"
    accessed: str = ""
    appendix: bool = False

    def __post_init__(self) -> None:
        check_style(self.style, self.system)
        try:
            datetime.date.fromisoformat(self.accessed or "2026-01-01")
        except ValueError as error:
            raise BadRequest(f"日期“{self.accessed}”要写成 2026-07-01。") from error
        object.__setattr__(self, "answers", tuple(self.answers))
        object.__setattr__(self, "accessed", self.accessed or datetime.date.today().isoformat())

    def content(self) -> Content:
        """What every format writes."""
        return laid_out(self.answers, self.title.strip() or "引文报告", self.style, self.system, self.accessed, self.appendix)

    def evidence(self) -> dict:
        """What the report can be verified with, as plain dicts, lists, strings and numbers."""
        basket = [self._stored(item) for item in self.answers]
        return {"youju": 1, **{name: getattr(self, name) for name in ("title", "style", "system", "accessed", "appendix")}, "basket": basket}

    @staticmethod
    def _stored(item: Answered | Citation) -> dict:
        if isinstance(item, Citation):
            return {"citations": [dataclasses.asdict(item)]}
        parts = [{"kind": part.kind, "text": part.text, "number": part.number} for part in item.parts]
        by_number = {citation.number: dataclasses.asdict(citation) for citation in item.citations}
        quoted = [by_number[part.number] for part in item.parts if part.kind == "quote"]
        return {"question": item.question, "answered": item.answered, "notice": item.notice, "parts": parts, "citations": quoted}

    def to_bytes(self, ending: str) -> bytes:
        """The report as a file of one of the `ENDINGS`. Raises BadRequest for another ending."""
        ending = ending.lower().lstrip(".")
        if ending not in ENDINGS:
            raise BadRequest(f"不会写“.{ending}”这种报告，可用的有：{'、'.join(f'.{known}（{name}）' for known, name in ENDINGS.items())}。")
        content = self.content()
        if ending == "docx":
            from qa.report.word import to_word

            return to_word(content, json.dumps(self.evidence(), ensure_ascii=True, sort_keys=True), self.accessed)
        if ending == "json":
            return (json.dumps(self.evidence(), ensure_ascii=True, indent=1) + "\n").encode()
        if ending in ("md", "html"):
            return {"md": to_markdown, "html": to_html}[ending](content, packed(self.evidence())).encode()
        if ending in ("bib", "ris", "csl.json"):
            return {"bib": to_bibtex, "ris": to_ris, "csl.json": to_csl}[ending](content.entries).encode()
        return {"txt": to_text, "csv": to_csv}[ending](content).encode()

    def save(self, path: str | os.PathLike) -> Path:
        """Writes the report; the ending of the file's name chooses the format. A half-written file is never left behind."""
        path = Path(path)
        data = self.to_bytes(ending_of(path.name))
        beside = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            beside.write_bytes(data)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        return path


def ending_of(name: str) -> str:
    """The ending of a file's name that chooses the format: "csl.json" of a.csl.json, "docx" of a.DOCX, "" of a name without."""
    name = name.lower()
    return "csl.json" if name.endswith(".csl.json") else name.rpartition(".")[2] if "." in name else ""
