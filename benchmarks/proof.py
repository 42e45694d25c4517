"""Measures proof: drafts whose every quotation has one known error, generated from a folder of documents (proof_cases.py).

    python benchmarks/proof.py ../shared/corpora/laws seeds --library DIR

The library in DIR, which holds these folders, is copied; some documents are taken out of the copy, and their sentences are
the invented ones. Half of the files are for tuning (--half dev), the other half for the figures (test).
"""

from __future__ import annotations

import argparse
import bisect
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from proof_cases import EXPECTED, KINDS, Case, Corpus, Generator, squeeze
from rapidfuzz.distance import Levenshtein

import qa
from qa.read import read, walk

_DRAFT = 200  # quotations
VERDICTS = ("exact", "variant", "altered", "shortened", "joined", "misattributed", "not_found", "unseen")


# ------------------------------------------------------------------------------------------------------------- the measuring


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--library", type=Path, required=True, help="a library that holds the folders; it is copied")
    parser.add_argument("--half", choices=("dev", "test"), default="dev")
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of quotations")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", type=int, default=60, help="documents taken out of the copy")
    parser.add_argument("--strange", type=float, default=0.2, help="the part of an invented sentence's runs of eight characters that may stand in a file")
    parser.add_argument("--show", type=int, default=0, help="print so many wrong findings of each kind")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    dice = random.Random(f"{options.half} {options.seed}")
    files = [path for path in walk(options.folders) if path.suffix in (".md", ".txt")]
    half = {file for file in files if (hash_of(file) % 2 == 0) == (options.half == "dev")}
    laws = [file for file in sorted(half) if len(re.findall(r"^第.{1,9}条", read(file).text, re.MULTILINE)) >= 10]
    held = set(dice.sample(laws, min(options.held_out, len(laws) // 4)))
    corpus = Corpus([file for file in files if file not in held])
    generator = Generator(corpus, half - held, Corpus(sorted(held)), dice)
    generator.find_strange(options.strange)
    cases = [case for kind, number in KINDS.items() for case in generator.cases(kind, round(number * options.scale))]
    dice.shuffle(cases)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(options.library, Path(folder) / "library", ignore=shutil.ignore_patterns("owner", "lock"))
        with qa.open_library(Path(folder) / "library") as library:
            known = {document.key for document in library.documents()}
            for file in files:
                if str(file.resolve()) not in known:
                    library.add([file])
            for file in held:
                library.remove(str(file.resolve()))
            return report(measured(library, cases), len(corpus.files), options)


def hash_of(file: Path) -> int:
    return sum(map(ord, file.stem)) // 7


def measured(library: qa.Library, cases: list[Case]) -> dict:
    """Every draft of 200 quotations is proofed as a whole."""
    rows, seconds = [], []
    for first in range(0, len(cases), _DRAFT):
        part = cases[first : first + _DRAFT]
        draft, starts = "", []
        for case in part:
            draft += "\n\n"
            starts.append(len(draft) + case.draft.index("{}"))
            draft += case.draft.format(case.quote)
        began = time.perf_counter(), time.process_time()
        findings = library.proof(draft)
        seconds.append((time.perf_counter() - began[0], time.process_time() - began[1], len(part)))
        by_place = sorted(findings, key=lambda finding: finding.start)
        places = [finding.start for finding in by_place]
        for case, start in zip(part, starts):
            at = bisect.bisect_right(places, start + 2) - 1
            found = by_place[at] if at >= 0 and by_place[at].end > start else None
            rows.append((case, found))
    return {"rows": rows, "seconds": seconds}


def is_right_original(case: Case, finding: qa.Finding) -> bool:
    """Whether the original beside an altered quotation is the sentence that was altered, give or take its ends."""
    return Levenshtein.distance(squeeze(case.original), squeeze(finding.original)) <= case.edits


def report(result: dict, documents: int, options: argparse.Namespace) -> int:
    table: dict[str, Counter] = defaultdict(Counter)
    wrong: dict[str, list] = defaultdict(list)
    originals = Counter()
    for case, found in result["rows"]:
        verdict = found.verdict if found else "unseen"
        table[case.kind][verdict] += 1
        if EXPECTED[case.kind] == "altered" and verdict == "altered":
            right = is_right_original(case, found)
            originals[right] += 1
        else:
            right = verdict == EXPECTED[case.kind]
        if not right:
            wrong[case.kind].append((case, found))
    shares = {
        name: sum(table[kind][EXPECTED[kind]] for kind in kinds) / max(sum(sum(table[kind].values()) for kind in kinds), 1)
        for name, kinds in {
            "exact": ("exact", "exact_block", "exact_bare"), "altered": ("changed", "dropped", "inserted"), "not found": ("recombined", "held_out"),
            "misattributed": ("article", "document", "version", "speaker", "day"), "shortened": ("ellipsis",), "joined": ("joined",), "variant": ("script", "punctuation"),
        }.items()
    }
    altered = sum(sum(table[kind].values()) for kind in ("changed", "dropped", "inserted"))
    shares["altered, right original beside it"] = originals[True] / max(altered, 1)
    figures = {"documents": documents, "quotations": len(result["rows"]), **{name: round(share, 4) for name, share in shares.items()}}
    whole = [taken for taken in result["seconds"] if taken[2] == _DRAFT]
    for place, name in enumerate(("seconds for 200 by the clock", "seconds for 200 of processor time")):
        figures[name] = sorted(round(taken[place], 1) for taken in whole)
    if options.json:
        print(json.dumps(figures | {"table": table}, ensure_ascii=False))
        return 0
    print("| made of | n | " + " | ".join(VERDICTS) + " |\n" + "|---" * (len(VERDICTS) + 2) + "|")
    for kind in KINDS:
        print(f"| {kind} | {sum(table[kind].values())} | " + " | ".join(str(table[kind][verdict] or "") for verdict in VERDICTS) + " |")
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    for kind, rows in wrong.items():
        for case, found in rows[: options.show]:
            print(f"\n{kind} -> {found.verdict if found else 'unseen'} ({case.edits})\n  draft    {case.draft.format(case.quote)[:300]}\n  made of  {case.original}")
            if found:
                print(f"  quote    {found.quote}\n  original {found.original[:300]}\n  in       {found.document.title if found.document else ''} {found.location}\n  note     {found.note}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
