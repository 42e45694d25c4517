"""How fast a model is: seconds to open it, memory it takes, passages of a hundred characters a second on one core.

    python benchmarks/embed.py TEXTS [MODEL] [--passages 20000]

TEXTS is a text file, or a folder of them; MODEL a folder, a preset or a name (default: the bundled model).
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from itertools import islice
from pathlib import Path

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}  # before numpy reads them
sys.path.insert(0, str(Path(__file__).parents[1]))

from qa import embed  # noqa: E402

_LENGTH = 100


def main() -> None:
    """Prints the figures; the rate is by processor time, which others on the machine do not change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("model", nargs="?")
    parser.add_argument("--passages", type=int, default=20_000)
    options = parser.parse_args()
    passages = list(islice(_passages(options.texts), options.passages))
    before, began = _memory(), time.process_time()
    model = embed.load(options.model)
    model.passages(passages[:1])
    opened, grown = time.process_time() - began, _memory() - before
    began = time.process_time()
    model.passages(passages)
    rate = len(passages) / (time.process_time() - began)
    print(f"{model.name}: opened in {opened:.2f} s, {grown:.0f} MB; {len(passages)} passages of {_LENGTH} characters, {rate:,.0f} a second on one core")


def _passages(place: Path):
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if path.is_file():
            text = "".join(path.read_text("utf-8", errors="ignore").split())
            yield from (text[start : start + _LENGTH] for start in range(0, len(text) - _LENGTH + 1, _LENGTH))


def _memory() -> float:
    """The most resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
