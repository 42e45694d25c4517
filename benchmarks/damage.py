"""Measures how much of a clean text comes back after it was damaged, by kind of damage, and what is done to texts that are whole.

    python benchmarks/damage.py FOLDER             # .txt, .md and .jsonl (title, body) of clean Chinese texts
    python benchmarks/damage.py FOLDER --kind wrapped --show

Each text gives one extract of a few paragraphs; each kind of damage is done to it with random parameters (widths, marks,
places), from a seed that is the same every time. Characters: the share of characters that the readable text (without what
was declared boilerplate) has in common with the clean one, longest matching blocks over the longer of the two. Paragraphs:
the share that comes out exactly, as one paragraph. Whole: for texts that nobody damaged, the changes by rule that are more
than white space and marks of Markdown.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from opencc import OpenCC

from qa.clean import clean
from qa.read import from_text, read
from qa.resources import folder
from qa.types import Document, Source

Text = list[str]
"""A title and the paragraphs under it."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--kind", choices=list(DAMAGE), help="this kind only")
    parser.add_argument("--texts", type=int, default=60, help="how many texts of each folder (60)")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--show", action="store_true", help="print what does not come back")
    options = parser.parse_args()
    texts = [text for place in options.folders for text in _sample(place, options.texts, options.seed)]
    print(f"{len(texts)} texts, {sum(map(len, texts))} paragraphs\n\n| damage | characters | paragraphs |\n|---|---|---|")
    for kind, damage in DAMAGE.items():
        if options.kind in (None, kind):
            shares = [_recovered(damage, text, options, number) for number, text in enumerate(texts)]
            shares = [share for share in shares if share]
            characters, paragraphs = (sum(share[at] for share in shares) / len(shares) for at in (0, 1)) if shares else (0, 0)
            print(f"| {kind.replace('_', ' ')} | {characters:.3f} | {paragraphs:.3f} |", flush=True)
    if not options.kind:
        _whole(options)
    return 0


# ------------------------------------------------------------------------------------------------------------ clean texts


def _sample(place: Path, count: int, seed: int) -> list[Text]:
    """Extracts of five to twelve paragraphs from texts of a folder."""
    chance = random.Random(seed)
    texts = [text for text in _texts(place) if sum(len(line) >= 60 for line in text) >= 4 and _sound(text)]
    return [_extract(text, chance) for text in chance.sample(texts, min(count, len(texts)))]


def _texts(place: Path) -> Iterator[Text]:
    for path in sorted(place.rglob("*")):
        if path.suffix == ".jsonl":
            for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                if isinstance(row.get("body"), str) and row.get("title"):
                    yield _lines(f"{row['title']}\n{row['body']}")
        elif path.suffix in (".txt", ".md"):
            yield _lines(path.read_text(encoding="utf-8-sig"))


def _sound(text: Text) -> bool:
    """Whether the text itself is whole: no paragraph of prose breaks off."""
    return all(len(line) < 40 or line.endswith(tuple("。！？；：”）")) for line in text[1:])


def _lines(text: str) -> Text:
    plain = (re.sub(r"[ \t\u00a0\u3000]+", " ", re.sub(r"^#+\s+|\*\*|[\u200b\ufeff]", "", line)).strip() for line in text.split("\n"))
    return [line for line in plain if line and not line.startswith(("|", "```", "---", "<"))]


def _extract(text: Text, chance: random.Random) -> Text:
    """The title and neighbouring paragraphs of prose with what stands between them; no list of single words."""
    body = [line for line in text[1:] if line.count(" ") <= 1 and not re.search("[\ufffd\ue000-\uf8ff]", line)]
    begin = next((at for at in [*chance.sample(range(len(body)), len(body)), 0] if len(body[at]) >= 60), 0)
    taken: Text = []
    for line in body[begin:]:
        if len(taken) == 12 or sum(map(len, taken)) > 1500:
            break
        taken.append(line[:600])
    return [text[0] if len(text[0]) <= 40 else re.split("[ （(]", text[0])[0][:40], *taken]


# ------------------------------------------------------------------------------------------------------------ the measure


def _recovered(damage: Callable, text: Text, options: argparse.Namespace, number: int) -> tuple[float, float] | None:
    """The shares of characters and of paragraphs that come back."""
    done = damage(list(text), random.Random(f"{options.seed} {number}"))
    if done is None:
        return None
    damaged, wanted = done
    got = readable(_cleaned(damaged))
    left, right = "\n".join(wanted), "\n".join(got)
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    characters = sum(block.size for block in matcher.get_matching_blocks()) / max(len(left), len(right), 1)
    exact = sum((Counter(wanted) & Counter(got)).values()) / max(len(wanted), 1)
    if options.show and exact < 1:
        print(f"--- {number} {options.kind}: {exact:.2f}")
        for line in difflib.unified_diff(wanted, got, "wanted", "got", lineterm="", n=0):
            print("   ", line)
    return characters, exact


def _cleaned(text: str) -> Document:
    source = from_text("k", "", text)
    return clean(Source("", "t", source.digest, "text/plain", "utf-8", source.text))


def readable(document: Document) -> Text:
    """The paragraphs without what was declared boilerplate."""
    text, at = [], 0
    for flag in document.flags:
        if flag.kind == "boilerplate" and flag.end > at:
            text.append(document.text[at : max(flag.start, at)])
            at = flag.end
    return [line.strip() for line in "".join([*text, document.text[at:]]).split("\n") if line.strip()]


def _whole(options: argparse.Namespace) -> None:
    """What is done to texts that are whole."""
    rules, examples, characters = Counter(), {}, 0
    for place in options.folders:
        for path in sorted(place.rglob("*")):
            for name, text in _whole_texts(path):
                characters += len(text)
                for why, shown in _changes(_cleaned(text)):
                    rules[why] += 1
                    examples.setdefault(why, []).append(f"{name}: {shown}")
    print(f"\n{characters} characters of whole texts, changed by rule:\n\n| rule | times | a million characters |\n|---|---|---|")
    for why, times in rules.most_common():
        print(f"| {why} | {times} | {times / characters * 1e6:.1f} |")
        for example in examples[why][:: max(len(examples[why]) // 25, 1)] if options.show else ():
            print("    ", example[:200])


def _whole_texts(path: Path) -> Iterator[tuple[str, str]]:
    if path.suffix == ".jsonl":
        for number, row in enumerate(map(json.loads, path.read_text(encoding="utf-8").splitlines())):
            if isinstance(row.get("body"), str):
                yield f"{path.stem} {number}", f"{row.get('title')}\n\n{row['body']}"
    elif path.suffix in (".txt", ".md"):
        yield path.stem, read(path).text


_HARMLESS = {"blank", "blank_line", "markdown", "line_end", "letter_spacing", "number_spacing"}


def _changes(document: Document) -> Iterator[tuple[str, str]]:
    """Rule and place of each change that is more than blanks and marks, and each flag."""
    source = document.source.text
    for change in (*document.deletions, *document.repairs):
        was, became = source[slice(*change.source)], getattr(change, "became", "")
        if change.why not in _HARMLESS and (was.strip() or became or "\n" in was):
            around = source[max(change.source[0] - 20, 0) : change.source[0]], source[change.source[1] : change.source[1] + 20]
            yield change.why, f"{around[0]}[{was}→{became}]{around[1]}".replace("\n", "⏎")
    for flag in document.flags:
        yield f"flag: {flag.kind}, {flag.note[:12]}", document.text[flag.start : flag.end][:120].replace("\n", "⏎")


# ------------------------------------------------------------------------------------------------------- kinds of damage
#
# Each takes a title with its paragraphs and gives the damaged text and the paragraphs that are wanted; None: not for this text.

Damaged = tuple[str, Text]


def _wrap(line: str, width: int) -> Text:
    """The lines of a column: no mark of punctuation at the head of a line."""
    rows, at = [], 0
    while at < len(line):
        end = min(at + width, len(line))
        end += end < len(line) and line[end] in "，。、；：！？”）》"
        rows.append(line[at:end])
        at = end
    return rows


def wrapped(text: Text, chance: random.Random) -> Damaged:
    """A column, a blank line between the paragraphs."""
    width = chance.randint(12, 42)
    return "\n\n".join([text[0], *("\n".join(_wrap(line, width)) for line in text[1:])]), text


def wrapped_indented(text: Text, chance: random.Random) -> Damaged:
    """A column whose paragraphs are told apart by their indent only."""
    width, indent = chance.randint(14, 42), chance.choice(["\u3000\u3000", "  ", "    "])
    return text[0] + "\n" + "\n".join("\n".join(_wrap(indent + line, width)) for line in text[1:]), text


def wrapped_close(text: Text, chance: random.Random) -> Damaged:
    """A column whose paragraphs are told apart by their last, shorter line only: those that fill their last line are left out."""
    width = chance.randint(14, 42)
    kept = [line for line in text[1:] if len(_wrap(line, width)[-1]) < width - 3]
    return "\n".join([text[0], *("\n".join(_wrap(line, width)) for line in kept)]), [text[0], *kept]


def wrapped_over_pages(text: Text, chance: random.Random) -> Damaged:
    """A column with a blank line, or a page number between blank lines, after every so many lines, within sentences too."""
    width, height, page = chance.randint(12, 36), chance.randint(9, 30), chance.choice(["", "- {} -", "{}", "第{}页", "— {} —"])
    rows = [text[0], "", *(row for line in text[1:] for row in [*_wrap(line, width), ""])]
    pages = ["\n".join(rows[at : at + height]) for at in range(0, len(rows), height)]
    return "".join(f"{one}\n\n{page.format(number)}\n\n" if page else f"{one}\n\n" for number, one in enumerate(pages, 1)), text


def page_break(text: Text, chance: random.Random) -> Damaged:
    """A paragraph cut in two by a blank line, within a clause."""
    long = [at for at, line in enumerate(text) if at and len(line) >= 120]
    at = chance.choice(long) if long else 0
    cut = _within_clause(text[at], chance) if long else 0
    if not cut:
        return None
    return "\n\n".join([*text[:at], text[at][:cut], text[at][cut:], *text[at + 1 :]]), text


def page_number_in_sentence(text: Text, chance: random.Random) -> Damaged:
    """Pages with a running head and a number, cut within sentences, without form feeds."""
    head, shape = chance.choice(["", "某市年鉴（二〇一九卷）", text[0]]), chance.choice(["- {} -", "— {} —", "第{}页", "第 {} 页 共 9 页", "{}/9"])
    damaged, number = [], 1
    for line in text:
        cut = _within_clause(line, chance) if len(line) >= 120 else 0
        if cut:
            damaged += [line[:cut], shape.format(number), *([head] if head else []), line[cut:]]
            number += 1
        else:
            damaged.append(line)
    return ("\n\n".join(damaged), text) if number >= 3 else None


def form_feeds(text: Text, chance: random.Random) -> Damaged:
    """Pages with running heads and numbers between form feeds."""
    head = "某市年鉴（二〇一九卷）"
    pages = [text[at : at + 3] for at in range(0, len(text), 3)]
    return "\f".join("\n\n".join([head, *page, f"- {number} -"]) for number, page in enumerate(pages, 1)), text


def slices(text: Text, chance: random.Random) -> Damaged:
    """Slices of equal length with a number before each, in one block."""
    body, stride = "".join(text[1:]), chance.choice([120, 200, 250, 300, 500])
    mark = chance.choice(["{}、", "{}. ", "{}．", "({})", "（{}）", "【{}】", "[{}]"])
    rows = [mark.format(number) + body[at : at + stride] for number, at in enumerate(range(0, len(body), stride), 1)]
    return (f"{text[0]}\n" + "\n".join(rows), [text[0], body]) if len(rows) >= 3 else None


def pinyin(text: Text, chance: random.Random) -> Damaged:
    """Traditional script with readings in brackets, as several converters write them."""
    left, right = chance.choice(["()", "()", "（）", "[]"])
    numbered = chance.random() < 0.25
    converted = [_traditional().convert(line) for line in text]
    damaged = []
    for line, plain in zip(converted, text):
        marked = [traditional + (f"{left}{_reading(simple, numbered)}{right}" if traditional != simple and len(line) == len(plain) else "") for traditional, simple in zip(line, plain)]
        damaged.append("".join(marked) if len(line) == len(plain) else line)
    return "\n\n".join(damaged), converted


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")


@cache
def _syllables() -> tuple[str, ...]:
    lines = (folder("words") / "syllables.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.split()[0] for line in lines if not line.startswith("#"))


def _reading(character: str, numbered: bool) -> str:
    syllable = _syllables()[ord(character) % len(_syllables())].replace("v", "ü")
    tone = ord(character) % 4
    if numbered:
        return f"{syllable}{tone + 1}"
    vowel = next(mark for mark in "aoeiuün" if mark in syllable or mark == "n")
    return syllable.replace(vowel, dict(zip("aoeiuün", ("āáǎà", "ōóǒò", "ēéěè", "īíǐì", "ūúǔù", "ǖǘǚǜ", "ńńňǹ")))[vowel][tone], 1)


def byte_slip(text: Text, chance: random.Random) -> Damaged:
    """The lead byte of one character of GBK loses its high bit."""
    long = [at for at, line in enumerate(text) if at and len(line) >= 60]
    at = chance.choice(long) if long else 0
    place = chance.randrange(5, len(text[at]) - 20) if long else 0
    if not long or text[at][place].isascii():
        return None
    data, offset = text[at].encode("gb18030"), len(text[at][:place].encode("gb18030"))
    broken = (data[:offset] + bytes([data[offset] & 0x7F]) + data[offset + 1 :]).decode("gb18030", "replace")
    return "\n\n".join([*text[:at], broken, *text[at + 1 :]]), text


def letter_spaced_headings(text: Text, chance: random.Random) -> Damaged:
    """The title and short headings with a blank after each letter."""
    blank = chance.choice([" ", "  ", "\u3000", "\u00a0", "\u3000\u3000"])
    heads = [line for line in (text[0], "工作要点", "附则") if re.fullmatch(r"[\u4e00-\u9fff]{2,12}", line)]
    return "\n\n".join([*(blank.join(head) for head in heads), *text[1:]]), [*heads, *text[1:]]


def spaces_in_words(text: Text, chance: random.Random) -> Damaged:
    """Each paragraph on one line, with a space where its lines had ended."""
    width = chance.randint(18, 40)
    return "\n".join([text[0], *(" ".join(_wrap(line, width)) for line in text[1:])]), text


def one_line(text: Text, chance: random.Random) -> Damaged:
    """All paragraphs on one line, parted by a blank after the full stop."""
    blank = chance.choice([" ", "  ", "\u3000\u3000", " \u3000\u3000"])
    body = [line for line in text[1:] if len(line) >= 30 and line.endswith("。")]
    return (blank.join(body) + chance.choice(["", " |", "\n"]), body) if len(body) >= 4 else None


def site_furniture(text: Text, chance: random.Random) -> Damaged:
    """Breadcrumb, source line, buttons and footer of a site around the text."""
    arrow = chance.choice([">", " > ", ">>", " » ", "›", " / ", "-"])
    crumbs = chance.choice(["当前位置：", "您现在的位置：", "您所在的位置: ", "所在位置：", "当前位置:"]) + arrow.join(["首页", "新闻中心", "基层动态"])
    above = chance.sample(["【字体：大 中 小】", "打印 关闭", "分享到：", "无障碍浏览", "本站支持IPv6访问", "扫一扫在手机打开当前页", "[打印本页] [关闭窗口]", "字号：大 中 小", "收藏本站 | 设为首页", "手机版 | 繁体版"], 2)
    below = chance.sample(["上一篇：关于节假日值班的公告", "下一篇：没有了", "版权所有：某县人民政府办公室", "备案号：苏ICP备05001234号-1", "网站标识码：3200000001", "相关附件下载", "【关闭窗口】", "返回顶部", "主办：某县人民政府 承办：某县大数据局", "网站地图 | 联系我们 | 法律声明", "责任编辑：", "技术支持：某某科技有限公司", "附件下载：", "您是第 12345 位访问者"], 4)
    return "\n".join([crumbs, *above, text[0], *text[1:], *below]), text


def share_site(text: Text, chance: random.Random) -> Damaged:
    """The notices of sites where documents are shared."""
    site, name = chance.choice(["某豆文库", "百事文档网", "万卷资料网", "人人阅览"]), text[0]
    head = chance.choice([
        f"{name}.docx\n《{name}.docx》由会员分享，可在线阅读，更多相关《{name}.docx（8页珍藏版）》请在{site}上搜索。",
        f"{name}.doc_{site}\n{name}.doc\n文档编号：8812345 上传时间：2019-03-02 格式：DOC 页数：8 大小：35.50KB",
        f"{name}\n本文档由用户分享上传，{site}仅提供信息存储空间，如有侵权请联系客服删除。",
    ])  # fmt: skip
    tail = chance.choice([
        "- 配套讲稿:\n如PPT文件的首页显示word图标，表示该PPT已包含配套word讲稿。\n- 特殊限制:\n部分文档作品中含有的国旗、国徽等图片，仅作为作品整体效果示例展示。\n- 关 键 词:\n- 某某 材料\n限制150内",
        f"关于本文\n本文标题：{name}\n链接地址：https://www.example.com/p-123456.html\n关 键 词：{name}",
        "温馨提示：如果需要下载完整文档，请点击下方按钮\n版权提示\n1、本站文档均由用户上传，版权归原作者所有。\n2、如发现侵权请联系客服。\n相关资源\n更多",
        "下载文档到电脑，方便使用\n还剩5页未读，继续阅读\n举报",
    ])  # fmt: skip
    return f"{head}\n" + "\n".join(text[1:]) + f"\n{tail}", text


def headline_last(text: Text, chance: random.Random) -> Damaged | None:
    """The headline after the text; its words are the text's own, as headlines' are."""
    first = re.split("[，。；：]", text[1])[0]
    if not 8 <= len(first) <= 30 or len(text[1]) < 60 or not text[1].endswith("。") or re.match("第.{1,5}条|[（(]", first):
        return None
    gap = chance.choice(["\n\n", "\n"])
    return gap.join([*text[1:], first]) + chance.choice(["", "\n\n"]), [first, *text[1:]]


def abstract_repeated(text: Text, chance: random.Random) -> Damaged:
    """The first paragraph once more above itself, with a label or without one."""
    label = chance.choice(["摘要：", "内容摘要：", "【摘要】", "核心提示：", "导读：", "内容概述 ", "", "[摘要]", "简介："])
    if len(text[1]) < 60:
        return None
    return "\n\n".join([text[0], label + text[1], *text[1:]]), text


def interleaved_columns(text: Text, chance: random.Random) -> Damaged | None:
    """Wrapped lines joined by spaces, some of which stood beside something: right halves first, twice, then the left halves."""
    body, width, size = "".join(text[1:]), chance.randint(22, 32), chance.choice([2, 3, 4])
    rows = [body[at : at + width] for at in range(0, len(body), width)]
    if len(rows) < 20:
        return None
    at = chance.randrange(6, len(rows) - size - 3)
    cuts = [chance.randrange(width // 2, width - 4) for _ in range(size)]
    left, right = zip(*((row[:cut], row[cut:]) for row, cut in zip(rows[at : at + size], cuts)))
    halves, again = " ".join(right), rows[at - 1][-chance.randrange(5, 12) :]
    damaged = f"{' '.join(rows[:at])} {halves}{again} {halves}{' '.join(left)} {' '.join(rows[at + size :])}"
    return f"{text[0]}\n{damaged}", [text[0], body]


def noise(text: Text, chance: random.Random) -> Damaged:
    """Zero-width characters, no-break spaces, direction marks and radicals of a PDF."""
    radical = dict(zip("工力口土大女子小山己干手文日月木水火生用白目石立行西见言走里金长门食马", "⼯⼒⼝⼟⼤⼥⼦⼩⼭⼰⼲⼿⽂⽇⽉⽊⽔⽕⽣⽤⽩⽬⽯⽴⾏⻄⻅⾔⾛⾥⾦⻓⻔⻝⻢"))
    rows = ["".join(radical.get(c, c) + (chance.choice("\u200b\u200d\ufeff\u2060") if chance.random() < 0.01 else "") for c in line) for line in text]
    return "\u00a0\u00a0\r\n\r\n".join(f"\u00a0\u00a0{row}" for row in rows), text


def spaced_numbers(text: Text, chance: random.Random) -> Damaged:
    """Blanks around the numbers of dates and numbered things."""
    extra = ["第8期", "2019年3月12日", "某政发〔2019〕8号"]
    spaced = [re.sub(r"(?<=[\u4e00-\u9fff〔])(?=\d)|(?<=\d)(?=[年月日号期])", chance.choice([" ", "\u00a0"]), line) for line in extra]
    return "\n\n".join([text[0], *spaced, *text[1:]]), [text[0], *extra, *text[1:]]


def markup(text: Text, chance: random.Random) -> Damaged:
    """Marks of Markdown: a title, rules, bold run-in heads and lines of a table."""
    bold = [re.sub(r"^([^，。；]{2,20}[，；])", r"**\1**", line) if chance.random() < 0.5 else line for line in text[1:]]
    return f"# {text[0]}\n\n---\n\n" + "\n\n".join(bold) + "\n\n***\n\n| 站点 | 水位 |\n|------|:----:|\n| 东门 | 12 |\n", [*text, "站点 | 水位", "东门 | 12"]


def contents(text: Text, chance: random.Random) -> Damaged:
    """A table of contents above the headings that it lists, with page numbers or without them."""
    heads = [f"{number}、{name}" for number, name in zip("一二三四", ["总体情况", "主要做法", "存在问题", "下步打算"])]
    leader = chance.choice(["", "……{}", " ...... {}", "\t{}", "  {}"])
    body = [part for at, head in enumerate(heads) for part in [head, *text[1 + at * 2 : 3 + at * 2]]]
    listed = [head + leader.format(at * 3 + 1) for at, head in enumerate(heads)]
    return "\n".join([text[0], chance.choice(["目录", "目 录", "目　　录", "内容提要", "CONTENTS"]), *listed, *body]), [text[0], *body]


def several(text: Text, chance: random.Random) -> Damaged:
    """A column with page numbers under a site's furniture, with readings left out and a line for the counter."""
    damaged, _ = wrapped_over_pages(text[1:], chance)
    return f"当前位置：首页>公文>{text[0][:8]}\n{text[0]}\n来源：某某晚报　日期：2019-03-02　浏览次数：18\n{damaged}\n版权所有 某县人民政府", [text[0], "来源：某某晚报 日期：2019-03-02", *text[1:]]


def _within_clause(line: str, chance: random.Random) -> int:
    """A place between two letters, after two clauses at least."""
    places = [at for at in range(50, len(line) - 15) if re.fullmatch(r"[\u4e00-\u9fff]{6}", line[at - 3 : at + 3]) and len(re.findall("[，。；]", line[:at])) >= 2]
    return chance.choice(places) if places else 0


DAMAGE: dict[str, Callable[[Text, random.Random], Damaged | None]] = {
    damage.__name__: damage
    for damage in (
        wrapped, wrapped_indented, wrapped_close, wrapped_over_pages, page_break, page_number_in_sentence, form_feeds, slices, pinyin, byte_slip,
        letter_spaced_headings, spaces_in_words, one_line, site_furniture, share_site, headline_last, abstract_repeated, interleaved_columns, noise,
        spaced_numbers, markup, contents, several,
    )
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
