"""Measures reading, cleaning, describing and splitting on a folder of documents, and on laws article by article.

    python benchmarks/documents.py ../shared/corpora/laws          # every file: contracts 1 and 2, times
    python benchmarks/documents.py ../shared/corpora/laws --articles --show
    python benchmarks/documents.py ../shared/corpora/laws --describe --show

Contracts: characters of the source that are neither copied, repaired nor deleted; runs and repairs that do not tile the
text; passages that lose or repeat text. Articles: the raw file is cut at the lines that begin with 第…条, by code of its
own, and each article must come out as one passage, or as several that carry its number when it is longer than the limit,
under the title and the chapter of the file. Describing: the title is the first line of the file; the version is the latest day
in the lines before the first article or chapter; in force since is the day in the last article, each found by code of its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from qa.clean import clean, source_spans
from qa.describe import describe
from qa.read import read, walk
from qa.split import split
from qa.types import Description, Document, Passage, UnreadableFile


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", action="store_true", help="laws in Markdown: compare article by article")
    parser.add_argument("--describe", action="store_true", help="laws in Markdown: compare title, version and in force since")
    parser.add_argument("--show", action="store_true", help="print what falls short")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures, seconds = Counter(), Counter()
    for path in walk([options.folder]):
        _measure(path, options, figures, seconds)
    result = dict(figures) | {f"{stage} seconds": round(spent, 1) for stage, spent in seconds.items()}
    result["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if figures["articles"]:
        result["articles right"] = round(1 - figures["articles wrong"] / figures["articles"], 5)
    for fact in ("title", "version", "in force"):
        if figures[f"{fact} stated"]:
            result[f"{fact} right"] = round(1 - figures[f"{fact} wrong"] / figures[f"{fact} stated"], 5)
    print(json.dumps(result, ensure_ascii=False) if options.json else "\n".join(f"{name:>24}  {value}" for name, value in result.items()))
    return 1 if figures["violations"] else 0


def _measure(path: Path, options: argparse.Namespace, figures: Counter, seconds: Counter) -> None:
    began = time.perf_counter()
    try:
        source = read(path)
    except UnreadableFile:
        figures["refused"] += 1
        return
    stamps = [began, time.perf_counter()]
    document = clean(source)
    stamps.append(time.perf_counter())
    description = describe(document, str(path))
    stamps.append(time.perf_counter())
    passages = split(document)
    stamps.append(time.perf_counter())
    for stage, low, high in zip(("read", "clean", "describe", "split"), stamps, stamps[1:]):
        seconds[stage] += high - low
    figures["files"] += 1
    figures["passages"] += len(passages)
    figures["titles"] += bool(description.title)
    figures["dates"] += bool(description.date)
    for problem in violations(document, passages):
        figures["violations"] += 1
        if options.show:
            print(f"{path.name}: {problem}", file=sys.stderr)
    if options.articles and path.suffix == ".md":
        _compare(path, document, passages, options, figures)
    if options.describe and path.suffix == ".md":
        _facts(path, document, description, options, figures)


def violations(document: Document, passages: list[Passage]) -> Iterator[str]:
    """What breaks contracts 1 and 2."""
    source, text, at = document.source.text, document.text, 0
    tiles = sorted([(run.start, run.start + run.length, source[run.source : run.source + run.length]) for run in document.runs]
                   + [(repair.start, repair.end, repair.became) for repair in document.repairs])  # fmt: skip
    for start, end, copied in tiles:
        if start != at or text[start:end] != copied:
            yield f"runs and repairs do not tile the text at {start}"
        at = end
    if at != len(text):
        yield "runs and repairs end before the text"
    used = sorted([(run.source, run.source + run.length) for run in document.runs] + [deletion.source for deletion in document.deletions]
                  + [repair.source for repair in document.repairs if repair.was])  # fmt: skip
    at = 0
    for start, end in used:
        if start != at:
            yield f"source characters {at} to {start} are lost or used twice"
        at = end
    if at != len(source):
        yield "the end of the source is lost"
    at, outside = 0, [(flag.start, flag.end) for flag in document.flags if flag.kind == "boilerplate"]
    for passage in passages:
        if text[passage.start : passage.end] != passage.text or passage.start < at:
            yield f"passage at {passage.start} is not the text between its offsets"
        yield from _lost(text, at, passage.start, outside)
        at = passage.end
        spans, repairs = source_spans(document, passage.start, passage.end)
        if not repairs and "".join(source[low:high] for low, high in spans) != passage.text:
            yield f"passage at {passage.start} is not what its source spans say"
    yield from _lost(text, at, len(text), outside)


def _lost(text: str, start: int, end: int, outside: list[tuple[int, int]]) -> Iterator[str]:
    between = "".join(character for offset, character in enumerate(text[start:end], start) if not any(low <= offset < high for low, high in outside))
    if between.strip():
        yield f"no passage holds {between[:40]!r}"


# ------------------------------------------------------------------------------------------------------------- articles

_NUMERAL = "〇零一二三四五六七八九十百千"
_ARTICLE = re.compile(rf"\s*(第[{_NUMERAL}\d]+条(?:之[{_NUMERAL}]+)?)")
_CHAPTER = re.compile(rf"#*\s*(第[{_NUMERAL}\d]+[编章节](?:\s|\u3000|$).*|第[{_NUMERAL}\d]+分编.*)")


def _articles(text: str) -> Iterator[tuple[str, str, str]]:
    """(number, chapter, text) of each article of a raw file."""
    chapter, number, lines = "", "", []
    for line in text.split("\n"):
        article, heading = _ARTICLE.match(line), _CHAPTER.match(line) or line.startswith("#")
        if (article or heading) and number:
            yield number, chapter, "\n".join(lines)
            number, lines = "", []
        if heading and not article and (found := _CHAPTER.match(line)):
            chapter = found[1]
        if article:
            number = article[1]
        if number:
            lines.append(line)
    if number:
        yield number, chapter, "\n".join(lines)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u200b\u3000\xa0#*|\ufeff-]", "", text)


def _compare(path: Path, document: Document, passages: list[Passage], options: argparse.Namespace, figures: Counter) -> None:
    raw = document.source.text
    title = _bare(raw.split("\n", 1)[0])
    starts = [(found[1], number) for number, passage in enumerate(passages) if (found := _first_article(passage))]
    at = 0
    for number, chapter, text in _articles(raw):
        figures["articles"] += 1
        place = next((place for place in range(at, min(at + 4, len(starts))) if starts[place][0] == number), None)
        problem = "no passage begins with it" if place is None else _wrong(passages, starts[place][1], number, _bare(chapter), _bare(text), title)
        if place is not None:
            at = place + 1
        if problem:
            figures["articles wrong"] += 1
            if options.show:
                print(f"{path.name} {number}: {problem}", file=sys.stderr)


def _first_article(passage: Passage) -> re.Match[str] | None:
    """The article with which a passage begins, below the headings that it starts with."""
    for line in passage.text.split("\n")[:7]:
        if found := _ARTICLE.match(line):
            return found
        if len(line) > 60:
            return None
    return None


def _wrong(passages: list[Passage], first: int, number: str, chapter: str, text: str, title: str) -> str:
    if title not in _bare("".join(passages[first].headings)):
        return "not under the title"
    if chapter and chapter not in _bare("".join(passages[first].headings)):
        return f"not under {chapter}: {passages[first].headings}"
    joined, last = "", first
    while last < len(passages) and len(joined) < len(text) + 400:
        if last > first and number not in passages[last].context:
            break
        joined += _bare(passages[last].text)
        last += 1
    if text not in joined:
        return f"cut after {len(joined)} of {len(text)} characters"
    return f"{last - first} passages for {len(text)} characters" if last - first > 1 and len(text) <= 640 else ""


# ---------------------------------------------------------------------------------------------------------------- facts

_DAY = re.compile(r"((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def _facts(path: Path, document: Document, description: Description, options: argparse.Namespace, figures: Counter) -> None:
    """Compares the description of a law with what its raw file says."""
    lines = [line.strip() for line in document.source.text.split("\n") if line.strip()]
    stated = {"title": _bare(lines[0]), "version": _version(lines), "in force": _in_force(lines)}
    found = {"title": _bare(description.title), "version": description.date, "in force": next((field.value for field in description.fields if field.name == "in_force"), "")}
    for fact, value in stated.items():
        figures[f"{fact} stated"] += bool(value)
        if value and value != found[fact]:
            figures[f"{fact} wrong"] += 1
            if options.show:
                print(f"{path.name}: {fact} is {value!r}, not {found[fact]!r}", file=sys.stderr)


def _version(lines: list[str]) -> str:
    """The latest day before the first article or chapter, in lines that say what happened on it."""
    head = list(itertools.takewhile(lambda line: not _ARTICLE.match(line) and not line.startswith("##"), lines[1:16]))
    days = [day for line in head if re.search("通过|批准|公布|发布|颁布|修正|修订|修改", line) for day in _days(line)[:1]]
    return max(days, default="")


def _in_force(lines: list[str]) -> str:
    """The day since which the last article with such a clause says that this text is in force."""
    articles = [line for line in lines if _ARTICLE.match(line)]
    for line in articles[-3:][::-1]:
        if clause := re.search(r"本[^，。；]{1,12}自([^，。；]{8,14})起(?:施行|实施)", line):
            return next(iter(_days(clause[1])), "")
    return ""


def _days(text: str) -> list[str]:
    return [f"{int(year)}-{int(month):02}-{int(day):02}" for year, month, day in _DAY.findall(text)]


if __name__ == "__main__":
    sys.exit(main())
