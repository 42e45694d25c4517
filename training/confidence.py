"""When to refuse, learned: the weights of confidence.SIGNALS.

    python -m training.confidence WORK CORPORA LAWS [--write] [--fit LIBRARY QUESTIONS ...] [--check LIBRARY QUESTIONS ...]

CORPORA is the folder of corpora that training/README.md describes, LAWS a library with its laws. The sets of questions are made by
rule, see training/made.py. LIBRARY and QUESTIONS after --fit are the folder of a library and a file as `youju evaluate` reads it: one
more set; after --check they are measured and never fitted to.

Signals are cached in WORK, a file for each set: empty it when search, model or signals have changed. Printed for each set: the area under
the curve, and how much is refused when 5% of the answerable are, with weights fitted to the other sets only, to one half of every set and
measured on the other, and to all. The threshold lies half way between what refuses enough of the first set and what refuses too much of
any question file: see operating_point. With --write the weights and the threshold go into qa/confidence.py.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path

import numpy as np

from qa import confidence
from training import made
from training.made import Rows

_DECAY = 10.0
_WRITTEN = 2  # how often a question file counts beside a set that is made by rule: see benchmarks/LOG.md
_FALSE = 0.05  # of the answerable questions may be refused
_REFUSED = 0.9  # of the questions of the first set that it cannot answer are to be refused

_PRIOR = {"unnumbered": -5.0, "recorded": 1.5, "unrecorded": -2.5, "contradicted": -3.0, "other_script": 1.0}  # what no set has: a point that is not there cannot be quoted; English matches less closely


def cached(file: Path, make: Callable[[], dict[str, Rows]]) -> dict[str, Rows]:
    """The rows in the file, made and put there when it is not there."""
    if not file.exists():
        sets = make()
        np.savez(file, **{f"{part}/{name}": value for name, rows in sets.items() for part, value in zip("sr", rows)})
    data = np.load(file)
    return {key[2:]: (data[key], data["r" + key[1:]]) for key in data.files if key.startswith("s/")}


# ----------------------------------------------------------------------------------------------------------------- the fit


def fit(sets: Mapping[str, Rows], written: Container[str] = (), decay: float = _DECAY) -> np.ndarray:
    """(signals,) weights by Newton's method on the regularised log loss; the two sides of a set count the same, a set the less the
    more there are of its family, and the more if people have `written` it."""
    families = Counter(map(_family, sets))
    counts = {name: families[_family(name)] ** -0.5 * (_WRITTEN if name in written else 1) for name in sets}
    scale = 1000 * len(sets) / sum(counts.values())
    signals = np.concatenate([s for s, _ in sets.values()]).astype(np.float64)
    right = np.concatenate([r for _, r in sets.values()]).astype(np.float64)
    share = np.concatenate([scale * counts[name] * np.where(r, 0.5 / max(r.sum(), 1), 0.5 / max((~r).sum(), 1)) for name, (_, r) in sets.items()])
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


def operating_point(weights: np.ndarray, first: Rows, files: Iterable[Rows]) -> float:
    """The threshold: half way, in log odds, between the lowest that refuses _REFUSED of what the first set cannot answer and the
    highest that refuses at most _FALSE of what it and each of the question files can."""
    least = np.quantile(first[0][~first[1]] @ weights, _REFUSED)
    most = min(np.quantile(signals[right] @ weights, _FALSE, method="lower") for signals, right in (first, *files))
    return float(1 / (1 + np.exp(-(least + most) / 2)))


def report(rules: dict[str, Rows], files: dict[str, Rows], checks: dict[str, Rows]) -> tuple[np.ndarray, float]:
    """Prints every set's figures; gives the weights fitted to all, those made by rule and those of question files, and the threshold."""
    sets = rules | files
    whole = fit(sets, files)
    halves = [fit({name: (signals[_half(right, side)], right[_half(right, side)]) for name, (signals, right) in sets.items()}, files) for side in (0, 1)]
    print(f"{'AUC, refused at ' + format(_FALSE, '.0%'):24} by the others   by the other half  by all")
    for name, (signals, right) in sets.items():
        others = fit({other: rows for other, rows in sets.items() if _family(other) != _family(name)}, files)
        crossed = np.zeros(len(right))
        for side in (0, 1):
            crossed[_half(right, side)] = signals[_half(right, side)] @ halves[1 - side]
        print(f"{name:24} " + "   ".join(f"{area(scores, right):.3f} {refused(scores, right):.3f}" for scores in (signals @ others, crossed, signals @ whole)))
    threshold = operating_point(whole, next(iter(sets.values())), files.values())
    for name, (signals, right) in (sets | checks).items():
        chance = 1 / (1 + np.exp(-signals @ whole))
        print(f"{name:24} at {threshold:.2f}: refused {(chance[~right] < threshold).mean():.3f}, false {(chance[right] < threshold).mean():.3f}, AUC {area(chance, right):.3f}")
    return whole, threshold


def _half(right: np.ndarray, side: int) -> np.ndarray:
    """(questions,) bool: one half. By twos, since in some sets an answerable question and one that is not take turns."""
    return np.arange(len(right)) // 2 % 2 == side


def _family(name: str) -> str:
    """What sets are made of: those of one family are no test of one another."""
    return "stard" if name in ("named", "article", "numbered") else name.split()[0]


def write(weights: np.ndarray, threshold: float) -> None:
    """Puts the weights and the threshold into qa/confidence.py."""
    values = json.dumps(dict(zip(confidence.SIGNALS, np.round(weights, 2).tolist())))
    path = Path(confidence.__file__)
    text = re.sub(r"(?m)^WEIGHTS = .*$", f"WEIGHTS = {values}", path.read_text("utf-8"), count=1)
    path.write_text(re.sub(r"(?m)^THRESHOLD = [\d.]+", f"THRESHOLD = {threshold:.3f}", text, count=1), "utf-8")


def main() -> None:
    """Collects, fits, prints and, if asked, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("work", "corpora", "laws"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--fit", nargs="*", type=Path, default=[])
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    rows: dict[str, Rows] = {}
    files: dict[str, Rows] = {}
    checks: dict[str, Rows] = {}
    for name, make in made.sets(options.corpora, options.laws, options.work).items():
        rows |= cached(options.work / f"{name}.npz", make)
    for pairs, into in ((options.fit, files), (options.check, checks)):
        for library, questions in zip(pairs[::2], pairs[1::2], strict=True):
            into |= cached(options.work / f"{questions.stem}.npz", lambda pair=(library, questions): {pair[1].stem: made.of_file(*pair)})
    weights, threshold = report(rows, files, checks)
    print(dict(zip(confidence.SIGNALS, np.round(weights, 2).tolist())), round(threshold, 2), sep="\n")
    if options.write:
        write(weights, threshold)


if __name__ == "__main__":
    main()
