"""Spreadsheets and CSV: a row a line, each cell with the head of its column. Places are rows with their cells."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Sequence

import python_calamine

from qa.read.decode import decode
from qa.read.parsed import Parsed, Writer, table_lines
from qa.types import UnreadableFile

_MOST_CELLS = 2_000_000


def read_xlsx(path: str) -> Parsed:
    """The visible sheets of a workbook. Raises UnreadableFile when it is broken or empty."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        sheets = [(meta.name, _rows(workbook, meta.name)) for meta in workbook.sheets_metadata if meta.visible == python_calamine.SheetVisibleEnum.Visible]
        hidden = len(workbook.sheet_names) - len(sheets)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFile("表格已损坏，无法打开。") from error
    writer = Writer()
    for name, (first, rows) in sheets:
        if len(sheets) > 1 and rows:
            writer.paragraph(name, "sheet", f"工作表“{name}”", level=1)
        for number, line, width in _lines(rows):
            writer.paragraph(line, "cell", f"工作表“{name}”{_cells(first[0] + number, first[1], width)}")
    if not writer.length:
        raise UnreadableFile("表格里没有内容。")
    return writer.parsed(doubts=(f"有 {hidden} 个隐藏的工作表，未读取。",) if hidden else ())


def _rows(workbook: python_calamine.CalamineWorkbook, name: str) -> tuple[tuple[int, int], list[list[str]]]:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.height * sheet.width > _MOST_CELLS:
        raise UnreadableFile(f"工作表“{name}”有 {sheet.height} 行 {sheet.width} 列，太大了，请拆分后再添加。")
    return sheet.start or (0, 0), [[_shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]


def _shown(cell: object) -> str:
    """A value as people read it: whole numbers without a fraction, days without a time."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str, int]]:
    """(number of the row from 0, its line, its width). A single column is text, not a table."""
    if max((len(row) for row in rows), default=0) == 1:
        yield from ((number, row[0], 1) for number, row in enumerate(rows) if row and row[0].strip())
        return
    first = next(((at, row) for at, row in enumerate(rows) if sum(map(bool, row)) > 1), (0, ()))
    named = len(set(first[1])) == len(first[1]) and all(first[1])
    for number, line in enumerate(table_lines(rows, first[0] + 1 if named else 0)):
        if line:
            yield number, line, len(rows[number])


def _cells(row: int, column: int, width: int) -> str:
    left, right = _column(column), _column(column + max(width - 1, 0))
    return f"{left}{row + 1}" if left == right else f"{left}{row + 1}:{right}{row + 1}"


def _column(number: int) -> str:
    """The letters of a column, counted from 0.

    >>> _column(0), _column(27)
    ('A', 'AB')
    """
    letters = ""
    while number >= 0:
        letters, number = chr(65 + number % 26) + letters, number // 26 - 1
    return letters


def read_csv(data: bytes, encoding: str | None) -> Parsed:
    """A table in text, its separator found by what the first lines have in common."""
    text, codec, doubts = decode(data, encoding)
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    separator = max(",\t;|", key=lambda mark: min((line.count(mark) for line in lines[:5] if line.strip()), default=0))
    try:
        rows = [row for row in csv.reader(lines, delimiter=separator)]
    except csv.Error as error:
        raise UnreadableFile("表格的格式有误，无法读取。") from error
    writer = Writer()
    for number, line, _ in _lines(rows):
        writer.paragraph(line, "cell", f"第{number + 1}行")
    if not writer.length:
        raise UnreadableFile("表格里没有内容。")
    return writer.parsed(encoding=codec, doubts=doubts)
