"""What a cleaned text is made of: its headings, what belongs to the site and not to the text, and what is not as it should be.

These rules edit nothing; they mark stretches of the document.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from qa.clean.characters import BLANK, HAN, NUMERAL, TONED
from qa.clean.draft import Draft
from qa.clean.lines import ends_sentence, full_lines, lines_of
from qa.read.decode import common_characters
from qa.types import Deletion, Document, Flag, Heading, Span

# ----------------------------------------------------------------------------------------------------------- headings

_CHAPTER = re.compile(rf"第[{NUMERAL}\d]{{1,5}}(分[编編]|[编編篇章节節]|部分)(?=[{BLANK}]|$|[{HAN}：:])")
_LEVELS = {"编": 2, "編": 2, "篇": 2, "部分": 2, "分编": 3, "分編": 3, "章": 4, "节": 5, "節": 5}
_NUMBERED = ((re.compile(rf"[{NUMERAL}]{{1,3}}、(?=\S)"), 6), (re.compile(rf"[（(][{NUMERAL}]{{1,3}}[）)](?=\S)"), 7))
_SECTION = re.compile(r"【[^【】]{1,20}】$")
_ATTACHED = re.compile(rf"附[件录錄表](?:[{NUMERAL}\d]*)[：:]?(?=$|[{BLANK}]|[{HAN}])")
_STOPS = tuple("。！？!?；;，,、：:")
KEY_VALUE = re.compile(
    rf"(?:索引号|索引號|来源|來源|信息来源|日期|发布日期|發布日期|发布时间|發佈時間|時間|时间|作者|编辑|編輯|责任编辑|記者|记者|文号|文號|发文字号|發文字號|发布机构|發布機構|发文机关|主题|主題|关键词|關鍵詞|分类|分類|文件编号|文件編號|公开方式|公開方式|效力状况|效力狀況|有效性|成文日期|生成日期|公开日期|公開日期)(?:[（(][{NUMERAL}][）)])?(?:[：:]|[{BLANK}]|$)"
)
DATE_LINE = re.compile(rf"[（(]?(?:\d{{4}}|[〇○零一二三四五六七八九]{{4}})(?:年|[-/.])[\d{NUMERAL}]{{1,3}}(?:月|[-/.])(?:[\d{NUMERAL}]{{1,3}}日?)?[）)]?(?:印发|印發)?(?:[{BLANK}]+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?$")
_NUMBER_LINE = re.compile(rf"[（(]?(?:总|總)?第[{BLANK}]*[\d{NUMERAL}]+[{BLANK}]*[期号號辑輯][）)]?$|[{HAN}]{{1,12}}[〔\[（(【]\d{{4}}[〕\]）)】][{BLANK}]*第?\d+[号號]$")
_ORGANISATION = re.compile(rf"[{HAN}]{{2,30}}(?:部|局|厅|廳|委|委员会|委員會|办公室|辦公室|办公厅|政府|公司|中心|协会|協會|学校|大学|大學|医院|法院|检察院|委员会办公室|报社|通讯社)$")


def headings(document: Document) -> tuple[Heading, ...]:
    """The headings: those that markup marks, 【sections】, chapters, short numbered lines, and the lines of the title."""
    text, marked = document.text, _marked(document)
    spans = full_lines(text)
    sections = sum(bool(_SECTION.match(text, *span)) for span in spans) >= 2
    found = {heading.start: heading for heading in (_heading(text, span, marked, sections) for span in spans) if heading}
    if not any(heading.level == 1 for heading in found.values()):
        found |= {heading.start: heading for heading in _title_lines(document, spans, found)}
    return tuple(found[start] for start in sorted(found))


def _marked(document: Document) -> dict[int, int]:
    """Where a mark of Markdown made a heading: document offset -> number of marks."""
    text = document.source.text
    ends = {deletion.source[1]: text.count("#", *deletion.source) for deletion in document.deletions if deletion.why == "markdown" and "#" in text[slice(*deletion.source)]}
    return {run.start: ends[run.source] for run in document.runs if run.source in ends} if ends else {}


def _heading(text: str, span: Span, marked: dict[int, int], sections: bool) -> Heading | None:
    start, end = span
    long = end - start > 60
    if not long and text.startswith("第", start) and (chapter := _CHAPTER.match(text, start, end)) and not ends_sentence(text[start:end]):
        return Heading(start, end, _LEVELS[chapter[1]])
    if not long and text.startswith("【", start) and _SECTION.match(text, start, end):
        return Heading(start, end, 2)
    if start in marked and end - start <= 120:
        level = marked[start]
        return Heading(start, end, 3 if sections and start > _first_section(text) else level)
    if end - start <= 40 and not text[start:end].endswith(_STOPS):
        level = next((level for pattern, level in _NUMBERED if pattern.match(text, start, end)), 0) or (2 if _ATTACHED.match(text, start, end) else 0)
        return Heading(start, end, level) if level else None
    return None


def _first_section(text: str) -> int:
    found = re.search(r"^【[^【】]{1,20}】$", text, re.MULTILINE)
    return found.start() if found else len(text)


def _title_lines(document: Document, spans: Sequence[Span], known: dict[int, Heading]) -> list[Heading]:
    """The lines of the title at the top of a text without marks: short lines that are no sentence, number, date or key,
    above a paragraph of prose."""
    text = document.text
    outside = [flag for flag in document.flags if flag.kind == "boilerplate"]
    found: list[Span] = []
    for start, end in spans[:40]:
        if any(flag.start <= start and end <= flag.end for flag in outside):
            continue
        if start in known or not _may_be_title(text[start:end]) or len(found) == 4:
            break
        found.append((start, end))
    prose = any(end - start >= 40 and ends_sentence(text[start:end]) for start, end in spans[: len(found) + 60])
    first = text[slice(*found[0])] if found else ""
    return [Heading(start, end, 2 if start > found[0][0] and _alike(first, text[start:end]) else 1) for start, end in found] if prose else []


def _alike(one: str, other: str) -> bool:
    """Whether two lines are the same title, a word or a date aside."""
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return len(pairs & {other[at : at + 2] for at in range(len(other) - 1)}) >= 0.7 * max(len(pairs), 1)


def _may_be_title(line: str) -> bool:
    short = 4 <= len(line) <= 60 and not line.endswith(_STOPS) and len(re.findall(rf"[{HAN}A-Za-z]", line)) >= 0.5 * len(line)
    other = KEY_VALUE.match(line) or DATE_LINE.match(line) or _NUMBER_LINE.match(line) or re.match(r"[-*•|]|https?://|\d+[.、]", line)
    return short and not other


# --------------------------------------------------------------------------------------------------- a headline at the end


def headline_last(draft: Draft) -> Draft:
    """The draft with the headline at its top, where extraction had put it after the text: the text begins with prose, and
    the short lines at its end, which are no signature, say again what its beginning says."""
    spans = full_lines(draft.text)
    first = draft.text[slice(*spans[0])] if spans else ""
    if len(spans) < 3 or len(first) < 60 or not ends_sentence(first):
        return draft
    tail = _tail(draft.text, spans)
    if not tail or not _says_again(draft.text[: tail[0][0]], [draft.text[slice(*span)] for span in tail]):
        return draft
    start, end = tail[0][0], len(draft.text)
    return draft.rearranged(0, end, [(start, end), (start - 1, start), (0, start - 1)], "headline")


def _tail(text: str, spans: Sequence[Span]) -> list[Span]:
    tail: list[Span] = []
    for start, end in reversed(spans[1:]):
        line = text[start:end]
        if not _may_be_title(line) or _ORGANISATION.match(line) or len(line) < 8:
            break
        tail.insert(0, (start, end))
    return tail if 1 <= len(tail) <= 4 else []


def _says_again(body: str, lines: Sequence[str]) -> bool:
    shares = []
    for line in lines:
        words = re.sub(rf"[^{HAN}]", "", line)
        pairs = [words[at : at + 2] for at in range(len(words) - 1)]
        shares.append(sum(pair in body for pair in pairs) / max(len(pairs), 1))
    return max(shares) >= 0.7


# ------------------------------------------------------------------------------------------------------------------ flags


def flags(document: Document, moved: Span | None, torn: Sequence[Span] = ()) -> tuple[Flag, ...]:
    """What is not part of the text, damaged or cut off, in order. `moved`: the source span that was put in another order; `torn`:
    those whose order is lost."""
    found = [*_moved(document, moved), *_torn(document, torn), *_front_matter(document), *_furniture(document), *_contents(document), *_repeated(document), *_damaged(document.text), *_directions(document)]
    found += _cut_off(document, [flag for flag in found if flag.kind == "boilerplate"])
    return tuple(sorted(found, key=lambda flag: (flag.start, flag.end, flag.kind)))


# What sites put around a text, by kind of furniture. A whole paragraph is taken out, and only a short one.
_FURNITURE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (note, re.compile(pattern, re.IGNORECASE))
    for note, pattern in (
        ("网站导航", r"(?:您?[现現当當]前?(?:所?在)?的?位置|您的位置|[当當]前位置|所在位置)[:：]|(?:网站|網站)?首[页頁][\s>＞»›/|·-]|[^。，,]{1,20}(?:[>＞»›][^。，,>＞»›]{1,20}){2,}$"),
        ("网站声明", r"(?:本?(?:网站|網站|站)|[页頁]面)?(?:已|全面)?支持ipv6|(?:无障碍|無障礙)(?:浏览|瀏覽|阅读|閱讀|辅助)?$|版[权權]所有|copyright\b|©|.{0,12}icp[备備].{0,20}$|.{0,4}公[网網]安[备備]|网站标识码|(?:网站|網站)地[图圖]"),
        ("网站功能", r"(?:文件|附件|全文|相关|点击|立即)?(?:下[载載])(?:文件|附件|全文|地址)?$|打印(?:本[页頁]|此[页頁]|文章)?$|(?:关闭|關閉)(?:窗口|本[页頁])?$|[【\[]?(?:字体|字體|字号)[】\]]?[:：]?\s*[\[【]?[大中小]|分享(?:到|至)?[:：]|扫一扫|掃一掃|返回(?:顶部|首页|列表)|[上下]一[篇页頁条][:：]|(?:收藏|点赞|評論|评论)(?:本文)?(?:\(\d+\))?$|我要(?:纠错|评论|分享)|[【\[](?:打印|关闭|收藏|纠错)"),
        ("文库声明", r".*由会员分享.{0,6}(?:可在线阅读|在线阅读)|.*(?:珍藏版).{0,12}(?:请在|上搜索)|限制\d+内$|.*(?:文档|资料|资源)(?:均)?(?:由|为|来自)(?:用户|会员|网友)(?:自行)?(?:上传|分享|提供)|本文档?(?:由|来自).{1,20}(?:上传|文库|网整理)|.{0,10}(?:温馨提示|版权提示|使用须知|文档加载中).{0,40}(?:下载|文档)|下载(?:文档|后)?到电脑|\d+积分下载|还剩\d+页未读|举报$|文档编号[:：].*(?:格式|页数|大小)[:：]|[^。，]{4,80}\.(?:docx?|pdf|pptx?|wps)$"),
        ("阅读计数", r"(?:浏览|瀏覽|阅读|閱讀|点击|點擊|访问|訪問)(?:次数|次數|量|数|數)[:：]\s*\d*\s*次?$"),
    )
)
_SHARED = re.compile(r"由(?:会员|用户|网友)(?:分享|上传)|珍藏版|会员上传|文库|文档(?:下载|编号)|在线阅读|(?:本站|下载)文档|页未读，|\.(?:docx?|pdf|pptx?)$", re.MULTILINE)
_TRAILER = re.compile(r"[-•·\s]*(?:配套[^：:]{1,6}|特殊限制|关\s*键\s*词|版权(?:说明|提示)|温馨提示|关于本文|本文标题|链接地址|文档描述|相关资源|内容提供方|限制\d+内|提示|举报)\s*(?:[：:]|$)")


def _furniture(document: Document) -> Iterator[Flag]:
    text = document.text
    shared = bool(_SHARED.search(text))
    trailer = False
    for start, end in lines_of(text):
        trailer = trailer or (shared and start > 0.5 * len(text) and bool(_TRAILER.match(text, start, end)))
        note = "文库附带的说明" if trailer else next((note for note, pattern in _FURNITURE if pattern.match(text, start, end)), "") if end - start <= 200 else ""
        if note and start < end:
            yield Flag(start, end, "boilerplate", note)


_FRONT_LINES = 60
_FRONT_LINE = re.compile(r"[\w-]+[ \t]*:|[ \t]|#|-[ \t]|$")


def _front_matter(document: Document) -> Iterator[Flag]:
    """The keys and values between two lines of dashes with which a Markdown file may begin."""
    lines = document.source.text.removeprefix("\ufeff").split("\n", _FRONT_LINES)[:_FRONT_LINES]
    close = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or close < 2 or not all(_FRONT_LINE.match(line.rstrip("\r")) for line in lines[1:close]):
        return
    end, stop = 0, document.source.text.index(lines[0]) + sum(len(line) + 1 for line in lines[:close])
    for run in document.runs:
        if run.source >= stop:
            break
        end = run.start + min(run.length, stop - run.source)
    end = len(document.text[:end].rstrip())
    if end:
        yield Flag(0, end, "boilerplate", "文件头")


_CONTENTS = re.compile(r"(?:本期)?(?:内容)?(?:目[录錄次]|要目|提要|导读)[：:]?$|contents$", re.IGNORECASE)
_LEADERS = re.compile(r"\.{3}|…|·{3}|．{3}")
_LEADER = re.compile(r"[.…·．]{2,}[\s.…·．]*[（(]?\d{1,4}[）)]?$")


def _contents(document: Document) -> Iterator[Flag]:
    """Tables of contents: under such a heading the lines that come again later, and lines that lead to a page number."""
    text = document.text
    spans = full_lines(text)
    rows = [span for span in spans if span[1] - span[0] <= 120 and _LEADER.search(text, *span)] if _LEADERS.search(text) else []
    if len(rows) < 3:
        starts = [at for at, (start, end) in enumerate(spans) if end - start <= 12 and _CONTENTS.match(text, start, end)]
        starts = starts or _bare_contents(text, spans)
        later = {_bare(text[slice(*span)]): at for at, span in enumerate(spans)} if starts else {}
        for at in starts:
            last = at
            while last + 1 < len(spans) and later[_bare(text[slice(*spans[last + 1])])] > last + 1 and spans[last + 1][1] - spans[last + 1][0] <= 80:
                last += 1
            headed = bool(_CONTENTS.match(text, *spans[at]))
            if last - at >= 2:
                yield Flag(spans[at if headed else at + 1][0], spans[last][1], "boilerplate", "目录")
        return
    head = [span for span in spans if rows and span[1] + 1 >= rows[0][0] and span[0] < rows[0][0] and _CONTENTS.match(text, *span)]
    yield from (Flag(start, end, "boilerplate", "目录") for start, end in [*head, *rows])


def _bare_contents(text: str, spans: Sequence[Span]) -> list[int]:
    """The place before a run of at least three chapter lines without text between them: a table without its heading."""
    chapters = [end - start <= 60 and bool(_CHAPTER.match(text, start, end)) for start, end in spans[:60]]
    run = next((at for at in range(len(chapters) - 2) if all(chapters[at : at + 3]) and not all(_CHAPTER.match(text, *spans[k])[1] != _CHAPTER.match(text, *spans[at])[1] for k in (at + 1, at + 2))), 0)
    return [run - 1] if run else []


def _bare(line: str) -> str:
    """A line as it is compared: without spaces, leaders and page numbers."""
    return re.sub(rf"[{BLANK}]|[.…·．]{{2,}}.*$", "", line)


_ABSTRACT = re.compile(rf"(?:内容概[况述]|內容概[況述]|[摘提]\s*要|内容[摘提]要|[导導][读讀語语]|核心提示|简介|簡介)[{BLANK}]*[：:]?[{BLANK}]*")


def _repeated(document: Document) -> Iterator[Flag]:
    """A paragraph that stands once more as an abstract, or right after itself."""
    text = document.text
    previous = (0, 0)
    for start, end in lines_of(text):
        label = _ABSTRACT.match(text, start, end) if end - start >= 30 else None
        if label and (body := text[label.end() : end]) and len(body) >= 20 and text.find(body, end) >= 0:
            yield Flag(start, end, "boilerplate", "与正文重复的摘要")
        elif end - start >= 40 and end - start == previous[1] - previous[0] and text[start:end] == text[slice(*previous)]:
            yield Flag(*previous, "boilerplate", "与下一段重复")
        previous = (start, end)


_DAMAGED = re.compile(rf"(?<=[{HAN}])[!-~][^\x00-\x7f，。、；：\n]{{0,3}}\ufffd|[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]+|[{HAN}]\?[;^@~`|\\][^\x00-\x7f]|[{HAN}]\?[a-zü]*[{TONED}][a-zü{TONED}]*\)\S?|烫烫烫+|锟斤拷[锟斤拷]*|(?:[ÃÂäåæçèé][\u0080-\u00ff]){{3,}}")


_SUSPECT = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff?烫锟ÃÂäåæçèé]")
_SLIPPED = re.compile(rf"(?<=[{HAN}])[!-~](?=([^\x00-\x7f，。、；：\n]{{4,120}})\ufffd)")


def _damaged(text: str) -> Iterator[Flag]:
    if not _SUSPECT.search(text):
        return
    spans = [found.span() for found in _DAMAGED.finditer(text)]
    if "\ufffd" in text:  # a slip of bytes that was not repaired: none of what it left is the text, up to where it ends
        spans += [(found.start(), found.end(1) + 1) for found in _SLIPPED.finditer(text) if any(c not in common_characters() for c in found[1])]
    for start, end in spans:
        if not any(low <= start and end <= high and (low, high) != (start, end) for low, high in spans):
            yield Flag(start, end, "damaged", "此处字符已损坏，无法辨认，不能引用")


def _moved(document: Document, span: Span | None) -> Iterator[Flag]:
    runs = [run for run in document.runs if span and span[0] <= run.source < span[1]]
    if runs:
        yield Flag(runs[0].start, runs[-1].start + runs[-1].length, "doubtful", "原文此处分栏错乱、文字重复，已按行宽重新拼合")


def _torn(document: Document, spans: Sequence[Span]) -> Iterator[Flag]:
    for span in spans:
        runs = [run for run in document.runs if run.source < span[1] and span[0] < run.source + run.length]
        if runs:
            last = runs[-1]
            start = runs[0].start + max(span[0] - runs[0].source, 0)
            yield Flag(start, last.start + min(last.length, span[1] - last.source), "damaged", "原文此处分栏错乱，无法还原，不能引用")


_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def _directions(document: Document) -> Iterator[Flag]:
    """Paragraphs from which characters were taken that turn the direction of reading: they may have been shown otherwise."""
    gone = [deletion for deletion in document.deletions if deletion.why == "invisible" and _DIRECTIONS.search(document.source.text, *deletion.source)]
    for start, end in {_paragraph_at(document, deletion) for deletion in gone}:
        yield Flag(start, end, "doubtful", "原文含有改变文字方向的不可见字符，显示可能与文字不同，已去除")


def _paragraph_at(document: Document, deletion: Deletion) -> Span:
    at = max(bisect.bisect_right(document.runs, deletion.source[0], key=lambda run: run.source) - 1, 0)
    run = document.runs[at] if document.runs else None
    offset = min(run.start + run.length, len(document.text)) if run else 0
    start = document.text.rfind("\n", 0, offset) + 1
    end = document.text.find("\n", offset)
    return start, end if end >= 0 else len(document.text)


_PROSE_MARK = re.compile("[，,；;]")


def _cut_off(document: Document, boilerplate: Sequence[Flag]) -> Iterator[Flag]:
    """A last paragraph of prose that breaks off: from its last full sentence on."""
    text = document.text
    outside = [(flag.start, flag.end) for flag in boilerplate]
    kept = [span for span in full_lines(text) if not any(low <= span[0] and span[1] <= high for low, high in outside)]
    if len(kept) < 2 or document.source.media_type in ("text/csv", "text/html"):
        return
    start, end = kept[-1]
    line = text[start:end]
    if ends_sentence(line) or len(line) < 25 or not _PROSE_MARK.search(line) or not any(ends_sentence(text[slice(*span)]) for span in kept[-4:-1]):
        return
    if re.search(rf"[{HAN}A-Za-z\d，,、+\-（(“]$", line):
        last = max(line.rfind(mark) for mark in "。！？")
        yield Flag(start + last + 1, end, "incomplete", "原文在此中断，句子不完整")
