"""Follow-ups against the same questions written out in full: does the conversation carry what the question leaves out?

    python benchmarks/followups.py make LAWS REPORTS > benchmarks/followups.jsonl
    python benchmarks/followups.py measure benchmarks/followups.jsonl LAWS REPORTS

LAWS is a folder of statutes in Markdown with an article a paragraph (第X条), REPORTS a JSON Lines file with the yearly report
of a government, {"title", "body"}. The dialogues are made by rule: another province's regulation on the same thing (那…呢), a
pronoun for the law (该条例…), another year's report (那2024年呢), the second item of an enumeration that the assistant has just
quoted (第二项是什么). Beside found@5 of both stands the share of the full questions that are wrongly taken for follow-ups.
"""

from __future__ import annotations

import collections
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

EACH = 20  # dialogues of a kind
PLACES = ("北京市", "上海市", "重庆市", "河南省", "山东省", "浙江省")
ARTICLE = re.compile(r"(?m)^第[一二三四五六七八九十百]+条[\s　]*(.+)")
SUBJECT = re.compile(r"^([\u4e00-\u9fff]{4,14}?)(?:应当|不得|可以|必须)")
ITEMS = re.compile(r"([\u4e00-\u9fff、，]{8,40})：\n+[（(]一[）)](.{6,60})\n+[（(]二[）)](.{6,60})\n+[（(]三[）)]")
TOPIC = re.compile(r"([\u4e00-\u9fff]{4,8})(?:增长|达到|增加|下降|控制在)[^，。；]{0,6}\d")

Dialogue = dict


def titled(path: Path) -> str:
    return path.read_text("utf-8").split("\n", 1)[0].lstrip("# ").strip()


def key(text: str) -> str:
    return re.sub(r"\s+", "", text)


def subjects(path: Path) -> dict[str, str]:
    """What a statute's articles are about, and the words that say so; what two articles share is left out."""
    found = collections.defaultdict(list)
    for article in ARTICLE.findall(path.read_text("utf-8")):
        if about := SUBJECT.match(article):
            found[about[1]].append(article[:40])
    return {subject: articles[0] for subject, articles in found.items() if len(articles) == 1}


def places(laws: list[Path]) -> Iterator[Dialogue]:
    """Two provinces' regulations of the same name."""
    named = {titled(path): path for path in laws}
    for first in PLACES:
        for second in PLACES:
            for title, path in named.items():
                other = title.replace(first, second)
                if first != second and title.startswith(first) and other in named:
                    common = subjects(named[other])
                    for subject in sorted(subjects(path).keys() & common.keys())[:1]:
                        yield {
                            "kind": "place", "question": f"那{second.rstrip('省市')}呢？", "full": f"{other}里，{subject}要怎么做？",
                            "history": [{"role": "user", "content": f"{title}里，{subject}要怎么做？"}], "file": [named[other].name], "evidence": [common[subject]],
                        }


def pronouns(laws: list[Path]) -> Iterator[Dialogue]:
    """The law named in the question before, this one in a pronoun."""
    for path in laws:
        ending = re.search(r"(条例|办法|规定|法)$", title := titled(path))
        about = subjects(path)
        if ending and 10 < len(about):
            subject = sorted(about)[0]
            yield {
                "kind": "pronoun", "question": f"该{ending[1]}对{subject}有什么要求？", "full": f"{title}对{subject}有什么要求？",
                "history": [{"role": "user", "content": f"{title}是哪一年通过的？"}], "file": [path.name], "evidence": [about[subject]],
            }


def ordinals(laws: list[Path]) -> Iterator[Dialogue]:
    """An item of an enumeration that was quoted."""
    for path in laws:
        if found := ITEMS.search(path.read_text("utf-8")):
            lead, first, second = found.groups()
            quoted = f"{lead}：（一）{first}（二）{second}"
            yield {
                "kind": "ordinal", "question": "第二项是什么？", "full": f"{titled(path)}里，{lead}，第二项{second[:8]}是什么？",
                "history": [{"role": "user", "content": f"{titled(path)}里，{lead}有哪些？"}, {"role": "assistant", "content": quoted}],
                "file": [path.name], "evidence": [second],
            }


def years(reports: list[dict]) -> Iterator[Dialogue]:
    """The same figure in another year's report."""
    topics = {report["title"]: {t: s for s in re.split(r"[。；\n]", report["body"]) for t in TOPIC.findall(s)} for report in reports if re.match(r"\d{4}年", report["title"])}
    for first, second in zip(topics, list(topics)[1:]):
        for topic in sorted(topics[first].keys() & topics[second].keys())[:2]:
            yield {
                "kind": "year", "question": f"那{second[:5]}呢？", "full": f"{second[:5]}政府工作报告里{topic}多少？",
                "history": [{"role": "user", "content": f"{first[:5]}政府工作报告里{topic}多少？"}], "file": [second], "evidence": [topics[second][topic][-30:]],
            }


def chosen(laws: Path) -> list[Path]:
    """The statutes asked about: provincial regulations and a sample of the others, the same at every run."""
    every = sorted(laws.rglob("*.md"))
    local = [path for path in every if titled(path).startswith(PLACES)]
    return sorted(set(random.Random(1).sample(local, min(250, len(local))) + random.Random(2).sample(every, min(150, len(every)))))


def reports_of(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()][:25]


def make(laws: str, reports: str) -> None:
    files, texts = chosen(Path(laws)), reports_of(Path(reports))
    kinds = [list(places(files)), list(pronouns(files)), list(ordinals(files)), list(years(texts))]
    for dialogues in kinds:
        for dialogue in random.Random(4).sample(dialogues, min(EACH, len(dialogues))):
            print(json.dumps(dialogue, ensure_ascii=False))


def measure(questions: str, laws: str, reports: str) -> None:
    import qa
    from qa.followup import leans

    dialogues = [json.loads(line) for line in Path(questions).read_text("utf-8").splitlines()]
    found: dict[str, list[tuple[bool, bool]]] = collections.defaultdict(list)
    with qa.open_library(Path(tempfile.mkdtemp()) / "library") as library:
        asked = "".join(json.dumps(one, ensure_ascii=False) for one in dialogues)
        files = chosen(Path(laws))
        library.add([path for number, path in enumerate(files) if path.name in asked or titled(path) in asked or number % 5 == 0])
        library.add_texts([(report["title"], report["title"], report["body"]) for report in reports_of(Path(reports))])
        for one in dialogues:
            both = []
            for question, history in ((one["question"], one["history"]), (one["full"], [])):
                hits = library.search(question, limit=5, history=history)
                both.append(any(hit.document.key.endswith(tuple(one["file"])) and any(key(e) in key(hit.passage.text) for e in one["evidence"]) for hit in hits))
            found[one["kind"]].append(tuple(both))
    for name, rows in [*found.items(), ("all", [row for rows in found.values() for row in rows])]:
        print(f"{name:8} {len(rows):3}  found@5 as a follow-up {sum(a for a, _ in rows) / len(rows):.3f}, written out {sum(b for _, b in rows) / len(rows):.3f}")
    print(f"taken for a follow-up though written out: {sum(leans(one['full']) for one in dialogues)} of {len(dialogues)}")


if __name__ == "__main__":
    {"make": make, "measure": measure}[sys.argv[1]](*sys.argv[2:])
