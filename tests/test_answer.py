"""Contract 4: every quoted sentence carries its own mark; every mark resolves; words that are not quoted are visibly the
product's own and few. Nothing found is a normal Answer with `answered == False` and the nearest passages."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

import qa
from qa.choose import _alike_sides
from qa.quote import ranked

DOCUMENTS = [
    ("flood", "县防汛工作简报", "7月3日，县防汛指挥部召开会商会，县长李明主持会议。\n会议要求，一是加强水库巡查，每日不少于三次；二是落实二十四小时值班；三是备足沙袋和抽水泵。\n城关镇已转移群众四百人。"),
    ("canteen", "食堂管理办法", "食堂每周五停业检修燃气管道。\n职工就餐须出示工牌，外来人员由接待部门陪同。"),
    ("leave", "年休假规定", "职工累计工作满一年不满十年的，年休假五天。\n满十年不满二十年的，年休假十天。"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with qa.open_library(tmp_path_factory.mktemp("answers") / "library") as library:
        library.add_texts(DOCUMENTS)
        yield library


@pytest.mark.parametrize(
    "question, words",
    [
        ("防汛会商会是谁主持的？", "县长李明主持会议"),
        ("食堂哪天停业？", "每周五停业"),
        ("工作满十年年休假几天？", "年休假十天"),
        ("外来人員在食堂就餐由誰陪同？", "由接待部门陪同"),
        ("防汛会议有哪些要求？", "备足沙袋"),
    ],
)
def test_golden_questions(library, question, words):
    answer = library.ask(question)
    assert answer.answered and any(words in citation.quote for citation in answer.citations)


def test_every_mark_resolves_and_every_quote_is_marked(library):
    answer = library.ask("防汛会议有哪些要求？")
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)] == numbers
    assert [part.number for part in answer.parts if part.kind == "quote"] == numbers
    assert all(part.text == answer.citations[part.number - 1].quote for part in answer.parts if part.kind == "quote")


def test_words_of_the_products_own_are_few(library):
    answer = library.ask("防汛会商会是谁主持的？")
    assert [part.text for part in answer.parts if part.kind == "words"] == ["《县防汛工作简报》：\n"]


@pytest.mark.parametrize("question", ["今天股市怎么样", "how is the weather on Mars", "蓝鲸一天吃多少磷虾？", "帮我写一首诗"])
def test_what_the_documents_do_not_say_is_refused(library, question):
    answer = library.ask(question)
    assert (answer.answered, answer.citations) == (False, ()) and "没有找到" in answer.text


def test_a_refusal_shows_the_nearest_passages(library):
    answer = library.ask("县防汛指挥部的预算是多少亿元，由哪家银行拨付？")
    assert answer.hits and answer.hits[0].document.key == "flood"


def test_json_has_the_fields_of_the_design(library):
    answer = json.loads(json.dumps(library.ask("食堂哪天停业？").to_json()))
    assert set(answer) == {"question", "text", "answered", "confidence", "citations", "hits", "notice", "parts"}
    assert set(answer["citations"][0]) == {"number", "quote", "document", "passage", "passage_span", "spans", "repaired", "location"}


def test_markdown_has_quotes_marks_and_references(library):
    answer = library.ask("食堂哪天停业？")
    markdown = answer.to_markdown()
    assert f"> {answer.citations[0].quote} [1]" in markdown and "[1] 《食堂管理办法》" in markdown


def test_markdown_shows_document_text_as_text(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("x", "<b>*停水*</b>", "停水通知：<script>alert(1)</script>本周三上午停水，[点这里](javascript:alert(1))。")])
        markdown = library.ask("哪天停水？").to_markdown()
    assert "<script>" not in markdown.replace("\\<", "") and "\\[点这里\\]" in markdown


def test_follow_up_keeps_the_subject(library):
    history = [{"role": "user", "content": "年休假规定里，满一年的年休假几天？"}, {"role": "assistant", "content": "年休假五天。"}]
    answer = library.ask("那满十年的呢？", history=history)
    assert "年休假" in answer.question and any("年休假十天" in citation.quote for citation in answer.citations)


BULLETIN = "防汛工作简报\n第 9 期\n青山县防汛办公室\n2023年7月2日\n昨日全县普降大雨，三座水库超过汛限水位，县里已派工作组到现场值守。\n水库管理所每两小时报一次水位。\n抄送：县委办公室。\n青山县防汛办公室\n2023年7月3日印发"


@pytest.mark.parametrize(
    "question, words",
    [("青山县的防汛简报是第几期？", "第9期"), ("那份防汛简报是哪个单位发的？", "青山县防汛办公室"), ("防汛工作简报是什么时候印发的？", "2023年7月"), ("防汛简报由哪个单位编印的？", "青山县防汛办公室"), ("这份防汛简报是哪一年的？", "2023年7月"), ("防汛简报抄送了谁？", "县委办公室"), ("青山縣的防汛簡報是第幾期？", "第9期")],
)
def test_what_a_document_says_of_itself_is_quoted_from_its_masthead(tmp_path, question, words):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("bulletin", "防汛工作简报", BULLETIN), *DOCUMENTS[1:]])
        answer = library.ask(question)
    assert answer.answered and any(words in citation.quote.replace(" ", "") for citation in answer.citations)
    assert sum(len(citation.quote) for citation in answer.citations) < 120
    assert all(citation.document.key == "bulletin" for citation in answer.citations)


def test_damaged_text_is_never_quoted(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("notice", "停水通知", "停水通知\n县自来水公司定于本周三停水，恢复时间为\ufffd\ufffd\ufffd点。请居民提前储水。\n停水期间由社区送水。")])
        flags = [flag for flag in library.document("notice").flags if flag.kind == "damaged"]
        answer = library.ask("自来水公司停水什么时候恢复？", threshold=0.0)
        assert flags and any("\ufffd" in hit.passage.text for hit in answer.hits)
    assert answer.citations and not any("\ufffd" in citation.quote for citation in answer.citations)


def test_a_lead_in_is_quoted_with_what_it_leads_to(tmp_path):
    rules = "船闸管理办法\n第一条 有下列情形之一的，船闸停止放行：\n（一）风力超过七级；\n（二）水位超过警戒线；\n（三）闸门正在检修。\n第二条 过闸船舶应当服从指挥。"
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("lock", "船闸管理办法", rules), *DOCUMENTS[1:]])
        quoted = "".join(citation.quote for citation in library.ask("什么情况下船闸停止放行？", threshold=0.0).citations)
    assert "停止放行：" in quoted and "七级" in quoted and "检修" in quoted


def test_he_is_somebody_in_the_answer_that_the_conversation_lacks(library):
    answer = library.ask("他还提了什么要求？", history=[{"role": "user", "content": "防汛会商会是谁主持的？"}], threshold=0.0)
    assert "李明" in answer.question


def test_an_empty_question_is_a_clear_error(library):
    with pytest.raises(qa.BadRequest, match="问题"):
        library.ask("  ")
    assert library.search("  ") == []


def test_a_title_is_no_sentence(tmp_path):
    text = "河道采砂管理办法\n2019年3月1日起施行\n第一条 河道采砂实行许可制度。\n第二条 采砂船舶应当在指定地点停放，夜间不得作业。"
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("sand", "河道采砂管理办法", text), *DOCUMENTS])
        understood = library._understood("河道采砂管理办法里，采砂船舶停在哪里？", ())
        judged = [sentence.text for sentence in ranked(understood, library._candidates(understood, 10), library._static)]
        assert "第二条 采砂船舶应当在指定地点停放，夜间不得作业。" in judged and "河道采砂管理办法" not in [text.strip() for text in judged]


def test_the_sides_of_a_comparison_speak_of_the_same_thing():
    patrol, storage, stock = (SimpleNamespace(score=score, vector=np.array(vector)) for score, vector in ((3.0, (1.0, 0.0)), (2.5, (0.0, 1.0)), (3.0, (0.1, 0.9))))
    assert _alike_sides([[patrol, storage], [stock]]) == [storage, stock]


def test_both_sides_of_a_comparison_are_quoted(tmp_path):
    notes = {
        "苏州": "苏州市防汛部门每天巡查水库三次。\n苏州市防汛部门要求值班人员二十四小时在岗。\n苏州市防汛物资由市仓库统一调拨。",
        "扬州": "扬州市防汛物资由各县自行储备。\n扬州市防汛部门要求值班人员夜间可以在家待命。\n扬州市防汛部门每周巡查水库一次。",
    }
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([(city, f"{city}市防汛安排", text) for city, text in notes.items()] + DOCUMENTS)
        quotes = [citation.quote for citation in library.ask("苏州和扬州的防汛物资怎么管，有什么不同？", threshold=0).citations]
        assert any("统一调拨" in quote for quote in quotes) and any("自行储备" in quote for quote in quotes)
