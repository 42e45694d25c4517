"""What the program makes of a file, to be looked at by people: description, repaired text, passages. It opens no library.

Text is shown as it is cited; what was repaired stands beside it in ⟦ ⟧: ⟦was→became⟧, ⟦-deleted⟧, ⏎ for a line end.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.cite import location
from qa.clean import SAID, clean, source_spans
from qa.describe import describe
from qa.read import read
from qa.split import split
from qa.types import Description, Document, Note, Passage

_WHITE_SPACE = frozenset({"blank_line", "line_end", "blank"})  # the rules whose changes nobody looks for
_KINDS_OF_FILES = {
    "text/plain": "文本", "text/markdown": "Markdown", "text/html": "网页", "text/csv": "CSV 表格", "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word 文档", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel 表格",
}  # fmt: skip
_FLAGGED = {"damaged": "损坏，不引用", "boilerplate": "不入段落", "incomplete": "不完整", "doubtful": "存疑"}
_NAMES = {
    "title": "标题", "kicker": "引题", "subtitle": "副题", "issuer": "发文机关", "source": "来源", "date": "日期", "issue_number": "期号", "document_number": "文号", "index_number": "索引号",
    "registration_number": "登记号", "section": "栏目", "article": "文章", "cc": "抄送", "to": "主送", "region": "地区", "speaker": "讲话人", "meeting": "会议", "person": "人物", "event_date": "事件日期", "category": "分类",
    "completeness": "完整性", "passed": "通过", "approved": "批准", "promulgated": "公布", "amended": "修正", "in_force": "施行", "repealed": "废止", "posted": "发布时间", "created": "生成日期",
    "written": "成文日期", "published": "公开日期", "disclosure_period": "公开时限", "disclosure_form": "公开形式", "disclosure_manner": "公开方式", "disclosure_scope": "公开范围",
    "disclosure_procedure": "公开程序", "validity": "效力状况", "genre": "体裁", "keywords": "关键词", "class_words": "分类词", "topic": "主题", "topic_1": "主题（一）", "topic_2": "主题（二）",
    "topic_3": "主题（三）", "author": "作者", "reporter": "记者", "editor": "编辑", "name": "名称",
}  # fmt: skip
_KINDS = {"synthetic": "由首句拟出", "no year": "原文没有年份", "empty": "空", "inferred: year from the date of issue": "年份由印发日期推断", "masthead": "刊头", "printed": "印发", "heading": "题下", "dateline": "电头",
          "version": "本版本", "in the title": "见于标题", "the body that passed it": "通过机关", "the body that promulgated it": "公布机关", "posted": "发布", "published": "公开", "created": "生成", "written": "成文"}  # fmt: skip
_VALUES = {"truncated": "不完整"}


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file as the program reads it; `locations[i]` is where in the file `passages[i]` stands."""

    document: Document
    description: Description
    passages: tuple[Passage, ...]
    locations: tuple[str, ...]
    note: Note

    def to_text(self) -> str:
        """All of it, laid out for people."""
        return "\n\n".join("\n".join(part) for part in (_head(self), _cleaned(self.document), _passages(self)))


def inspect(path: str | os.PathLike, encoding: str | None = None) -> Inspection:
    """What the program makes of a file. `encoding` overrides the detection. Raises UnreadableFile."""
    source = read(path, encoding=encoding)
    document = clean(source)
    key = os.path.abspath(os.fsdecode(path))
    passages = tuple(split(document))
    places = tuple(location(source, source_spans(document, passage.start, passage.end)[0]) for passage in passages)
    return Inspection(document, describe(document, key), passages, places, noted(document, key, len(passages)))


def noted(document: Document, key: str, passages: int) -> Note:
    """What was noticed when a document was read; `passages` is how many it has."""
    times, silent = Counter(change.why for change in (*document.deletions, *document.repairs)), _silent(document)
    repairs = tuple((said, times[rule]) for rule, said in SAID.items() if times[rule] and rule not in silent)
    flags = Counter(f"{_FLAGGED[flag.kind]}：{flag.note}" for flag in document.flags)
    return Note(key, passages, repairs, tuple(flags.items()), document.source.doubts)


def _silent(document: Document) -> frozenset[str]:
    """The rules of which nothing is said: white space, and in files that are not text the marks with which their reader told
    headings."""
    return _WHITE_SPACE if document.source.media_type in ("text/plain", "text/markdown") else _WHITE_SPACE | {"markdown"}


def together(notes: Sequence[Note]) -> Note:
    """The notes on the volumes of one document as one."""
    repairs, flags = (Counter[str](), Counter[str]())
    for note in notes:
        repairs.update(dict(note.repairs))
        flags.update(dict(note.flags))
    doubts = tuple(dict.fromkeys(doubt for note in notes for doubt in note.doubts))
    return Note(notes[0].key, sum(note.passages for note in notes), tuple(repairs.items()), tuple(flags.items()), doubts)


# ------------------------------------------------------------------------------------------------------------- the layout


def _head(found: Inspection) -> Iterator[str]:
    source, note = found.document.source, found.note
    yield f"{source.name}：{_KINDS_OF_FILES.get(source.media_type, source.media_type)}，{f'{source.encoding}，' if source.encoding else ''}原文 {len(source.text)} 字，整理后 {len(found.document.text)} 字，{note.passages} 段"
    yield from (f"  存疑：{doubt}" for doubt in note.doubts)
    yield "\n── 著录 ──"
    for field in found.description.fields:
        said = "" if not field.note else f"（{_KINDS.get(field.note, field.note)}）"
        where = location(source, [span for low, high in field.spans for span in source_spans(found.document, low, high)[0]])
        yield f"  {_NAMES.get(field.name, field.name)}：{_VALUES.get(field.value, field.value)}{said}" + (f"  {where}" if where else "")
    yield "\n── 整理 ──"
    yield from (f"  {said} {times} 处" for said, times in (*note.repairs, *note.flags))
    if not note.repairs and not note.flags:
        yield "  没有需要修复的地方"


def _cleaned(document: Document) -> Iterator[str]:
    yield "── 正文（⟦原→改⟧ 改动，⟦-…⟧ 删去，⏎ 换行）──"
    levels = {heading.start: heading.level for heading in document.headings}
    shown, at = _shown(document), 0
    for line in document.text.split("\n"):
        end = at + len(line)
        marks = "；".join(dict.fromkeys(f"{_FLAGGED[flag.kind]}：{flag.note}" for flag in document.flags if flag.start < end and flag.end > at))
        head = "#" * levels[at] + " " if at in levels else ""
        yield head + "".join(shown[at : end + 1]).rstrip("\n") + (f"  〔{marks}〕" if marks else "")
        at = end + 1
    yield "".join(shown[at:])


def _shown(document: Document) -> list[str]:
    """For each character of the text, and for its end, what is shown in its place."""
    shown, silent = [*document.text, ""], _silent(document)
    for repair in document.repairs:
        if repair.why not in silent:
            shown[repair.start : repair.end] = [f"⟦{_visible(repair.was)}→{_visible(repair.became)}⟧", *[""] * (repair.end - repair.start - 1)]
    starts = {run.source: run.start for run in document.runs} | {repair.source[0]: repair.start for repair in document.repairs}
    gone = {deletion.source[0]: deletion.source[1] for deletion in document.deletions}
    for deletion in reversed(document.deletions):
        if deletion.why not in silent:
            at = starts.get(_past(gone, starts, deletion.source[1]), len(document.text))
            shown[at] = f"⟦-{_visible(document.source.text[slice(*deletion.source)])}⟧{shown[at]}"
    return shown


def _past(gone: Mapping[int, int], starts: Mapping[int, int], at: int) -> int:
    """Where in the source something stays again, from `at` on: past the deletions that follow one another."""
    while at not in starts and at in gone:
        at = gone[at]
    return at


def _visible(text: str) -> str:
    text = text if len(text) <= 60 else f"{text[:40]}…{text[-15:]}"
    return text.replace("\r\n", "⏎").replace("\n", "⏎").replace("\r", "⏎")


def _passages(found: Inspection) -> Iterator[str]:
    yield "── 段落 ──"
    for number, (passage, place) in enumerate(zip(found.passages, found.locations), 1):
        flags = [flag for flag in found.document.flags if flag.start < passage.end and flag.end > passage.start and flag.kind != "boilerplate"]
        yield "\n" + "  ".join(filter(None, (f"[{number}]", place, " › ".join(passage.headings), f"（{passage.context}）" if passage.context else "")))
        yield from (f"    〔{_FLAGGED[flag.kind]}：{flag.note}〕" for flag in flags)
        yield from (f"    〔承上文，供查找：{part}〕" for part in passage.lead)
        yield "    " + passage.text.replace("\n", "\n    ")
