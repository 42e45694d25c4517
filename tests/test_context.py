"""What a passage leaves out, because the paragraphs before it said it: carried beside it for search, never quoted."""

from __future__ import annotations

import sqlite3

import pytest

from qa import open_library
from qa.clean import clean
from qa.describe.context import first_item
from qa.describe.people import offices
from qa.read import from_text
from qa.split import split

DUTY = "各级河长负责组织领导相应河湖的管理和保护工作，协调解决重大问题。"


def leads(text: str, **options) -> dict[str, tuple[str, ...]]:
    """The lead of each passage, by its first four characters."""
    return {passage.text[:4]: passage.lead for passage in split(clean(from_text("k", "", text)), **options)}


def test_the_lead_in_of_an_enumeration_goes_with_its_later_items():
    found = leads(f"会议部署了今年的防汛工作，要抓好三件事。一是压实责任。{DUTY * 4}二是加强巡查。{DUTY * 4}三是严格考核。{DUTY * 4}")
    assert found == {"会议部署": (), "二是加强": ("会议部署了今年的防汛工作，要抓好三件事。",), "三是严格": ("会议部署了今年的防汛工作，要抓好三件事。",)}


def test_items_in_paragraphs_of_their_own_have_it_too():
    found = leads(f"申请取水许可，应当提交下列材料。\n（一）申请书。{DUTY * 6}\n（二）水资源论证报告。{DUTY * 6}\n{DUTY * 6}\n（三）与第三者利害关系的说明。{DUTY * 6}")
    assert found["（一）申"] == found["（二）水"] == found["（三）与"] == ("申请取水许可，应当提交下列材料。",)
    assert found["各级河长"] == ()


def test_an_inner_enumeration_has_the_item_around_it():
    text = f"下面讲两点意见。第一，水库要守住。一要查坝体。{DUTY * 6}二要查闸门。{DUTY * 6}第二，山塘要管好。一要定人。{DUTY * 6}二要定岗。{DUTY * 6}"
    found = leads(text)
    assert found["二要查闸"] == ("第一，水库要守住。",)
    assert found["二要定岗"] == ("第二，山塘要管好。",)
    assert found["第二，山"] == ("下面讲两点意见。",)


def test_the_sentence_that_leads_in_stands_with_the_first_item_and_not_with_the_item_before():
    text = f"去年做了两件事。第一个是清淤。{DUTY * 5}二是加固。{DUTY * 5}同时，河道还有两个难题没有解决。第一个是采砂屡禁不止。{DUTY * 5}第二个是排污口底数不清。{DUTY * 5}"
    starts = [passage.text[:4] for passage in split(clean(from_text("k", "", text)))]
    assert starts == ["去年做了", "二是加固", "同时，河", "第二个是"]
    assert leads(text)["第二个是"] == ("同时，河道还有两个难题没有解决。",)


def test_a_number_out_of_order_is_no_item():
    found = leads(f"值班电话有变。\n三、夜间照旧。{DUTY * 6}\n五、节日照旧。{DUTY * 6}")
    assert set(found.values()) == {()}


def test_who_speaks_on_brings_the_topic():
    found = leads(f"王明强调，水库是命根子，必须守牢。{DUTY * 3}\n要查坝体。{DUTY * 4}\n要查闸门。{DUTY * 4}\n与会人员观看了专题片。{DUTY * 4}")
    assert found["要查坝体"] == found["要查闸门"] == ("王明强调，水库是命根子，必须守牢。",)
    assert found["与会人员"] == ()


def test_the_occasion_and_the_office_are_carried_where_they_are_left_out():
    text = f"# 水利简报\n\n7月2日，市里召开防汛抗旱工作会议，市委书记李国强讲话，副市长王明主持。{DUTY * 3}\n\n李国强指出，{DUTY * 4}\n\n会议要求，{DUTY * 4}\n\n王明在水库调研。{DUTY * 4}"
    found = leads(text)
    assert found["李国强指"] == ("防汛抗旱工作会议", "市委书记")
    assert found["会议要求"] == ("防汛抗旱工作会议",)
    assert found["王明在水"] == ()


def test_the_occasion_ends_with_its_heading():
    text = f"# 水利简报\n\n## 东江防汛\n\n市里召开防汛抗旱工作会议，{DUTY * 2}\n\n## 西河清淤\n\n会议要求，{DUTY * 4}"
    assert leads(text)["西河清淤"] == ()


def test_in_traditional_script():
    found = leads(f"會議召開防汛抗旱工作會議，市委書記張國強講話。{DUTY * 3}\n張國強強調，水庫要守住。{DUTY * 4}\n要查壩體。{DUTY * 4}")
    assert found["張國強強"] == ("防汛抗旱工作會議", "市委书记")
    assert found["要查壩體"] == ("張國強強調，水庫要守住。", "防汛抗旱工作會議", "市委书记")


def test_of_a_long_sentence_whole_clauses_are_carried():
    long = "，".join(["各地要把责任落实到每一座水库" for _ in range(9)]) + "。"
    (lead,) = leads(f"{long}一是查坝体。{DUTY * 6}二是查闸门。{DUTY * 6}")["二是查闸"]
    assert len(lead) <= 80 and lead.startswith("各地要") and lead.endswith("。") and lead in long


@pytest.mark.parametrize(("text", "first"), [("一是查坝", True), ("第一个是查坝", True), ("（一）查坝", True), ("1.查坝", True), ("第一，查坝", True), ("一些地方", False), ("二是查坝", False), ("1.5米", False), ("一", False)])
def test_first_items(text, first):
    assert first_item(text, 0) is first


def test_offices_are_those_before_a_name():
    assert offices("副市长王明主持会议，市委書記李国强讲话。") == {"王明": "副市长", "李国强": "市委书记"}
    assert offices("王明到会。") == {}


def test_articles_have_no_lead():
    items = "".join(f"\n（{mark}）{DUTY * 4}" for mark in "一二三四五六")
    assert set(leads(f"第九条 下列情形之一的，给予处分：{items}\n第十条 {DUTY}").values()) == {()}


def test_a_passage_is_found_by_its_lead_and_quoted_without_it(tmp_path):
    text = f"会议部署今年的蓝藻打捞工作，要抓好三件事。一是压实责任。{DUTY * 4}二是配齐船只。{DUTY * 4}三是严格考核。{DUTY * 4}"
    with open_library(tmp_path / "library") as library:
        library.add_texts([("a", "", text), ("b", "", f"公园里船只很多。{DUTY * 4}")])
        (hit, *_) = library.search("蓝藻打捞要配齐什么？")
        assert "配齐船只" in hit.passage.text and hit.passage.lead == ("会议部署今年的蓝藻打捞工作，要抓好三件事。",)
        assert library.cite(hit).quote == hit.passage.text


def test_a_library_of_an_earlier_build_is_opened(tmp_path):
    folder = tmp_path / "library"
    with open_library(folder) as library:
        library.add_texts([("a", "", DUTY)])
    with sqlite3.connect(folder / "library.db") as db:
        db.execute("ALTER TABLE passages DROP COLUMN lead")
    with open_library(folder) as library:
        assert library.search("河长负责什么？")[0].passage.lead == ()
        library.add_texts([("b", "", DUTY + "一")])
        assert not library.check().problems
