"""Which documents a question names: by title, in full or in part, with region, year and version.

A title counts by its core: folded, without 中华人民共和国, what brackets say of its version and the 省 or 市 behind a region; a
number or a place in brackets, 修正案（八）, is part of the name. What a question says of a core is the idf-weighted share of the
core's character bigrams, over all titles: so 安全生产法 names the law of that title in full and 山东省安全生产条例 only in part, and
条例, 管理 or 规定 hardly count. It knows no list of laws, only how the titles end of what is issued anew.
"""

from __future__ import annotations

import itertools
import math
import re
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.fold import fold
from qa.homophones import sounds
from qa.store import Store

_STATE = re.compile(r"中华人民共和国|全国人民代表大会常务委员会关于|\([^()]*(?:\d|年|版|修订|修正|修改|试行|暂行|草案|意见稿|废止|失效)[^()]*\)|[《》〈〉()\s“”\"]")
_REGION = re.compile(r"^([\u4e00-\u9fff]{2,3}?)(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区)(?=..)")
_PROVINCES = tuple(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门".split()
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
NOT_THIS = re.compile(r"(?:不要|不是|不看|而非|并非|除了|别用|不用)(?:\D{0,6})(?:19|20)\d\d")
# Texts that are issued anew in place of the one before: of these the newest counts. Of reports and articles under one title, each of
# its day, none is an old version of another (paragraphs of an encyclopedia, every one with some date in it: 7 questions of drcd-dev).
_ISSUED = re.compile(r"(?:法|条例|规定|办法|细则|规则|规程|规范|准则|守则|章程|标准|制度|解释|决定|决议|意见|通知|方案|预案|规划|政策|指引|指南|手册|须知|目录|名录|清单|公约|协议|合同|流程)$")
_OLD = re.compile(r"旧[版法规条]|旧的|修[订正改]前|以前的|原来的|老版|废止的")
_TELLING = 25.0  # weight of a title's bigrams from which on it is a name of its own, four rare ones. Without it drcd-dev loses six questions
_SHORTEST = 3  # characters of a core that is named when it stands in the question


@dataclass(frozen=True, slots=True)
class Naming:
    """What a question says of each document; arrays of shape (documents,), in the order of `Titles.ids`.

    `share`: how much of the title it says, 0 to 1; `telling`: how much a title says at all, 0 to 1: the name of a place or a
    person stands in many a question about something else, that of a law does not; `exact`: the whole title stands there, and is
    not part of a longer one that does; `place`: 1 the region that it names, or none where it names none, 0 another one; `version`: 1 the year or the
    version that it wants (the newest, when it does not say), 0 another one. `ids`: the documents, in order.
    """

    share: np.ndarray
    telling: np.ndarray
    exact: np.ndarray
    place: np.ndarray
    version: np.ndarray
    ids: np.ndarray

    def rows(self, documents: Sequence[int]) -> np.ndarray:
        """Where documents stand in the arrays. One that came after the question was read has the last row: the next question
        knows it."""
        return np.minimum(np.searchsorted(self.ids, documents), len(self.ids) - 1)


class Titles:
    """The titles of a library, read again when the library has changed: under a lock, since many ask while one adds."""

    def __init__(self, store: Store):
        self._store = store
        self._generation = -1
        self._folded: list[str] = []
        self._sounds: dict[str, str] | None = None  # made when a question has a name in Latin letters
        self._lock = threading.Lock()

    def named(self, question: str) -> Naming:
        """What the question says of each document."""
        with self._lock:
            self._read()
            asked = self._place_names.sub(r"\1", re.sub(r"[《》()“”\"]", "", fold(question)))
            share = np.zeros(len(self.ids), np.float32)
            for pair in {asked[i : i + 2] for i in range(len(asked) - 1)} & self._holding.keys():
                share[self._holding[pair]] += self._weights[pair]
            share /= self._totals
            return Naming(share, self._telling, self._exact(asked, share), self._placed(asked), self._versions(asked), self.ids)

    def older(self, document: int, other: int) -> bool | None:
        """Whether a document is an older version of another one; None when they are no versions of one text."""
        with self._lock:
            self._read()
            first, second = np.minimum(np.searchsorted(self.ids, [document, other]), len(self.ids) - 1)
            if first == second or not self._issued[first] or self._cores[first] != self._cores[second] or self._dates[first] == self._dates[second]:
                return None
            return bool(self._dates[first] < self._dates[second])

    def stale(self, document: int) -> bool:
        """Whether there is a newer document of the same title, of a kind that is issued anew."""
        with self._lock:
            self._read()
            row = int(np.searchsorted(self.ids, document))
            return row < len(self.ids) and bool(self.ids[row] == document and self._stale[row])

    def sounded(self, sound: str) -> str:
        """Two to four characters of a title that are read so (zhaojunmin), "" when there are none."""
        with self._lock:
            self._read()
            if self._sounds is None:
                syllables = sounds()[0]
                self._sounds = {}
                for title in self._folded:
                    read = [syllables.get(character, "\n") for character in title]
                    for start, size in itertools.product(range(len(read)), (4, 3, 2)):
                        self._sounds.setdefault("".join(read[start : start + size]), title[start : start + size])
            return self._sounds.get(sound, "")

    def _exact(self, asked: str, share: np.ndarray) -> np.ndarray:
        whole = [row for row in np.flatnonzero(share > 0.99) if len(self._cores[row]) >= _SHORTEST and self._cores[row] in asked]
        names = sorted({self._cores[row] for row in whole}, key=len, reverse=True)
        kept: list[str] = []
        rest = asked
        for name in names:  # the longest first: what is part of it is no name of its own, unless it stands there once more
            if name in rest:
                kept.append(name)
                rest = rest.replace(name, "\n")
        exact = np.zeros(len(self.ids), np.float32)
        exact[[row for row in whole if self._cores[row] in kept]] = 1
        return exact

    def _placed(self, asked: str) -> np.ndarray:
        named = [region for region in self._regions if region in asked]
        local = self._region != ""
        if not named:
            return np.where(local, 0.5, 1).astype(np.float32)
        return np.where(np.isin(self._region, named), 1, np.where(local, 0, 0.5)).astype(np.float32)

    def _versions(self, asked: str) -> np.ndarray:
        years = set(_YEAR.findall(NOT_THIS.sub("", asked)))
        if not years:
            return (self._stale if _OLD.search(asked) else ~self._stale).astype(np.float32)
        fitting = np.array([bool(years & own) for own in self._years], bool)
        dated = {self._cores[row] for row in np.flatnonzero(fitting)}
        return np.where([core in dated for core in self._cores], fitting, ~self._stale).astype(np.float32)

    def _read(self) -> None:
        generation = self._store.generation
        if generation == self._generation:
            return
        rows = self._store.titles()
        folded = [_STATE.sub("", fold(title or name.rsplit(".", 1)[0])) for _, title, _, name in rows]
        self.ids = np.array([id for id, *_ in rows], np.int64)
        self._region = np.array([found[1] if (found := _REGION.match(title)) else "" for title in folded], str)
        self._regions = sorted({*self._region.tolist(), *_PROVINCES} - {""})
        self._place_names = re.compile(rf"({'|'.join(map(re.escape, self._regions))})(?:省|市|自治区)")
        self._cores = [_REGION.sub(r"\1", title) for title in folded]
        self._dates = [date or "".join(_YEAR.findall(fold(name))[-1:]) for _, _, date, name in rows]
        self._years = [set(_YEAR.findall(f"{date} {fold(name)}")) for _, _, date, name in rows]
        self._issued = np.array([bool(_ISSUED.search(core)) for core in self._cores], bool)
        self._stale = self._issued & _superseded(self._cores, self._dates)
        self._folded, self._sounds = folded, None
        parts = [_pairs(title) for title in folded]
        holding: dict[str, list[int]] = defaultdict(list)
        for row, pairs in enumerate(parts):
            for pair in pairs:
                holding[pair].append(row)
        self._holding = {pair: np.array(found) for pair, found in holding.items()}
        self._weights = {pair: math.log(1 + (len(rows) + 1) / len(found)) for pair, found in holding.items()}
        self._totals = np.array([sum(self._weights[pair] for pair in pairs) or 1 for pairs in parts], np.float32)
        self._telling = np.where(self._issued, 1, np.minimum(1, self._totals / _TELLING)).astype(np.float32)
        self._generation = generation


def _pairs(title: str) -> set[str]:
    """The character bigrams of a core; none across the end of a region."""
    region = _REGION.match(title)
    pieces = [region[1], title[region.end() :]] if region else [title]
    return {piece[i : i + 2] for piece in pieces for i in range(len(piece) - 1)}


def _superseded(cores: Sequence[str], dates: Sequence[str]) -> np.ndarray:
    """(documents,) bool: a newer document has the same title. A date without a year, --05-02, is older than none."""
    newest: dict[str, str] = {}
    for core, date in zip(cores, dates):
        newest[core] = max(date, newest.get(core, ""))
    return np.array([date[:1].isdigit() and date < newest[core] for core, date in zip(cores, dates)], bool)
