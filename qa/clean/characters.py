"""Rules for single characters: what is invisible, mis-decoded, annotated, spaced out or taken for another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC

from qa.clean.draft import Edit
from qa.read.decode import common_characters
from qa.resources import folder
from qa.types import Source

HAN = r"\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MARKS = r"，。、；：！？“”‘’（）《》〈〉「」『』【】〔〕…—"
BLANK = r" \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
BLANKS = " \t\u00a0\u2002\u2003\u2009\u202f\u3000"
BLANK_RUN = re.compile(rf"[{BLANK}]+")
NUMERAL = "〇零一二三四五六七八九十百千"
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"


def integer(numeral: str) -> int:
    """A number below 10,000 in digits or in Chinese; a run of digits (二〇) digit by digit.

    >>> integer("一百零二"), integer("十二"), integer("24"), integer("二〇")
    (102, 12, 24, 20)
    """
    if numeral.isdecimal():
        return int(numeral)
    total = last = 0
    for character in numeral:
        if character in _PLACES:
            total += (last or 1) * _PLACES[character]
            last = 0
        else:
            last = last * 10 + (int(character) if character.isdecimal() else _DIGITS.get(character, 0))
    return total + last


_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def line_ends(text: str, source: Source) -> Iterator[Edit]:
    for found in _LINE_ENDS.finditer(text):
        yield Edit(found.start(), found.start() + 1) if len(found[0]) == 2 else Edit(found.start(), found.end(), "\n")


# A zero-width joiner or variation selector is part of an emoji, and noise after a character, letter or digit.
_INVISIBLE = re.compile(
    rf"[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f\x00-\x08\x0e-\x1f\x7f]+|(?<=[{HAN}{MARKS}0-9A-Za-z])(?:[\u200c\u200d\ufe00-\ufe0e]|\ufe0f(?!\u20e3))+"
)
_ANY_INVISIBLE = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\x00-\x08\x0e-\x1f\x7f]")


def invisible(text: str, source: Source) -> Iterator[Edit]:
    if _ANY_INVISIBLE.search(text):  # a set of characters is found ten times faster
        yield from (Edit(found.start(), found.end()) for found in _INVISIBLE.finditer(text))


_RADICALS = re.compile(r"[\u2e80-\u2fdf]")
_SUPPLEMENT = dict(zip(
    "⺎⺐⺒⺓⺔⺗⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺧⺨⺩⺫⺬⺭⺮⺯⺱⺲⺶⺷⺹⺻⺼⺽⺾⺿⻀⻁⻂⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻲⻳",
    "兀尢巳幺彑忄扌攵旡月母民氵氺灬爫牛犭王罒示礻竹糸罓罒羊羊耂聿肉臼艹艹艹虎衤西见角讠贝车辶辶辶阝钅長镸长门阜雨青韦页风飞食飠飠饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟龟",
))  # fmt: skip


def radicals(text: str, source: Source) -> Iterator[Edit]:
    for found in _RADICALS.finditer(text):
        normal = unicodedata.normalize("NFKC", found[0])
        became = _SUPPLEMENT.get(found[0], normal) if normal == found[0] else normal
        if became != found[0]:
            yield Edit(found.start(), found.end(), became)


# ------------------------------------------------------------------------------------------ bytes that lost their high bit

_SLIP = re.compile(r"[!-/:-@\[-`{-~](?=[^\x00-\x7f])")
_SLIP_TO_BROKEN = re.compile(r"[!-~](?=[^\x00-\x7f\ufffd]{2,58}\ufffd)")
_LOST_LEAD = re.compile(rf"(?<=[{HAN}])\?(?:[a-zü{TONED}]{{1,6}}\))?([@-~])\(([a-zü{TONED}]*[{TONED}][a-zü{TONED}]*)\)")


def byte_slips(text: str, source: Source) -> Iterator[Edit]:
    """Two-byte characters of GBK of which a byte lost its high bit, so that what follows was cut in the wrong places. The
    bytes prove the repair: with the bit set again, they read as common characters and end where the text is whole."""
    starts = [found.start() for found in _SLIP.finditer(text)] if not text.isascii() else []
    starts += [found.start() for found in _SLIP_TO_BROKEN.finditer(text)] if "\ufffd" in text else []
    edits = [edit for start in sorted(set(starts)) if (edit := _realigned(text, start))]
    for lost in _LOST_LEAD.finditer(text) if "?" in text else ():
        if read := _by_trail(*lost.groups()):
            edits.append(Edit(lost.start(), lost.end(1), read))
    at = 0
    for edit in sorted(edits):
        if edit.start >= at:
            at = edit.end
            yield edit


def _realigned(text: str, at: int) -> Edit | None:
    """The repair of a slip that begins at an ASCII character, up to where the bytes fall into step again: at another ASCII
    character, or at a byte that fitted nowhere (U+FFFD), which stays, since its character is not proven."""
    common, run = common_characters(), text[at + 1 : at + 60]
    if "\ufffd" not in run and all(character in common or character < "\u2e80" and not "①" <= character <= "⒛" for character in run[:3]):
        return None
    data, best = bytes([ord(text[at]) | 0x80]), None
    for number, character in enumerate(run, 1):
        if character == "\ufffd":
            read = data[:-1].decode("gbk", "replace")
            best = (number, read + character) if len(read) >= 3 and all(c in common for c in read) else best
        data += character.encode("gb18030", "replace")
        if len(data) % 2 == 0 and len(data) >= 6:
            read = data.decode("gbk", "replace")
            best = (number, read) if all(c in common for c in read) else best
        if character in "\n\ufffd":
            break
    if not best:
        return None
    lost = _before(text, best[1][:2]) if text[at - 1 : at] == "?" else ""
    return Edit(at - bool(lost), at + 1 + best[0], lost + best[1])


def _before(text: str, following: str) -> str:
    """The character that stands before these in the rest of the text, if it is always the same."""
    found = set(re.findall(rf"([{HAN}]){re.escape(following)}", text))
    return found.pop() if len(found) == 1 else ""


def _by_trail(trail: str, reading: str) -> str:
    """The common character of GBK with this second byte and this reading, if there is only one."""
    found = [character for character in _with_trail(trail) if _reads(character) == _plain(reading)]
    return found[0] if len(found) == 1 else ""


def _with_trail(trail: str) -> list[str]:
    pairs = (bytes([lead, ord(trail)]).decode("gbk", "ignore") for lead in range(0x81, 0xFF))
    return [character for character in pairs if character and character in common_characters()]


def _plain(reading: str) -> str:
    """The syllable without its tone."""
    return "".join(c for c in unicodedata.normalize("NFD", reading.replace("ü", "v")) if not unicodedata.combining(c))


def _reads(character: str) -> str:
    """The syllable of a character, by its place in GB 2312, whose first level is in the order of readings."""
    try:
        code = _converter().convert(character).encode("gb2312")
    except UnicodeEncodeError:
        return ""
    return next((syllable for first, syllable in reversed(_syllables()) if first <= code), "") if code < b"\xd8\xa1" else ""


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _syllables() -> tuple[tuple[bytes, str], ...]:
    text = (folder("words") / "syllables.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return tuple((character.encode("gb2312"), syllable) for syllable, character in rows)


_READING = rf"(?:[a-zü{TONED}]*[{TONED}][a-zü{TONED}]*|[a-zü]{{2,6}}[1-5])"  # the tone as a mark or as a number
_PINYIN = re.compile(rf"(?<=[{HAN}])(?:\({_READING}\)|（{_READING}）|\[{_READING}\])")


def pinyin(text: str, source: Source) -> Iterator[Edit]:
    found = [one for one in _PINYIN.finditer(text) if _is_reading(one[0][1:-1])]
    if len(found) >= 3:  # one or two are somebody's note on how to read a character
        yield from (Edit(one.start(), one.end()) for one in found)


def _is_reading(reading: str) -> bool:
    """Whether it has the mark of a tone, or is a syllable before its number."""
    return not reading[-1].isdigit() or any(syllable == reading[:-1].replace("ü", "v") for _, syllable in _syllables())


_LETTER = re.compile(rf"(?<=[{HAN}]{{2}})[HTOIl](?=[{HAN}]{{2}})")
_LOOKS_LIKE = {"H": "十", "T": "丁", "O": "〇口", "I": "工", "l": "一"}


def look_alikes(text: str, source: Source) -> Iterator[Edit]:
    """A letter that a scanner read for a character, where the same words elsewhere in the text have the character."""
    for found in _LETTER.finditer(text):
        before, after = text[found.start() - 2 : found.start()], text[found.end() : found.end() + 2]
        read = [character for character in _LOOKS_LIKE[found[0]] if before + character + after in text]
        if len(read) == 1:
            yield Edit(found.start(), found.end(), read[0])


# ------------------------------------------------------------------------------------------------------------- spacing

_LETTERSPACED = re.compile(
    rf"^((?:[-#*\d. ]{{0,6}})(?:第[{NUMERAL}\d]+[编編篇章节節][{BLANK}]*)?)([{HAN}](?:[{BLANK}]+[{HAN}])+)(?=[{BLANK}]*[:：]?[{BLANK}]*$)", re.MULTILINE
)


def letter_spacing(text: str, source: Source) -> Iterator[Edit]:
    for found in _LETTERSPACED.finditer(text):
        start = found.start(2)
        yield from (Edit(start + gap.start(), start + gap.end()) for gap in BLANK_RUN.finditer(found[2]))


_SPACED_NUMBER = re.compile(
    rf"(?<=[第字])[{BLANK}]+(?=\d+[{BLANK}]*[号號期届屆次章条條卷页頁版])|(?<=\d)[{BLANK}]+(?=[年月日号號期届屆次](?![{BLANK}]))|(?<=\d)[{BLANK}]+(?=[年月][{BLANK}]*\d)"
    rf"|(?<=[〔\[（(【])[{BLANK}]+(?=(?:19|20)\d\d[{BLANK}]*[〕\]）)】])|(?<=[〔\[（(【]\d{{4}})[{BLANK}]+(?=[〕\]）)】])|(?<=[〕\]）)】])[{BLANK}]+(?=第?[{BLANK}]*\d+[{BLANK}]*[号號])|(?<=\d年)[{BLANK}]+(?=\d{{1,2}}[{BLANK}]*月)|(?<=年)[{BLANK}]+(?=\d{{1,2}}[{BLANK}]*月[{BLANK}]*\d)|(?<=月)[{BLANK}]+(?=\d{{1,2}}[{BLANK}]*日)"
)


def number_spacing(text: str, source: Source) -> Iterator[Edit]:
    at_blanks = (_SPACED_NUMBER.match(text, run.start()) for run in BLANK_RUN.finditer(text))  # tried at each character it took a tenth of the time
    yield from (Edit(found.start(), found.end()) for found in at_blanks if found)


_SPACES = re.compile(rf"[{BLANK}]{{2,}}|[\t\u00a0\u2000-\u200a\u202f\u205f]")


def blanks(text: str, source: Source) -> Iterator[Edit]:
    """Runs of blanks: one is kept, an ordinary one if there is one."""
    for found in _SPACES.finditer(text):
        kept = next((found[0].find(blank) for blank in " \u3000" if blank in found[0]), -1)
        if kept < 0:
            yield Edit(found.start(), found.end(), " ")
            continue
        if kept:
            yield Edit(found.start(), found.start() + kept)
        if kept + 1 < len(found[0]):
            yield Edit(found.start() + kept + 1, found.end())
