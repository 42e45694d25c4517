"""Contract 3: joined, the source characters at `citation.spans` are `citation.quote`, except where `citation.repaired`
declares otherwise; `verify()` answers ok, changed, missing or misattributed from the file and the citation alone."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

import qa
from qa.cite import cite, location
from qa.clean import clean
from qa.describe import describe
from qa.read import read
from qa.split import split
from qa.types import Place, Source

# A column of 14 characters a line, with a converter's pinyin, a letter-spaced heading and a character beyond the basic plane.
COLUMN = (
    "7月3日，縣防汛指揮部召開會議，部署今年主汛期的水庫巡查與群眾轉移工作，縣長主持會議並作講話。會議認為，今年雨量偏多，"
    "上游來水比往年早了半個月，防汛形勢不容樂觀。各鄉鎮要二十四小時值班，發現險情一小時內上報。水庫管理單位要每天巡查兩次，"
    "做好記錄；對病險水庫要降低水位運行，並備足沙袋、木樁和照明設備。𠮷田村等低窪村莊的群眾要提前轉移到學校安置。"
)
NOTICE = "關(guān)于夏季防汛(xùn)的通知\n\n" + "\n".join(COLUMN[i : i + 14] for i in range(0, len(COLUMN), 14)) + "\n\n值班電話見附表。"


def cited(path, words, encoding=None):
    """The citation of the first passage's stretch from the first to the last of `words`."""
    document = clean(read(path, encoding=encoding))
    passage = next(p for p in split(document) if words[0] in p.text and words[1] in p.text)
    start = passage.start + passage.text.index(words[0])
    end = passage.start + passage.text.index(words[1]) + len(words[1])
    return cite(1, document, describe(document, str(path)), passage, (start, end))


@pytest.fixture(params=["utf-8", "utf-8-sig", "gb18030", "crlf"])
def citation(request, tmp_path):
    path = tmp_path / "通知.txt"
    text = NOTICE.replace("\n", "\r\n") if request.param == "crlf" else NOTICE
    path.write_bytes(text.encode("utf-8" if request.param == "crlf" else request.param))
    return cited(path, ("各鄉鎮", "上報。"))


def test_quote_is_cut_from_the_source(citation):
    assert citation.quote == "各鄉鎮要二十四小時值班，發現險情一小時內上報。"
    text = read(citation.document.path).text
    assert "".join(text[start:end] for start, end in citation.spans) == citation.quote
    assert citation.repaired == () and citation.location == "第8–10行"
    assert citation.passage.text[slice(*citation.passage_span)] == citation.quote


def test_verify_ok(citation):
    assert citation.verify().state == "ok"


def rewrite(citation, old, new):
    """Changes the file: in its own encoding, every `old` to `new`."""
    path, codec = Path(citation.document.path), citation.document.encoding
    assert old.encode(codec) in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old.encode(codec), new.encode(codec)))


def test_verify_after_one_changed_character_in_the_sentence(citation):
    rewrite(citation, "現", "觀")
    assert citation.verify().state == "changed"


@pytest.mark.parametrize("bit", range(8))
def test_verify_after_one_changed_bit_in_the_sentence(citation, bit):
    path = Path(citation.document.path)
    data = bytearray(path.read_bytes())
    data[data.index("現".encode(citation.document.encoding)) + 1] ^= 1 << bit
    path.write_bytes(data)
    assert citation.verify().state == "changed"


def test_verify_after_a_change_elsewhere_of_the_same_length(citation):
    rewrite(citation, "附表", "牆上")
    assert citation.verify().state == "ok"


def test_verify_after_the_file_is_gone(citation, tmp_path):
    (tmp_path / "通知.txt").unlink()
    assert citation.verify().state == "missing"


@pytest.mark.parametrize("edit", [("一小時", "兩小時"), ("鎮要", "鎮不要"), ("二十四小時值班，", ""), ("上報。", "上報")], ids=["replaced", "inserted", "dropped", "shortened"])
def test_verify_after_the_quote_was_edited(citation, edit):
    assert dataclasses.replace(citation, quote=citation.quote.replace(*edit)).verify().state == "misattributed"


def test_verify_a_quote_attributed_to_another_file(citation, tmp_path):
    other = tmp_path / "另一份.txt"
    other.write_text("各鄉鎮照常上班。" * 20)
    source = read(other)
    moved = dataclasses.replace(citation.document, path=str(other), digest=source.digest, encoding=source.encoding)
    assert dataclasses.replace(citation, document=moved).verify().state == "misattributed"


def test_stored_citation_is_the_same(citation):
    stored = json.loads(json.dumps({"citations": [dataclasses.asdict(citation)]}, ensure_ascii=False))
    assert qa.citations_from_json(stored) == [citation]


@pytest.mark.parametrize("broken", [None, [], {}, {"citations": 1}, {"citations": [{}]}, {"citations": [{"number": 1, "document": 3}]}])
def test_what_is_no_answer_is_a_clear_error(broken):
    with pytest.raises(qa.BadRequest, match="youju ask"):
        qa.citations_from_json(broken)


@pytest.mark.parametrize(
    "spans, places, words",
    [
        (((0, 3),), (), "第1行"),
        (((3, 9), (12, 15)), (), "第2–3行"),
        (((3, 9),), (Place(0, "page", "1"), Place(4, "page", "2")), "第1–2页"),
        (((5, 9),), (Place(0, "page", "1"), Place(4, "page", "2")), "第2页"),
        ((), (), ""),
    ],
)
def test_location_in_words(spans, places, words):
    assert location(Source("", "", "", "", "", "ab\ncdefgh\nijklmnopq", places), spans) == words


def test_a_text_without_a_file_is_missing(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("note", "值班安排", "节日期间由张工值班，电话保持畅通。")])
        answer = library.ask("节日期间由谁值班？")
        assert answer.answered and [c.verify().state for c in answer.citations] == ["missing"] * len(answer.citations)
