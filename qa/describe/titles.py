"""The title with its kicker and subtitle."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from qa.describe.page import Page
from qa.types import Field, Span

_TITLE_END = re.compile(r"(?:通知|意见|意見|办法|辦法|规定|規定|条例|決定|决定|报告|報告|通报|通報|公告|函|批复|方案|讲话|講話|纪要|紀要|细则|解释|法|规则|规划)(?:[（(][^（）()]{1,20}[）)])?$")
_TABLES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_KICKED = re.compile("召开|召開|举行|舉行|会见|會見|调研|調研|出席|部署|启动|啟動|发布|發布")


def titles(page: Page) -> Iterator[Field]:
    """The title with its kicker and subtitle: the headings of the highest level at the top, else the first sentence."""
    group = _top_headings(page)
    if not group:
        yield from _front_matter(page) or _first_sentence(page)
        return
    main, kicker, subtitle = _parts_of_title(page, group)
    yield Field("title", " ".join(page.text[slice(*span)] for span in main), tuple(main))
    yield from (page.field("kicker", span) for span in kicker)
    yield from (page.field("subtitle", span) for span in subtitle)


def _top_headings(page: Page) -> list[Span]:
    """The first heading of level 1 and the ones directly under it."""
    group: list[Span] = []
    for start, end in page.paragraphs:
        if page.headings.get(start) == 1:
            group.append((start, end))
        elif group:
            break
    return group


def _parts_of_title(page: Page, group: list[Span]) -> tuple[list[Span], list[Span], list[Span]]:
    """Main lines, kicker, subtitle. Lines of one headline stand together; a blank line parts kicker and headline."""
    if len(group) == 1:
        return group, [], []
    blocks = _by_blank_lines(page, group)
    if len(blocks) > 1 and len(blocks[0]) == 1 and _KICKED.search(page.text, *blocks[0][0]) and _moved(page, group[0][0]):
        return blocks[1], blocks[0], [span for block in blocks[2:] for span in block]
    first = page.text[slice(*group[0])]
    if not _TITLE_END.search(first) and not _KICKED.search(first) and _TITLE_END.search(page.text[slice(*group[1])]):
        return group[:2], [], group[2:]
    return group[:1], [], group[1:]


def _by_blank_lines(page: Page, group: list[Span]) -> list[list[Span]]:
    source, blocks = page.document.source.text, [[group[0]]]
    for previous, span in itertools.pairwise(group):
        between = source[_source_at(page, previous[1] - 1) : _source_at(page, span[0])]
        if between.count("\n") > 1:
            blocks.append([span])
        else:
            blocks[-1].append(span)
    return blocks


def _source_at(page: Page, offset: int) -> int:
    run = next((run for run in page.document.runs if run.start <= offset < run.start + run.length), None)
    return run.source + offset - run.start if run else 0


def _moved(page: Page, offset: int) -> bool:
    """Whether the stretch stood further down in the source."""
    return _source_at(page, offset) > 0.5 * len(page.document.source.text)


_LEADING = re.compile(r"(?:本[报報][讯訊]\s*)?(?:[（(][^（）()]{1,20}[）)])?\s*(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日[，,]?\s*)?")


_FRONT = re.compile(r"title[ \t]*:[ \t]*[\"']?([^\n\"']+)")


def _front_matter(page: Page) -> list[Field]:
    """The title that the keys at the head of a Markdown file give."""
    end = next((flag.end for flag in page.document.flags if flag.note == "文件头"), 0)
    found = _FRONT.search(page.text, 0, end)
    return [page.field("title", found.span(1))] if found else []


def _first_sentence(page: Page) -> Iterator[Field]:
    """The words with which a document without a headline begins, unless it is a table; one that ends as titles do is the title."""
    if page.document.source.media_type in _TABLES:
        return
    for start, end in page.paragraphs[:1]:
        if end - start <= 60 and len(page.paragraphs) > 1 and _TITLE_END.search(page.read((start, end))):
            yield page.field("title", (start, end))
            return
        start = _LEADING.match(page.text, start, end).end()
        stop = re.compile("[。！？!?；;\n]|$").search(page.text, start, min(end, start + 60)).start()
        yield page.field("title", (start, stop), "synthetic")
