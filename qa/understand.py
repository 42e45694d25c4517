"""A question in the forms in which it is looked for: terms, tokens, vectors, other words, names, and what it wants."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qa.embed import Model, StaticModel, unit
from qa.fold import fold, terms, words
from qa.homophones import corrected, in_characters
from qa.lexical import Lexical
from qa.match import Tokens, joined, question_tokens
from qa.synonyms import Synonyms
from qa.titles import NOT_THIS, Naming, Titles

_CARRIED = 0.5  # what the question before counts beside a follow-up
_OTHERS = 0.6  # what the other words for a question's words count beside the question in its second vector, which is a feature of its own:
# in the only vector they cost R@10 of dense lay law 6 points (.864 -> .801)

# What asks, and says nothing about what is asked: it must not look for passages that ask the same.
_ASKING = re.compile(
    r"请问|告诉我|我?想(?:知道|了解|问)(?:一下)?|麻烦(?:您|你)?(?:问|查|看)(?:一下)?|帮我(?:[查找看]一下)?|[你您]好(?=[,，、])|谢谢|来着|什么样|什么|哪[些个里几天年月位家次篇份条]?|怎么样|怎么着?|怎样|如何|为什么|为何|多少|几[个条点项种家名位人件起次台辆座户份篇]|是不是|有没有|能不能|可不可以|是否|谁|吗|呢|啥|咋|嘛"
    r"|請問|什麼樣|什麼|甚麼|哪[裡裏個幾]|怎麼樣|怎麼|怎樣|為什麼|為何|幾[個條點項種家名位人件起次臺台輛座戶份篇]|嗎"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|the|an?|of|in|to|for|and|or|on|at|by|be|it|that|this|many|much|according)\b",
    re.IGNORECASE,
)
_OFTEN = re.compile(r"每?隔?(?:多久|多[长長][时時][间間]|多少天|[几幾](?:天|年|[周週]|[个個]月))([^，,。？?！!]{0,8}?)一次")  # 一次 asks here too, and does not speak against 每周两次


@dataclass(frozen=True, slots=True)
class Others:
    """A word of the question, the words that may stand for it, all folded, and its weight."""

    word: str
    instead: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question in the forms in which it is looked for."""

    text: str
    terms: tuple[str, ...]
    weights: dict[str, float]  # inverse document frequency of each term
    frequencies: dict[str, int]  # in how many passages each term stands; terms that stand nowhere are left out
    tokens: Tokens
    vector: np.ndarray  # by the library's model, (dimension,)
    official: np.ndarray  # the same together with the other words for its words, (dimension,)
    others: tuple[Others, ...]  # other words for some of its words
    naming: Naming  # what it says of each document
    runs: tuple[str, ...]  # what it asks for, between its function words
    articles: tuple[str, ...]  # 第21条, folded
    wants: tuple[re.Pattern, ...]  # what a passage holds that answers such a question
    alone: str = ""  # the question itself, without the one that it leans on
    own: int = 0  # how many of the tokens, the first, are the question's own; the others are of the one that it leans on


# What a question of a kind wants to find: (how it asks, what a passage holds that answers).
_WANTS = tuple(
    (re.compile(asks), re.compile(holds))
    for asks, holds in (
        (r"罚|后果|处分|处理|坐牢|判几年|拘留|担.{0,2}责|什么责任|会怎[样么]|赔|\bfine\b|\bpenalt", r"罚款|责令|拘留|吊销|没收|有期徒刑|处分|赔偿|追究.{0,6}责任|双倍|\d倍"),
        (r"哪[天日年月]|几月|几号|什么时候|何时|哪一[天年]|日期|^when\b|\bwhen (?:did|does|do|is|are|was|were|will)\b", r"\d{1,4}(?:年|月|日|号)"),
        (r"多少|几[年天日个月级米人名次小时倍岁]|多[久长远高大重]|百分之几|比例|\bhow (?:many|much|long|far)\b", r"\d"),
        (r"是什么意思|指的?是什么|什么是|是什么东西|指什么|包括哪些|算.{0,6}吗|定义|含义|哪一?[级类]", r"是指|指的是|包括|,指|含义|分为|以上.{0,12}以下"),
        (r"谁|哪个?(?:部门|单位|机关|人)|找哪|归哪|\bwho\b", r"部门|机关|单位|局|委员会|机构|主任|书记|局长|政府|同志"),
        (r"哪些|哪几|几[点条项件方步种]|什么条件|要求|职责|措施|步骤|义务|有什么", r"\([一二三四五六七八九十\d]+\)|[一二三]是|第[一二三]|下列|以下|\d[.、]"),
        (r"吗|可以|能不能|行不行|是否|应该|必须|允许|\bmay\b|\bcan\b", r"应当|不得|可以|禁止|必须|有权"),
    )
)

# Words that carry no subject, in a question at least; bigrams do not reach across them.
_FUNCTION_WORDS = frozenset(
    "的 了 着 过 吧 啊 呢 吗 嘛 么 呀 我 我们 咱 咱们 你 你们 您 他 她 它 他们 她们 它们 这 这个 这些 那 那个 那些 那几 其 想 得 能 能够 可以 可 该 给 把 被 让 "
    "跟 和 与 或 或者 以及 及 在 是 有 没 没有 不 不是 就 就是 还 还是 也 都 又 再 才 只 只有 很 太 最 更 挺 从 到 往 向 对 对于 关于 为 为了 因 因为 由于 按 按照 照 依 依照 根据 "
    "如果 要是 假如 的话 但 但是 而 而且 并 并且 所以 时候 里 里面 个 几 几个 些 一些 一下 所 之 等等 一直 已经 正在 刚 刚刚".split()
)


def understand(text: str, carried: str, model: Model, static: StaticModel, lexical: Lexical, titles: Titles, synonyms: Synonyms) -> Question:
    """The forms in which a question is looked for; `carried` is the earlier question that it leans on, which counts less."""
    shown, alone = f"{carried}——{text}" if carried else text, text
    text, carried = (in_characters(one, titles.sounded, lexical.frequencies) for one in (text, carried))
    asked, asked_before = _asked(text), _asked(carried)
    weights = _term_weights(_telling(asked), lexical)
    before = _term_weights(_telling(asked_before), lexical)
    weights |= {term: _CARRIED * weight for term, weight in before.items() if term not in weights}
    tokens = question_tokens(static, asked, _rarity(lexical))
    own = len(tokens.weights)
    vector = model.questions([text])[0]
    if carried:
        tokens = joined(tokens, question_tokens(static, asked_before, _rarity(lexical)), _CARRIED)
        vector = unit(vector + _CARRIED * model.questions([carried])[0])
    whole = f"{carried} {text}" if carried else text
    meant = corrected(whole, lexical.frequencies)
    folded = fold(whole)
    others = _others(whole, meant, synonyms, lexical)
    official = " ".join(dict.fromkeys(word for one in others for word in one.instead))
    return Question(
        shown, tuple(weights), weights, lexical.frequencies(list(weights)), tokens, vector,
        unit(vector + _OTHERS * model.passages([official])[0]) if others else vector, others, titles.named(f"{whole} {meant}" if meant != whole else whole),
        tuple(run for run in _telling(_asked(whole)).split() if len(run) > 1), tuple(re.findall(r"第\d+条", folded)),
        _wanted(fold(text)) or _wanted(folded), alone, own,
    )


def _wanted(folded: str) -> tuple[re.Pattern, ...]:
    return tuple(holds for asks, holds in _WANTS if asks.search(folded))


def _telling(text: str) -> str:
    """The folded text with blanks for its function words; when nothing else is there, the text."""
    rest = " ".join("".join(word if word not in _FUNCTION_WORDS else " " for word in words(piece)) for piece in text.split())
    return rest if terms(rest) else text


def _others(text: str, meant: str, synonyms: Synonyms, lexical: Lexical) -> tuple[Others, ...]:
    """The words of the question that have other words: in the lists, or as they were meant where they are typed wrongly."""
    instead = dict(synonyms.found(text))
    if meant != text and len(meant) == len(text):
        for place in (i for i, (old, new) in enumerate(zip(text, meant)) if fold(old) != fold(new)):
            for start in (max(place - 1, 0), place):
                instead[fold(text[start : start + 2])] = (fold(meant[start : start + 2]),)
    weights = {word: sum(lexical.weights(list(dict.fromkeys(terms(word)))).values()) for word in instead}
    return tuple(Others(word, others, weights[word]) for word, others in instead.items() if others)


def _asked(text: str) -> str:
    """What is asked about, without a year that is not; of a question that consists of asking words only, the question."""
    rest = _ASKING.sub(" ", _OFTEN.sub(r" \1 ", NOT_THIS.sub(" ", text)))
    return rest if terms(rest) else text


def _term_weights(text: str, lexical: Lexical) -> dict[str, float]:
    return lexical.weights(list(dict.fromkeys(lexical.terms(text))))


def _rarity(lexical: Lexical) -> Callable[[list[str]], list[float]]:
    def weigh(pieces: list[str]) -> list[float]:
        folded = ["_" + fold(piece).strip() for piece in pieces]
        weights = lexical.weights(folded)
        return [weights[piece] for piece in folded]

    return weigh
