"""What speaks for and against an answer, and which sentences one needs."""

from __future__ import annotations

import numpy as np
import pytest

import qa
from qa.confidence import SIGNALS, THRESHOLD, WEIGHTS, named_titles, observe, probability
from qa.quote import asked_for, kind, ranked

DOCUMENTS = [
    ("a", "甲市消防条例", "第十条 甲市的商场每层应当配备灭火器二十具。\n第二十条 有下列行为之一的，处五万元以下罚款：\n（一）占用、堵塞疏散通道的；\n（二）擅自拆除消防设施的。"),
    ("b", "杭州防汛简报", "7月3日，杭州召开防汛会议，市长王刚主持。\n会议要求，第一，加强巡查。第二，备足沙袋。"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with qa.open_library(tmp_path_factory.mktemp("confidence") / "library") as library:
        library.add_texts(DOCUMENTS)
        yield library


def signals(library, question: str) -> dict[str, float]:
    understood = library._understood(question, ())
    found = library._candidates(understood, 10)
    return dict(zip(SIGNALS, observe(understood, found, ranked(understood, found, library._static), library._store).tolist()))


@pytest.mark.parametrize(
    "name, higher, lower",
    [
        ("foreign", "苏州的防汛会议是谁主持的？", "杭州的防汛会议是谁主持的？"),
        ("numbers", "8月9日的防汛会议是谁主持的？", "7月3日的防汛会议是谁主持的？"),
        ("untitled", "《乙省燃气管理办法》对商场怎么规定？", "《甲市消防条例》对商场怎么规定？"),
        ("unnumbered", "防汛会议要求的第三点是什么？", "防汛会议要求的第二点是什么？"),
        ("untyped", "防汛会议花了多少钱？", "防汛会议是谁主持的？"),
        ("unrecorded", "那份防汛简报的记者叫什么名字？", "那份防汛简报里会议是谁主持的？"),
        ("contradicted", "县长王刚主持的防汛会议是哪天召开的？", "市长王刚主持的防汛会议是哪天召开的？"),
        ("other_cosine", "Who chaired the flood control meeting?", "防汛会议是谁主持的？"),
        ("lacking", "防汛会议的记者叫什么名字？", "防汛会议是谁主持的？"),
        ("unnumbered", "甲市消防条例第三百条是什么内容？", "甲市消防条例第二十条是什么内容？"),
        ("numbers", "2008年7月3日的防汛会议是谁主持的？", "7月3日的防汛会议是谁主持的？"),
        ("numbers", "8·09那次防汛会议是谁主持的？", "防汛会议是谁主持的？"),
        ("contradicted", "县长王刚是哪天说的？", "王刚市长是哪天说的？"),
        ("unwritten", "葡萄怎么酿成酒？", "防汛会议是谁主持的？"),
        ("brief", "谁主持？", "7月3日在杭州召开的防汛会议是由哪位市长主持的？"),
        ("quoted", "哪份材料提到“備足沙袋。”？", "哪份材料提到备足沙袋？"),
        ("quoted", "哪份材料提到“备足沙袋”？", "哪份材料提到“备足木桩”？"),
    ],
)
def test_a_signal_rises_with_what_the_documents_do_not_say(library, name, higher, lower):
    assert signals(library, higher)[name] > signals(library, lower)[name]


def test_the_weights_are_those_of_the_signals():
    assert set(WEIGHTS) <= set(SIGNALS) and 0 < THRESHOLD < 1


def test_confidence_is_a_probability(library):
    values = signals(library, "杭州的防汛会议是谁主持的？")
    assert 0 < probability(np.array(list(values.values()), np.float32)) < 1


@pytest.mark.parametrize(
    "question, titles",
    [
        ("《甲市消防条例》怎么说？", ["甲市消防条例"]),
        ("按国家的防洪法要怎么做？", []),
        ("乙省燃气管理条例对阀门是怎么规定的？", ["乙省燃气管理条例"]),
        ("有什么办法能防潮？", []),
    ],
)
def test_titles_that_a_question_gives(question, titles):
    assert named_titles(question) == titles


@pytest.mark.parametrize("question", ["航州的防汛会议是谁主持的？", "杭州市的防汛会议是谁主持的？", "不是2019年的那次，7月3日的防汛会议是谁主持的？"])
def test_what_is_mistyped_or_set_aside_is_no_stranger(library, question):
    held = signals(library, question)
    assert held["foreign"] == held["numbers"] == 0


@pytest.mark.parametrize("question", ["有没有关于堤防的提法？", "对于堤防有何新规定？"])
def test_not_every_word_that_ends_like_a_law_is_one(question):
    assert named_titles(question) == []


@pytest.mark.parametrize("question, asked", [("哪天开的会？", "date"), ("要罚多少钱？", "money"), ("一共有几个人？", "number"), ("誰主持的？", "person"), ("灭火器放在哪里？", "")])
def test_what_a_question_asks_for(question, asked):
    assert (asked_for(question) or ("",))[0] == asked


@pytest.mark.parametrize("question, wanted", [("两地的规定有什么不同？", "compare"), ("会议有哪些要求？", "list"), ("会是谁主持的？", "fact")])
def test_how_much_an_answer_needs(question, wanted):
    assert kind(question) == wanted


def test_an_item_is_quoted_with_its_lead_in(library):
    answer = library.ask("占用疏散通道罚多少？", threshold=0.0)
    quoted = "".join(citation.quote for citation in answer.citations)
    assert "占用、堵塞疏散通道" in quoted and "五万元以下" in quoted


def test_a_false_premise_is_never_confirmed_and_what_stands_instead_is_shown(library):
    answer = library.ask("苏州7月3日召开的防汛会议是谁主持的？", threshold=1.0)
    assert not answer.answered
    if answer.citations:
        assert "苏州" in answer.notice and "杭州" in answer.citations[0].quote


def test_a_quote_has_a_rendering_in_simplified_characters(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("x", "防汛", "防汛會議由縣長主持。")])
        citation = library.ask("防汛会议由谁主持？").citations[0]
    assert (citation.quote, citation.simplified) == ("防汛會議由縣長主持。", "防汛会议由县长主持。")


@pytest.mark.parametrize("held, asked", [("来了三位专家", "来了几位专家？"), ("伤亡四人", "一共几个人？"), ("积八分", "满分几分？"), ("罚两万元", "要罚多少钱？")])
def test_a_number_answers_in_the_measure_that_is_asked_for(held, asked):
    pattern = asked_for(asked)[1]
    assert pattern.search(held) and not pattern.search("第二条 二〇二一年印发")


@pytest.mark.parametrize("held", ["本周三停水", "星期日停水", "明天停水", "明末停用"])
def test_a_day_is_a_date_without_a_number_too(held):
    assert asked_for("什么时候停的？")[1].search(held)


def test_a_wrong_office_is_corrected_with_the_sentence_that_shows_the_right_one(library):
    answer = library.ask("县长王刚主持的防汛会议是哪天召开的？")
    assert not answer.answered and "县长王刚" in answer.notice
    assert any("市长王刚" in citation.quote for citation in answer.citations)


def test_a_fact_about_a_bulletin_of_another_year_is_not_stated(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("x", "甲县水务简报", "甲县水务简报\n第11期\n甲县水务局\n2021年6月2日\n\n全县堤防巡查工作按计划推进，各乡镇备足沙袋。\n\n抄送：甲县人民政府办公室。")])
        assert signals(library, "2021年6月2日的水务简报抄送哪些单位？")["recorded"] == 1
        assert signals(library, "2019年6月2日的水务简报抄送哪些单位？")["recorded"] == 0


@pytest.mark.parametrize("question", ["起重机械多久检验一次？", "起重機械隔多長時間檢驗一次？", "起重机械几年检验一次？"])
def test_how_often_asks_with_its_once(tmp_path, question):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("x", "起重机械规程", "起重机械每两年检验三次。\n司机每年体检一次。")])
        answer = library.ask(question)
    assert answer.answered and answer.citations[0].quote == "起重机械每两年检验三次。"
