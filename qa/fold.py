"""The search key: what two spellings of the same words have in common. It never touches stored text.

Width and compatibility forms (NFKC), letter case, script (traditional to simplified, character by character, so that a
key does not depend on its neighbours), a few variants that OpenCC keeps apart, middle dots, invisible characters and the
toned pinyin that converters leave in brackets. Terms are jieba's words and the character bigrams: words carry meaning,
bigrams carry what jieba's dictionary does not know (年假, 报销单).

Numerals that name the same thing are written in digits where something countable or 第 stands beside them: 三十日, 第二十一条,
百分之六十, 二〇二一年. Elsewhere they stay: 一些, 统一, 十分.
"""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from collections.abc import Sequence

from qa.clean.characters import integer

# Written alike by people although both are simplified; the right side is the key. 著 is 着 in converted mainland text.
_VARIANTS = str.maketrans("著裡麽妳祂牠昇佈〇", "着里么你他它升布零")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PINYIN = re.compile(rf"\([a-zü{_TONED}]*[{_TONED}][a-zü{_TONED}]*\)")
_DOTS = re.compile(r"(?<=\d)\s*[·•・‧∙.\-—–]\s*(?=\d)")  # “3·21”, 3.21, 3-21, 3•21
_WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|\d+(?:[.%]\d+)*|[^\W\d_\u3400-\u9fff\U00020000-\U0003ffff]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_NUMERAL = "[零一二三四五六七八九十百千两]"
_COUNTED = "年度|年|个|月|日|天|号|周|小时|分钟|秒|万|亿|元|人|名|米|公里|千米|公顷|平方|立方|吨|公斤|千克|岁|倍|次|级|条|款|项|章|节|期|届|批|页|编|部分|学时|课时|工作日|倍|度|户|台|辆|层|种|类|份"
_PERCENT = re.compile(rf"百分之({_NUMERAL}+|\d+)")
_YEARS = re.compile(r"[零一二三四五六七八九]{4}(?=年)")
_NUMBERS = re.compile(rf"(?<=第){_NUMERAL}+|{_NUMERAL}+(?=(?:{_COUNTED}))|(?<=\d万){_NUMERAL}+")
_ARTICLE = re.compile(r"第\d+[条期号]")
_SOUND = re.compile("[^\ud800-\udfff]+")  # a lone surrogate cannot be handed to OpenCC
_LONGEST_RUN = 500  # jieba is quadratic on a run that it cannot cut: 1.4 s for 20,000 characters, hours for a million


@functools.cache
def _simplified() -> dict[int, str]:
    """Every traditional character and its simplified form, as OpenCC has them."""
    from opencc import OpenCC

    characters = [chr(code) for block in ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2EBE1)) for code in range(*block)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, converted) if old != new} | _VARIANTS


@functools.cache
def _jieba():
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba


@functools.cache
def _converter():
    from opencc import OpenCC

    return OpenCC("tw2s")  # t2s leaves 奔著; character by character, 顯著 would become 显着


def to_simplified(text: str) -> str:
    """The text in simplified characters for its reader, one for one, nothing else changed.

    >>> to_simplified("應急預案，第3條"), to_simplified("奔著顯著成效"), to_simplified("二〇二一年")
    ('应急预案，第3条', '奔着显著成效', '二〇二一年')
    """
    return _SOUND.sub(lambda run: _same_length(run[0]), text)


def _same_length(run: str) -> str:
    converted = _converter().convert(run)
    return converted if len(converted) == len(run) else run.translate(_simplified())


def fold(text: str) -> str:
    """The search key of a text.

    >>> fold("臺灣（ＪＳ）“3·21”　裡")
    '台湾(js)“3.21” 里'
    >>> fold("安全生產(chǎn)")
    '安全生产'
    >>> fold("二〇二一年，第二十一条，三十日内，百分之六十，五万元，一些")
    '2021年,第21条,30日内,60%,5万元,一些'
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    text = _PERCENT.sub(lambda found: f"{_number(found[1])}%", _PINYIN.sub("", text).translate(_simplified()))
    text = _YEARS.sub(lambda found: _number(found[0]), text)
    return _DOTS.sub(".", _NUMBERS.sub(lambda found: _number(found[0]), text))


def _number(numeral: str) -> str:
    """A numeral below ten thousand in digits; a run of digits (一三〇) digit by digit.

    >>> _number("一百零五"), _number("十二"), _number("一三零"), _number("30")
    ('105', '12', '130', '30')
    """
    if numeral.isascii():
        return numeral
    if set(numeral) & set("十百千"):
        return str(integer(numeral))
    return "".join(str(integer(character)) for character in numeral)


def words(text: str) -> list[str]:
    """Jieba's words of the folded text in order, without punctuation; Latin words and numbers whole.

    >>> words("應急管理局2021年")
    ['应急', '管理局', '2021', '年']
    """
    return [word for run in _WORDS.findall(fold(text)) for word in _cut(run)]


def terms(text: str, own: Sequence[str] = ()) -> list[str]:
    """What the postings hold: words, marked with "_", and character bigrams; a dotted number also without its dots. `own` are
    words of somebody's own, folded, which jieba would cut.

    Marked, since 安全 the word and 安全 the two neighbours are counted apart: R@1 on drcd-dev .947 apart, .946 together
    (words alone .934, bigrams alone .932).

    >>> terms("“3·21”安全员")
    ['_3.21', '_321', '_安全员', '安全', '全员']
    >>> terms("第五条")
    ['_第5条', '_第', '第', '_5', '_条', '条']
    >>> terms("领苏安码", ["苏安码"])
    ['_苏安码', '_领', '_苏', '_安', '_码', '领苏', '苏安', '安码']
    """
    folded = fold(text)
    found = ["_" + name for name in _ARTICLE.findall(folded)]
    found += ["_" + word for word in own for _ in range(folded.count(word))]
    for run in _WORDS.findall(folded):
        found += ["_" + word for word in _cut(run)]
        if _HAN.match(run):
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        elif "." in run:
            found.append("_" + run.replace(".", ""))
    return found


def _cut(run: str) -> list[str]:
    """The words of one run of folded Chinese characters; any other run is one word."""
    if not _HAN.match(run):
        return [run]
    return [word for start in range(0, len(run), _LONGEST_RUN) for word in _jieba().lcut(run[start : start + _LONGEST_RUN], HMM=False)]
