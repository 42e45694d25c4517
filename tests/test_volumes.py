"""Large files come in volumes; nothing else may show it: same text, exact citations, one transaction."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fixtures.contracts import violations
from hypothesis import given, settings
from hypothesis import strategies as st

import qa
import qa.read
from qa.read import divided, from_text, read, read_volumes, volumes
from qa.types import Place, UnreadableFile

TOWNS = "青石 柳湾 白沙 高桥 马坪 双河 石门 安溪 茶亭 枫林".split()
FACTS = [f"{town}泵站第{number}号机组在检修后排水能力达到每小时{number * 37}立方米。" for number in range(1, 41) for town in TOWNS]
TEXT = "\n\n".join(f"{fact}值班人员每日两次记录水位、流量和电压，发现异常立即报告片区负责人。" for fact in FACTS)


@pytest.fixture
def small(monkeypatch):
    """Volumes of a thousand characters."""
    for name, value in {"LARGE": 3000, "VOLUME": 1000, "_BLOCK": 501}.items():
        monkeypatch.setattr(volumes, name, value)
    monkeypatch.setattr(qa.read, "LARGE_FILE", 6000)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16", "big5hkscs"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_the_volumes_of_a_file_are_its_text(codec, end, small, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.replace("\n", end).encode(codec, "replace"))
    parts = [part.source for part in read_volumes(path, codec if codec == "big5hkscs" else None)]
    whole = read(path, codec if codec == "big5hkscs" else None)
    assert len(parts) > 10 and "".join(part.text for part in parts) == whole.text
    for part in parts:
        assert part.line == whole.text.count("\n", 0, part.start) and whole.text.startswith(part.text, part.start)
    assert {(part.encoding, part.digest) for part in parts} == {(whole.encoding, whole.digest)}
    assert not parts[0].doubts


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_a_volume_ends_where_a_paragraph_does(seed):
    chance = random.Random(seed)
    text = "".join("水" * chance.randrange(1, 90) + chance.choice(["。\n\n", "。\r\n\r\n", "，\n", "。"]) for _ in range(40))
    end = volumes._end(text)
    assert len(text) // 2 <= end <= len(text)
    assert "\n\n" not in text[len(text) // 2 :] or text[:end].endswith("\n\n") or text[:end].endswith("\n\r\n")


def test_a_head_of_plain_ascii_does_not_decide(small, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"Log of the pumping station\n" * 300 + TEXT.encode("gb18030"))
    parts = [part.source for part in read_volumes(path)]
    assert parts[0].encoding == "gb18030" and "".join(part.text for part in parts).endswith(TEXT[-500:])
    path.write_bytes(TEXT.encode() + b"\xff\xff" + TEXT.encode())
    doubts = [part.source.doubts for part in read_volumes(path)]
    assert doubts[0] == ("按 utf-8 解码时有 2 处字节无法识别，已用 U+FFFD 代替。",) and not any(doubts[1:])


def test_places_go_with_their_volume(small):
    source = from_text("k", "t", TEXT)
    paged = type(source)(source.path, source.name, source.digest, "application/pdf", "", TEXT, tuple(Place(at, "page", str(1 + at // 700)) for at in range(0, len(TEXT), 700)))
    for part in (volume.source for volume in divided(paged)):
        for offset in range(0, len(part.text), 97):
            label = [place.label for place in part.places if place.start <= offset][-1]
            assert label == str(1 + (part.start + offset) // 700)


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030"])
def test_a_large_file_is_cited_exactly(codec, small, tmp_path):
    path = tmp_path / "泵站.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(codec))
    shares = []
    with qa.open_library(tmp_path / "library") as library:
        assert library.add([path], progress=lambda done, total, name: shares.append(done)).added == (str(path),)
        assert len(shares) > 10 and shares == sorted(shares) and shares[-1] == 1
        whole = path.read_bytes().decode(read(path).encoding)
        for fact in (FACTS[0], FACTS[211], FACTS[-1]):
            answer = library.ask(fact[:9] + "检修后排水能力达到多少？")
            cited = next(citation for citation in answer.citations if fact in citation.quote)
            assert "".join(whole[start:end] for start, end in cited.spans) == cited.quote
            line = whole[: cited.spans[0][0]].count("\n") + 1
            assert cited.location == f"第{line}行"
            assert cited.verify().state == "ok"
        document = library.document(str(path))
        assert document.source.text == whole
        assert [document.text[passage.start : passage.end] for passage in library.passages(str(path))] == [passage.text for passage in library.passages(str(path))]
        assert list(violations(document, library.passages(str(path)))) == []
        assert all(whole[run.source : run.source + run.length] == document.text[run.start : run.start + run.length] for run in document.runs)
        assert library.check().problems == ()
    with qa.open_library(tmp_path / "library") as library:  # the index was not written: it is made again
        assert FACTS[-1] in library.ask(FACTS[-1][:9] + "检修后排水能力达到多少？").text
        library.remove(str(path))
        assert library.check().problems == () and not library.documents()


def test_headings_hold_in_the_volumes_that_follow(small, tmp_path):
    path = tmp_path / "汇编.md"
    path.write_text("# 泵站汇编\n\n## 第一章 北片\n\n" + "\n\n".join(FACTS[:150]) + "\n\n## 第二章 南片\n\n" + "\n\n".join(FACTS[150:]))
    with qa.open_library(tmp_path / "library") as library:
        library.add([path])
        for passage in library.passages(str(path)):
            facts = [at for at, fact in enumerate(FACTS) if fact in passage.text]
            assert not facts or passage.headings == ("泵站汇编", "第一章 北片" if facts[0] < 150 else "第二章 南片")
        assert len({passage.start // 1000 for passage in library.passages(str(path))}) > 5


def test_a_large_file_is_described_cited_and_verified_in_its_volumes(small, tmp_path, monkeypatch):
    path = tmp_path / "泵站.txt"
    path.write_text(TEXT)
    with qa.open_library(tmp_path / "library") as library:
        library.add([path])
        note = library.note(str(path))
        monkeypatch.setattr(library, "document", None)  # nobody asks for the whole
        hit = library.search(FACTS[-1][:9] + "检修后排水能力达到多少？")[0]
        assert library.cite(hit).verify().state == "ok" and library.note(str(path)) == note and note.passages > 20
        assert library.describe(str(path), title="泵站检修记录").title == "泵站检修记录"
        again = library.search(FACTS[-1][:9] + "检修后排水能力达到多少？")[0]
        assert again.passage == hit.passage and again.document.title == "泵站检修记录" and library.cite(again).verify().state == "ok"
        path.write_text(TEXT.replace(FACTS[-1], FACTS[-1].replace("排水", "进水")))
        assert library.cite(again).verify().state == "changed"
        assert library.check().problems == ()


def test_a_large_file_that_changes_while_it_is_read_is_refused(small, tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    with qa.open_library(tmp_path / "library") as library:
        library.add([path])
        before = library.document(str(path)).text
        path.write_text(TEXT.replace("青石", "紫石"))

        def change(done: float, total: int, name: str) -> None:
            path.write_text(TEXT.replace("青石", "黑石"))

        changes = library.add([path], progress=change)
        assert "改动" in changes.failed[0].reason and not changes.updated
        assert library.document(str(path)).text == before and library.check().problems == ()
    with pytest.raises(UnreadableFile, match="没有这个文件"):
        list(read_volumes(tmp_path / "gone.txt"))


def test_a_large_file_is_there_as_a_whole_or_not_at_all(small, tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("k", "食堂", "食堂周五停业一天，周六恢复供应午餐。")])
        calls = itertools.count()

        def stop(done: float, total: int, name: str) -> None:
            if next(calls) == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            library.add([path], progress=stop)
        assert [document.key for document in library.documents()] == ["k"]
        assert library.check().problems == ()
        assert "周五" in library.ask("食堂哪天停业？").text


def test_others_ask_and_are_kept_while_a_large_file_is_added(small, tmp_path):
    path = tmp_path / "泵站.txt"
    path.write_text(TEXT)
    question = "食堂哪天停业？"
    with qa.open_library(tmp_path / "library") as library, ThreadPoolExecutor(2) as others:
        library.add_texts([("k", "食堂", "食堂周五停业一天，周六恢复供应午餐。")])
        alone, seen = library.ask(question), []

        def meanwhile(done: float, total: int, name: str) -> None:
            if done < 1 and len(seen) < 5:
                asked = others.submit(library.ask, question)
                assert others.submit(library.conversations.keep, f"{len(seen):032x}", question, asked.result(20), "someone").result(20)
                assert library.conversations.list("someone")[0].id == f"{len(seen):032x}"
                found = others.submit(library.search, FACTS[0][:9] + "检修后排水能力达到多少？").result(20)
                seen.append((asked.result(20), [document.key for document in library.documents()], {hit.document.key for hit in found}, library.check().problems))

        library.add([path], progress=meanwhile)
        assert len(seen) == 5
        for answer, keys, found, problems in seen:
            assert answer == alone and keys == ["k"] and found <= {"k"} and not problems
        assert [document.key for document in library.documents()] == ["k", str(path)]
        assert FACTS[0] in library.ask(FACTS[0][:9] + "检修后排水能力达到多少？").text
        assert len(library.conversations.list("someone")) == 5 and library.check().problems == ()


_ADD = """
import sys, qa, qa.read
from qa.read import volumes
volumes.LARGE, volumes.VOLUME, volumes._BLOCK, qa.read.LARGE_FILE = 3000, 1000, 501, 6000
with qa.open_library(sys.argv[1]) as library:
    library.add([sys.argv[2]], progress=lambda done, total, name: print(done, flush=True))
"""


@pytest.mark.parametrize("volumes_in", [1, 4, 9])
def test_what_a_kill_leaves_of_a_large_file_is_taken_out(volumes_in, small, tmp_path):
    path, folder = tmp_path / "泵站.txt", tmp_path / "library"
    path.write_text(TEXT.replace("青石", "紫石"))
    with qa.open_library(folder) as library:
        library.add([path])
        before = library.document(str(path)).text
    path.write_text(TEXT)
    environment = os.environ | {"PYTHONPATH": str(Path(qa.__file__).resolve().parent.parent)}
    with subprocess.Popen([sys.executable, "-c", _ADD, str(folder), str(path)], stdout=subprocess.PIPE, env=environment) as process:
        for _ in range(volumes_in):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    with qa.open_library(folder) as library:
        assert library.document(str(path)).text == before and library.check().problems == ()
        assert library.add([path]).updated == (str(path),)
        assert "青石" in library.document(str(path)).text and library.check().problems == ()
