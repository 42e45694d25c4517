"""What every reader of a binary or marked-up format gives: text, places and doubts, and the limits that they keep.

Headings are written as Markdown marks them, tables a row a line with each cell's head; cleaning understands both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.types import Place, UnreadableFile

LONGEST_OUTPUT = 20_000_000  # characters of text from one file
_SPACE = re.compile(r"[ \t\r\n\u00a0]+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The text of a file with its places, and what its reader was not sure of."""

    text: str
    places: tuple[Place, ...] = ()
    doubts: tuple[str, ...] = ()
    encoding: str = ""
    media_type: str = ""


@dataclass(slots=True)
class Writer:
    """Puts a text together paragraph by paragraph, each with its place."""

    parts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    length: int = 0

    def paragraph(self, text: str, kind: str, label: str, level: int = 0) -> None:
        """Adds a paragraph; `level` makes it a heading."""
        if not text.strip():
            return
        line = f"{'#' * min(level, 6)} {text.strip()}\n" if level else f"{text}\n"
        if not self.places or self.places[-1].label != label:
            self.places.append(Place(self.length, kind, label))
        self.parts.append(line + "\n")
        self.length += len(line) + 1
        if self.length > LONGEST_OUTPUT:
            raise UnreadableFile(f"文字太多（超过 {LONGEST_OUTPUT // 10_000} 万字），请拆分后再添加。")

    def parsed(self, **more) -> Parsed:
        return Parsed("".join(self.parts), tuple(self.places), **more)


def one_line(text: str) -> str:
    """White space as it is shown: one space."""
    return _SPACE.sub(" ", text).strip(" ")


def row_line(heads: Sequence[str], cells: Sequence[str]) -> str:
    """A row of a table as a line: each cell with the head of its column; without heads the cells side by side.

    >>> row_line(["姓名", "年假"], ["王芳", "10天"])
    '姓名：王芳；年假：10天'
    """
    if heads:
        pairs = zip([*heads, *[""] * len(cells)], cells)
        return "；".join(f"{head}：{cell}" if head else cell for head, cell in pairs if cell)
    return "：".join(cells) if len(cells) == 2 and all(cells) and len(cells[0]) <= 20 else " | ".join(cell for cell in cells if cell)


def table_lines(rows: Sequence[Sequence[str]], headed: bool = False) -> list[str]:
    """The lines of a table. The first row is its head when it is marked so, or fills three columns or more."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    full = [row for row in rows if any(row)]
    first = full[0] if full else []
    is_head = len(full) > 1 and len(first) > 1 and all(first) and len(set(first)) == len(first) and (headed or len(first) > 2) and all(len(cell) <= 30 for cell in first)
    heads = first if is_head else []
    lines = []
    for row in rows:
        lines.append("" if not any(row) or row is first and is_head else row_line(heads, row))
    return lines
