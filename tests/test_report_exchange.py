"""BibTeX, RIS and CSL-JSON read back by other people's libraries."""

from __future__ import annotations

import json
import re

import pytest
from reports import report

import qa
from qa.reference import KINDS, Reference
from qa.report.content import Entry
from qa.report.exchange import to_bibtex, to_csl, to_ris


@pytest.fixture
def listed(tmp_path) -> list[qa.Description]:
    """Documents of several kinds, described by hand, with names that each format has to escape."""
    facts = {
        "报纸": {"kind": "newspaper", "author": "丁文详；李 & 王", "source": "中国青年报", "date": "2000-11-20", "page": "15"},
        "网页": {"kind": "web", "issuer": "北京鲁迅博物馆", "date": "2021-04-21", "url": "http://www.luxunmuseum.com.cn/html/202104/a_11310.htm?x=1&y=50%25"},
        "图书": {"kind": "book", "author": "王夫之", "edition": "刻本", "place": "金陵", "publisher": "湘乡曾国荃", "date": "1865"},
        "简报": {"kind": "report", "issuer": "应急管理厅", "date": "2021-06-02", "issue_number": "第11期"},
        "标准": {"kind": "standard", "standard_number": "GB/T 3792—2021", "issuer": "国标委"},
    }
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([(name, f"{name}：100% #1 {{花}}_括号", f"{name}一节：乙桥每周检查两次。") for name in facts])
        for name, fact in facts.items():
            library.describe(name, **fact)
        return [library.cite(library.search(f"{name} 乙桥", documents=[name])[0]) for name in facts]


def items(listed):
    return [entry.item for entry in report(listed).content().entries]


def test_bibtex_reads_back(listed):
    import bibtexparser
    from bibtexparser.bparser import BibTexParser
    from bibtexparser.latexenc import latex_to_unicode

    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    entries = bibtexparser.loads(report(listed).to_bytes("bib").decode(), parser).entries
    assert len(entries) == len(listed)
    for entry, item in zip(entries, items(listed)):
        plain = {name: re.sub(r"\\([%&#_$])", r"\1", value).replace("\\textbraceleft ", "{").replace("\\textbraceright ", "}") for name, value in entry.items()}
        assert plain["title"] == item.title and plain.get("date", "") == item.date and plain.get("url", "") == item.url
        assert re.findall(r"\{(.*?)\}(?: and |$)", plain.get("author", "")) == list(item.creators)
        assert plain.get("journal", "") == item.container and plain.get("publisher", "") == item.publisher and plain.get("number", "") == item.number
    assert latex_to_unicode  # the module is there


def test_ris_reads_back(listed):
    import rispy

    entries = rispy.loads(report(listed).to_bytes("ris").decode())
    assert [entry["type_of_reference"] for entry in entries] == ["NEWS", "ELEC", "BOOK", "RPRT", "STAND"]
    for entry, item in zip(entries, items(listed)):
        assert entry["title"] == item.title and entry.get("authors", []) == list(item.creators) and entry.get("year", "") == item.year
        assert entry.get("urls", [""])[0] == item.url and entry.get("publisher", "") == item.publisher and entry.get("place_published", "") == item.place


@pytest.mark.filterwarnings("ignore")
def test_csl_json_reads_back(listed):
    from citeproc.source.json import CiteProcJSON

    data = json.loads(report(listed).to_bytes("csl.json"))
    source = CiteProcJSON(data)
    for entry, item in zip(data, items(listed)):
        read = source[entry["id"]]
        assert str(read["title"]) == item.title and str(read.get("publisher", "")) == item.publisher and str(read.get("URL", "")) == item.url
        assert [str(name["literal"]) for name in entry.get("author", [])] == list(item.creators)
        assert str(read["issued"]["year"] if "issued" in read else "") == (str(int(item.year)) if item.year else "")


# ------------------------------------------------------------------------------------------------ every field of every kind

FULL = [
    Reference(
        kind, ("甲厅", "乙局"), f"{kind}：100% #1 {{花}}", True, "副题_一", "第3号", "2版", "某报", "52", "11", "1-8", "南京", "某社", "2021-06-02",
        "https://a.b/c_1?x=1&y=50%25", "2026-07-15",
    )
    for kind in KINDS
]  # fmt: skip
ENTRIES = [Entry(number, "", item, "", qa.Description("k", "", "", "", "", "", "", "", ""), ()) for number, item in enumerate(FULL, 1)]


def untexed(value: str) -> str:
    return re.sub(r"\\([%&#_$])", r"\1", value).replace("\\textbraceleft ", "{").replace("\\textbraceright ", "}")


@pytest.mark.parametrize("item", FULL, ids=KINDS)
def test_bibtex_gives_back_every_field(item):
    import bibtexparser
    from bibtexparser.bparser import BibTexParser

    text = to_bibtex([entry for entry in ENTRIES if entry.item is item])
    (entry,) = bibtexparser.loads(text, BibTexParser(common_strings=True, ignore_nonstandard_types=False)).entries
    read = {name: untexed(value) for name, value in entry.items() if name not in ("ENTRYTYPE", "ID", "mark", "langid")}
    expected = {
        "author": "{甲厅} and {乙局}", "title": item.title, "subtitle": item.subtitle, "number": item.number, "edition": item.edition, "volume": item.volume, "pages": item.page,
        "address": item.place, "publisher": item.publisher, "date": item.date, "year": item.year, "url": item.url, "urldate": item.accessed,
    }  # fmt: skip
    assert read == expected | ({"journal": item.container} if item.kind in ("newspaper", "journal") else {})


@pytest.mark.parametrize("item", FULL, ids=KINDS)
def test_ris_gives_back_every_field(item):
    import rispy

    (entry,) = rispy.loads(to_ris([entry for entry in ENTRIES if entry.item is item]))
    assert entry.pop("type_of_reference") and entry == {
        "authors": ["甲厅", "乙局"], "title": item.title, "short_title": item.subtitle, "secondary_title": item.container, "year": item.year, "date": "2021/06/02",
        "volume": item.volume, "number": item.issue, "note": item.number, "edition": item.edition, "start_page": item.page, "place_published": item.place,
        "publisher": item.publisher, "urls": [item.url], "access_date": "2026/07/15", "language": "zh",
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", range(1, len(FULL) + 1), ids=KINDS)
def test_csl_json_gives_back_every_field(number):
    from citeproc.source.json import CiteProcJSON

    item = FULL[number - 1]
    read = CiteProcJSON(json.loads(to_csl(ENTRIES)))[f"youju{number}"]
    texts = {"title": f"{item.title}：{item.subtitle}", "container_title": item.container, "number": item.number, "issue": item.issue, "volume": item.volume}
    texts |= {"edition": item.edition, "publisher_place": item.place, "publisher": item.publisher, "URL": item.url, "page": item.page}
    assert {name: str(read[name]) for name in texts} == texts and [str(name["literal"]) for name in read["author"]] == ["甲厅", "乙局"]
    assert [read["issued"][part] for part in ("year", "month", "day")] == [2021, 6, 2] and [read["accessed"][part] for part in ("year", "month", "day")] == [2026, 7, 15]
