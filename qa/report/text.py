"""A report as plain text for the clipboard, and as a table of its quotations that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re

from qa.report.content import Content, Quotation, shown, sources

# What a spreadsheet takes for a formula, full-width signs and leading blanks included (OWASP, CSV Injection).
_FORMULA = re.compile(r"^[\s\ufeff]*[=+\-@＝＋－＠\t\r\n]")


def to_text(content: Content) -> str:
    """Title, questions, quotations in quotation marks with their marks, references."""
    lines = [content.title, "　".join(content.facts), ""]
    for section in content.sections:
        lines += [section.heading, ""]
        lines += [f"“{block.text}”{block.mark}{block.locator}" if isinstance(block, Quotation) else block for block in section.blocks]
        lines += [section.notice] if section.notice else []
        lines.append("")
    lines += ["参考文献", ""] if content.entries else []
    for entry in content.entries:
        lines += [f"[{entry.number}] {entry.text}" if content.numeric else entry.text, *(f"    {line}" for line in sources(entry))]
    lines += ["", "附录：引文所在段落"] if content.appendix else []
    for quotation in content.appendix:
        lines += ["", f"{quotation.mark} {quotation.location}", quotation.passage]
    return "\n".join(lines).rstrip("\n") + "\n"


def to_csv(content: Content) -> str:
    """A row for each quotation. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    entries = {entry.number: entry for entry in content.entries}
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["问题", "引文", "标注", "位置", "参考文献", "缺项", "原件", "引用日期", "原件 SHA-256"])
    for section in content.sections:
        for block in section.blocks:
            if isinstance(block, Quotation):
                entry = entries[block.entry]
                cells = [section.heading, block.text, block.mark + block.locator, block.location, entry.text, "、".join(entry.item.missing), entry.document.name, entry.item.accessed, entry.document.digest]
                rows.writerow([harmless(shown(cell)) for cell in cells])
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    """The cell as text.

    >>> harmless("=1+2")
    "'=1+2"
    """
    return "'" + cell if _FORMULA.match(cell) else cell
