"""Reports: what every format holds, how quotations and references are counted, and that all of it verifies."""

from __future__ import annotations

import dataclasses
import json

import pytest
from reports import quotes, report

import qa


@pytest.mark.parametrize("system", ["numeric", "author-date"])
@pytest.mark.parametrize("ending", ["docx", "md", "html", "json"])
def test_every_quotation_verifies(basket, tmp_path, ending, system):
    path = report(basket, system=system, appendix=True).save(tmp_path / f"报告.{ending}")
    checked = qa.verify_report(path)
    assert [found.quote for found in checked] == quotes(basket) and len(checked) >= 10
    assert {found.verdict.state for found in checked} == {"ok"}


def test_the_same_report_gives_the_same_bytes(basket):
    for ending in qa.ENDINGS:
        assert report(basket).to_bytes(ending) == report(basket).to_bytes(ending)


def test_references_are_numbered_by_first_use_and_merged_by_document(basket):
    content = report(basket).content()
    marks = [block.entry for section in content.sections for block in section.blocks if not isinstance(block, str)]
    assert list(dict.fromkeys(marks)) == [entry.number for entry in content.entries]
    assert len({entry.document.key for entry in content.entries}) == len(content.entries) < len(marks)
    text = report(basket).to_bytes("txt").decode()
    for entry in content.entries:
        assert f"引用日期 2026-07-15　SHA-256 {entry.document.digest}" in text
        for place in entry.places:
            assert place in text
    assert any(len(entry.places) > 1 for entry in content.entries)


def test_what_was_stored_as_json_goes_into_the_basket(tmp_path):
    file = tmp_path / "通知.txt"
    file.write_text("食堂通知\n\n食堂每周五停业检修燃气管道。\n", "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        library.add([file])
        answer, hits = library.ask("食堂哪天停业？"), library.search("燃气管道", limit=1)
        stored = json.loads(json.dumps([answer.to_json(), [dataclasses.asdict(hit) for hit in hits]]))
        basket = [item for one in stored for item in library.collected(one)]
        assert basket == [answer, library.cite(hits[0])]
        path = report(basket).save(tmp_path / "a.docx")
        assert [found.verdict.state for found in qa.verify_report(path)] == ["ok", "ok"]
        for wrong in ({}, {"question": "x"}, [1], "x", None, [{"passage": 1}]):
            with pytest.raises(qa.BadRequest):
                library.collected(wrong)
        file.write_text("食堂通知\n\n食堂每周六停业检修燃气管道。\n", "utf-8")
        library.add([file])
        with pytest.raises(qa.BadRequest, match="改动过"):
            library.collected(stored[1])


def test_an_answer_is_a_report_of_its_own(basket, tmp_path):
    answer = basket[0]
    assert f"“{answer.citations[0].quote}”[1]" in answer.to_text() and "[R]. 2021-06-02" in answer.to_text()
    (tmp_path / "a.docx").write_bytes(answer.to_docx())
    assert [found.verdict.state for found in qa.verify_report(tmp_path / "a.docx")] == ["ok"] * len(answer.citations)


def test_headings_are_one_line(basket):
    made = report([dataclasses.replace(basket[0], question="甲\n- 乙\n> 丙")], title="丁\n# 戊").to_bytes("md").decode()
    assert "# 丁 \\# 戊\n" in made and "## 1. 甲 - 乙 \\> 丙\n" in made


def test_a_refusal_is_in_the_report(basket):
    assert "资料中没有找到" in report(basket).to_bytes("md").decode()


def test_articles_are_named_beside_the_mark_or_in_the_reference(tmp_path):
    law = "# 值班管理条例\n\n2020年5月6日 某市人民代表大会常务委员会通过\n\n第一条 为了加强值班管理，制定本条例。\n\n第二条 值班人员每两小时巡查水库一次。\n\n第三条 擅离值班岗位的，处五百元罚款。\n"
    (tmp_path / "法.md").write_text(law, "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        library.add([tmp_path / "法.md"])
        one, two = library.ask("值班人员几小时巡查水库一次？"), library.ask("擅离值班岗位罚款多少？")
    single = report([one]).to_bytes("txt").decode()
    assert "值班管理条例[Z]. 2020-05-06：第二条." in single and "[1]第二条" not in single
    both = report([one, two]).to_bytes("txt").decode()
    assert "值班管理条例[Z]. 2020-05-06." in both and "[1]第二条" in both and "[1]第三条" in both


def test_author_date_lists_are_sorted_and_told_apart(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        for name, words in (("b", "乙桥每周检查两次。"), ("a", "甲桥每周检查一次。"), ("c", "丙桥每月检查一次。")):
            library.add_texts([(name, f"{words[:2]}检查报告", words)])
            library.describe(name, issuer="安监站" if name != "c" else "北山局", date="2021-03-04")
        content = report([library.ask(f"{bridge}桥多久检查一次？") for bridge in "乙甲丙"], system="author-date").content()
    assert [entry.text.split(". ")[0] for entry in content.entries] == ["安监站，2021a", "安监站，2021b", "北山局，2021"]
    assert {block.mark for section in content.sections for block in section.blocks if not isinstance(block, str)} == {"（安监站，2021a）", "（安监站，2021b）", "（北山局，2021）"}


@pytest.mark.parametrize("more", [{"style": "apa"}, {"system": "脚注"}, {"accessed": "昨天"}])
def test_what_a_report_cannot_be_is_a_clear_error(more):
    with pytest.raises(qa.BadRequest):
        qa.Report([], **{"accessed": "2026-07-15"} | more)


def test_an_unknown_ending_names_those_that_are_known(tmp_path):
    with pytest.raises(qa.BadRequest, match="docx"):
        report([]).save(tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())
