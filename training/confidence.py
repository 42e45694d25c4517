"""When to refuse, learned: the weights of confidence.SIGNALS.

    python -m training.confidence WORK PASSAGES STARD LAWS [--write] [--fit LIBRARY QUESTIONS ...] [--check LIBRARY QUESTIONS ...]

PASSAGES is the folder with cmrc2018-trial and drcd-dev as the score script passages.py reads them, beside it stands the folder
"parallel"; STARD its questions, LAWS a
library with the laws. What answers and what does not is made by rule:

    cmrc, drcd   a library with every second passage: the questions of the others have no answer in it
    swapped      true questions with one name, year or number put in the place of another: a false premise
    cut          a library in which every second passage lacks the sentence with the answer: about the subject, but not saying it
    english      sentences of the English edition of a textbook, asked of the Chinese one; questions of everyday talk asked of it
    stard        the held-back quarter, asked of the laws; again with the law that answers taken out of what was found
    named        the same questions with the title of their law before them, likewise
    article      those with only the article that answers taken out, their law left

LIBRARY and QUESTIONS after --fit are the folder of a library and a file as `youju evaluate` reads it: one more set; after --check they
are measured and never fitted to.

Signals are cached in WORK: empty it when search, model or signals have changed. Printed for each set: the area under the curve, and how
much is refused when 5% of the answerable are, with weights fitted to the other sets only, to one half of every set and measured
on the other, and to all. With --write the weights and the threshold go into qa/confidence.py.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

import qa
from qa import confidence, quote
from qa.evaluate import plain
from qa.fold import words
from qa.library import Library
from qa.questions import load
from qa.rarity import is_place, names_something
from qa.search import FEATURES, Candidate
from qa.split import sentences
from training import corpora
from training.corpora import held_back, jsonl

_ASKED = 180  # questions of each set, _SWAPPED of them changed; a third of them over the laws
_SWAPPED = 60
_DECAY = 5.0
_FALSE = 0.05  # of the answerable questions may be refused
_REFUSED = 0.86  # of the questions of the first set that it cannot answer: where the threshold lies

_PRIOR = {"unnumbered": -5.0, "recorded": 1.5, "unrecorded": -2.5, "contradicted": -3.0, "other_script": 1.0}  # what no set has: a point that is not there cannot be quoted; English matches less closely

Rows = tuple[np.ndarray, np.ndarray]
"""(questions, signals) and (questions,) of what is answerable."""


# ----------------------------------------------------------------------------------------------------------- the questions


def passages(prefix: Path, work: Path) -> dict[str, Rows]:
    """A library of every second passage, asked everything; and its own questions with one name or number swapped."""
    name = prefix.name
    texts, questions = corpora.passages(prefix)
    kept = {key for key, _, _ in texts[::2]}
    questions = random.Random(1).sample(questions, min(_ASKED, len(questions)))
    with qa.open_library(work / f"{name}.half") as library:
        library.add_texts(texts[::2])
        plain = _rows((observed(library, q["question"]), q["passage_id"] in kept) for q in questions)
        known = [q for q in questions if q["passage_id"] in kept]
        false = _rows((observed(library, q), False) for q in list(swapped([q["question"] for q in known]))[:_SWAPPED])
        wrong = np.concatenate([plain[0][plain[1]], false[0]]), np.concatenate([plain[1][plain[1]], false[1]])
    with qa.open_library(work / f"{name}.cut") as library:
        return {name: plain, f"{name} swapped": wrong, f"{name} cut": _rows(_cut(library, texts, questions))}


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
    talk = random.Random(4).sample([said for said in talk if said.endswith("?")], _SWAPPED)
    with qa.open_library(work / "english.library") as library:
        library.add_texts([(str(place), "", "".join(zh for _, zh in pairs[place : place + 4])) for place in range(0, 8 * _SWAPPED, 4)])
        known = [(observed(library, en), True) for en, _ in pairs[: 8 * _SWAPPED : 8]]
        return {"english": _rows(known + [(observed(library, said), False) for said in talk])}


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
        for row in chance.sample(asked, min(_ASKED // 3, len(asked))):
            title = re.split(r"第[一二三四五六七八九十百千零〇\d]+条", row["p"])[0].strip()
            for name, question in (("stard", row["q"]), ("named", chance.choice(["根据《{}》，{}", "{}规定，{}", "按照{}，{}"]).format(title, row["q"]))):
                rows[name].append((observed(library, question), True))
                rows[name].append((observed(library, question, lambda c, title=_plain(title): title in _plain(c.document.title)), False))
            rows["article"] += [rows["named"][-2], (observed(library, question, lambda c, article=_plain(row["p"][len(title):])[:60]: article in _plain(c.entry.passage.text)), False)]
    return {name: _rows(values) for name, values in rows.items()}


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


def _rows(values: Iterator | Sequence) -> Rows:
    values = list(values)
    return np.stack([signals for signals, _ in values]), np.array([right for _, right in values])


def cached(file: Path, make: Callable[[], dict[str, Rows]]) -> dict[str, Rows]:
    """The rows in the file, made and put there when it is not there."""
    if not file.exists():
        made = make()
        np.savez(file, **{f"{part}/{name}": value for name, rows in made.items() for part, value in zip("sr", rows)})
    data = np.load(file)
    return {key[2:]: (data[key], data["r" + key[1:]]) for key in data.files if key.startswith("s/")}


# ----------------------------------------------------------------------------------------------------------------- the fit


def fit(sets: Sequence[Rows], decay: float = _DECAY) -> np.ndarray:
    """(signals,) weights by Newton's method on the regularised log loss; sets and their two sides all count the same."""
    signals = np.concatenate([s for s, _ in sets]).astype(np.float64)
    right = np.concatenate([r for _, r in sets]).astype(np.float64)
    share = np.concatenate([np.where(r, 0.5 / max(r.sum(), 1), 0.5 / max((~r).sum(), 1)) for _, r in sets]) * 1000
    prior, penalty = np.array([_PRIOR.get(name, 0.0) for name in confidence.SIGNALS]), np.full(signals.shape[1], decay)
    penalty[-1] = 0
    weights = prior.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-signals @ weights))
        gradient = signals.T @ (share * (chance - right)) + penalty * (weights - prior)
        curvature = (signals * (share * chance * (1 - chance))[:, None]).T @ signals + np.diag(penalty + 1e-6)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def area(scores: np.ndarray, right: np.ndarray) -> float:
    """The area under the ROC curve."""
    return float(np.mean([(scores[right] > one).mean() + (scores[right] == one).mean() / 2 for one in scores[~right]]))


def refused(scores: np.ndarray, right: np.ndarray, false: float = _FALSE) -> float:
    """The share of the unanswerable below the quantile that refuses `false` of the answerable."""
    return float((scores[~right] < np.quantile(scores[right], false)).mean())


def report(sets: dict[str, Rows], checks: dict[str, Rows]) -> tuple[np.ndarray, float]:
    """Prints every set's figures; gives the weights fitted to all and the threshold that refuses _REFUSED of the first set."""
    whole = fit(list(sets.values()))
    halves = [fit([(signals[_half(right, side)], right[_half(right, side)]) for signals, right in sets.values()]) for side in (0, 1)]
    print(f"{'AUC, refused at ' + format(_FALSE, '.0%'):24} by the others   by the other half  by all")
    for name, (signals, right) in sets.items():
        others = fit([rows for other, rows in sets.items() if _family(other) != _family(name)])
        crossed = np.zeros(len(right))
        for side in (0, 1):
            crossed[_half(right, side)] = signals[_half(right, side)] @ halves[1 - side]
        print(f"{name:24} " + "   ".join(f"{area(scores, right):.3f} {refused(scores, right):.3f}" for scores in (signals @ others, crossed, signals @ whole)))
    signals, right = next(iter(sets.values()))
    threshold = float(1 / (1 + np.exp(-np.quantile(signals[~right] @ whole, _REFUSED))))
    for name, (signals, right) in (sets | checks).items():
        chance = 1 / (1 + np.exp(-signals @ whole))
        print(f"{name:24} at {threshold:.2f}: refused {(chance[~right] < threshold).mean():.3f}, false {(chance[right] < threshold).mean():.3f}, AUC {area(chance, right):.3f}")
    return whole, threshold


def _half(right: np.ndarray, side: int) -> np.ndarray:
    """(questions,) bool: one half. By twos, since in some sets an answerable question and one that is not take turns."""
    return np.arange(len(right)) // 2 % 2 == side


def _family(name: str) -> str:
    """What sets are made of: those of one family are no test of one another."""
    return "stard" if name in ("named", "article") else name.split()[0]


def of_file(library: Path, questions: Path) -> Rows:
    """The signals of a question file of `youju evaluate`."""
    with qa.open_library(library) as opened:
        return _rows((observed(opened, item.question, history=item.history), item.answerable) for item in load(questions).items)


def write(weights: np.ndarray, threshold: float) -> None:
    """Puts the weights and the threshold into qa/confidence.py."""
    values = json.dumps(dict(zip(confidence.SIGNALS, np.round(weights, 2).tolist())))
    path = Path(confidence.__file__)
    text = re.sub(r"(?m)^WEIGHTS = .*$", f"WEIGHTS = {values}", path.read_text("utf-8"), count=1)
    path.write_text(re.sub(r"(?m)^THRESHOLD = [\d.]+", f"THRESHOLD = {threshold:.2f}", text, count=1), "utf-8")


def main() -> None:
    """Collects, fits, prints and, if asked, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("work", "passages", "stard", "laws"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--fit", nargs="*", type=Path, default=[])
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    sets: dict[str, Rows] = {}
    checks: dict[str, Rows] = {}
    for name in ("cmrc2018-trial", "drcd-dev"):
        sets |= cached(options.work / f"{name}.npz", lambda name=name: passages(options.passages / name, options.work))
    sets |= cached(options.work / "english.npz", lambda: english(options.passages.parent / "parallel", options.work))
    sets |= cached(options.work / "stard.npz", lambda: stard(options.stard, options.laws))
    for pairs, into in ((options.fit, sets), (options.check, checks)):
        for library, questions in zip(pairs[::2], pairs[1::2], strict=True):
            into |= cached(options.work / f"{questions.stem}.npz", lambda pair=(library, questions): {pair[1].stem: of_file(*pair)})
    weights, threshold = report(sets, checks)
    print(dict(zip(confidence.SIGNALS, np.round(weights, 2).tolist())), round(threshold, 2), sep="\n")
    if options.write:
        write(weights, threshold)


if __name__ == "__main__":
    main()
