"""A question and the conversation before it to a question that stands alone.

Rules, no model: a follow-up is short and leans on what was said. 那镇江呢 takes the place of what the last question named of the
same kind; 第二点是什么 is the second point of the last answer; for the rest (他还说了什么, 该条例…) the words of the last question
that stood alone are kept beside it. A question that stands alone is left alone. The result is shown to the user as 理解为：….
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.describe import PERSON
from qa.fold import to_simplified, words
from qa.rarity import count, tag

_ASKS = r"什么|甚么|哪|谁|怎|多少|几|吗|如何|为何|是否|多久|多长"
# Words that point back. 那 and 这 only where no noun of their own follows at length: 那起事故发生在哪里 still leans, 这 in
# 这三年行动方案的目标 does not matter, since such a question is long.
_LEANS = re.compile(
    r"^(?:那(?!曲)|那么|还有|另外|然后|再(?=说|讲|问|来)|要是|如果是|换成|第[一二三四五六七八九十\d]+[点条个项]|and\b|(?:what|how) about\b|th(?:at|is|ose|ese)\b)"
    r"|[他她它]们?(?!处|方|人|国|乡|项)|(这|那|该)(个|些|次|份|篇|场|条|件|位|家|会|里|边|样|块|方面|法|规定|办法)|上述|前者|后者|同一(?:条|份|部)"
    r"|\b(?:he|she|it|they|them|his|her|its|their)\b",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(rf"^(?:(?!{_ASKS})[^，,。？?]){{1,16}}呢")  # X呢, where X asks nothing itself
_ABOUT = re.compile(r"^(.{2,6}?)(?:要|该|应该|应当)?(?:怎么|怎样|如何|(?:指的?)?是?(?:什么(?!时候)|啥)|多少钱)|^(?:什么|啥)是(.{2,6})")  # how a thing is done, what it is
_SELDOM = 300  # of the dictionary's counts: 灭火器 has 24, 押金 92, what any text has (期限, 罚款, 标准, 主持人) 689 and more
_LONGEST = 40  # a longer question says what it is about
_INSTEAD = re.compile(r"^(?:那么?|换成|如果是|要是|(?:and |what about |how about ))?(.{2,24}?)(?:的话)?(?:又|也)?(?:的?呢|怎么样)?[？?]?$", re.IGNORECASE)
_ORDINAL = re.compile(r"^那?第([一二三四五六七八九十]|\d{1,2})[点条个项](?!.{12})")
_DIGITS = "一二三四五六七八九十"
_ITEMS = r"(?:{digit}是|{digit}要|第{digit}[，,、]|第{digit}个?是|（{digit}）|\({digit}\)|{digit}、|(?<!\d){number}[.、．)）])"
_TITLE = re.compile(r"《[^《》]+》|[\u4e00-\u9fff]{2,24}(?:条例|规定|办法|法)(?![律规院人])")
_REGIONS = tuple("省市县区")
_SAYS = re.compile(rf"({PERSON})(?:同志|书记|[省市县]长)?(?:指出|强调|要求|表示|主持|讲话|说)")
_QUOTED = re.compile(r"《([^《》]{2,60})》")
_HE = re.compile(r"[他她](?!们|人|处|方)|\b(?:he|she)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is looked for, and the earlier words that it leans on; "" for one that stands alone."""

    text: str
    carried: str = ""


def understood(question: str, history: Sequence[Mapping[str, str]] = ()) -> Understood:
    """The question with what it leaves out.

    `history` is a list of messages {"role": "user" | "assistant", "content": str}, oldest first.

    >>> said = [{"role": "user", "content": "苏州哪天开的会？"}]
    >>> understood("那扬州呢？", said)
    Understood(text='扬州哪天开的会？', carried='')
    >>> understood("他还说了什么？", said)
    Understood(text='他还说了什么？', carried='苏州哪天开的会？')
    >>> understood("安全生产月是几月？", said)
    Understood(text='安全生产月是几月？', carried='')
    """
    text = question.strip()
    earlier = [message["content"].strip() for message in history if message["role"] == "user" and message["content"].strip()]
    if not earlier or not leans(text):
        return Understood(text)
    alone = _alone(earlier)
    answer = next((message["content"] for message in reversed(history) if message["role"] == "assistant"), "")
    if item := _item(text, answer):
        return Understood(text, f"{alone}{item}")
    if instead := _instead(text, alone):
        return Understood(instead)
    speaker = _speaker(text, answer)
    return Understood(_HE.sub(speaker, text, count=1) if speaker else text, alone + _document(alone, answer))


def leans(question: str) -> bool:
    """Whether a question leans on what was said before it."""
    asked = to_simplified(question.strip())
    if len(asked) > _LONGEST:
        return False
    return bool(_LEANS.search(asked) or _ELLIPSIS.search(asked) or _bare(asked))


def _bare(asked: str) -> bool:
    """罚多少？, 谁主持的？: it asks and hardly says of what. 灭火器怎么用？ says it."""
    return len(asked) <= 8 and not _names_its_subject(asked) and bool(re.search(_ASKS, asked)) and len([word for word in words(asked) if len(word) > 1 and not re.search(rf"{_ASKS}|时候", word)]) <= 1


def _names_its_subject(asked: str) -> bool:
    """Whether it asks how a thing is done, or what it is, and calls the thing by a noun that few texts have."""
    about = _ABOUT.search(asked)
    return bool(about) and any(len(word) > 1 and tag(word).startswith("n") and count(word) <= _SELDOM for word in words(about[1] or about[2]))


def _alone(earlier: Sequence[str]) -> str:
    """The last question that stood alone, with what later ones put in the place of its words."""
    start = next((place for place in range(len(earlier) - 1, -1, -1) if not leans(earlier[place])), 0)
    alone = earlier[start]
    for later in earlier[start + 1 :]:
        alone = _instead(later, alone) or alone
    return alone


def _instead(text: str, last: str) -> str:
    """The last question with what the follow-up names in the place of what it named of the same kind; "" if there is none."""
    found = _INSTEAD.match(to_simplified(text))
    if not found or re.search(_ASKS, found[1]):
        return ""
    named = text[found.start(1) : found.end(1)]
    for kind, old in _named(last):
        for other, new in _named(named):
            if kind == other and old != new and len(new) >= len(named) - 2:
                stem = old[:-1] if old[-1] in _REGIONS and new[-1] not in _REGIONS and len(old) > 2 else old
                return last.replace(stem, new, 1)
    return ""


def _named(text: str) -> Iterator[tuple[str, str]]:
    """What a text names: (kind, name), the longest forms first."""
    simple = to_simplified(text)
    for title in _TITLE.finditer(simple):
        yield "title", text[title.start() : title.end()].strip("《》")
    for number in re.finditer(r"(?:\d+|[零〇一二三四五六七八九十百]+)(年(?!假)|月|日|号|期|级|条|岁|人|万元|元|公斤|吨|米|天|小时|季度)", simple):
        yield number[1], text[number.start() : number.end()]
    place = 0
    for word in words(simple):
        at = simple.find(word, place)
        if at >= 0 and len(word) > 1 and (kind := tag(word)[:2]) in ("ns", "nr", "nt", "nz"):
            place = at + len(word)
            end = place + 1 if kind == "ns" and simple[place : place + 1] in _REGIONS else place
            yield kind, text[at:end]


def _item(text: str, answer: str) -> str:
    """The point of the last answer that an ordinal asks for; "" when it asks for none or the answer has no such point."""
    asked = _ORDINAL.match(to_simplified(text))
    if not asked:
        return ""
    number = int(asked[1]) if asked[1].isdigit() else _DIGITS.index(asked[1]) + 1
    digit = _DIGITS[number - 1] if number <= len(_DIGITS) else str(number)
    found = re.search(_ITEMS.format(digit=digit, number=number) + r"[^。；;\n]{2,60}", to_simplified(answer))
    return answer[found.start() : found.end()] if found else ""


def _document(alone: str, answer: str) -> str:
    """The document from which the last answer came; "" where the question names it already."""
    found = _QUOTED.search(answer)
    return f"《{found[1]}》" if found and found[1] not in alone else ""


def _speaker(text: str, answer: str) -> str:
    """Whom 他 means: who spoke in the last answer."""
    if not _HE.search(text):
        return ""
    return next(reversed(_SAYS.findall(to_simplified(answer))), "")
