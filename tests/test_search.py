"""What a question names and means: titles, versions, regions, articles, other words, typing errors, near-duplicates."""

from __future__ import annotations

import numpy as np
import pytest

from qa.fold import fold, terms
from qa.homophones import corrected
from qa.library import Library, rebuild_library
from qa.search import FEATURES, _near
from qa.store import Entry
from qa.synonyms import Synonyms
from tests.tiny_model import build

LAWS = [
    ("national", "中华人民共和国图书借阅法", "2019年3月1日通过\n第一条 为了规范图书借阅，制定本法。\n第二十一条 图书馆应当在三十日内答复读者的意见。\n第二十二条 逾期不还图书的，处五十元以下罚款。"),
    ("hunan", "湖南省图书借阅条例", "2020年5月1日通过\n第一条 为了规范本省图书借阅，制定本条例。\n第二十一条 图书馆应当在十日内答复读者的意见。\n第二十二条 逾期不还图书的，处二十元以下罚款。"),
    ("old", "河岸垂钓办法", "2009年4月2日发布\n第一条 禁止夜间在河岸垂钓，违者劝离。\n第二条 垂钓证有效期一年。"),
    ("new", "河岸垂钓办法", "2021年4月2日发布\n第一条 禁止夜间在河岸垂钓，违者劝离。\n第二条 垂钓证有效期三年，由河道管理站发放。"),
    ("copy", "公园垂钓告示", "第一条 禁止夜间在河岸垂钓，违者劝离。"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    with Library(folder / "library", str(build(folder / "tiny"))) as library:
        library.add_texts(LAWS)
        yield library


@pytest.mark.parametrize(
    "question, key",
    [
        ("图书借阅法规定图书馆几天内答复意见", "national"),
        ("湖南的图书借阅条例规定图书馆几天内答复意见", "hunan"),
        ("《湖南省图书借阅条例》逾期不还图书罚多少", "hunan"),
        ("2009年的河岸垂钓办法，垂钓证有效期多久", "old"),
        ("河岸垂钓办法，垂钓证有效期多久", "new"),
        ("旧版河岸垂钓办法垂钓证有效期多久", "old"),
        ("河岸垂钓办法（不要2009年的）垂钓证有效期多久", "new"),
    ],
)
def test_the_document_that_is_named_comes_first(library, question, key):
    assert library.search(question)[0].document.key == key


@pytest.mark.parametrize("article", ["第二十一条", "第21条", "第２１条"])
def test_an_article_is_found_by_its_number_and_law(library, article):
    hit = library.search(f"图书借阅法{article}")[0]
    assert hit.document.key == "national" and hit.passage.text.startswith("第二十一条") and "title" in hit.found_by


def test_near_duplicates_are_one_hit_with_named_siblings(library):
    hits = library.search("夜间能在河岸垂钓吗", limit=10)
    holding = [hit for hit in hits if "禁止夜间" in hit.passage.text]
    assert len(holding) == 1 and holding[0].document.key == "new"
    assert {(sibling.document.key, sibling.note) for sibling in holding[0].siblings} == {("old", "旧版"), ("copy", "文字相近")}


@pytest.mark.parametrize(
    "written, key",
    [("第二十一条", "第21条"), ("三十日", "30日"), ("百分之六十", "60%"), ("二〇二一年", "2021年"), ("一百零五条", "105条"), ("十万元", "10万元"), ("两年", "2年"), ("一些", "一些"), ("统一", "统一"), ("十分必要", "十分必要")],
)
def test_numerals_that_name_the_same_have_one_key(written, key):
    assert fold(written) == key


def test_both_spellings_of_an_article_have_the_same_terms():
    assert terms("第二十一条") == terms("第21条") and "_第21条" in terms("第21条")


def test_synonyms_lead_from_left_to_right_or_both_ways(tmp_path):
    file = tmp_path / "synonyms.txt"
    file.write_text("甲方 = 委托人 # 合同\n老板 掌柜 > 负责人\n不成一行\n", "utf-8")
    synonyms = Synonyms([file, tmp_path / "missing.txt"])
    assert synonyms.found("甲方和掌柜") == {"甲方": ("委托人",), "掌柜": ("负责人",)}
    assert synonyms.found("委托人与负责人") == {"委托人": ("甲方",)}


def test_a_librarys_own_synonyms_find_what_the_question_says_otherwise(tmp_path):
    model = str(build(tmp_path / "tiny"))
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "synonyms.txt").write_text("小黄本 > 借阅证", "utf-8")
    with Library(tmp_path / "library", model) as library:
        library.add_texts([("card", "", "借阅证遗失的，凭身份证补办。"), ("seat", "", "阅览座位不得预占。"), ("coat", "", "大衣须寄存。")])
        assert [hit.document.key for hit in library.search("小黄本丢了") if "synonym" in hit.found_by] == ["card"]


def test_a_character_that_only_sounds_right_is_corrected_where_the_words_fail():
    known = {"证明": 50, "_证明": 50, "健康": 60, "安全": 90, "_安全": 90, "康证": 40}
    frequencies = lambda terms: {term: known[term] for term in terms if term in known}
    assert corrected("健康正明", frequencies) == "健康证明"
    assert corrected("按全", frequencies) == "安全"
    assert corrected("健康证明", frequencies) == "健康证明"
    assert corrected("what is 2021", frequencies) == "what is 2021"


def test_titles_are_read_again_when_the_library_changes(tmp_path):
    with Library(tmp_path / "library", str(build(tmp_path / "tiny"))) as library:
        library.add_texts(LAWS[:1])
        assert library._titles.named("河岸垂钓办法").exact.tolist() == [0]
        library.add_texts(LAWS[2:4])
        naming = library._titles.named("河岸垂钓办法")
        assert naming.exact.tolist() == [0, 1, 1] and naming.version.tolist() == [1, 0, 1]
        assert np.all(naming.share <= 1)


def test_a_document_is_found_by_what_is_known_of_it(tmp_path):
    with Library(tmp_path / "library", str(build(tmp_path / "tiny"))) as library:
        library.add_texts([
            ("seventh", "安全生产通报", "安全生产通报\n第7期\n红河县应急管理局\n2022年3月9日\n上周检查冷库三家。\n冷库须装报警器。"),
            ("eighth", "安全生产通报", "安全生产通报\n第8期\n青山县应急管理局\n2022年4月9日\n上周检查冷库五家。\n冷库须装报警器。"),
        ])
        for asked, key in (("第8期通报里检查了几家冷库", "eighth"), ("红河县的通报里检查了几家冷库", "seventh"), ("2022年3月9日的通报检查了几家冷库", "seventh")):
            assert library.search(asked)[0].document.key == key


def test_a_word_of_ones_own_is_found_whole(tmp_path):
    (tmp_path / "library").mkdir()
    model = str(build(tmp_path / "tiny"))
    with Library(tmp_path / "library", model) as library:
        library.add_texts([("old", "", "先领苏安码。")])
    (tmp_path / "library" / "words.txt").write_text("苏安码 # 内部系统\n码\n", "utf-8")
    with Library(tmp_path / "library", model) as library:
        library.add_texts([("new", "", "苏安码每月换一次。")])
        assert "_苏安码" in library._lexical.terms("苏安码") and "_码" not in library._lexical.terms("数")
        assert library._lexical.frequencies(["_苏安码"]) == {"_苏安码": 1}
    rebuild_library(tmp_path / "library", model)
    with Library(tmp_path / "library", model) as library:
        assert library._lexical.frequencies(["_苏安码"]) == {"_苏安码": 2}
        assert {hit.document.key for hit in library.search("苏安码")} == {"old", "new"}


def test_a_version_that_is_not_in_force_is_flagged(library):
    answer = library.ask("2009年的河岸垂钓办法，垂钓证有效期多久？", threshold=0.0)
    assert answer.citations[0].document.key == "old" and "有更新的版本" in answer.notice and answer.notice in answer.text
    assert library.ask("河岸垂钓办法，垂钓证由谁发放？", threshold=0.0).notice == ""


def test_texts_of_one_title_that_are_no_versions_are_not_called_old(tmp_path):
    with Library(tmp_path / "library", str(build(tmp_path / "tiny"))) as library:
        library.add_texts([
            ("mill", "老磨坊", "1931年5月2日，老磨坊换上了铁轮，磨坊主姓陶。"),
            ("fire", "老磨坊", "1958年7月9日，老磨坊遭雷击，只剩石墙。"),
            ("rule", "水车使用办法", "2001年5月2日发布\n第一条 水车每月检查一次。"),
            ("first", "水车使用办法修正案", "2003年5月2日发布\n一、第一条改为：水车每周检查一次。"),
            ("second", "水车使用办法修正案（二）", "2009年5月2日发布\n一、增加一条：洪水时不得开动水车。"),
        ])
        assert not any(library._titles.stale(library._store.id_of(key)) for key in ("mill", "rule", "first"))
        assert library.search("老磨坊换上铁轮是哪一年")[0].document.key == "mill"
        assert library.search("水车使用办法修正案二增加了什么")[0].document.key == "second"
        assert library.search("《水车使用办法修正案（二）》增加了什么")[0].document.key == "second"
        assert "更新的版本" not in library.ask("老磨坊换上铁轮是哪一年？", threshold=0.0).notice


def test_a_repealed_text_is_flagged_among_its_siblings(tmp_path):
    rule = "\n2{}年4月2日发布\n第一条 禁止夜间在水库游泳，违者劝离。\n第二条 水库管理所负责巡查。\n第三条 本办法自发布之日起施行。"
    with Library(tmp_path / "library", str(build(tmp_path / "tiny"))) as library:
        library.add_texts([("gone", "水库游泳管理办法（已废止）", "水库游泳管理办法（已废止）" + rule.format("009")), ("force", "水库管理办法", "水库管理办法" + rule.format("019"))])
        hits = library.search("水库管理办法里，夜间能在水库游泳吗")
        (sibling,) = next(hit.siblings for hit in hits if "禁止夜间" in hit.passage.text)
    assert (sibling.document.key, sibling.note) == ("gone", "已废止")


def test_the_passages_around_one_speak_for_it():
    entries = [Entry(id, document, None, (), np.zeros((1, 1))) for id, document in ((1, 1), (2, 1), (3, 1), (9, 1), (10, 2))]
    near = _near(entries, np.array([0.4, 0.2, 0.4, 0.2, 0.4]))
    assert near[1] > near[0] == near[2] > near[3] == near[4] == 0


NOTICES = [
    ("canteen", "食堂通知", "食堂早上七点开门。"),
    ("library", "图书馆通知", "图书馆周一闭馆。"),
    ("gate", "门卫通知", "外来车辆先登记。"),
    ("power", "停电通知", "周三检修线路，全楼停电。"),
    ("jobs", "招聘通知", "招聘两名电工。"),
    ("health", "体检通知", "体检安排在五月。"),
    ("bus", "班车通知", "班车改在南门发车。"),
    ("party", "年会通知", "年会在礼堂举行。"),
]


@pytest.fixture(scope="module")
def notices(tmp_path_factory):
    """With the bundled model: whose meaning is asked for where words say nothing."""
    with Library(tmp_path_factory.mktemp("notices") / "library") as library:
        library.add_texts(NOTICES)
        yield library


@pytest.mark.parametrize("question, key", [("我想吃早饭什么时候可以去", "canteen"), ("单位聚在一起庆祝是在哪儿", "party"), ("What time can I get breakfast?", "canteen")])
def test_meaning_counts_where_no_word_of_the_question_is_found(notices, question, key):
    first, second, *_ = notices._candidates(notices._understood(question, ()), 5)
    assert first.document.key == key and meant(first) > meant(second) > 0


@pytest.mark.parametrize("question", ["食堂早上几点开门", "王建国是谁"])
def test_meaning_keeps_still_where_words_find_it_and_where_a_name_is_asked_for(notices, question):
    assert meant(notices._candidates(notices._understood(question, ()), 5)[0]) == 0


def meant(candidate) -> float:
    return float(candidate.features[list(FEATURES).index("meant")])
