"""The corpora folder as plain pairs and lists; the only file that knows how each source is laid out.

`passages/` may only measure the model: what trains it does not call `passages`, which is for the weights of the search and the
answers, learned apart from it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PARALLEL = ("tatoeba_en_zh", "python_docs_en_zh", "react_docs_en_zh", "d2l_en_zh", "hf_course_en_zhCN", "hf_course_en_zhTW", "godot_editor_en_zh")
TITLED = ("csl_title_abstract", "gov_report_sections", "tidb_docs_cn_sections", "kdconv_travel_kb", "cpc_congress_reports")
QUESTIONS = ("stard_train", "kdconv")

_CEDICT = re.compile(r"(\S+) (\S+) \[[^\]]*\] /(.*)/")
_UNHELPFUL = re.compile(r"^(CL:|variant of|old variant|see |also written|abbr\. for [^a-z]*$|used in|Taiwan pr)", re.I)
_NOISE = re.compile(r"\[[^\]]*\]|[\u3000-\u9fff\U00020000-\U0003ffff]+\|?")
_LAW = re.compile(r"(.{2,40}?)第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?\s*")
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百千零〇0-9]+条(?:之[一二三四五六七八九十]+)?[\s　]")



def held_back(question: str) -> bool:
    """Whether a question of STARD belongs to the quarter that only measures; decided by the question alone."""
    return hashlib.sha256(question.encode()).digest()[0] < 64


def held_back_law(path: Path) -> tuple[list[tuple[str, str, str]], dict[str, list[str]]]:
    """STARD as a library would hold it: (key, title of the law, article) of every article, and each held-back question with
    the keys of the articles that answer it."""
    rows = list(jsonl(path))
    keys = {article: f"a{number}" for number, article in enumerate(dict.fromkeys(row["p"] for row in rows))}
    laws = {article: found[1] if (found := _LAW.match(article)) else "" for article in keys}
    right: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if held_back(row["q"]):
            right[row["q"]].append(keys[row["p"]])
    return [(key, laws[article], article[len(laws[article]) :]) for article, key in keys.items()], dict(right)


def tsv(path: Path) -> Iterator[tuple[str, ...]]:
    """The rows of a tab-separated file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield tuple(line.rstrip("\n").split("\t"))


def jsonl(path: Path) -> Iterator[dict]:
    """The objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def passages(prefix: Path) -> tuple[list[tuple[str, str, str]], list[dict]]:
    """A set in the form of drcd-dev: (key, title, text) of its passages, and its questions as they are in the file."""
    texts = [(row["id"], row.get("title", ""), row["text"]) for row in jsonl(Path(f"{prefix}.passages.jsonl"))]
    return texts, list(jsonl(Path(f"{prefix}.questions.jsonl")))


def parallel(corpora: Path) -> Iterator[tuple[str, str]]:
    """English sentences with their Chinese translation, every source in turn, each pair once."""
    seen = set()
    for name in PARALLEL:
        for english, chinese in tsv(corpora / "parallel" / f"{name}.tsv"):
            if english and chinese and (english, chinese) not in seen:
                seen.add((english, chinese))
                yield english, chinese


def interface(corpora: Path) -> Iterator[tuple[str, str, str]]:
    """(language, text, Chinese): an editor's interface in 19 languages."""
    yield from tsv(corpora / "parallel" / "godot_editor_multi_zh.tsv")


def glosses(corpora: Path) -> dict[str, list[str]]:
    """CC-CEDICT: Chinese word in simplified characters -> its English explanations, the best first."""
    explained: dict[str, list[str]] = defaultdict(list)
    with (corpora / "synonyms" / "cedict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            if entry := _CEDICT.match(line):
                explained[entry[2]] += [clean for gloss in entry[3].split("/") if (clean := _clean(gloss))]
    return {word: list(dict.fromkeys(found)) for word, found in explained.items() if found}


def _clean(gloss: str) -> str:
    """A gloss without pinyin and Chinese characters; empty when it explains nothing in English."""
    return "" if _UNHELPFUL.match(gloss) else " ".join(_NOISE.sub("", gloss).split())


def wordnet(corpora: Path) -> Iterator[tuple[str, str, str]]:
    """(language, word, Chinese) of the open multilingual wordnets, English included as "eng"."""
    for english, chinese in tsv(corpora / "synonyms" / "omw_zh_en.tsv"):
        yield "eng", english, chinese
    yield from tsv(corpora / "synonyms" / "omw_zh_multi.tsv")


def synonyms(corpora: Path) -> Iterator[tuple[str, ...]]:
    """Chinese words that share a meaning."""
    for _, *words in tsv(corpora / "synonyms" / "omw_zh_synsets.tsv"):
        yield tuple(words)


def questions(corpora: Path, name: str) -> Iterator[tuple[str, str]]:
    """Questions with the passage that answers, without the held-back quarter of STARD."""
    for row in jsonl(corpora / "qp" / f"{name}.jsonl"):
        if not (name == "stard_train" and held_back(row["q"])):
            yield row["q"], row["p"]


def everyday(*names: str) -> Iterator[tuple[str, str]]:
    """Questions as people ask them with what the statutes say to that, made for this (see training/README.md): of everyday.tsv, or of
    the files named."""
    for name in names or ("everyday.tsv",):
        for first, second, text in tsv(Path(__file__).with_name(name)):
            yield first, text
            yield second, text


def similar(corpora: Path) -> Iterator[tuple[str, str]]:
    """Sentences that people found to say the same (4 or 5 of 5)."""
    for first, second, score in tsv(corpora / "sts" / "stsb_zh_train.tsv"):
        if float(score) >= 4:
            yield first, second


def titled(corpora: Path) -> Iterator[tuple[str, str]]:
    """(title, body) of news, reports, abstracts and documentation."""
    for name in TITLED:
        for row in jsonl(corpora / "news" / f"{name}.jsonl"):
            yield row["title"], row["body"]


def headed(corpora: Path) -> Iterator[tuple[str, str]]:
    """(chapter or section of a law, with the law's title; an article in it), three articles of each at most."""
    for path in sorted((corpora / "laws").rglob("*.md")):
        title, heading, left = "", "", 0
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                title = line[2:].strip()
            elif line.startswith("##"):
                heading, left = line.lstrip("# ").partition(" ")[2], 3
            elif left and heading and (number := _ARTICLE.match(line)):
                left -= 1
                yield f"{title}{heading}", line[number.end() :]


def articles(corpora: Path) -> Iterator[tuple[str, str]]:
    """(title of the law, article) of every law, in the order of the file names."""
    for path in sorted((corpora / "laws").rglob("*.md")):
        title, article = "", ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                title = line[2:].strip()
            elif _ARTICLE.match(line) or line.startswith("#"):
                if article:
                    yield title, article
                article = line if _ARTICLE.match(line) else ""
            elif article and line.strip():
                article += "\n" + line
        if article:
            yield title, article
