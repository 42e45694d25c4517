"""What every reader of a binary or marked-up format gives: text, places and doubts, and the limits that they keep.

Headings are written as Markdown marks them, tables a row a line with each cell's head; cleaning understands both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.types import Place, UnreadableFile

LONGEST_OUTPUT = 20_000_000  # characters of text from one file
WIDEST = 500  # columns
_LONGEST_HEAD = 30
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
        too_long(self.length)

    def parsed(self, **more) -> Parsed:
        return Parsed("".join(self.parts), tuple(self.places), **more)


def too_long(length: int) -> None:
    """Raises UnreadableFile when a file has given more characters than one may."""
    if length > LONGEST_OUTPUT:
        raise UnreadableFile(f"文字太多（超过 {LONGEST_OUTPUT // 10_000} 万字），请拆分后再添加。")


def unseen(count: int) -> tuple[str, ...]:
    """The doubt about so many texts that nobody sees and that were left out; none when there are none."""
    return (f"有 {count} 处隐藏文字，未读取。",) if count else ()


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


ACROSS, BELOW = "\0", "\1"
"""Marks of a cell that another one covers: its text after ACROSS for the columns that the other spans, BELOW for the rows."""


def spread(cells: Sequence[Sequence[tuple[str, int, int]]]) -> list[list[str]]:
    """The grid of a table whose cells span columns and rows: (text, columns, rows) each."""
    grid: list[list[str]] = []
    hanging: dict[int, int] = {}  # column -> rows that a cell above still covers
    for row in cells:
        line: list[str] = []
        for text, across, down in row:
            _hang(line, hanging)
            wide = max(min(across, WIDEST - len(line)), 1)
            for column in range(len(line), len(line) + wide) if down > 1 else ():
                hanging[column] = down - 1
            line += [text, *[ACROSS + text] * (wide - 1)]
        _hang(line, hanging)
        grid.append(line)
    return grid


def _hang(line: list[str], hanging: dict[int, int]) -> None:
    while hanging.get(len(line), 0) > 0:
        hanging[len(line)] -= 1
        line.append(BELOW)


def table_lines(rows: Sequence[Sequence[str]], headed: int = 0) -> list[str]:
    """The lines of a table, a row each, every cell with the head of its column. `headed` rows are heads; when none is marked, the
    first full one of three columns or more is. A row of one cell above the heads is the table's title. Covered cells: `spread`."""
    rows = _filled(rows)
    top = next((at for at, row in enumerate(rows) if sum(map(bool, map(_own, row))) > 1), 0)
    marked = max(headed - top, 0)
    heads = _heads(rows[top : top + marked]) if marked else []
    if not any(any(row) for row in rows[top + marked :]):
        heads = []  # of nothing
    if not heads:
        first = [_own(cell) for cell in rows[top]] if rows else []
        marked = int(any(any(row) for row in rows[top + 1 :]) and len(first) > 2 and all(first) and len(set(first)) == len(first) and max(map(len, first)) <= _LONGEST_HEAD)
        heads = first if marked else []
    lines = []
    for at, row in enumerate(rows):
        cells = [_own(cell) for cell in row]
        lines.append("" if top <= at < top + marked or not any(cells) else row_line(heads if at >= top else [], cells))
    return lines


def _filled(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows with one space for white space, and what a cell says in each of the rows that it spans."""
    filled: list[list[str]] = []
    for row in rows:
        above = filled[-1] if filled else []
        filled.append([(above[at] if at < len(above) else "") if cell == BELOW else (ACROSS if cell.startswith(ACROSS) else "") + one_line(cell.lstrip(ACROSS)) for at, cell in enumerate(row)])
    return filled


def _own(cell: str) -> str:
    return "" if cell.startswith(ACROSS) else cell


def _heads(rows: Sequence[Sequence[str]]) -> list[str]:
    """The head of each column, put together from the rows of heads; none when they are no heads but a row of text."""
    width = max(map(len, rows), default=0)
    columns = [list(dict.fromkeys(row[at].lstrip(ACROSS) for row in rows if at < len(row) and row[at].lstrip(ACROSS))) for at in range(width)]
    heads = ["".join(parts) for parts in columns]
    return heads if sum(map(bool, heads)) > 1 and max(map(len, heads)) <= 2 * _LONGEST_HEAD else []
