"""Refusal on questions whose passages the library holds, and on as many whose passages it does not.

    python benchmarks/answers.py PREFIX [QUESTIONS]

PREFIX names PREFIX.passages.jsonl and PREFIX.questions.jsonl: {"id", "title", "text"} and {"question", "passage_id", "answers"}.
Every second passage goes into a library; QUESTIONS (300) of each side are asked of it. The figures are those of `youju evaluate`:
refusals, risk against coverage, calibration.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path

import qa
from qa.evaluate import measure
from qa.questions import Item


def main(prefix: str, each: str = "300") -> None:
    passages, questions = ([json.loads(line) for line in Path(f"{prefix}.{kind}.jsonl").read_text("utf-8").splitlines()] for kind in ("passages", "questions"))
    kept = {passage["id"] for passage in passages[1::2]}  # training/confidence.py learns from the others
    random.Random(5).shuffle(questions)
    sides = [[q for q in questions if (q["passage_id"] in kept) == held][: int(each)] for held in (True, False)]
    items = [_item(question, held) for questions, held in zip(sides, (True, False)) for question in questions]
    with qa.open_library(Path(tempfile.mkdtemp()) / "library") as library:
        library.add_texts([(p["id"], p.get("title", ""), p["text"]) for p in passages if p["id"] in kept])
        print(measure(library, items, ablation=False).to_text())


def _item(question: dict, held: bool) -> Item:
    return Item(question["id"], question["question"], "held" if held else "not held", (question["passage_id"],) if held else (), tuple(question["answers"]) if held else ())


if __name__ == "__main__":
    main(*sys.argv[1:])
