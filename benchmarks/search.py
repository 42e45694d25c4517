"""What each retriever finds alone, fused and reranked, beside the milliseconds it takes.

    python benchmarks/search.py passages PREFIX [PREFIX ...]
    python benchmarks/search.py converted PREFIX [PREFIX ...]           # the questions in the other Chinese script
    python benchmarks/search.py questions FILE LIBRARY
    PYTHONPATH=. python benchmarks/search.py law stard_train.jsonl      # the held-back lay questions, all statute articles

PREFIX names PREFIX.passages.jsonl ({"id", "title", "text"}) and PREFIX.questions.jsonl ({"question", "passage_id"} and, where
several are right, "passage_ids"). FILE holds {"question", "file", "evidence", "history"} a line, LIBRARY the documents.
Prints a Markdown table for each set; of a set with more than 500 questions every n-th is asked.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median

import qa
from qa.evaluate import plain
from qa.questions import load

DEPTHS = (1, 5, 10)
MOST = 500  # questions of a set
Asked = tuple[str, Sequence, Callable[[qa.Hit], bool]]


def rows(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def passages(prefix: str) -> tuple[qa.Library, list[Asked]]:
    library = qa.open_library(Path(tempfile.mkdtemp()) / "library")
    library.add_texts([(row["id"], row.get("title", ""), row["text"]) for row in rows(f"{prefix}.passages.jsonl")])
    asked = rows(f"{prefix}.questions.jsonl")
    asked = asked[:: max(1, len(asked) // MOST)]
    return library, [(row["question"], [], lambda hit, keys=row.get("passage_ids") or [row["passage_id"]]: hit.document.key in keys) for row in asked]


def converted(prefix: str) -> tuple[qa.Library, list[Asked]]:
    """The same with every question in the other script: traditional ones in simplified characters, simplified ones in traditional."""
    from opencc import OpenCC

    library, asked = passages(prefix)
    simplified = OpenCC("t2s").convert
    other = simplified if any(simplified(question) != question for question, *_ in asked[:20]) else OpenCC("s2t").convert
    return library, [(other(question), *rest) for question, *rest in asked]


def questions(file: str, folder: str) -> tuple[qa.Library, list[Asked]]:
    asked = []
    for item in load(Path(file)).items:
        if item.evidence:
            evidence = list(map(plain, item.evidence))
            asked.append((item.question, item.history, lambda hit, e=evidence, item=item: item.names(hit.document) and holds(hit, e)))
    return qa.open_library(folder), asked


def law(file: str) -> tuple[qa.Library, list[Asked]]:
    """STARD: every article a document under the name of its law, the questions that no model was trained on."""
    from training.corpora import held_back_law

    articles, right = held_back_law(Path(file))
    library = qa.open_library(Path(tempfile.mkdtemp()) / "library")
    library.add_texts(articles)
    return library, [(question, [], lambda hit, keys=keys: hit.document.key in keys) for question, keys in right.items()]


def holds(hit: qa.Hit, evidence: Iterable[str]) -> bool:
    text = plain(hit.passage.text)
    return any(one in text for one in evidence)


def table(name: str, library: qa.Library, asked: list[Asked], whole: bool) -> str:
    """A Markdown table: a row for each retriever; `whole`: a document counts once, however many of its passages are found."""
    ranks: dict[str, list[int]] = {}
    times: dict[str, list[float]] = {}
    for question, history, right in asked:
        for retriever, (hits, milliseconds) in library.rankings(question, 4 * max(DEPTHS), history).items():
            seen = list(dict.fromkeys(right(hit) and "right" or (hit.document.key if whole else hit.passage_id) for hit in hits))
            ranks.setdefault(retriever, []).append(seen.index("right") if "right" in seen else len(seen) + max(DEPTHS))
            times.setdefault(retriever, []).append(milliseconds)
    lines = [f"| {name} ({len(asked)} questions) | " + " | ".join(f"R@{depth}" for depth in DEPTHS) + " | ms (median) |", "|---" * (len(DEPTHS) + 2) + "|"]
    for retriever, places in ranks.items():
        shares = (sum(place < depth for place in places) / len(places) for depth in DEPTHS)
        lines.append(f"| {retriever} | " + " | ".join(f"{share:.3f}" for share in shares) + f" | {median(times[retriever]):.0f} |")
    return "\n".join(lines)


def main(kind: str, *names: str) -> None:
    opened = {"passages": passages, "converted": converted, "questions": questions, "law": law}[kind]
    for arguments in [names] if kind == "questions" else [(name,) for name in names]:
        library, asked = opened(*arguments)
        with library:
            print(table(Path(arguments[0]).stem, library, asked, whole=kind != "questions"), end="\n\n", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
