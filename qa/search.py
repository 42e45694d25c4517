"""A question to hits: candidates from both indexes, ranked by features of how well each holds what is asked.

Fusion is a weighted sum of scores, not of ranks: rank fusion lowered R@1 on CMRC from .97 to .84, a weighted sum never did.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.dense import Dense
from qa.embed import Model, StaticModel, unit
from qa.fold import fold, terms, words
from qa.homophones import corrected, in_characters
from qa.lexical import Lexical
from qa.match import Tokens, joined, match, question_tokens
from qa.rarity import is_name
from qa.store import Entry, Store
from qa.synonyms import Synonyms
from qa.titles import NOT_THIS, Naming, Titles
from qa.types import Description, Passage, Sibling

CANDIDATES = 100  # from each index
_NAMED = 40  # from each index, within the documents that the question names
_MOST_NAMED = 12  # documents
_BEHIND = 40  # candidates beyond those that are wanted are looked at for near-duplicates
_ALIKE = 0.85  # of the runs of four characters of two passages together: they say the same
_AROUND = 0.5  # what a term around a passage counts beside one of its own, as in lexical.py
_NEARLY = 0.45  # of a title's weight: a document of which the question says that much is looked into
_BESIDE, _FADING = 4, 2.0  # passages on either side that speak for one, each by exp(-distance / 2): beside those of 2 and 8 at 1 and 3 the
# most among the first five of the laws, see benchmarks/LOG.md
_CARRIED = 0.5  # what the question before counts beside a follow-up
_OTHERS = 0.6  # what the other words for a question's words count beside the question in its second vector, which is a feature of its own:
# in the only vector they cost R@10 of dense lay law 6 points (.864 -> .801)
_REPEALED = re.compile("废止|失效|廢止")
_TELLING = 2000  # a name that stands in more passages than these says little about a document, and is slow to look up

# What asks, and says nothing about what is asked: it must not look for passages that ask the same.
_ASKING = re.compile(
    r"请问|告诉我|我?想(?:知道|了解|问)(?:一下)?|麻烦(?:您|你)?(?:问|查|看)(?:一下)?|帮我(?:[查找看]一下)?|[你您]好(?=[,，、])|谢谢|来着|什么样|什么|哪[些个里几天年月位家次篇份条]?|怎么样|怎么着?|怎样|如何|为什么|为何|多少|几[个条点项种]|是不是|有没有|能不能|可不可以|是否|谁|吗|呢|啥|咋|嘛"
    r"|請問|什麼樣|什麼|甚麼|哪[裡裏個幾]|怎麼樣|怎麼|怎樣|為什麼|為何|幾[個條點項種]|嗎"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|the|an?|of|in|to|for|and|or|on|at|by|be|it|that|this|many|much|according)\b",
    re.IGNORECASE,
)


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its features, in the order of FEATURES, and their weighted sum; `matched` is its row of `match.match`."""

    entry: Entry
    document: Description
    features: np.ndarray
    matched: np.ndarray
    score: float
    found_by: tuple[str, ...]
    siblings: tuple[Sibling, ...] = ()
    status: str = ""  # "已废止" or "旧版": the document is not the one in force, as far as the library knows


# Each feature lies between 0 and 1, a cosine seldom below. The weights: `python -m training.ranking`; see benchmarks/LOG.md.
FEATURES = {
    "bm25": 0.9,  # BM25 of the passage and, at half the weight, of what stands around it, divided by the best candidate's
    "coverage": 1.2,  # idf-weighted share of the question's terms that stand in the passage, its headings or its title
    "others": 2.6,  # share of the question's weight that stands there in other words only, those of the lists of synonyms
    "whole": 1.4,  # cosine of the question and the passage with its headings
    "sentence": 0.6,  # cosine of the question and the passage's best sentence
    "official": 2.2,  # the larger of the two, of the question together with the other words for its words
    "match": 2.2,  # token matching, in the passage, its headings or its title
    "names": 0.7,  # idf-weighted share of the question's names that stand anywhere in the passage's document; 1 without names
    "title": 1.1,  # how much of the document's title the question says
    "exact": 0.5,  # 1: it says the whole title
    "place": 1.9,  # 1: the document is of the region that the question names, or of none when it names none
    "version": 0.5,  # 1: the document is the version that the question names, or the newest
    "article": 1.0,  # 1: the passage is the article that the question names
    "run": 0.1,  # the longest run of the question's characters that the passage holds, of 6
    "kind": 0.2,  # the share of what such a question wants (a date, a number, a penalty ...) that the passage holds
    "near": 0.7,  # what the passages beside it in its document are worth by all of the above; always the last
}
_WEIGHTS = np.array(list(FEATURES.values()), np.float32)

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
    said = f"{carried}——{text}" if carried else text, text
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
        said[0], tuple(weights), weights, lexical.frequencies(list(weights)), tokens, vector,
        unit(vector + _OTHERS * model.questions([official])[0]) if others else vector, others, titles.named(f"{whole} {meant}" if meant != whole else whole),
        tuple(run for run in _telling(_asked(whole)).split() if len(run) > 1), tuple(re.findall(r"第\d+条", folded)),
        _wanted(fold(text)) or _wanted(folded), said[1], own,
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
    rest = _ASKING.sub(" ", NOT_THIS.sub(" ", text))
    return rest if terms(rest) else text


def _term_weights(text: str, lexical: Lexical) -> dict[str, float]:
    return lexical.weights(list(dict.fromkeys(lexical.terms(text))))


def _rarity(lexical: Lexical) -> Callable[[list[str]], list[float]]:
    def weigh(pieces: list[str]) -> list[float]:
        folded = ["_" + fold(piece).strip() for piece in pieces]
        weights = lexical.weights(folded)
        return [weights[piece] for piece in folded]

    return weigh


def candidates(question: Question, store: Store, dense: Dense, lexical: Lexical, static: StaticModel, titles: Titles, limit: int, documents: Collection[str] = ()) -> list[Candidate]:
    """The best passages for a question, best first, near-duplicates as siblings of the better one.

    `documents` are the keys of those that are searched, all when there are none. Raises NoSuchDocument.
    """
    found = _distinct(ranked(question, store, dense, lexical, static, documents)[: limit + _BEHIND], titles)[:limit]
    return [dataclasses.replace(candidate, status=_status(candidate, titles)) for candidate in found]


def ranked(question: Question, store: Store, dense: Dense, lexical: Lexical, static: StaticModel, documents: Collection[str] = ()) -> list[Candidate]:
    """All passages that any index proposes, best first; ties by the passages' order in the library."""
    found = _proposed(question, store, dense, lexical, store.within(documents) if documents else None)
    entries = store.entries(sorted(set().union(*found.values())))
    if not entries:
        return []
    descriptions = {id: store.description(id) for id in {entry.document for entry in entries}}
    around = [around_text(descriptions[entry.document], entry.passage) for entry in entries]
    matched = match(static, question.tokens, [f"{more}\n{entry.passage.text}" for more, entry in zip(around, entries)])
    features = _features(question, entries, around, matched, store, lexical)
    features = np.column_stack([features, _near(entries, features @ _WEIGHTS[:-1] / _WEIGHTS.sum())])
    scores = features @ _WEIGHTS / _WEIGHTS.sum()
    return [
        Candidate(
            entries[row], descriptions[entries[row].document], features[row], matched[row], float(scores[row]),
            tuple(name for name, ids in found.items() if entries[row].id in ids),
        )
        for row in sorted(range(len(entries)), key=lambda row: (-float(scores[row]), entries[row].id))
    ]


def _distinct(ordered: Sequence[Candidate], titles: Titles) -> list[Candidate]:
    """The candidates without those that say nearly the same as a better one; these become its siblings."""
    kept: list[Candidate] = []
    shingles: list[set[str]] = []
    for candidate in ordered:
        own = _shingles(_folded(candidate.entry.passage.text))
        same = next((place for place, others in enumerate(shingles) if _same(own, others)), None)
        if same is None:
            kept.append(candidate)
            shingles.append(own)
        else:
            sibling = Sibling(candidate.document, candidate.entry.passage, _relation(candidate, kept[same], titles))
            kept[same] = dataclasses.replace(kept[same], siblings=(*kept[same].siblings, sibling))
    return kept


def _same(first: set[str], second: set[str]) -> bool:
    """Whether two sets have nearly all in common; their sizes alone settle most."""
    small, large = sorted((len(first), len(second)))
    return small >= _ALIKE * large and len(first & second) >= _ALIKE * len(first | second)


def _shingles(folded: str) -> set[str]:
    """The runs of four letters or digits; of a short text the text."""
    letters = "".join(filter(str.isalnum, folded))
    return {letters[i : i + 4] for i in range(len(letters) - 3)} or {letters}


def _status(candidate: Candidate, titles: Titles) -> str:
    """Whether a document says itself that it is repealed, or there is a newer one of its title."""
    if any(field.name == "repealed" or field.name == "validity" and _REPEALED.search(field.value) for field in candidate.document.fields):
        return "已废止"
    return "旧版" if titles.stale(candidate.entry.document) else ""


def _relation(candidate: Candidate, kept: Candidate, titles: Titles) -> str:
    """How a near-duplicate stands to the passage that is shown."""
    if _status(candidate, titles) == "已废止":
        return "已废止"
    older = titles.older(candidate.entry.document, kept.entry.document)
    if older is None:
        return "同一文件内重复" if candidate.entry.document == kept.entry.document else "文字相近"
    return "旧版" if older else "新版"


def _proposed(question: Question, store: Store, dense: Dense, lexical: Lexical, within: np.ndarray | None) -> dict[str, set[int]]:
    """The ids of the passages that may answer, by what proposes them."""
    found = {"lexical": {id for id, _ in lexical.search(question.terms, CANDIDATES, within)}}
    found["dense"] = {id for id, _ in dense.search(question.vector, CANDIDATES, within)}
    if question.others:
        official = dict.fromkeys(term for others in question.others for word in others.instead for term in terms(word))
        found["synonym"] = {id for id, _ in lexical.search([*question.terms, *official], CANDIDATES, within)}
        found["dense"] |= {id for id, _ in dense.search(question.official, CANDIDATES, within)}
    named = _named(question.naming)
    if named:
        inside = store.within_documents(named)
        if within is not None:
            inside &= within
        found["title"] = {id for id, _ in lexical.search(question.terms, _NAMED, inside)} | {id for id, _ in dense.search(question.vector, _NAMED, inside)}
        found["title"] |= {id for id, _ in lexical.search(["_" + article for article in question.articles], _NAMED, inside)}
    return found


def _named(naming: Naming) -> list[int]:
    """The documents that the question names, in full or nearly so: their ids."""
    said = naming.share + naming.exact + 0.3 * naming.place + 0.1 * naming.version
    rows = [row for row in np.argsort(-said, kind="stable")[:_MOST_NAMED] if naming.share[row] >= _NEARLY]
    return naming.ids[rows].tolist()


def _features(question: Question, entries: Sequence[Entry], around: Sequence[str], matched: np.ndarray, store: Store, lexical: Lexical) -> np.ndarray:
    """(entries, FEATURES without "near") float32."""
    own, more = [_folded(entry.passage.text) for entry in entries], list(map(_folded, around))
    texts = [f"{a}\n{b}" for a, b in zip(more, own)]
    rows = question.naming.rows([entry.document for entry in entries])
    naming = question.naming
    return np.stack(
        [
            *_by_terms(question, store.postings([entry.id for entry in entries])),
            said_otherwise(question, texts),
            *_cosines(question, entries),
            (matched * question.tokens.weights).sum(axis=1),  # a matmul raises a false alarm about NaN on some processors
            _names(question, entries, lexical),
            *(values[rows] for values in (naming.share, naming.exact, naming.place, naming.version)),
            np.array([any(text.startswith(article) for article in question.articles) for text in own], np.float32),
            _runs(question, own),
            kinds(question, own),
        ],
        axis=1,
    ).astype(np.float32)


@functools.lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """A passage's text, folded: wanted for its features and for its near-duplicates, and by the next question; or what stands
    around it: the same for many."""
    return fold(text)


def fused(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates by the weighted sum of what the two indexes say alone: BM25 and the cosines."""
    weights = np.array([weight if name in ("bm25", "whole", "sentence") else 0.0 for name, weight in FEATURES.items()], np.float32)
    return sorted(found, key=lambda candidate: -float(candidate.features @ weights))


def around_text(document: Description, passage: Passage) -> str:
    """What is searched beside a passage's own words: title, kicker, headings, context and lead, each once, and the place that the
    document is about, where its title leaves it out."""
    more = [field.value for field in document.fields if field.name in ("kicker", "subtitle") or (field.name == "region" and field.value not in document.title)]
    return "\n".join(dict.fromkeys(part for part in (document.title, *more, *passage.headings, passage.context, *passage.lead) if part))


# What is known about a document that people ask for it by. Not for vectors: it is the same for every passage.
FACTS = ("source", "speaker", "author", "issue_number", "document_number", "index_number", "standard_number")


def facts_text(description: Description) -> str:
    """What a document is found by although its passages do not say it: who issued it when, its numbers."""
    facts = [field.value for field in description.fields if field.name in FACTS]
    return "\n".join(dict.fromkeys(part for part in (description.issuer, day_in_words(description.date), *facts) if part))


def day_in_words(date: str) -> str:
    """A date of a description as people write it.

    >>> day_in_words("2023-07-02"), day_in_words("2023-07"), day_in_words("--07-02"), day_in_words("")
    ('2023年7月2日', '2023年7月', '7月2日', '')
    """
    parts = date.removeprefix("-").split("-")
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日") if part.isdigit())


def coverage(weights: Mapping[str, float], folded: str) -> float:
    """The share of the weight of some terms that stand in a folded text, as neighbouring characters."""
    total = sum(weights.values()) or 1.0
    return sum(weight for term, weight in weights.items() if term.lstrip("_") in folded) / total


def _by_terms(question: Question, postings: Sequence[tuple[list[str], list[str]]]) -> tuple[np.ndarray, np.ndarray]:
    """BM25 (k1 = 1.2, b = 0.75) of all candidates, whichever index proposed them, beside the best, and the share of the
    question's weight whose terms they have. A question of which the library knows few words (another language) trusts
    BM25 less."""
    average = sum(len(own) + len(around) for own, around in postings) / len(postings)
    total = sum(question.weights.values()) or 1.0
    scores, shares = np.zeros((2, len(postings)), np.float32)
    for row, (own, around) in enumerate(postings):
        room = 1.2 * (0.25 + 0.75 * (len(own) + len(around)) / average)
        often = Counter(term for term in own if term in question.weights)
        for term in question.weights.keys() & set(around):
            often[term] += _AROUND
        for term, count in often.items():
            scores[row] += question.weights[term] * count / (count + room)
        shares[row] = sum(question.weights[term] for term in often) / total
    known = sum(question.weights[term] for term in question.frequencies) / total
    return scores / (scores.max(initial=0) or 1.0) * min(1.0, 0.25 + known), shares


def said_otherwise(question: Question, folded: Sequence[str]) -> np.ndarray:
    """The share of the question's weight that stands in each text in other words only."""
    total = sum(question.weights.values()) or 1.0
    shares = [sum(o.weight for o in question.others if o.word not in text and any(word in text for word in o.instead)) / total for text in folded]
    return np.minimum(np.array(shares, np.float32), 1)


def _runs(question: Question, folded: Sequence[str]) -> np.ndarray:
    """The longest run of the question's characters in each text, between 2 and 6, as a share."""
    pieces = {size: {run[i : i + size] for run in question.runs for i in range(len(run) - size + 1)} for size in range(3, 7)}
    lengths = [next((size - 1 for size in range(3, 7) if not any(piece in text for piece in pieces[size])), 6) for text in folded]
    return (np.array(lengths, np.float32) - 2) / 4


def kinds(question: Question, folded: Sequence[str]) -> np.ndarray:
    """The share of what such a question wants that each text holds; 1 when it wants nothing in particular."""
    if not question.wants:
        return np.ones(len(folded), np.float32)
    return np.array([sum(bool(holds.search(text)) for holds in question.wants) / len(question.wants) for text in folded], np.float32)


def _cosines(question: Question, entries: Sequence[Entry]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    asked = np.stack([question.vector, question.official], axis=1)
    cosines = [entry.vectors.astype(np.float32) @ asked for entry in entries]
    return np.array([rows[0, 0] for rows in cosines]), np.array([rows[1:, 0].max(initial=0) for rows in cosines]), np.array([rows[:, 1].max() for rows in cosines])


def _near(entries: Sequence[Entry], scores: np.ndarray) -> np.ndarray:
    """For each passage the weighted mean of how far its neighbours' scores lie above the lowest; what is no candidate counts 0. In a
    text on what is asked the passages around one speak of it too: one that stands alone more often shares its words only."""
    ids, documents = np.array([entry.id for entry in entries]), np.array([entry.document for entry in entries])
    distance = np.abs(ids[:, None] - ids)
    beside = np.exp(-distance / _FADING) * ((0 < distance) & (distance <= _BESIDE) & (documents[:, None] == documents))
    most = 2 * np.exp(-np.arange(1, _BESIDE + 1) / _FADING).sum()
    return ((beside * (scores - scores.min())).sum(axis=1) / most).astype(np.float32)


def _names(question: Question, entries: Sequence[Entry], lexical: Lexical) -> np.ndarray:
    """The share of the question's names that stand anywhere in each passage's document."""
    names = [term for term in question.terms if question.frequencies.get(term, 0) <= _TELLING and is_name(term.removeprefix("_"))]
    holding = {term: lexical.documents(term) for term in names if term in question.frequencies}
    total = sum(question.weights[term] for term in names)
    held = {document: sum(question.weights[term] for term in names if document in holding.get(term, ())) for document in {entry.document for entry in entries}}
    return np.array([held[entry.document] / total if total else 1.0 for entry in entries], np.float32)
