"""Inspecting: what people see of a file before they trust it, and the notes that add gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures.documents import NOTICE, docx, paragraph, xlsx

import qa
from qa.clean import RULES, SAID
from qa.cli import main

SEEDS = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))
PROSE = "全市各级河长要按照方案要求开展巡河，及时发现并处置乱占、乱采、乱堆、乱建问题，重大问题当日上报市河长办公室。"


@pytest.fixture
def notice(tmp_path) -> Path:
    """A notice with damage of several kinds."""
    file = tmp_path / "通知.txt"
    file.write_text(f"当前位置：首页>公开>文件\n{NOTICE.replace('2022年5月30日', '2022 年 5 月 30 日')}\n水库正常蓄水位为103\ue0105米，死水位为88米。\n版权所有 某市水利局", "utf-8")
    return file


def test_every_rule_is_said_in_words():
    assert {rule.name for rule in RULES} | {"columns", "headline"} == set(SAID)
    assert len(set(SAID.values())) == len(SAID)


def test_a_file_is_shown_with_its_repairs_and_what_is_left(notice):
    found = qa.inspect(notice)
    assert dict(found.note.repairs)["去除日期和编号里的空格"] == 4 or dict(found.note.repairs)["去除日期和编号里的空格"] == 5
    assert any(said.startswith("损坏，不引用") for said, _ in found.note.flags)
    text = found.to_text()
    assert "发文机关：某市水利局" in text and "2022⟦- ⟧年" in text
    assert "当前位置：首页>公开>文件  〔不入段落：网站导航〕" in text
    assert "〔损坏，不引用" in text


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_passages_are_shown_with_their_places(path):
    found = qa.inspect(path)
    assert len(found.locations) == len(found.passages) and all(place.startswith("第") for place in found.locations)
    text = found.to_text()
    assert all(passage.text.split("\n")[0] in text for passage in found.passages)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_what_is_shown_is_the_source(path):
    """The inverse: what stands in ⟦ ⟧ put back gives every repaired or deleted character."""
    found = qa.inspect(path)
    shown, hidden = found.to_text(), {"blank_line", "line_end", "blank"}
    for change in (*found.document.deletions, *found.document.repairs):
        was = found.document.source.text[slice(*change.source)]
        if change.why not in hidden and len(was) <= 60:
            became = getattr(change, "became", None)
            was, became = was.replace("\n", "⏎"), became and became.replace("\n", "⏎")
            assert (f"⟦-{was}⟧" if became is None else f"⟦{was}→{became}⟧") in shown


@pytest.mark.parametrize(("name", "data", "place"), [
    ("通知.docx", docx("".join(paragraph(line) for line in NOTICE.split("\n") if line)), ""),
    ("台账.xlsx", xlsx([["单位", "隐患"], ["某厂", "通道堵塞"]]), ""),
])  # fmt: skip
def test_other_formats_have_their_own_places(tmp_path, name, data, place):
    (tmp_path / name).write_bytes(data)
    found = qa.inspect(tmp_path / name)
    assert found.passages and all(found.locations) and found.to_text()


def test_the_command_needs_no_library(notice, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOUJU_LIBRARY", str(tmp_path / "none"))
    assert main(["inspect", str(notice)]) == 0
    assert "── 段落 ──" in capsys.readouterr().out
    assert main(["inspect", str(notice), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passages"] and told["note"]["repairs"] and told["document"]["repairs"] is not None
    assert not (tmp_path / "none").exists()
    assert main(["inspect", str(tmp_path / "没有.txt")]) == 3


def test_what_a_passage_leans_on_is_shown(tmp_path):
    (tmp_path / "a.txt").write_text(f"要抓好两件事。一是查坝体。{'逐库排查，逐坝登记。' * 25}二是查闸门。{'逐闸试车，逐门登记。' * 25}", "utf-8")
    assert "〔承上文，供查找：要抓好两件事。〕\n    二是查闸门。" in qa.inspect(tmp_path / "a.txt").to_text()


def test_add_says_what_it_repaired_doubts_refused_and_passed_over(notice, tmp_path, capsys):
    folder = tmp_path / "资料"
    folder.mkdir()
    notice.rename(folder / notice.name)
    (folder / "空.txt").write_bytes(b"")
    (folder / "程序.bin").write_bytes(b"1")
    assert main(["add", str(folder), "--library", str(tmp_path / "library")]) == 1
    said = capsys.readouterr().out
    assert "新增 1" in said and "失败 1" in said and "略过 1" in said
    assert "修复：" in said and "去除日期和编号里的空格" in said
    assert "注意：通知.txt：损坏，不引用" in said and "空.txt" in said and "程序.bin" in said


def test_a_note_can_be_asked_for_later(notice, tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        (note,) = library.add([notice]).notes
        assert library.note(str(notice)) == note == qa.inspect(notice).note
        assert library.add([notice]).notes == ()
