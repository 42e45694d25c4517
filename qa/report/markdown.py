"""A report as Markdown: quotations as block quotes, references as footnotes, what comes from a document escaped."""

from __future__ import annotations

import re

from qa.report.content import Content, Entry, Quotation, sources

_MARKS = re.compile(r"([\\`*_\[\]<>|#~$&])")
_LEADING = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$|=|-)", re.MULTILINE)  # what begins a list, or underlines a heading
_NOTE = re.compile(r"(?<!\\)(?:\[\^\d+\]|&nbsp;（)[^\n]*$")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|#~$&+=.)-])")


def escaped(text: str) -> str:
    """Text that Markdown shows as it is written.

    >>> escaped("1. *停水* [见](x)")
    '1\\\\. \\\\*停水\\\\* \\\\[见\\\\](x)'
    """
    return _LEADING.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", _inline(text))


def _inline(text: str) -> str:
    """The same behind something else in the line: a heading that begins with a number is no list."""
    return _MARKS.sub(r"\\\1", text)


def to_markdown(content: Content, evidence: str) -> str:
    """The file, with the evidence as a comment at its end."""
    lines = [f"# {_inline(content.title)}", "", "　".join(content.facts), ""]
    for section in content.sections:
        lines += [f"## {_inline(section.heading)}", ""]
        for block in section.blocks:
            lines += [_quoted(block, content.numeric) if isinstance(block, Quotation) else escaped(block), ""]
        lines += [escaped(section.notice), ""] if section.notice else []
    lines += ["## 参考文献", ""] if content.entries else []
    for entry in content.entries:
        lines += [_entry(entry, content.numeric), ""]
    lines += ["## 附录：引文所在段落", ""] if content.appendix else []
    for quotation in content.appendix:
        lines += [f"### {escaped(quotation.mark)} {escaped(quotation.location)}", "", _lined(escaped(quotation.passage)), ""]
    return "\n".join([*lines, evidence, ""])


def _quoted(quotation: Quotation, numeric: bool) -> str:
    mark = f"[^{quotation.entry}]" if numeric else f"&nbsp;{escaped(quotation.mark)}"
    return "> " + _lined(escaped(quotation.text)).replace("\n", "\n> ") + mark + escaped(quotation.locator)


def _lined(text: str) -> str:
    return text.replace("\n", "  \n")


def _entry(entry: Entry, numeric: bool) -> str:
    """A footnote, or an item of a list, with what stands under it."""
    head = f"[^{entry.number}]: {escaped(entry.text)}\n" if numeric else f"- {escaped(entry.text)}"
    return "\n".join([head, *(f"    - {escaped(line)}" for line in sources(entry))])


def quotations_in(text: str) -> list[str]:
    """The quotations of a report in Markdown as they stand in it now: its block quotes, without their marks."""
    blocks = re.findall(r"^>.*(?:\n>.*)*", text, re.MULTILINE)
    joined = ("\n".join(line[2:] if line.startswith("> ") else line[1:] for line in block.split("\n")) for block in blocks)
    return [_ESCAPED.sub(r"\1", re.sub(r"  \n", "\n", _NOTE.sub("", block))) for block in joined]
