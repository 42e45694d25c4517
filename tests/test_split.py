"""Splitting: the contract as a property, sentences, and passages as people see them."""

from __future__ import annotations

import re

import pytest
from fixtures.contracts import violations
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.clean import clean
from qa.read import from_text
from qa.split import sentences, split

MARKS = "。！？!?，；;：“”「」『』（）()《》【】\"'.\n \u3000abcZ12一二三第条要是王雲𠮷🙂"
TEXTS = st.text(st.sampled_from(list(MARKS)) | st.characters(min_codepoint=0x4E00, max_codepoint=0x4E80), max_size=500)
DUTY = "各级河长负责组织领导相应河湖的管理和保护工作，协调解决重大问题。"


def passages(text: str, **options):
    return split(clean(from_text("k", "", text)), **options)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_sentences_tile_the_text_and_never_end_inside_marks(text):
    spans, at = sentences(text), 0
    for start, end in spans:
        assert not text[at:start].strip() and start < end
        assert text[start:end] == text[start:end].strip() and "\n" not in text[start:end]
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(("text", "wanted"), [
    ("他说：“先救人。再排险！”随后赶到。好。", ["他说：“先救人。再排险！”", "随后赶到。", "好。"]),
    ("「不行。」他說。走了？！", ["「不行。」", "他說。", "走了？！"]),
    ("（见附件。）第一句。第二句", ["（见附件。）", "第一句。", "第二句"]),
    ("引号“没有结束。下一句。", ["引号“没有结束。", "下一句。"]),
    ("It rose by 3.5 m. Dr. Li left. OK!", ["It rose by 3.5 m.", "Dr. Li left.", "OK!"]),
    ("一行\n二行。", ["一行", "二行。"]),
    ("……然后呢？走吧。", ["……然后呢？", "走吧。"]),
])  # fmt: skip
def test_sentences(text, wanted):
    assert [text[start:end] for start, end in sentences(text)] == wanted


def test_very_long_sentences_end_at_semicolons():
    text = "；".join(["要" + "加强管理" * 12] * 5) + "。"
    assert len(sentences(text)) == 5
    assert len(sentences(text[:120] + "。")) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS | st.just(DUTY * 4) | st.just("第三条 " + DUTY + "\n（一）甲；\n（二）乙。\n") | st.just("# 题\n"), max_size=8).map("\n".join), st.sampled_from([60, 200, 400]))
def test_nothing_lost_nothing_twice(text, limit):
    if not text.strip():
        return
    document = clean(from_text("k", "", text))
    found = split(document, limit)
    assert [*violations(document, found)] == []
    assert all(len("".join(passage.text.split())) <= 800 for passage in found)


def test_headings_go_forward_and_are_carried():
    first, second = passages(f"# 管理办法\n\n## 第一章 总 则\n\n第一条 {DUTY}\n\n第二条 {DUTY}")
    assert first.text.startswith("管理办法\n第一章 总则\n第一条")
    assert first.headings == second.headings == ("管理办法", "第一章 总则")


def test_an_article_stays_with_its_items():
    items = "\n\n".join(f"（{number}）{DUTY[:-1]}；" for number in "一二三四五六")
    (only,) = passages(f"第九条 有下列情形之一的，给予处分：\n\n{items}\n\n前款规定的处分由上级机关作出。")
    assert only.text.count("\n") == 7


def test_a_long_article_is_cut_at_its_items_and_says_which_it_is():
    items = "\n\n".join(f"（{number}）{DUTY * 4}" for number in "一二三四五六七八")
    found = passages(f"第九条 有下列情形之一的，给予处分：\n\n{items}\n\n第十条 {DUTY}")
    assert found[-1].text.startswith("第十条") and not found[-1].context
    for passage in found[1:-1]:
        assert passage.context == "第九条 有下列情形之一的，给予处分" and re.match("（[一二三四五六七八]）", passage.text)


def test_a_long_paragraph_is_cut_at_its_enumeration():
    text = f"会议要求，抓好三项工作。一是压实责任。{DUTY * 4}二是加强巡查。{DUTY * 4}三是严格考核。{DUTY * 4}"
    found = passages(text)
    assert [passage.text[:3] for passage in found] == ["会议要", "二是加", "三是严"]
    assert [passage.context for passage in found] == ["", "会议要求", "会议要求"]


def test_who_speaks_is_carried_and_given_up():
    found = passages(f"王明指出，{DUTY}\n要加强巡查。{DUTY}\n要严格考核。{DUTY}\n会议还听取了汇报。{DUTY}")
    assert [passage.context for passage in found] == ["", "王明指出", "王明指出", ""]


def test_the_place_of_a_run_in_heading_is_carried():
    found = passages(f"**东江县：**{DUTY}\n\n会议指出，{DUTY}\n\n**西河区：**{DUTY}\n\n会议指出，{DUTY}")
    assert [passage.context for passage in found] == ["", "东江县", "", "西河区"]


def test_short_lines_stand_together():
    found = passages(f"# 水利简报\n\n第8期\n\n某市水利局\n\n2020年1月5日\n\n{DUTY * 2}\n\n{DUTY * 3}\n\n抄送：省水利厅。\n\n各县区水利局。")
    assert found[0].text == "水利简报\n第8期\n某市水利局\n2020年1月5日"
    assert found[-1].text == "抄送：省水利厅。\n各县区水利局。"


def test_parts_are_balanced():
    lengths = [len(passage.text) for passage in passages("".join(f"第{n}段说明如下，" + DUTY for n in range(40)))]
    assert max(lengths) <= 400 and min(lengths) >= 0.5 * max(lengths)


def test_a_text_without_any_mark_is_cut_anyway():
    assert [len(passage.text) <= 760 for passage in passages("的" * 5000)] == [True] * 7


def test_boilerplate_parts_passages():
    found = passages(f"工作通报\n版权所有 某县水利局\n{DUTY * 2}\n{DUTY * 3}")
    assert [passage.text[:4] for passage in found][:2] == ["工作通报", "各级河长"]



def test_articles_with_arabic_numbers_stay_whole_and_name_their_parts():
    items = "".join(f"\n（{mark}）{DUTY}" for mark in "一二三")
    long = "".join(f"\n（{mark}）{DUTY * 4}" for mark in "一二三四五六")
    text = f"河长制办法\n\n第21条 河长应当履行下列职责：{items}\n\n第22条 河长办公室承担下列工作：{long}\n\n第23条 本办法自印发之日起施行。"
    found = passages(text)
    assert found[0].text.startswith("河长制办法\n第21条") and found[0].text.count(DUTY) == 3
    assert [passage.text[:4] for passage in found[1:] if passage.text.startswith("第")] == ["第22条", "第23条"]
    assert [passage.context for passage in found if passage.text.startswith("（")] and all(passage.context == "第22条 河长办公室承担下列工作" for passage in found if passage.text.startswith("（"))


def test_points_of_a_list_stand_together():
    found = passages(f"# 夜班\n\n- 每两小时巡查一次。\n- 发现险情立即上报。\n- {DUTY * 12}\n\n{DUTY}")
    assert [passage.text.count("- ") for passage in found] == [2, 1, 0]


@pytest.mark.parametrize("name", ["", "渔港管理条例", "《渔港管理条例》", "最高人民法院关于适用《海商法》若干问题的解释（二）"])
def test_an_article_that_is_kept_alone_stays_whole_with_or_without_the_name_of_its_law(name):
    text = f"{name}第十二条　船舶进港应当报告。\n有下列情形之一的，不得进港：\n（一）载有易燃货物；\n（二）船体漏水。\n港口管理机构应当登记。"
    assert [passage.text for passage in passages(text)] == [text]


def test_a_law_and_its_article_named_in_a_sentence_begin_no_article():
    text = "《渔港管理条例》第十二条规定，船舶进港应当报告，报告的内容由港口管理机构规定，其他单位不得另行要求。\n各港口执行这一条的情况，管理机构每年检查一次，检查的结果向社会公布，并报上级机关备案，备案材料保存三年。"
    assert len(passages(text)) == 2
