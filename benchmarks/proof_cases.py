"""Quotations with one known error each, cut from the raw files of a folder: what `proof.py` measures with.

What is expected of each case is checked by plain search over the files, by code of its own: an exact one stands there, an
altered one stands nowhere, an invented one shares hardly any eight characters in a row with any file.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from opencc import OpenCC

from qa.read import read

_PLAIN = re.compile(r"[\u4e00-\u9fff0-9，、；：。（）《》“”%]+")
_ARTICLE = re.compile(r"(第[一二三四五六七八九十百千零〇\d]+条(?:之[一二三四五六七八九十]+)?)[\s\u3000]+(?=\S)")
_SAID = re.compile(r"(?:^|[。\n])([\u4e00-\u9fff]{2,4})(?:书记|省长|同志)?(?:指出|强调|表示|要求)，([^。\n]{14,110}。)", re.MULTILINE)
KINDS = {
    "exact": 400, "exact_block": 60, "exact_bare": 80, "script": 80, "punctuation": 60, "changed": 280, "dropped": 280, "inserted": 280, "ellipsis": 150,
    "joined": 150, "article": 200, "document": 150, "version": 60, "speaker": 120, "day": 80, "recombined": 150, "held_out": 250,
}  # fmt: skip
EXPECTED = {
    "exact": "exact", "exact_block": "exact", "exact_bare": "exact", "script": "variant", "punctuation": "variant", "changed": "altered", "dropped": "altered",
    "inserted": "altered", "ellipsis": "shortened", "joined": "joined", "article": "misattributed", "document": "misattributed", "version": "misattributed",
    "speaker": "misattributed", "day": "misattributed", "recombined": "not_found", "held_out": "not_found",
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A stretch of a raw file that can be quoted."""

    text: str
    file: Path
    title: str = ""
    article: str = ""
    speaker: str = ""


@dataclass(frozen=True)
class Case:
    """A quotation in a draft, and what it was made of."""

    kind: str
    draft: str  # a paragraph; {} where the quotation stands
    quote: str
    original: str  # "" for an invented one
    edits: int = 0


@dataclass
class Corpus:
    """The raw files, squeezed to letters and digits, for plain search."""

    files: list[Path]
    texts: dict[Path, str] = field(default_factory=dict)
    squeezed: dict[Path, str] = field(default_factory=dict)
    everything: str = ""

    def __post_init__(self) -> None:
        for file in self.files:
            self.texts[file] = read(file).text
            self.squeezed[file] = squeeze(self.texts[file])
        self.everything = "\n".join(self.squeezed.values())

    def holds(self, text: str) -> bool:
        return squeeze(text) in self.everything

    def holders(self, text: str) -> list[Path]:
        wanted = squeeze(text)
        return [file for file, squeezed in self.squeezed.items() if wanted in squeezed]


def squeeze(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def title_of(text: str, file: Path) -> str:
    found = re.match(r"\s*#?\s*(\S[^\n]*)", text)
    return found[1].strip() if found else file.stem


def short(title: str) -> str:
    return re.sub(r"[（(][^（）()]*[）)]$", "", title).removeprefix("中华人民共和国")


def sentences(text: str, file: Path) -> Iterator[Sentence]:
    """The sentences of the articles of a law, each with its article."""
    title, article = title_of(text, file), ""
    for line in text.splitlines():
        found = _ARTICLE.match(line)
        article = found[1] if found else article
        if not article or line.startswith("#"):
            continue
        for sentence in re.findall(r"[^。]+。", line[found.end() if found else 0 :]):
            if 15 <= len(sentence) <= 130 and _PLAIN.fullmatch(sentence) and sentence.count("“") == sentence.count("”") == 0 and sentence.count("（") == sentence.count("）"):
                yield Sentence(sentence, file, title, article)


def spoken(text: str, file: Path) -> Iterator[Sentence]:
    for found in _SAID.finditer(text):
        if "“" not in found[2] and _PLAIN.fullmatch(found[2]):
            yield Sentence(found[2], file, title_of(text, file), "", found[1])


# ------------------------------------------------------------------------------------------------------------- the generator


class Generator:
    """Makes the cases; every one is checked by plain search before it counts."""

    def __init__(self, corpus: Corpus, chosen: set[Path], held_out: Corpus, dice: random.Random):
        self.corpus, self.dice, self.held_out = corpus, dice, held_out
        self.pool = [one for file in sorted(chosen) for one in sentences(corpus.texts[file], file)]
        self.said = [one for file in corpus.files if not _ARTICLE.search(corpus.texts[file]) for one in spoken(corpus.texts[file], file)]
        self.by_title: dict[str, list[Path]] = defaultdict(list)
        for file in corpus.files:
            self.by_title[short(title_of(corpus.texts[file], file))].append(file)
        self.letters = "".join(one.text for one in dice.sample(self.pool, min(500, len(self.pool))))

    def cases(self, kind: str, wanted: int) -> list[Case]:
        """So many of a kind, no quotation twice; fewer where the files do not give them."""
        found: dict[str, Case] = {}
        for _ in range(60 * wanted):
            if len(found) == wanted:
                break
            case = getattr(self, f"_{kind}")()
            if case:
                found.setdefault(case.quote, case)
        return list(found.values())

    # -- what is drawn

    def _one(self, least: int = 15) -> Sentence:
        while True:
            one = self.dice.choice(self.pool)
            if len(squeeze(one.text)) >= least and self.corpus.holds(one.text):
                return one

    def _said_by(self, one: Sentence, mark: str = "“{}”") -> str:
        return self.dice.choice(
            [f"《{short(one.title)}》{one.article}规定：{mark}", f"根据《{one.title}》{one.article}的规定，{mark}。", f"{mark}（《{short(one.title)}》{one.article}）", f"《{short(one.title)}》明确要求，{mark}。"]
        )

    def _in_versions(self, one: Sentence) -> list[Path]:
        """All files that a reader may mean by the title."""
        return [file for title, files in self.by_title.items() if title.endswith(short(one.title)) or short(one.title).endswith(title) for file in files]

    def _unambiguous(self, one: Sentence) -> bool:
        """Whether the sentence stands once in its law, and not in another version under another number."""
        holders = set(self.corpus.holders(one.text)) & set(self._in_versions(one))
        return holders == {one.file} and self.corpus.squeezed[one.file].count(squeeze(one.text)) == 1

    # -- right

    def _exact(self) -> Case:
        one = self._one()
        quote = one.text if self.dice.random() < 0.6 else one.text.rstrip("。")
        return Case("exact", self._said_by(one, self.dice.choice(["“{}”", "「{}」", '"{}"'])), quote, one.text)

    def _exact_block(self) -> Case:
        one = self._one()
        return Case("exact_block", f"《{short(one.title)}》{one.article}规定：\n\n> {{}}", one.text, one.text)

    def _exact_bare(self) -> Case:
        one = self._one()
        return Case("exact_bare", f"《{short(one.title)}》{one.article}规定，{{}}我局据此办理。", one.text, one.text)

    def _script(self) -> Case | None:
        one = self._one()
        quote = OpenCC("s2t").convert(one.text)
        return Case("script", self._said_by(one), quote, one.text) if quote != one.text else None

    def _punctuation(self) -> Case | None:
        one = self._one()
        places = [at for at, mark in enumerate(one.text) if mark in "，；、" and not one.text[at - 1].isdigit()]
        if not places:
            return None
        at = self.dice.choice(places)
        return Case("punctuation", self._said_by(one), one.text[:at] + self.dice.choice(["；" if one.text[at] != "；" else "，", ""]) + one.text[at + 1 :], one.text)

    # -- altered

    def _changed(self) -> Case | None:
        return self._edited("changed", lambda text, at: text[:at] + self._letter(text[at]) + text[at + 1 :])

    def _dropped(self) -> Case | None:
        return self._edited("dropped", lambda text, at: text[:at] + text[at + 1 :])

    def _inserted(self) -> Case | None:
        return self._edited("inserted", lambda text, at: text[:at] + self._letter("") + text[at:])

    def _letter(self, but: str) -> str:
        while not (letter := self.dice.choice(self.letters)).isalpha() or letter == but:
            pass
        return letter

    def _edited(self, kind: str, edit) -> Case | None:
        """One to five characters, in one place or scattered."""
        edits = self.dice.randint(1, 5)
        one = self._one(15 if edits < 3 else 22)
        text, together = one.text, self.dice.random() < 0.5
        at = self._place(text)
        for _ in range(edits):
            if at >= len(text) or not text[at].isalpha():
                at = self._place(text)
            text = edit(text, at)
            at = at + (kind != "dropped") if together else self._place(text)
        return Case(kind, self._said_by(one), text, one.text, edits) if not self.corpus.holds(text) else None

    def _place(self, text: str) -> int:
        return self.dice.choice([at for at, letter in enumerate(text) if letter.isalpha()])

    def _ellipsis(self) -> Case | None:
        one = self._one(30)
        low = self.dice.randint(8, len(one.text) - 18)
        high = self.dice.randint(low + 5, len(one.text) - 9)
        return Case("ellipsis", self._said_by(one), one.text[:low] + self.dice.choice(["……", "…", "..."]) + one.text[high:], one.text)

    def _joined(self) -> Case | None:
        one, other = self._one(), self._one()
        if self.dice.random() < 0.5:
            other = self.dice.choice([two for two in self.pool if two.file == one.file])
        quote = one.text.rstrip("。") + self.dice.choice("，；。") + other.text
        return Case("joined", self._said_by(one), quote, one.text) if one != other and not self.corpus.holds(quote) else None

    # -- of somebody else

    def _article(self) -> Case | None:
        one = self._one()
        others = [two.article for two in self.pool if two.file == one.file and two.article != one.article]
        if not others or not self._unambiguous(one):
            return None
        return Case("article", f"《{one.title}》{self.dice.choice(others)}规定：“{{}}”", one.text, one.text)

    def _document(self) -> Case | None:
        one, other = self._one(), self._one()
        if set(self.corpus.holders(one.text)) & set(self._in_versions(other)):
            return None
        return Case("document", f"《{short(other.title)}》{self.dice.choice([other.article, ''])}规定：“{{}}”", one.text, one.text)

    def _version(self) -> Case | None:
        one = self._one()
        if not self._unambiguous(one):
            return None
        head = self.corpus.texts[one.file][:1500] + one.file.name
        years = [str(year) for year in range(1985, 2025) if str(year) not in head]
        return Case("version", f"《{one.title}》（{self.dice.choice(years)}年修订）规定：“{{}}”", one.text, one.text) if re.search(r"(?:19|20)\d\d", head) else None

    def _speaker(self) -> Case | None:
        one = self.dice.choice(self.said)
        others = sorted({two.speaker for two in self.said} - {one.speaker} | {"王晓岚", "赵德厚", "孙维邦"})
        quote = self._clauses(one.text)
        holders = self.corpus.holders(quote)
        said = {two.speaker for two in self.said if squeeze(quote) in squeeze(two.text)}
        other = self.dice.choice(others)
        return Case("speaker", f"{other}强调：“{{}}”", quote, one.text) if len(holders) >= 1 and said == {one.speaker} else None

    def _day(self) -> Case | None:
        one = self.dice.choice(self.said)
        quote = self._clauses(one.text)
        texts = "".join(self.corpus.texts[file] for file in self.corpus.holders(quote))
        days = [day for day in (f"{self.dice.randint(1, 12)}月{self.dice.randint(1, 28)}日" for _ in range(9)) if day not in texts]
        return Case("day", f"{days[0]}，{one.speaker}强调：“{{}}”", quote, one.text) if days and re.search(r"\d月\d+日", texts) else None

    def _clauses(self, text: str) -> str:
        """Some neighbouring clauses of a sentence."""
        clauses = re.findall(r"[^，；。]+[，；。]", text)
        first = self.dice.randrange(len(clauses))
        for last in range(first + 1, len(clauses) + 1):
            if len(squeeze("".join(clauses[first:last]))) >= 12:
                return "".join(clauses[first : last + self.dice.randint(0, 2)]).rstrip("，；")
        return text

    # -- invented

    def _recombined(self) -> Case | None:
        """Pieces of three to six characters of as many sentences."""
        parts = []
        for _ in range(self.dice.randint(5, 12)):
            text = squeeze(self._one().text)
            at = self.dice.randrange(len(text) - 6)
            parts.append(text[at : at + self.dice.randint(3, 6)])
        quote = "，".join("".join(parts[at : at + 3]) for at in range(0, len(parts), 3)) + "。"
        return Case("recombined", self._said_by(self._one()), quote, "") if not self.corpus.holds(quote) else None

    def _held_out(self) -> Case | None:
        """Sentences of documents that were taken out of the library."""
        file = self.dice.choice(self.held_out.files)
        own = [one for one in sentences(self.held_out.texts[file], file) if one.text in self.strange]
        if not own:
            return None
        one = self.dice.choice(own)
        return Case("held_out", self._said_by(self.dice.choice([one, self._one()])), one.text, "")

    def find_strange(self, most: float) -> None:
        """Which sentences of the held-out documents share at most this part of their runs of eight characters with a file."""
        runs: dict[str, set[str]] = {}
        for file in self.held_out.files:
            for one in sentences(self.held_out.texts[file], file):
                text = squeeze(one.text)
                runs[one.text] = {text[at : at + 8] for at in range(len(text) - 7)}
        wanted = set().union(*runs.values()) if runs else set()
        everything = self.corpus.everything
        known = {run for at in range(len(everything) - 7) if (run := everything[at : at + 8]) in wanted}
        self.strange = {text for text, own in runs.items() if own and len(own & known) <= most * len(own)}
