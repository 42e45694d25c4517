"""How likely it is that the best sentences answer the question: a logistic regression over what speaks for and against.

What is missing says more than what is there: the largest share of the question that one word has which stands nowhere near,
a number or a name that the document does not know, a law by a title that the library does not have.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from qa import metadata
from qa.fold import fold, to_simplified, words
from qa.homophones import sounds
from qa.quote import LEANED_ON, Sentence, asked_for, kind
from qa.rarity import is_place, names_something, share
from qa.search import FEATURES, Candidate, around_text, facts_text
from qa.store import Store
from qa.titles import NOT_THIS
from qa.understand import Others, Question

SIGNALS = (
    "coverage",  # this, "official" and "title" are features of the search, of the best passage
    "official",
    "title",
    "match_squared",  # its token matching: what is left over counts more where nearly all is matched
    "brief",  # how few tokens the question has: each of them is a large share of it
    "unwritten",  # the share of the question's characters that the document does not have at all; 0 in another script
    "lacking",  # the largest share of the question that one token has which the passage lacks
    "absent",  # the largest share of the question's idf in one term that stands nowhere in the passage or around it
    "together",  # token matching of the three best sentences of the best passage's document
    "margin",  # how far the next document's best passage is behind
    "untyped",  # a date, a sum, a number is asked for, and the best sentences hold none
    "unnumbered",  # a point or an article is asked for by its number, and the document found has such, but not this one
    "numbers",  # 1: one of the question's dates and issues stands neither in the passage nor around it
    "quoted",  # the share of what the question has in quotation marks that stands so in the passage
    "foreign",  # the share of the question's names that stand nowhere in the document
    "untitled",  # the share of the title that the question gives which no document found has in its title
    "recorded",  # 1: a fact about the document itself is asked for, and it states it; not of one of another date
    "unrecorded",  # 1: a fact about the document itself is asked for which it does not state
    "contradicted",  # 1: the question gives a person an office that the document gives to somebody else
    "other_script",  # 1: the question has no Chinese character; its words can be matched by meaning only, and less closely
    "other_cosine",  # its cosine with the passage or its best sentence, if so
    "bias",
)
# training/confidence.py writes these lines.
WEIGHTS = {"coverage": 0.5, "official": 1.99, "title": 0.44, "match_squared": 1.5, "brief": -2.38, "unwritten": -1.38, "lacking": -1.06, "absent": -1.02, "together": 0.16, "margin": 0.89, "untyped": -2.96, "unnumbered": -5.96, "numbers": -3.03, "quoted": 1.38, "foreign": -3.51, "untitled": -2.33, "recorded": 1.93, "unrecorded": -2.71, "contradicted": -3.8, "other_script": -0.35, "other_cosine": 2.0, "bias": 0.34}
THRESHOLD = 0.355  # below it an answer is refused

_BRIEF = 4  # tokens, or fewer
_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_USUAL = 0.0005  # of the passages of general Chinese: 英文, 广告
_NUMBER = re.compile(r"(?:19|20)\d{2}(?!\d)|\d{1,2}月(?:\d{1,2}日)?|第\d+[期届号]|(?<![\d.])\d{1,2}\.\d{1,2}(?![\d.%个万亿倍米元吨度])")  # what tells one time or issue from another; 130 in 厂里有130人 does not
OFFICE = r"(?:书记|省长|市长|县长|区长|镇长|乡长|州长|部长|厅长|局长|主任|主席|总理|院长|检察长)"
_OFFICED = re.compile(rf"({OFFICE})(?=[\u4e00-\u9fff]{{2}})")
_POINT = re.compile(r"第([一二三四五六七八九十])[点个项](?!章)")
_POINTS = ("第{}[,，、]", "第{}个?是", "{}是", "{}要", "[(（]{}[)）]", "{}、")  # at the beginning of a sentence or a clause
_QUOTED = re.compile(r"[“「『\"‘]([^“”「」『』\"‘’]{2,40})[”」』\"’]")
_TITLE = re.compile(r"《([^《》]{2,40})》")
_BARE = re.compile(r"([\u4e00-\u9fff]{2,24}?(?:条例|规定|办法|细则|规程|法))(?!律|规(?!定)|院|人|定|制|官|庭|[\u4e00-\u9fff]{0,1}[学治])")
_NOT_TITLE = re.compile(r"[的了在是我你他她它这那哪什么怎有没把被让给要能会照按依据何些]|根据|违反|合法|非法|[方提说看做想用写手疗语算]法|想办法|有关规定")
_PREFIX = re.compile(r"^(?:中华人民共和国|国务院|国家|全国|新|旧|现行)+")


def probability(signals: np.ndarray) -> float:
    """The estimated probability, 0 to 1, that the quotes answer; `signals` in the order of SIGNALS."""
    return 1 / (1 + math.exp(-float(signals @ _VECTOR)))


def observe(question: Question, found: Sequence[Candidate], sentences: Sequence[Sentence], store: Store) -> np.ndarray:
    """(len(SIGNALS),) float32: what speaks for and against the best of the sentences; `sentences` best first, one at least."""
    best = sentences[0].candidate
    whole = folded(store.volume(best.entry).text)
    weights = question.tokens.weights.copy()
    weights[question.own :] *= LEANED_ON
    weights /= max(float(weights.sum()), 1e-9)
    near = _near(best)
    others = "".join(map(_near, found)) if kind(question.alone) == "compare" else ""
    meant = NOT_THIS.sub(" ", question.text)
    same = [s for s in sentences if s.candidate.entry.document == best.entry.document]
    about = metadata.asked(question.alone)
    misdated = any(number not in near + others for number in _NUMBER.findall(fold(meant)))
    recorded = bool(about) and not misdated and metadata.stated(best.document, about) is not None
    other = float(not _CHARACTER.search(question.text))
    quotes = quoted(question.text)
    given = dict(zip(FEATURES, best.features.tolist()))
    values = given | {
        "match_squared": given["match"] ** 2,
        "brief": min(1.0, _BRIEF / max(len(weights), 1)),
        "unwritten": _unwritten(question.alone, near + whole),
        "lacking": float((weights * (1 - best.matched)).max(initial=0.0)) if len(best.matched) else 1.0,
        "absent": _absent(question, near),
        "together": float(np.max([s.matched for s in same[:3]], axis=0) @ weights),
        "margin": best.score - max((c.score for c in found if c.entry.document != best.entry.document), default=0.0),
        "untyped": float(not recorded and _untyped(question.alone, same[:3])),
        "unnumbered": float(_unnumbered(question, same, whole)),
        "numbers": float(misdated),
        "quoted": sum(run in near + others for run in quotes) / max(len(quotes), 1),
        "foreign": _not_in(names(meant), near + whole + others, question.others),
        "untitled": _untitled(question.text, [c.document.title for c in found]),
        "recorded": float(recorded),
        "unrecorded": float(bool(about) and not recorded and _untyped(question.alone, same[:3], otherwise=True)),
        "contradicted": float(misplaced(question.text, whole) is not None),
        "other_script": other,
        "other_cosine": other * max(given["whole"], given["sentence"]),
        "bias": 1.0,
    }
    return np.array([values[name] for name in SIGNALS], np.float32)


def quoted(text: str) -> list[str]:
    """What stands in quotation marks, folded.

    >>> quoted("谁说过“警钟长鸣。”，哪年提出「一票否決」？")
    ['警钟长鸣', '一票否决']
    """
    return [fold(run.strip("，。！？；：、,.!?;: ")) for run in _QUOTED.findall(text)]


def _unwritten(text: str, known: str) -> float:
    asked = set(_CHARACTER.findall(to_simplified(text)))
    return len(asked - set(known)) / len(asked) if asked else 0.0


def _absent(question: Question, near: str) -> float:
    total = sum(question.weights.values()) or 1.0
    return max((weight for term, weight in question.weights.items() if term.lstrip("_") not in near), default=0.0) / total * math.sqrt(len(question.weights))


def misplaced(text: str, whole: str) -> tuple[str, str] | None:
    """The office and the person (市长, 某某) of a question to whom the folded document gives another office only; None without one."""
    asked = fold(text)
    for office in _OFFICED.finditer(asked):
        for length in (4, 3, 2):
            person = asked[office.end() : office.end() + length]
            held = {*re.findall(rf"({OFFICE}){re.escape(person)}", whole), *re.findall(rf"{re.escape(person)}({OFFICE})", whole)} if len(person) == length else set()
            if held and office[1] not in held:
                return office[1], person
            if held:
                break
    return None


def _untyped(text: str, sentences: Sequence[Sentence], otherwise: bool = False) -> bool:
    """Whether none of the sentences holds what is asked for; `otherwise` where nothing of a kind is. A list may have one item."""
    wanted = asked_for(text)
    return not any(wanted[1].search(fold(s.text)) for s in sentences) if wanted and wanted[0] != "list" else otherwise


def _unnumbered(question: Question, sentences: Sequence[Sentence], whole: str) -> bool:
    if question.articles and not any(article in whole for article in question.articles):
        return True
    asked = _POINT.search(to_simplified(question.alone))
    if not asked:
        return False
    said = to_simplified("\n".join(s.text for s in sentences))
    for form in _POINTS:
        first, wanted = (re.search(rf"(?m)(?:^|[,，:：;；。])\s*{form.format(digit)}", said) for digit in ("一", asked[1]))
        if first:
            return not wanted
    return False


@functools.lru_cache(maxsize=64)
def folded(text: str) -> str:
    """The text of a volume as its search key, kept: a million characters take a quarter of a second, and a refusal and
    the next question ask for it again."""
    return fold(text)


def names(text: str) -> list[str]:
    """The names of places, persons and organisations in a question, folded; of 杭州市 what people say: 杭州."""
    found = [word for word in words(text) if names_something(word)]
    return [word[:-1] if len(word) > 2 and word[-1] in "省市县" else word for word in found]


def strangers(text: str, best: Candidate) -> list[str]:
    """The names and numbers of a question that stand neither in the passage nor around it."""
    near = _near(best)
    return [word for word in [*names(text), *_NUMBER.findall(fold(text))] if word not in near]


def _near(best: Candidate) -> str:
    return fold(f"{around_text(best.document, best.entry.passage)}\n{facts_text(best.document)}\n{best.entry.passage.text}")


def _not_in(wanted: Sequence[str], text: str, others: Sequence[Others]) -> float:
    """The share of the words that do not stand in the text, nor does what they mean: 徐洲 is 徐州 wrongly typed."""
    meant = {other.word for other in others if any(word in text for word in other.instead)}
    return sum(not (word in meant or _stands_in(word, text)) for word in wanted) / len(wanted) if wanted else 0.0


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text, or what it was typed for (太洲 for 泰州, but 台州 is a place of its own), or the word
    that it is made of (英文名 of 英文: the dictionary has such words as names)."""
    if word in text:
        return True
    if len(word) > 2 and word[:-1] in text and not names_something(word[:-1]) and share(word[:-1]) > _USUAL:
        return True
    syllables, _ = sounds()
    return not is_place(word) and all(c in syllables for c in word) and any(_sounds_in(word, place, text, syllables) for place in range(len(word)))


def _sounds_in(word: str, place: int, text: str, syllables: Mapping[str, str]) -> bool:
    """Whether the text has a word that sounds like this one and shares its character at the place."""
    form = "".join(character if at == place else "[\u4e00-\u9fff]" for at, character in enumerate(word))
    return any(all(syllables.get(c) == syllables[d] for c, d in zip(other, word)) for other in set(re.findall(form, text)))


def _untitled(text: str, titles: Sequence[str]) -> float:
    """The largest share, over the titles that a question gives, that no title of a document found has."""
    known = [fold(title) for title in titles]
    return max((_unknown(title, known) for title in named_titles(text)), default=0.0)


def named_titles(text: str) -> list[str]:
    """The titles of laws and documents that a question gives, folded: 《…》, and runs that end as titles of laws do."""
    quoted = [fold(title) for title in _TITLE.findall(text)]
    bare = []
    for run in _BARE.findall(fold(_TITLE.sub(" ", text))):
        title = _PREFIX.sub("", re.split(_NOT_TITLE, run)[-1])
        if len(title) >= 4:
            bare.append(title)
    return quoted + bare


def _unknown(title: str, known: Sequence[str]) -> float:
    pieces = words(title)
    ending = pieces[-1] if pieces else ""
    length = sum(map(len, pieces)) or 1
    return min((sum(len(piece) for piece in pieces if piece not in other) / length for other in known if ending in other), default=1.0)


_VECTOR = np.array([WEIGHTS.get(name, 0.0) for name in SIGNALS], np.float32)
