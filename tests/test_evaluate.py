"""`youju evaluate`: the figures of a question file, and what is said of a file that cannot be understood."""

from __future__ import annotations

import json
import re

import pytest

import qa
from qa.cli import DONE, FAILED, main
from qa.evaluate import measure
from qa.questions import Item, load, template
from ui.evaluation import page

TEXTS = [
    ("canteen.txt", "食堂管理办法", "食堂每周五停业检修燃气管道。\n外来人员由接待部门陪同。"),
    ("leave.txt", "年休假规定", "职工累计工作满一年不满十年的，年休假五天。\n满十年不满二十年的，年休假十天。"),
]
LINES = [
    {"question": "食堂哪天停业？", "kind": "fact", "file": ["canteen.txt"], "evidence": ["每周五停业"]},
    {"question": "满十年年休假几天？", "kind": "fact", "file": "leave.txt", "evidence": "年休假十天"},
    {"question": "蓝鲸一天吃多少磷虾？", "kind": "unanswerable", "file": [], "evidence": []},
]


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    file = tmp_path_factory.mktemp("questions") / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in LINES), "utf-8")
    with qa.open_library(file.parent / "library") as library:
        library.add_texts(TEXTS)
        return measure(library, load(file).items)


def test_figures_of_answers_and_refusals(evaluation):
    figures = evaluation.figures
    assert (figures["found@1"], figures["cited"], figures["first"], figures["refused"], figures["false refusals"]) == (1, 1, 1, 1, 0)
    assert evaluation.kinds["unanswerable"].keys() >= {"refused"} and "cited" not in evaluation.kinds["unanswerable"]
    assert set(evaluation.retrievers) == {"lexical", "dense", "fused", "reranked"}


def test_risk_never_counts_an_answer_to_what_has_none(evaluation):
    last = evaluation.risk[-1]
    assert last.coverage == 1 and last.risk == pytest.approx(1 / 3)
    assert [point.confidence for point in evaluation.risk] == sorted((point.confidence for point in evaluation.risk), reverse=True)
    assert sum(bin.count for bin in evaluation.calibration) == len(LINES)


def test_a_wrong_document_is_not_found(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts(TEXTS)
        evaluation = measure(library, [Item("1", "食堂哪天停业？", files=("leave.txt",), evidence=("每周五停业",))])
    assert evaluation.figures["found@10"] == evaluation.figures["cited"] == 0


def test_a_page_complete_in_itself_shows_questions_as_text(evaluation):
    values = evaluation.to_json()
    values["trials"][0]["item"]["question"] = "<script>alert(1)</script>"
    html = page(values)
    assert "<script" not in html and "&lt;script" in html and html.count("<svg") == 2
    assert not re.search(r"(src|href)=|https?://(?!www\.w3\.org)", html)


def test_squad_brings_its_own_documents(tmp_path, capsys):
    paragraph = {"context": TEXTS[0][2], "qas": [{"id": "a", "question": "食堂哪天停业？", "answers": [{"text": "每周五", "answer_start": 2}]}, {"id": "b", "question": "食堂有多少座位？", "answers": [], "is_impossible": True}]}
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"version": "2.0", "data": [{"title": "食堂管理办法", "paragraphs": [paragraph]}]}, ensure_ascii=False), "utf-8")
    assert main(["evaluate", str(file), "--json", "--html", str(tmp_path / "page.html")]) == DONE
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["questions"] == 2 and figures["cited"] == 1
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_template_is_a_file_of_questions_to_fill_in(tmp_path, capsys):
    file = tmp_path / "mine.jsonl"
    assert main(["evaluate", "--make-template", str(file)]) == DONE
    assert file.read_text("utf-8") == template()
    assert main(["evaluate", "--make-template", str(file)]) == FAILED and "已经存在" in capsys.readouterr().err
    with pytest.raises(qa.BadRequest, match="没有一个问题"):
        load(file)
    file.write_text(template().replace('"question": ""', '"question": "食堂哪天停业？"', 1), "utf-8")
    assert [item.question for item in load(file).items] == ["食堂哪天停业？"]


@pytest.mark.parametrize(
    "line, said",
    [
        ("{", "不是一个完整的 JSON"),
        ("[1]", "不是一个 JSON 对象"),
        ('{"question": 3}', "question 应是一段文字"),
        ('{"question": "甲？", "evidence": [1]}', "evidence 应是一组文字"),
        ('{"question": "甲？", "history": "乙"}', "history"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named_by_its_number(tmp_path, line, said):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "好的？"}\n\n' + line, "utf-8")
    with pytest.raises(qa.BadRequest, match=f"第 3 行.*{re.escape(said)}"):
        load(file)


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(qa.BadRequest, match="没有 .* 这个文件"):
        load(tmp_path / "nowhere.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("问题".encode("gbk"))
    with pytest.raises(qa.BadRequest, match="UTF-8"):
        load(tmp_path / "gbk.jsonl")


@pytest.mark.parametrize("file, right", [("12", True), ("2", False), ("b/12", False)])
def test_a_document_is_named_by_all_of_its_key(file, right):
    assert Item("1", "？", files=(file,)).names(qa.Description("12", "", "一份通知", "", "", "", "", "", "")) is right
