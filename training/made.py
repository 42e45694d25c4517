"""Questions that a library answers and questions that it does not, made by rule: what training/confidence.py learns from.

    cmrc, drcd   a library with every second passage: the questions of the others have no answer in it
    swapped      true questions with one name, year or number put in the place of another: a false premise
    cut          a library in which every second passage lacks the sentence with the answer: about the subject, but not saying it
    reworded     the questions of half the passages, as people ask aloud: 请问, 啥, other words for some of the words, typing errors
    details      what is told of films, songs and sights line by line, asked in talk; without the line that answers
    figures      sums and shares of the yearly reports of a government, asked in some of their words; without the sentence that has them
    english      sentences of the English edition of a textbook, asked of the Chinese one, which holds every second; everyday talk asked of it
    stard        the held-back quarter, asked of the laws; again with the law that answers taken out of what was found
    named        the same questions with the title of their law before them, likewise
    article      those with only the article that answers taken out, their law left
    numbered     articles by their numbers; numbers that are too high; everyday talk
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

import qa
from qa import confidence, quote
from qa.evaluate import plain
from qa.fold import to_simplified, words
from qa.library import Library
from qa.questions import load
from qa.rarity import is_place, names_something
from qa.search import FEATURES, Candidate
from qa.split import sentences
from training import corpora
from training.aloud import ASKS, aloud, cut_up, synsets
from training.corpora import held_back, jsonl

ASKED = 180  # questions of most sets, SWAPPED of them changed; a third of them over the laws
PLAIN = 400  # of those that the threshold is set by
SWAPPED = 60

Rows = tuple[np.ndarray, np.ndarray]
"""(questions, signals) and (questions,) of what is answerable."""


def sets(folder: Path, laws: Path, work: Path) -> dict[str, Callable[[], dict[str, Rows]]]:
    """What makes the sets, by name; `folder` has the corpora, `laws` is a library, in `work` libraries are made."""
    cmrc, drcd = folder / "passages" / "cmrc2018-trial", folder / "passages" / "drcd-dev"
    return {
        "cmrc": lambda: passages(cmrc, work),
        "drcd": lambda: passages(drcd, work),
        "cmrc-reworded": lambda: reworded(cmrc, work, synsets(folder)),
        "drcd-reworded": lambda: reworded(drcd, work, synsets(folder)),
        "details": lambda: details(folder / "qp" / "kdconv.jsonl", work),
        "figures": lambda: figures(folder / "news" / "gov_report_sections.jsonl", work),
        "english": lambda: english(folder / "parallel", work),
        "stard": lambda: stard(folder / "qp" / "stard_train.jsonl", laws),
        "numbered": lambda: numbered(laws, folder / "parallel" / "tatoeba_en_zh.tsv"),
    }


def passages(prefix: Path, work: Path) -> dict[str, Rows]:
    """A library of every second passage, asked everything; and its own questions with one name or number swapped."""
    name = prefix.name
    texts, questions = corpora.passages(prefix)
    kept = {key for key, _, _ in texts[::2]}
    asked = random.Random(1).sample(questions, min(PLAIN, len(questions)))
    with qa.open_library(work / f"{name}.half") as library:
        library.add_texts(texts[::2])
        plain = rows_of((observed(library, q["question"]), q["passage_id"] in kept) for q in asked)
        known = [q["question"] for q in asked if q["passage_id"] in kept]
        false = rows_of((observed(library, q), False) for q in list(swapped(known))[:SWAPPED])
        wrong = np.concatenate([plain[0][plain[1]], false[0]]), np.concatenate([plain[1][plain[1]], false[1]])
    with qa.open_library(work / f"{name}.cut") as library:
        return {name: plain, f"{name} swapped": wrong, f"{name} cut": rows_of(_cut(library, texts, asked[:ASKED]))}


def _cut(library: Library, texts: Sequence[tuple[str, str, str]], questions: Sequence[dict]) -> Iterator[tuple[np.ndarray, bool]]:
    """The questions of a library in which every second passage lacks the sentences that answer one of them: this one is asked
    of those passages, any of the others."""
    cut, asked = {key for key, _, _ in texts[1::2]}, {q["passage_id"]: q for q in reversed(questions)}
    rests = {key: _without(text, asked[key]["answers"]) for key, _, text in texts if key in asked and key in cut}
    library.add_texts([(key, title, rests.get(key) or text) for key, title, text in texts])
    for id, question in asked.items():
        if id not in cut or rests[id]:
            yield observed(library, question["question"]), id not in cut


def _without(text: str, answers: Sequence[str]) -> str:
    """The text without its sentences that hold an answer."""
    kept, at = [], 0
    for start, end in sentences(text):
        if any(answer in text[start:end] for answer in answers):
            kept.append(text[at:start])
            at = end
    return ("".join(kept) + text[at:]).strip()


def english(parallel: Path, work: Path) -> dict[str, Rows]:
    """A library of paragraphs of a Chinese textbook, asked sentences of its English edition, and sentences of everyday talk."""
    pairs = [line.split("\t")[:2] for line in (parallel / "d2l_en_zh.tsv").read_text("utf-8").splitlines()]
    pairs = [pair for pair in pairs if len(pair) == 2 and 40 < len(pair[0]) < 160]
    talk = [line.split("\t")[0] for line in (parallel / "tatoeba_en_zh.tsv").read_text("utf-8").splitlines()]
    talk = random.Random(4).sample([said for said in talk if said.endswith("?")], SWAPPED)
    with qa.open_library(work / "english.library") as library:
        library.add_texts([(str(place), "", "".join(zh for _, zh in pairs[place : place + 4])) for place in range(0, 8 * SWAPPED, 4)])
        known = [(observed(library, en), True) for en, _ in pairs[: 8 * SWAPPED : 8]]
        return {"english": rows_of(known + [(observed(library, said), False) for said in talk])}


def swapped(questions: Sequence[str]) -> Iterator[str]:
    """Each question with one of its names, or one of its numbers, in the place of which stands another question's."""
    pools: dict[str, list[str]] = {}
    found = [[(kind, piece) for kind, piece in _pieces(question)] for question in questions]
    for pieces in found:
        for kind, piece in pieces:
            pools.setdefault(kind, []).append(piece)
    chance = random.Random(2)
    for question, pieces in zip(questions, found):
        for kind, piece in pieces[:1]:
            others = sorted({other for other in pools[kind] if other not in question})
            if others and piece in question:
                yield question.replace(piece, chance.choice(others))


def _pieces(question: str) -> Iterator[tuple[str, str]]:
    for number in re.findall(r"\d+", question):
        yield f"number {len(number)}", number
    for word in words(question):
        if names_something(word):
            yield "place" if is_place(word) else f"name {len(word)}", word


def stard(path: Path, laws: Path) -> dict[str, Rows]:
    """The held-back questions asked of the laws, with the law that answers and without it; with its title and without."""
    rows: dict[str, list] = {"stard": [], "named": [], "article": []}
    asked = [row for row in jsonl(path) if held_back(row["q"])]
    chance = random.Random(3)
    with qa.open_library(laws) as library:
        for row in chance.sample(asked, min(ASKED // 3, len(asked))):
            title = re.split(r"第[一二三四五六七八九十百千零〇\d]+条", row["p"])[0].strip()
            for name, question in (("stard", row["q"]), ("named", chance.choice(["根据《{}》，{}", "{}规定，{}", "按照{}，{}"]).format(title, row["q"]))):
                rows[name].append((observed(library, question), True))
                rows[name].append((observed(library, question, lambda c, title=_plain(title): title in _plain(c.document.title)), False))
            rows["article"] += [rows["named"][-2], (observed(library, question, lambda c, article=_plain(row["p"][len(title):])[:60]: article in _plain(c.entry.passage.text)), False)]
    return {name: rows_of(values) for name, values in rows.items()}


def _plain(text: str) -> str:
    return plain(text.removeprefix("中华人民共和国"))


def observed(library: Library, question: str, without: Callable[[Candidate], bool] | None = None, history: Sequence = ()) -> np.ndarray:
    """The signals of a question, as if the passages that `without` names were not there."""
    understood = library._understood(question, history)
    found = library._candidates(understood, 40 if without else 10)
    if without:
        found = _renewed([candidate for candidate in found if not without(candidate)])[:10]
    ranked = quote.ranked(understood, found, library._static)
    return confidence.observe(understood, found, ranked, library._store) if ranked else np.zeros(len(confidence.SIGNALS), np.float32)


def _renewed(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with BM25 beside the best of those that are left."""
    column = list(FEATURES).index("bm25")
    best = max((float(c.features[column]) for c in found), default=0.0) or 1.0
    scale = np.ones(len(FEATURES), np.float32)
    scale[column] = 1 / best
    return [dataclasses.replace(c, features=c.features * scale) for c in found]


def of_file(library: Path, questions: Path) -> Rows:
    """The signals of a question file of `youju evaluate`."""
    with qa.open_library(library) as opened:
        return rows_of((observed(opened, item.question, history=item.history), item.answerable) for item in load(questions).items)


def rows_of(values: Iterator | Sequence) -> Rows:
    values = list(values)
    return np.stack([signals for signals, _ in values]), np.array([right for _, right in values])


# -------------------------------------------------------------------------------------------------- details, figures, articles

_FIGURE = re.compile(r"(?<![\d.])(\d[\d.]*(?:[-—]\d[\d.]*)?)(万亿|亿|万|千)?(元|人|吨|公里|户|个百分点|%|千瓦|亩|立方米|美元|次|起|件|家|套|个|年|天)")
_SAID = 0.6  # of the other words of a clause are said in the question


def reworded(prefix: Path, work: Path, alike: dict[str, list[str]]) -> dict[str, Rows]:
    """The questions of a library of every second passage, in other words."""
    texts, questions = corpora.passages(prefix)
    kept, chance = {key for key, _, _ in texts[::2]}, random.Random(6)
    with qa.open_library(work / f"{prefix.name}.half") as library:
        library.add_texts(texts[::2])
        asked = chance.sample(questions, min(ASKED, len(questions)))
        return {f"{prefix.name} reworded": rows_of((observed(library, aloud(q["question"], alike, chance)), q["passage_id"] in kept) for q in asked)}


def details(talk: Path, work: Path) -> dict[str, Rows]:
    """A library of what a knowledge base tells of each thing, a line for each point, asked in talk; of every second question the
    line that answers is left out."""
    rows = [row for row in jsonl(talk) if "\n" not in row["p"] and ASKS.search(row["q"])]
    told: dict[str, dict[str, str]] = {}
    asked = []
    for row in rows:
        name, _, question = row["q"].partition("，")
        if row["p"].startswith(name + " ") and "：" in row["p"]:
            point, _, value = row["p"][len(name) + 1 :].partition("：")
            told.setdefault(name, {}).setdefault(point, value)
            if point != "Information" and 4 < len(question) < 40 and told[name][point] == value:
                asked.append((name, point, question))
    chance = random.Random(7)
    chance.shuffle(asked)
    once = list({name: (name, point, question) for name, point, question in asked if told[name][point] not in told[name].get("Information", "")}.values())[:ASKED]
    for name, point, _ in once[1::2]:
        del told[name][point]
    texts = [(name, name, "\n".join(f"{point}：{value}" if point != "Information" else value for point, value in points.items())) for name, points in told.items()]
    with qa.open_library(work / "details.library") as library:
        library.add_texts(texts)
        return {"details": rows_of((observed(library, f"{_bare(name)}，{question}"), number % 2 == 0) for number, (name, _, question) in enumerate(once))}


def _bare(name: str) -> str:
    return re.sub(r"（.*", "", name)


def figures(reports: Path, work: Path) -> dict[str, Rows]:
    """A library of sections of yearly reports, asked for their sums and shares; every second one is left out of the text."""
    chance = random.Random(8)
    sections = [row for row in jsonl(reports) if re.match(r"\d{4}年", row["title"])]
    texts, asked = [], []
    for number, row in enumerate(chance.sample(sections, 3 * ASKED)):
        body, found = row["body"], list(_figured(row["body"], chance))
        if found and len(asked) < ASKED:
            sentence, question = chance.choice(found)
            asked.append((f"{row['title'][:4]}年{chance.choice(('的政府工作报告里', '报告中', '', '，'))}{question}", number % 2 == 0))
            body = body if number % 2 == 0 else body.replace(sentence, "")
        texts.append((str(number), row["title"], body))
    with qa.open_library(work / "figures.library") as library:
        library.add_texts(texts)
        return {"figures": rows_of((observed(library, question), right) for question, right in asked)}


def _figured(body: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The sentences with a clause that has one figure, and a question after this figure."""
    for sentence in re.findall(r"[^。\n]+。", body):
        for clause in re.split(r"[，；。：]", sentence):
            figure = list(_FIGURE.finditer(clause))
            if len(figure) == 1 and 10 <= len(clause) <= 36 and len(re.findall(r"\d+", clause)) == 1:
                before, after = clause[: figure[0].start()], clause[figure[0].end() :]
                left = "".join(piece for piece in cut_up(before) if chance.random() < _SAID or piece in before[-4:])
                if len(left) > 5:
                    yield sentence, f"{left}{'百分之多少' if figure[0][3] == '%' else '多少' + figure[0][3]}{after if chance.random() < _SAID else ''}？"


def numbered(laws: Path, talk: Path) -> dict[str, Rows]:
    """Laws asked for an article by its number; for one that they do not have; and everyday talk."""
    chance = random.Random(9)
    with qa.open_library(laws) as library:
        documents = chance.sample([one for one in library.documents() if 6 < len(one.title) < 24], 60)
        said = [line.split("\t")[1] for line in talk.read_text("utf-8").splitlines() if line.endswith("？")]
        rows = []
        for document in documents:
            ask = chance.choice(("{}第{}条是什么内容？", "{}第{}条怎么规定的", "{}第{}条"))
            rows.append((observed(library, ask.format(document.title, chance.randint(2, 9))), True))
            rows.append((observed(library, ask.format(document.title, chance.randint(400, 900))), False))
        rows += [(observed(library, to_simplified(question)), False) for question in chance.sample(said, 40)]
    return {"numbered": rows_of(rows)}
