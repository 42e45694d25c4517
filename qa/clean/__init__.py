"""A source becomes a document: damage of layout, script and extraction is taken out, wording is never touched.

The rules stand in one ordered table. Each looks for one kind of damage and answers with edits; the draft they work on
(`draft.py`) carries the alignment, so that whatever the rules do, every character stays at a known source offset or in a
declared repair. What only marks (`marks.py`: headings, flags) comes after what edits. The original script stays.

What it does not know: what a text means. Doubtful places are flagged, not corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from qa.clean import characters, lines, marks, pages, spaces, wraps
from qa.clean.draft import Draft, Edit, document_of, source_spans
from qa.types import Document, Source

__all__ = ["RULES", "SAID", "Rule", "clean", "source_spans"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of damage and what becomes of it."""

    name: str
    damage: str
    before: str  # an example, not from the seeds
    after: str
    find: Callable[[str, Source], Iterable[Edit]]


_DUTY = "本市河道管理实行统一管理与分级管理相结合的原则，各级河长负责组织领导相应河湖的管理和保护工作，及时协调问题，逐级督促落实"
_LONG = f"{_DUTY}。" * 8

RULES: tuple[Rule, ...] = (
    Rule("running_head", "heads, feet and numbers of pages", "甲甲\n一\n二\n- 1 -\f甲甲\n三\n四\n- 2 -\f甲甲\n五\n六\n- 3 -", "一\n二\n三\n四\n五\n六", pages.running_heads),
    Rule("line_end", "CRLF, CR, form feeds and Unicode line ends", "甲。\r\n乙。", "甲。\n乙。", characters.line_ends),
    Rule("note_mark", "marks of notes on lines of their own", "全县现有小型水库二十座\n[\n3\n]\n，其中九座带病运行。", "全县现有小型水库二十座[3]，其中九座带病运行。", pages.note_marks),
    Rule("page_number", "numbers of pages and running heads between the lines", f"{_DUTY}，协调处\n\n- 1 -\n\n理，督促落实。\n乙。\n丙。\n- 2 -\n丁。", f"{_DUTY}，协调处理，督促落实。\n乙。\n丙。\n丁。", pages.page_numbers),
    Rule("invisible", "zero-width, direction and control characters, the byte order mark", "\ufeff消\u200b防", "消防", characters.invisible),
    Rule("radical", "radicals that a PDF gives in place of characters", "⼯⻓", "工长", characters.radicals),
    Rule("byte_slip", "two-byte characters of GBK that lost a high bit", "加油加气站!⒋笮蜕桃倒愠\u3000⒏卟憬ㄖ\ufffd", "加油加气站、大型商业广场、高层建\ufffd", characters.byte_slips),
    Rule("pinyin", "readings that a converter put in brackets", "雲(yún)龍(lóng)湖(hú)畔", "雲龍湖畔", characters.pinyin),
    Rule("file_ending", "the ending of a file name that stands as title", "采购办法.docx\n第一条 略。", "采购办法\n第一条 略。", lines.file_ending),
    Rule("slice", "numbers of slices that a share site put into the text", "\n".join(f"{at // 110 + 1}、{_LONG[at : at + 110]}" for at in range(0, len(_LONG), 110)), _LONG, pages.slices),
    Rule("counter", "counters of visits", "来源：晚报 浏览次数：18", "来源：晚报", lines.counters),
    Rule("lost_paragraph", "paragraphs that survive as a space after the full stop", " ".join([f"{_DUTY}。协助处理。"] * 8), "\n".join([f"{_DUTY}。协助处理。"] * 8), spaces.lost_paragraphs),
    Rule("gap", "spaces inside Chinese prose, left from line ends", f"{_DUTY[:9]} {_DUTY[9:20]} {_DUTY[20:]}，协调解决问 题。", f"{_DUTY}，协调解决问题。", spaces.gaps),
    Rule("glued_heading", "headings that lost their line in one block of text", f"{_LONG}一要明确责任。{_LONG}二要加强督查。", f"{_LONG}\n一要明确责任。{_LONG}\n二要加强督查。", spaces.glued_headings),
    Rule("hard_wrap", "the line ends of a column", "\n".join(_LONG[at : at + 20] for at in range(0, len(_LONG), 20)), _LONG, wraps.hard_wraps),
    Rule("page_break", "a sentence cut in two by a page", f"{_DUTY}，协调处\n\n理，督促落实。", f"{_DUTY}，协调处理，督促落实。", wraps.page_breaks),
    Rule("look_alike", "letters read for characters, where the text itself proves it", "三届O一次会议，三届〇一次会议", "三届〇一次会议，三届〇一次会议", characters.look_alikes),
    Rule("markdown", "marks of Markdown", "## **通知**\n\n---", "通知", lines.markdown),
    Rule("letter_spacing", "headings with spaced letters", "会 议 纪 要", "会议纪要", characters.letter_spacing),
    Rule("number_spacing", "spaces inside dates and numbers", "2019 年 3 月 1 日第 3 期", "2019年3月1日第3期", characters.number_spacing),
    Rule("blank", "runs of blanks, tabs and no-break spaces", "东区 \u00a0 西区", "东区 西区", characters.blanks),
    Rule("blank_line", "empty lines and blanks at the ends of lines", "甲\n\n\n乙 \n", "甲\n乙", lines.blank_lines),
)  # fmt: skip
"""The order matters: bytes before readings, slices before the spaces inside them, wrapped lines before the marks at their heads."""


SAID = {
    "running_head": "去除页眉页脚和页码", "page_number": "去除夹在正文里的页码和页眉", "note_mark": "接回注释标记", "line_end": "统一换行符", "invisible": "去除不可见字符", "radical": "还原部首字符", "byte_slip": "修复错位的汉字编码",
    "pinyin": "去除注音", "file_ending": "去除标题里的扩展名", "slice": "去除分段编号并接回断句", "columns": "接回错乱的分栏", "counter": "去除浏览计数", "lost_paragraph": "恢复段落", "gap": "去除文字间的空格",
    "glued_heading": "标题另起一行", "hard_wrap": "接回换行断开的句子", "page_break": "接回分页断开的句子", "look_alike": "更正形近误识", "markdown": "去除 Markdown 标记", "letter_spacing": "去除标题字间空格",
    "number_spacing": "去除日期和编号里的空格", "blank": "合并空白", "blank_line": "去除空行", "headline": "标题移到文首",
}  # fmt: skip
"""What each rule does, in words for the owner of the document."""


def clean(source: Source) -> Document:
    """The document of a source.

    It deletes and it repairs, it never rewords. Every character of `Document.text` is a source character at a known offset
    or part of a declared repair (what it was, what it became, why). The original script stays: simplified is for the
    search key, and for display only when the reader asks for it.
    """
    draft, moved, torn = Draft.of(source.text), None, ()
    for rule in RULES:
        draft = draft.edited(rule.find(draft.text, source), rule.name)
        if rule.name == "slice":
            draft, moved, torn = spaces.columns(draft)
    document = document_of(source, marks.headline_last(draft))
    document = replace(document, flags=marks.flags(document, moved, torn))
    return replace(document, headings=marks.headings(document))
