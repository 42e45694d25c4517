"""Proof of a draft: which quotations are seen, whose they are said to be, and what a small library says to each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

import qa
from qa.proof.align import changes, nearest
from qa.proof.keys import key_of
from qa.proof.quotations import quotations

ORCHARD = """果园管理条例

2015年3月1日 市人民代表大会常务委员会第三次会议通过

第一条 为了加强果园管理，保护果农权益，制定本条例。

第二条 果农应当在每年三月底以前修剪枝条，并将枯枝运出果园；不得在园内焚烧枯枝。

第三条 果园实行“一园一档”制度，档案保存期限不少于3.5年。

第四条 采摘梯子的踏板间距不得大于30厘米。使用前应当检查梯脚是否牢固。

第五条 戊戌年以前栽种的古树由林业部门登记，任何人不得砍伐。但因病虫害严重无法救治的除外。

第六条 采摘工人有权了解所用农药的名称，必要时可以询问果农。

第七条 中断采摘三日以上的，应当告知果农。
"""
ORCHARD_NEW = ORCHARD.replace("2015年3月1日", "2022年6月1日").replace("第三次", "第九次").replace("每年三月底以前", "每年二月底以前")
CANAL = """运河巡查办法

2019年8月20日 市人民政府第十二次常务会议通过

第一条 为了规范运河巡查工作，制定本办法。

第二条 巡查员应当每日两次沿堤步行巡查，并如实填写巡查日志。

第三条 发现管涌的，巡查员应当立即鸣锣示警，并向指挥部报告。
"""
BULLETIN = """水乡工作简报

2023年7月6日

7月5日，全县防汛工作会议召开，县长周明远出席会议并讲话。

周明远强调，要把堤防巡查责任落实到每一个人，夜间巡查不能空档。要提前转移低洼地区群众，做到应转尽转。

周明远指出，近年来市长韩东升就防汛提出了一系列新要求，对我县寄予厚望。要对照要求查漏补缺，把隐患消除在汛前。

水利局局长郑海波介绍，全县共有险工险段二十七处，已全部备足抢险物料。

會議要求，各鄉鎮要嚴格執行領導帶班制度，確保汛期通訊暢通。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    texts = [("old", "果园管理条例", ORCHARD), ("new", "果园管理条例", ORCHARD_NEW), ("canal", "运河巡查办法", CANAL), ("bulletin", "水乡工作简报", BULLETIN)]
    with qa.open_library(tmp_path_factory.mktemp("proof") / "library") as library:
        library.add_texts(texts)
        yield library


def one(library, draft: str) -> qa.Finding:
    (finding,) = library.proof(draft)
    return finding


# ------------------------------------------------------------------------------------------------------------- the verdicts

EXACT = "巡查员应当每日两次沿堤步行巡查，并如实填写巡查日志。"
VERDICTS = {
    "exact": (f"《运河巡查办法》第二条规定：“{EXACT}”", "exact"),
    "exact:part of a sentence": ("《运河巡查办法》第三条规定，应当“立即鸣锣示警，并向指挥部报告”。", "exact"),
    "exact:without marks": ("《运河巡查办法》第二条规定，巡查员应当每日两次沿堤步行巡查，并如实填写巡查日志。", "exact"),
    "exact:without marks, own words behind": ("《运河巡查办法》第二条规定，巡查员应当每日两次沿堤步行巡查，我所据此排定了班次表。", "exact"),
    "exact:without marks, a word that begins with 中": ("《果园管理条例》第七条规定，中断采摘三日以上的，应当告知果农。", "exact"),
    "exact:block": (f"办法说：\n\n> {EXACT}\n", "exact"),
    "exact:speaker": ("周明远强调：“夜间巡查不能空档。”", "exact"),
    "exact:speaker of the paragraph": ("县长周明远强调：“要提前转移低洼地区群众，做到应转尽转。”", "exact"),
    "exact:another is only mentioned": ("周明远指出：“要对照要求查漏补缺，把隐患消除在汛前。”", "exact"),
    "exact:day": ("7月5日，周明远强调：“夜间巡查不能空档。”", "exact"),
    "exact:law without 《》": (f"根据运河巡查办法第二条的规定：“{EXACT}”", "exact"),
    "variant:script": ("《运河巡查办法》规定：“巡查員應當每日兩次沿堤步行巡查”", "variant"),
    "variant:script that the word decides": ("《果园管理条例》第六条规定：“採摘工人有權瞭解所用農藥的名稱”", "variant"),
    "variant:script of the original": ("会议要求：“各乡镇要严格执行领导带班制度”", "variant"),
    "variant:width": ("《果园管理条例》规定：“踏板间距不得大于３０厘米”", "variant"),
    "variant:punctuation": ("《运河巡查办法》规定：“巡查员应当每日两次沿堤步行巡查；并如实填写巡查日志。”", "variant"),
    "variant:inner marks": ("《果园管理条例》第三条规定：“果园实行‘一园一档’制度”", "variant"),
    "variant:blanks": ("《运河巡查办法》规定：“巡查员应当 每日两次 沿堤步行巡查”", "variant"),
    "altered:changed": ("《运河巡查办法》第二条规定：“巡查员应当每日三次沿堤步行巡查，并如实填写巡查日志。”", "altered"),
    "altered:dropped": ("《果园管理条例》第二条规定：“并将枯枝运出果园；得在园内焚烧枯枝。”", "altered"),
    "altered:inserted": ("《运河巡查办法》规定：“巡查员一般应当每日两次沿堤步行巡查”", "altered"),
    "altered:dropped behind its first character": ("《果园管理条例》第六条规定：“采了解所用农药的名称，必要时可以询问果农。”", "altered"),
    "altered:and shortened": ("《果园管理条例》规定：“果农应当在每年二月底以前修剪果树枝条……不得在园内焚烧枯枝。”", "altered"),
    "altered:decimal point": ("《果园管理条例》规定：“档案保存期限不少于35年”", "altered"),
    "altered:look-alike": ("《果园管理条例》规定：“戊戍年以前栽种的古树由林业部门登记”", "altered"),
    "shortened": ("《果园管理条例》规定：“果农应当在每年二月底以前修剪枝条……不得在园内焚烧枯枝。”", "shortened"),
    "shortened:at the ends": ("《运河巡查办法》规定：“……应当立即鸣锣示警……”", "shortened"),
    "joined:one document": ("《果园管理条例》规定：“古树由林业部门登记，任何人不得砍伐，为了加强果园管理，保护果农权益。”", "joined"),
    "joined:two documents": ("“采摘梯子的踏板间距不得大于30厘米。发现管涌的，巡查员应当立即鸣锣示警。”", "joined"),
    "joined:neighbouring articles": (f"《运河巡查办法》规定：“{EXACT}发现管涌的，巡查员应当立即鸣锣示警”", "joined"),
    "misattributed:article": (f"《运河巡查办法》第三条规定：“{EXACT}”", "misattributed"),
    "misattributed:document": (f"《果园管理条例》规定：“{EXACT}”", "misattributed"),
    "misattributed:unknown document": (f"《桥梁巡查规程》规定：“{EXACT}”", "misattributed"),
    "misattributed:speaker": ("郑海波强调：“要提前转移低洼地区群众，做到应转尽转。”", "misattributed"),
    "misattributed:nobody there": ("李小丫指出：“全县共有险工险段二十七处，已全部备足抢险物料。”", "misattributed"),
    "misattributed:the meeting said it": ("周明远强调：“各乡镇要严格执行领导带班制度”", "misattributed"),
    "misattributed:day": ("8月19日，周明远强调：“夜间巡查不能空档。”", "misattributed"),
    "misattributed:version": ("《果园管理条例》（2015年）第二条规定：“果农应当在每年二月底以前修剪枝条”", "misattributed"),
    "not found": ("《运河巡查办法》第二条规定：“船闸每逢初一十五对游客免费开放参观。”", "not_found"),
    "not found:nobody said": ("周明远强调：“春耕备耕要早谋划早部署早落实。”", "not_found"),
}


@pytest.mark.parametrize("draft, verdict", VERDICTS.values(), ids=VERDICTS)
def test_verdicts(library, draft, verdict):
    finding = one(library, draft)
    assert finding.verdict == verdict, finding
    assert draft[finding.start : finding.end] == finding.quote


@pytest.mark.parametrize("draft, verdict", VERDICTS.values(), ids=VERDICTS)
def test_the_original_is_verbatim_and_cited(library, draft, verdict):
    finding = one(library, draft)
    assert finding.original == ("" if verdict == "not_found" else "\n".join(citation.quote for citation in finding.citations))
    for citation in finding.citations:
        source = library.document(citation.document.key).source
        assert not citation.repaired and "".join(source.text[start:end] for start, end in citation.spans) == citation.quote
        low, high = citation.passage_span
        assert citation.passage.text[low:high] == citation.quote and citation.location
    if finding.diff:
        assert "".join(change.quote for change in finding.diff) == finding.quote
        assert "".join(change.original for change in finding.diff) == finding.original
    if verdict == "exact":
        assert finding.original == finding.quote and finding.right


def test_an_alteration_is_shown_character_by_character(library):
    finding = one(library, VERDICTS["altered:changed"][0])
    assert [change for change in finding.diff if change.kind != "same"] == [qa.Change("changed", "三", "两")]
    assert finding.original == EXACT and finding.document.key == "canal" and finding.location.startswith("第二条")


def test_the_original_of_an_abridged_sentence_begins_where_it_begins(library):
    finding = one(library, VERDICTS["altered:dropped behind its first character"][0])
    assert finding.original.startswith("采摘工人有权了解") and "5 个字" in finding.note


def test_what_is_altered_and_what_is_left_out_are_told_apart(library):
    finding = one(library, VERDICTS["altered:and shortened"][0])
    assert [change for change in finding.diff if change.kind != "same"] == [qa.Change("added", "果树", ""), qa.Change("omitted", "……", "，并将枯枝运出果园；")]


def test_what_was_left_out_is_shown(library):
    finding = one(library, "《果园管理条例》规定：“古树由林业部门登记……因病虫害严重无法救治的除外”")
    (omitted,) = [change for change in finding.diff if change.kind == "omitted"]
    assert omitted.original == "，任何人不得砍伐。但" and "“不得”" in finding.note


def test_the_note_says_what_is_right(library):
    assert "第二条" in one(library, VERDICTS["misattributed:article"][0]).note
    assert "《运河巡查办法》" in one(library, VERDICTS["misattributed:document"][0]).note
    assert "周明远" in one(library, VERDICTS["misattributed:speaker"][0]).note
    assert "7月5日" in one(library, VERDICTS["misattributed:day"][0]).note


def test_of_several_versions_the_newest_unless_the_draft_names_one(library):
    draft = "《果园管理条例》{}第四条规定：“采摘梯子的踏板间距不得大于30厘米。”"
    assert one(library, draft.format("")).document.key == "new"
    assert one(library, draft.format("（2015年）")).document.key == "old"


def test_a_quotation_from_the_end_of_a_large_file(tmp_path):
    """It comes in volumes; the place is counted in the whole file."""
    file = tmp_path / "日志.txt"
    file.write_text("水位日志\n\n" + "".join(f"第{number}次巡查，水位{number % 7 + 1}米，闸门完好。\n\n" for number in range(40_000)) + "末次巡查时三号闸门的止水橡皮已经老化，需要更换。\n", "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        library.add([file])
        assert len(library.document(str(file)).text) > 2 * 400_000
        right, wrong = library.proof("日志写道：“末次巡查时三号闸门的止水橡皮已经老化，需要更换。”又写道：“末次巡查时四号闸门的止水橡皮已经老化，需要更换。”")
    assert (right.verdict, wrong.verdict) == ("exact", "altered") and right.location == wrong.location == "第80003行"
    assert [citation.verify().state for citation in (*right.citations, *wrong.citations)] == ["ok", "ok"]


def test_titles_that_differ_in_their_brackets_are_different_documents(library):
    texts = [(f"zone{number}", f"湖滨（{place}）养殖区条例", f"湖滨（{place}）养殖区条例\n\n第一条 {place}养殖区的水闸由{place}渔政站看管，{fish}。") for number, (place, fish) in enumerate((("东岸", "不得养殖鳜鱼"), ("西岸", "不得养殖鲈鱼")))]
    texts += [(f"reading{number}", f"养殖区条例解释（{number}）", f"养殖区条例解释（{number}）\n\n第一条 {words}。") for number, words in (("一", "水闸包括船闸和节制闸"), ("二", "渔政站包括它的派出机构"))]
    library.add_texts(texts)
    verdicts = [one(library, draft).verdict for draft in (
        "《湖滨（东岸）养殖区条例》第一条规定：“东岸养殖区的水闸由东岸渔政站看管”", "《湖滨（西岸）养殖区条例》第一条规定：“东岸养殖区的水闸由东岸渔政站看管”",
        "《养殖区条例解释（二）》第一条规定：“渔政站包括它的派出机构”", "《养殖区条例解释（一）》第一条规定：“渔政站包括它的派出机构”", "《养殖区条例解释》第一条规定：“渔政站包括它的派出机构”",
    )]  # fmt: skip
    for key, _, _ in texts:
        library.remove(key)
    assert verdicts == ["exact", "misattributed", "exact", "misattributed", "exact"]


def test_words_of_an_older_version_are_exact_and_said_to_be_old(library):
    finding = one(library, "《果园管理条例》第二条规定：“果农应当在每年三月底以前修剪枝条”")
    assert (finding.verdict, finding.document.key) == ("exact", "old") and "2022年6月1日版里没有" in finding.note


def test_a_document_that_was_removed_holds_nothing(library):
    library.add_texts([("gone", "船闸管理规定", "船闸管理规定\n\n第一条 船闸每日清晨六时开闸。"), ("behind", "渡口管理规定", "渡口管理规定\n\n第一条 渡口每日清晨五时开航。")])
    library.remove("gone")
    assert one(library, "《船闸管理规定》第一条规定：“船闸每日清晨六时开闸。”").verdict != "exact"
    assert one(library, "《渡口管理规定》第一条规定：“渡口每日清晨五时开航。”").verdict == "exact"
    library.remove("behind")


def test_a_named_article_is_shown_when_it_says_something_else(library):
    finding = one(library, VERDICTS["not found"][0])
    assert finding.citations[0].quote.startswith("第二条") and "第二条的原文" in finding.note


# ---------------------------------------------------------------------------------------------------- keys, distance, hostility


@pytest.mark.parametrize("one, other", [*["己已", "已巳", "日曰", "末未", "土士", "戊戌", "戌戍"], ("3.5", "35"), ("3-5", "35"), ("1、2", "12"), ("30%", "30"), ("10²", "102"), ("-5", "5")])
def test_what_must_stay_different_does(one, other):
    assert key_of(one).key != key_of(other).key


@pytest.mark.parametrize("one, other", [("臺灣", "台湾"), ("３０", "30"), ("ＧＢ", "gb"), ("“三·二一”", "三二一"), ("10,000", "10000"), ("㎡", "㎡"), ("⼯作", "工作"), ("安\u200b全", "安全")])
def test_what_is_the_same_is(one, other):
    assert key_of(one).key == key_of(other).key


@given(st.text("ab", max_size=12), st.text("abc", max_size=30))
def test_the_nearest_stretch_is_as_near_as_it_says(pattern, text):
    distance, (start, end) = nearest(pattern, text)
    assert Levenshtein.distance(pattern, text[start:end]) == distance
    assert distance == min(Levenshtein.distance(pattern, text[a:b]) for a in range(len(text) + 1) for b in range(a, len(text) + 1))


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_diff_holds_both_texts(one, other):
    found = changes(key_of(one), key_of(other))
    assert "".join(change.quote for change in found) == one and "".join(change.original for change in found) == other


@given(st.text("“”‘’「」\"《》>（）第一条规定，。：他说强调…\n a1\U0001f600", max_size=60))
def test_any_draft_gives_quotations_in_order(draft):
    found = quotations(draft)
    assert all(0 <= one.start < one.end <= len(draft) for one in found)
    assert all(one.end <= other.start for one, other in zip(found, found[1:]))


@pytest.mark.parametrize(
    "draft",
    ["“" * 50_000, "”“" * 30_000, "《" * 50_000, ">" * 50_000, "的" * 100_000, "他说：“" + "的" * 50_000 + "”", "《甲法》第一条规定，" * 4_000, "“…………”" * 5_000, "他说：“\x00\ud800\u202e一二三四五六”", "第" + "一" * 50_000 + "条"],
    ids=["open", "crossed", "titles", "block", "plain", "long", "laws", "ellipses", "odd characters", "numeral"],
)
def test_hostile_drafts_end(library, draft):
    for finding in library.proof(draft):
        assert draft[finding.start : finding.end] == finding.quote


def test_a_draft_may_be_too_long(library):
    with pytest.raises(qa.BadRequest, match="太长"):
        library.proof("的" * 2_000_001)
