"""Describing: the metadata tables of seed-noise.md exactly, empty where they say absent; laws; and documents of other kinds."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.documents import NOTICE

from qa.clean import clean
from qa.describe import describe
from qa.fold import to_simplified
from qa.read import from_text, read
from qa.split import split

SEEDS = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))


def described(text: str):
    return describe(clean(from_text("k", "", text)), "k")


def seed(number: int):
    return describe(clean(read(SEEDS[number])), "k")


def values(description, name: str) -> list[str]:
    return [to_simplified(field.value) for field in description.fields if field.name == name]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_every_value_stands_where_its_span_says(path):
    document = clean(read(path))
    for field in describe(document, "k").fields:
        shown = [document.text[start:end] for start, end in field.spans]
        stated = not field.value or field.value in shown or field.name in ("date", "event_date", "cc", "completeness", "in_force") or " ".join(shown) == field.value
        assert stated, field
        assert field.spans or field.note == "empty", field


TABLES = [
    {"title": "江苏应急管理简报", "issue_number": "第11期", "issuer": "江苏省应急管理厅", "date": "2021-06-02", "registration_number": "省级机关简报登记证（JS）苏简字2034号", "document_number": None,
     "section": ["【重要新闻】", "【地方工作】"], "article": ["娄勤俭书记：推动发展和安全协调并进", "吴政隆省长：抓好发展和安全 践行“两个维护”", "徐州市 镇江市认真贯彻落实 学习交流会精神"],
     "cc": "国务院安委会办公室；省委办公厅、省人大办公厅、省政府办公厅、省政协办公厅；省安委会主任，省安委会主要成员单位，各设区市委、市政府，各设区市安委办",
     "region": "江苏省", "event_date": ["2021-05-28", "2021-05-31"], "person": ["娄勤俭", "吴政隆"]},
    {"title": "深刻反思 警钟长鸣 夯实责任 勇于担当 切实推进安全生产治理体系和治理能力现代化", "kicker": "我省召开响水“3·21”特别重大爆炸事故警示教育大会", "event_date": None, "speaker": None, "meeting": None, "date": "--11-20", "issuer": None,
     "source": None, "document_number": None, "issue_number": None, "region": "江苏", "person": ["娄勤俭", "吴政隆", "任振鹤", "樊金龙", "李小敏", "黄钦", "徐一平", "周敏炜", "徐劼"]},
    {"title": "江苏深化安全生产专项整治动员部署会议在宁召开", "subtitle": "我市组织收听收看会议", "source": "宜兴日报", "date": "2020-12-28", "created": "2020-12-28", "published": "2020-12-28", "event_date": "2020-12-25",
     "posted": "2020-12-28 10:58:57", "index_number": "014046317/2020-05719", "document_number": "", "issuer": "宜兴市人民政府网站", "disclosure_period": "长期公开", "disclosure_form": "网站", "disclosure_manner": "主动公开",
     "disclosure_scope": "面向社会", "validity": "有效", "disclosure_procedure": "部门编制,经办公室审核后公开", "topic_1": "市场监管、安全生产监管", "topic_2": "安全生产监管", "genre": "其他", "keywords": "政府信息,公开,安全生产",
     "class_words": "综合,安全生产监管", "category": "政府信息公开>法定主动公开内容>安全生产>执法监察", "issue_number": None, "region": "宜兴市", "speaker": None, "person": ["李克强", "封晓春", "陈寿彬"]},
    {"title": "赵俊民同志在全市应急管理暨安全生产工作会议上的讲话", "speaker": "赵俊民", "meeting": "全市应急管理暨安全生产工作会议", "date": "2021-01-22", "document_number": None, "issue_number": None, "index_number": None, "issuer": None, "region": "安康", "completeness": "truncated"},
    {"title": "泰兴召开全市安全生产工作会议", "date": "--01-22", "issuer": None, "source": None, "document_number": None, "region": "泰兴", "person": ["张坤", "刘文荣", "毛戴军", "蒋益公", "孙红东", "王晓云", "张鹏", "秦娟", "惠星", "朱为祥", "孙天民"]},
]  # fmt: skip


@pytest.mark.parametrize("number", range(5))
def test_metadata_of_the_seeds(number):
    description = seed(number)
    for name, wanted in TABLES[number].items():
        wanted = [] if wanted is None else [wanted] if isinstance(wanted, str) else wanted
        assert sorted(set(values(description, name))) == sorted(wanted), name
    assert to_simplified(description.title) == TABLES[number]["title"]
    assert to_simplified(description.issuer) == (TABLES[number]["issuer"] or "")
    assert description.date == TABLES[number]["date"]


def test_what_is_concluded_says_so():
    notes = {(field.name, field.note) for number in range(5) for field in seed(number).fields}
    assert ("title", "synthetic") in notes and ("date", "no year") in notes
    assert all(note.startswith("inferred") for name, note in notes if name == "event_date")
    assert [field.note for field in seed(4).fields if field.name == "title"] == ["synthetic"]
    assert [field.note for field in seed(2).fields if field.name == "document_number"] == ["empty"]


def test_a_speech():
    description = described(f"王明局长在全县河长制推进会上的讲话\n（2019年3月1日）\n{NOTICE.split(chr(10))[4]}")
    assert values(description, "speaker") == ["王明"] and values(description, "meeting") == ["全县河长制推进会"] and description.date == "2019-03-01"


def test_a_notice():
    description = described(NOTICE)
    assert description.title == "关于做好汛期水库安全工作的通知"
    assert description.issuer == "某市水利局"
    assert description.date == "2022-05-30"


@pytest.mark.parametrize(("line", "name", "value"), [
    ("某市水发〔2022〕18号", "document_number", "某市水发〔2022〕18号"), ("（总第 207 期）", "issue_number", "总第207期"), ("发文机关：某县人民政府 成文日期：2019年3月1日", "issuer", "某县人民政府"),
    ("发布日期：2018-07-09 来源：某县融媒体中心", "source", "某县融媒体中心"), ("索引号：11430000/2019-001 文号： 主题词：水利", "document_number", ""),
])  # fmt: skip
def test_facts_on_a_line_of_the_masthead(line, name, value):
    description = described(f"河长制工作简报\n{line}\n{NOTICE.split(chr(10))[4]}")
    assert value in values(description, name)


@pytest.mark.parametrize(("text", "date"), [("二〇二一年六月二十一日", "2021-06-21"), ("2021.6.2", "2021-06-02"), ("2021年6月", "2021-06"), ("（2021年12月31日）", "2021-12-31"), ("2021年13月2日", "")])
def test_dates(text, date):
    assert described(f"河长制工作简报\n{text}\n{NOTICE.split(chr(10))[4]}").date == date


LAW = """# 某省湿地保护条例

2005年7月28日 某省第十届人民代表大会常务委员会第十七次会议通过

2017年9月21日 某省第十二届人民代表大会常务委员会第四十四次会议《关于修改〈某省湿地保护条例〉的决定》修正

## 第一章 总 则

第一条 为了加强湿地保护，维护湿地生态功能，制定本条例。

第二条 本省行政区域内从事湿地保护、利用、管理等活动，应当遵守本条例。

## 第二章 附 则

第三条 本条例自2005年10月1日起施行。1995年3月2日发布的《某省滩涂管理办法》同时废止。
"""


def test_a_law():
    description = described(LAW)
    assert description.title == "某省湿地保护条例"
    assert description.date == "2017-09-21"
    assert description.issuer == "某省人民代表大会常务委员会"
    assert values(description, "passed") == ["2005-07-28"] and values(description, "amended") == ["2017-09-21"]
    assert values(description, "in_force") == ["2005-10-01"]
    assert values(description, "repealed") == []
    assert values(described(LAW.replace("条例\n", "条例（已废止）\n", 1)), "repealed") == ["（已废止）"]


def test_nothing_is_guessed():
    description = described("今天天气很好，我们去了公园，看见许多花，也遇到了不少熟人，直到傍晚才回家。")
    assert description.issuer == description.date == ""
    assert [field.name for field in description.fields] == ["title"]


def test_the_keys_at_the_head_of_a_markdown_file_are_no_passage_and_give_the_title():
    text = "---\ntitle: 泵站夜班须知\ntags:\n  - 夜班\n---\n\n每两小时巡查一次泵房。\n"
    document = clean(from_text("k", "", text))
    description = describe(document, "k")
    assert description.title == "泵站夜班须知" and description.fields[0].note == ""
    assert [passage.text for passage in split(document)] == ["每两小时巡查一次泵房。"]
    for other in ("---\n第一条 略。\n---\n第二条 略。", "---\n", "--- a: b", "a: b\n---\n", "---\na: b\n" + "略。\n" * 80 + "---"):
        assert not any(flag.note == "文件头" for flag in clean(from_text("k", "", other)).flags)


def test_a_first_line_that_ends_as_titles_do_is_the_title():
    field = describe(clean(from_text("k", "", "关于检修泵站的通知\n各镇水利站：\n定于七月三日检修，请做好准备。")), "k").fields[0]
    assert (field.name, field.value, field.note) == ("title", "关于检修泵站的通知", "")


def test_a_table_has_no_made_up_title(tmp_path):
    (tmp_path / "a.csv").write_text("泵站,机组,电压\n东门,3,380\n西门,2,380\n", "utf-8")
    assert describe(clean(read(tmp_path / "a.csv")), "k").title == ""


@pytest.mark.parametrize(("opening", "issuer"), [
    ("1994年8月19日 经国务院批准\n1994年9月3日 国家渔业委员会令第6号发布", "国家渔业委员会"),
    ("1994年8月19日 经国务院批准", "国务院"),
    ("1994年8月19日 国务院第3次常务会议通过\n1994年9月3日 中华人民共和国国务院令第6号公布", "国务院"),
    ("1994年9月3日 发布之日施行", ""),
])  # fmt: skip
def test_who_issued_a_regulation(opening, issuer):
    articles = "\n".join(f"第{number}条 渔船应当按期检验。" for number in "一二三")
    assert described(f"# 渔船检验条例\n\n{opening}\n\n{articles}").issuer == issuer


def test_the_title_of_an_interpretation_names_who_issued_it():
    articles = "\n".join(f"第{number}条 本解释适用于船舶碰撞纠纷。" for number in "一二三")
    assert described(f"# 最高人民法院、最高人民检察院关于审理船舶碰撞案件的解释\n\n{articles}").issuer == "最高人民法院、最高人民检察院"
