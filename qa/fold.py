"""The search key: what two spellings of the same words have in common. It never touches stored text.

Width and compatibility forms (NFKC), letter case, script (traditional to simplified, character by character, so that a
key does not depend on its neighbours), a few variants that OpenCC keeps apart, middle dots, invisible characters and the
toned pinyin that converters leave in brackets. Terms are jieba's words and the character bigrams: words carry meaning,
bigrams carry what jieba's dictionary does not know (年假, 报销单).

What it does not know: numerals written in Chinese (三十日 is not 30日).
"""

from __future__ import annotations

import functools
import logging
import re
import unicodedata

# Written alike by people although both are simplified; the right side is the key. 著 is 着 in converted mainland text.
_VARIANTS = str.maketrans("著裡麽妳祂牠昇佈〇", "着里么你他它升布零")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PINYIN = re.compile(rf"\([a-zü{_TONED}]*[{_TONED}][a-zü{_TONED}]*\)")
_DOTS = re.compile(r"(?<=\d)\s*[·•・‧∙.\-—–]\s*(?=\d)")  # “3·21”, 3.21, 3-21, 3•21
_WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|\d+(?:[.%]\d+)*|[^\W\d_\u3400-\u9fff\U00020000-\U0003ffff]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
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


def to_simplified(text: str) -> str:
    """The text in simplified characters, one for one, nothing else changed.

    >>> to_simplified("應急預案，第3條")
    '应急预案，第3条'
    """
    return text.translate(_simplified())


def fold(text: str) -> str:
    """The search key of a text.

    >>> fold("臺灣（ＪＳ）“3·21”　裡")
    '台湾(js)“3.21” 里'
    >>> fold("安全生產(chǎn)")
    '安全生产'
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    return _DOTS.sub(".", _PINYIN.sub("", text).translate(_simplified()))


def words(text: str) -> list[str]:
    """Jieba's words of the folded text in order, without punctuation; Latin words and numbers whole.

    >>> words("應急管理局2021年")
    ['应急', '管理局', '2021', '年']
    """
    return [word for run in _WORDS.findall(fold(text)) for word in _cut(run)]


def terms(text: str) -> list[str]:
    """What the postings hold: words, marked with "_", and character bigrams; a dotted number also without its dots.

    Marked, since 安全 the word and 安全 the two neighbours are counted apart: R@1 on drcd-dev .947 apart, .946 together
    (words alone .934, bigrams alone .932).

    >>> terms("“3·21”安全员")
    ['_3.21', '_321', '_安全员', '安全', '全员']
    """
    found: list[str] = []
    for run in _WORDS.findall(fold(text)):
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
