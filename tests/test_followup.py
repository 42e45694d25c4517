"""A follow-up gets what it leaves out; a question that stands alone is left alone."""

from __future__ import annotations

import pytest

from qa.followup import Understood, leans, understood

MEETING = [
    {"role": "user", "content": "防汛会议有哪些要求？"},
    {"role": "assistant", "content": "会议要求，一是加强水库巡查；二是落实二十四小时值班；三是备足沙袋。"},
]


def asked(question: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question}]


@pytest.mark.parametrize(
    "before, question, full",
    [
        ("苏州哪天开的会？", "那扬州呢？", "扬州哪天开的会？"),
        ("广州市的供水由谁负责？", "那杭州呢？", "杭州市的供水由谁负责？"),
        ("《广东省防汛条例》对值班怎么规定？", "那《福建省防汛条例》呢？", "《福建省防汛条例》对值班怎么规定？"),
        ("2019年的预算是多少？", "2020年的呢？", "2020年的预算是多少？"),
        ("工作满五年的年休假几天？", "那满十年的呢？", "工作满十年的年休假几天？"),
        ("蘇州哪天開的會？", "那揚州呢？", "揚州哪天開的會？"),
    ],
)
def test_what_is_named_takes_the_place_of_its_kind(before, question, full):
    assert understood(question, asked(before)) == Understood(full)


def test_a_second_replacement_builds_on_the_first():
    assert understood("那无锡呢？", asked("苏州哪天开的会？") + asked("那扬州呢？")).text == "无锡哪天开的会？"


@pytest.mark.parametrize("question, item", [("第二点是什么？", "二是落实二十四小时值班"), ("第3点呢？", "三是备足沙袋")])
def test_an_ordinal_is_the_item_of_the_last_answer(question, item):
    assert understood(question, MEETING).carried == "防汛会议有哪些要求？" + item


def test_a_point_that_the_answer_does_not_have_is_not_made_up():
    assert understood("第五点是什么？", MEETING).carried == "防汛会议有哪些要求？"


@pytest.mark.parametrize("question", ["他还说了什么？", "该条例还规定了什么？", "罚多少？", "谁主持的？", "期限是什么？", "标准怎么定的？", "不交怎么罚？", "罚款怎么交？", "什么时候开始？", "那要是没有发生事故，到期还用审查吗？", "没批下来就先开业了呢，怎么罚？", "what about its budget?"])
def test_what_leans_keeps_the_words_before_it(question):
    assert understood(question, asked("县里的防汛条例是哪年通过的？")) == Understood(question, "县里的防汛条例是哪年通过的？")


@pytest.mark.parametrize(
    "question",
    ["食堂哪天停业呢？", "安全生产月是几月？", "再生资源回收有什么规定？", "其他国家的做法有哪些？", "What is the speed that cars must not exceed?", "职工工作满十年年休假几天？", "防汛值班应当几个人？", "灭火器怎么用？", "什么是滞纳金？", "包子怎么蒸？", "体检表是什么？", "電瓶車多少錢？"],
)
def test_what_stands_alone_is_left_alone(question):
    assert not leans(question)
    assert understood(question, MEETING) == Understood(question)


def test_without_a_history_nothing_is_carried():
    assert understood("那扬州呢？") == Understood("那扬州呢？")
