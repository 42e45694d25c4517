"""How much a word says: how rare it is in the language at large, by jieba's dictionary, and whether it names something.

A library of five documents cannot tell 那天 (rare there, since people ask in other words than they write) from a name.
"""

from __future__ import annotations

import functools
import math

_WORDS_PER_PASSAGE = 100
_NAMES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})  # jieba's tags for persons, places, organisations, other names


_DIVISIONS = tuple("省市县州")
_SURNAMES = frozenset("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤娄常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝")
_SELDOM = 1000  # of jieba's counts: 重点 has 12,694, and there is a 重点县
_FEW = 50  # of jieba's counts: full names are seldom written, and words that look like one often


@functools.cache
def _dictionary() -> tuple[dict[str, tuple[int, str]], int]:
    """Jieba's words with their frequency and tag, and the sum of the frequencies (60 million)."""
    import jieba

    words = {}
    with jieba.get_dict_file() as file:
        for line in file:
            word, frequency, tag = line.decode("utf-8").split()
            words[word] = (int(frequency), tag)
    return words, sum(frequency for frequency, _ in words.values())


def share(word: str) -> float:
    """The share of the passages of general Chinese, 100 words each, that hold this (folded) word; 0 for an unknown one."""
    words, total = _dictionary()
    return 1 - math.exp(-words.get(word, (0, ""))[0] / total * _WORDS_PER_PASSAGE)


def is_name(word: str) -> bool:
    """Whether the dictionary has this (folded) word as the name of a person, a place or an organisation."""
    return len(word) > 1 and _dictionary()[0].get(word, (0, ""))[1] in _NAMES


def is_place(word: str) -> bool:
    """Whether a (folded) word is a province, city, county or country: the dictionary tags 城市 and 上台 as places too, but
    has no 城市市."""
    words = _dictionary()[0]
    frequency, kind = words.get(word, (0, ""))
    if kind != "ns" and frequency > _SELDOM:
        return False
    stem = word[:-1] if len(word) > 2 and word[-1] in _DIVISIONS else word
    return len(stem) > 1 and (any(stem + division in words for division in _DIVISIONS) or (stem[-1] == "国" and tag(stem) == "ns"))


def is_person(word: str) -> bool:
    """Whether a (folded) word is a person's full name: the dictionary tags 许可证 and 林子 as persons too."""
    frequency, kind = _dictionary()[0].get(word, (0, ""))
    return kind in ("nrt", "nrfg") or (kind == "nr" and len(word) == 3 and word[0] in _SURNAMES and frequency <= _FEW)


def tag(word: str) -> str:
    """The dictionary's part of speech of a (folded) word, "" for an unknown one: ns a place, nr a person, nt an organisation."""
    return _dictionary()[0].get(word, (0, ""))[1]


def weight(found: int, total: int, general: float, pseudo: int) -> float:
    """The inverse document frequency of a term, Robertson's ln(1 + (N - n + 0.5) / (n + 0.5)), where the library's `total`
    passages, `found` of them with the term, are joined by `pseudo` passages of general language."""
    passages, holding = total + pseudo, found + pseudo * general
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))
