"""Reads, cleans and splits damaged copies of good files of every kind, and counts how each ended.

    python benchmarks/fuzz.py --count 10000 --seed 1
    python benchmarks/fuzz.py --fixtures       # every file of tests/fixtures/make_bad.py, each against what is expected of it

Nothing but UnreadableFile may leave the reader, and no file may take longer than the worker's limit. Exit 1 when one does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from fixtures.hostile import mutants
from fixtures.make_bad import fixtures, judged

from qa.clean import clean
from qa.describe import describe
from qa.read import read
from qa.split import split
from qa.types import UnreadableFile


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fixtures", action="store_true", help="judge the hostile fixtures, the largest included")
    options = parser.parse_args()
    if options.fixtures:
        return _fixtures()
    states, slowest, began = Counter(), 0.0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, data in mutants(options.count, options.seed):
            path = Path(folder) / name
            path.write_bytes(data)
            start = time.perf_counter()
            states[_outcome(path)] += 1
            slowest = max(slowest, time.perf_counter() - start)
            path.unlink()
    print(f"{options.count} files in {time.perf_counter() - began:.0f} s, slowest {slowest:.1f} s")
    for state, count in states.most_common():
        print(f"{count:>7}  {state}")
    return 1 if any(state.startswith("crash") for state in states) else 0


def _fixtures() -> int:
    """Judges every fixture; says what is wrong with which."""
    wrong = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, data, expected in fixtures():
            path = Path(folder) / name
            path.write_bytes(data)
            problem = judged(path, expected)
            path.unlink()
            count, wrong = count + 1, wrong + bool(problem)
            if problem:
                print(f"{name}: {problem}", flush=True)
    print(f"{count} fixtures, {wrong} not as expected")
    return 1 if wrong else 0


def _outcome(path: Path) -> str:
    """How a file ended: read, refused with which reason, or a crash, which is what this looks for."""
    try:
        document = clean(read(path))
        describe(document, path.name)
        split(document)
    except UnreadableFile as error:
        reason = str(error).partition("：")[2]
        return "stopped: " + reason if "用时" in reason or "出错" in reason else f"refused {path.suffix}"
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError, AssertionError, MemoryError) as error:
        return f"crash: {type(error).__name__} on {path.name}: {error}"
    return f"read {path.suffix}"


if __name__ == "__main__":
    sys.exit(main())
