"""The catalogue of noise in the seeds, item by item: what each seed must come out as, and the same damage in other words.

An item is the number of the seed and of the item in the catalogue (000 to 004). `here` is asked of the shipped seed, shown
in simplified script as a reader may ask for it; `elsewhere` is a fixture of the same kind of damage, and what must come of
it. Width is compared as NFKC does, since the original's width stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from fixtures.documents import slipped, wrapped

from qa.clean import clean
from qa.describe import describe
from qa.fold import fold, terms, to_simplified
from qa.read import from_text, read
from qa.split import sentences, split

SEEDS = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))
DUTY = "各级河长要按照方案要求开展巡河，及时发现并处置乱占、乱采、乱堆、乱建问题，重大问题当日上报市河长办公室。"
MORE = "县区要建立台账，逐项销号，整改情况每月通报一次，逾期不改的约谈负责人。"


class Seen:
    """A document as a reader sees it, in simplified script and in full width."""

    def __init__(self, source) -> None:
        self.document = clean(source)
        self.text = _shown(self.document.text)
        self.lines = self.text.split("\n")
        self.passages = split(self.document)
        self.body = _shown("\n".join(passage.text for passage in self.passages))
        self.description = describe(self.document, "k")
        self.levels = {_shown(self.document.text[h.start : h.end]): h.level for h in self.document.headings}

    def flagged(self, kind: str) -> list[str]:
        return [_shown(self.document.text[flag.start : flag.end]) for flag in self.document.flags if flag.kind == kind]

    def values(self, name: str) -> list[str]:
        return list(dict.fromkeys(_shown(field.value) for field in self.description.fields if field.name == name))

    def notes(self, name: str) -> list[str]:
        return [field.note for field in self.description.fields if field.name == name]

    def context(self, start: str) -> list[str]:
        return [_shown(passage.context) for passage in self.passages if _shown(passage.text).startswith(start)]


def _shown(text: str) -> str:
    """Simplified, and half-width marks between Chinese characters as full-width ones: the form in which the catalogue writes."""
    return re.sub(r"(?<=[\u4e00-\u9fff”’）)])[,:;](?=[\u4e00-\u9fff“‘（\d])", lambda mark: {",": "，", ":": "：", ";": "；"}[mark[0]], to_simplified(text))


@cache
def seed(number: int) -> Seen:
    return Seen(read(SEEDS[number]))


def seen(text: str) -> Seen:
    return Seen(from_text("k", "", text))


@dataclass(frozen=True)
class Item:
    seed: int
    number: int
    name: str
    here: Callable[[Seen], bool]
    elsewhere: Callable[[], bool]

    def __str__(self) -> str:
        return f"{self.seed:03}-{self.number} {self.name}"


SLICED = "".join(f"在第{number}次巡查中，{DUTY}" for number in range(1, 13))
READ_APART = (
    " ".join((DUTY * 6)[at : at + 25] for at in range(0, 250, 25))
    + " 一年来，各项工作有序推进，为全县发展大局特别是产业振兴 第一是责任更 时处置问题， 案件二十起。产业振兴 第一是责任更 时处置问题， 案件二十起。"
    + "为全县水利工作提供了坚强有力的制度保障 县乡村三级河长认真履行各自的巡河职责及 水利部门牵头组织三次联合执法行动共查处 第二是成效更加明显。"
    + DUTY
)
PUT_TOGETHER = "特别是产业振兴为全县水利工作提供了坚强有力的制度保障第一是责任更县乡村三级河长认真履行各自的巡河职责及时处置问题，水利部门牵头组织三次联合执法行动共查处案件二十起。第二是成效更加明显。"
PERIODICAL = f"# 水利简报\n\n第 8 期\n\n某市水利局\n\n2020 年 1 月 5 日\n\n---\n\n## 目 录\n\n### 【要闻】\n\n东江清淤开工\n\n### 【基层】\n\n两县巡河忙\n\n## 【要闻】\n\n# 东江清淤开工\n\n{DUTY}\n\n## 【基层】\n\n## 两县 巡河忙\n\n**东江县：**1月3日，县里开会部署。{DUTY}\n\n会议指出，{MORE}\n\n**西河县：**{DUTY}\n\n会议指出，{MORE}\n\n---\n\n抄送：省水利厅。\n\n各县区水利局。\n\n某市水利局\n\n2020年1月5日印发"
TABLE = "文號 公開形式 網站\n發布機構 某縣水利局 關鍵詞 河長,巡查\n主題(一) 水利 主題(二) 其他"
SITE = f"本站支持IPv6\n您的位置：首页>政务公开>水利\n东江清淤工程开工\n来源：某市晚报 日期：2019-03-02 10:20:30 浏览次数：\n附件下载\n{DUTY}\n{MORE}"
SHARED = f"东江清淤汇报.docx\n《东江清淤汇报.docx》由会员分享，可在线阅读，更多相关《东江清淤汇报.docx（3页珍藏版）》请在百事网上搜索。\n{DUTY}\n{MORE}\n- 配套讲稿:\n无\n- 关 键 词:\n- 东江 清淤\n限制150内"
COLUMN = wrapped(f"{DUTY}{MORE}\n\n王明指出，{DUTY}{MORE}", 15)
ONE_LINE = " ".join([f"3月2日，东江召开全县河长会议。{DUTY}", f"王明指出，{DUTY}{MORE}", f"要加强巡查。{DUTY}{MORE}", f"要严格考核。{DUTY}{MORE}", f"会议还听取了汇报。{MORE}{DUTY}"]) + " |\n"


def _slip() -> bool:
    whole = "各单位要对加油加气站、大型商业广场、高层建筑和文物古建筑开展消防安全检查，及时消除隐患。"
    document = clean(from_text("k", "", slipped(whole, 13)))
    right = [one == other for one, other in zip(document.text, whole)]
    return len(document.text) == len(whole) and sum(right) >= len(whole) - 1 and any(repair.why == "byte_slip" for repair in document.repairs)


ITEMS = (
    # --------------------------------------------------------------------------------------------------- 000 a bulletin
    Item(0, 1, "leading blank lines", lambda s: s.lines[0] == "江苏应急管理简报" and "" not in s.lines, lambda: seen(f"\n\n{DUTY}").lines == [DUTY]),
    Item(0, 2, "markdown", lambda s: not re.search("[#*]|---", s.text) and len(s.levels) == 7, lambda: not re.search("[#*]|---", seen(PERIODICAL).text) and seen(PERIODICAL).levels["水利简报"] == 1),
    Item(0, 3, "heading levels", lambda s: [s.levels[h] for h in ("【重要新闻】", "娄勤俭书记：推动发展和安全协调并进", "吴政隆省长：抓好发展和安全 践行“两个维护”", "【地方工作】", "徐州市 镇江市认真贯彻落实 学习交流会精神")] == [2, 3, 3, 2, 3],
         lambda: [seen(PERIODICAL).levels[h] for h in ("【要闻】", "东江清淤开工", "【基层】", "两县 巡河忙")] == [2, 3, 2, 3]),
    Item(0, 4, "letter-spaced heading", lambda s: "内容要目" in s.lines, lambda: seen(f"会 议 纪 要\n\n{DUTY}").lines[0] == "会议纪要"),
    Item(0, 5, "spaced numbers", lambda s: {"第11期", "2021年6月2日", "省级机关简报登记证（JS）苏简字2034号"} <= set(s.lines), lambda: seen("简报\n第 8 期\n2020 年 1 月 5 日\n某简字 77 号\n" + DUTY).lines[1:4] == ["第8期", "2020年1月5日", "某简字77号"]),
    Item(0, 6, "table of contents", lambda s: s.flagged("boilerplate") == ["内容要目\n【重要新闻】\n娄勤俭书记：推动发展和安全协调并进\n吴政隆省长：抓好发展和安全 践行“两个维护”\n【地方工作】\n徐州市 镇江市认真贯彻落实学习交流会精神"] and s.body.count("徐州市 镇江市认真贯彻落实") == 1,
         lambda: seen(PERIODICAL).flagged("boilerplate") == ["目录\n【要闻】\n东江清淤开工\n【基层】\n两县巡河忙"]),
    Item(0, 7, "page break in a sentence", lambda s: "要对标对表总书记关于领导干部提高专业化能力的要求，检视是否存在“本领恐慌”。" in s.text, lambda: seen(f"{DUTY}{DUTY[:-9]}\n\n{DUTY[-9:]}").lines == [DUTY * 2]),
    Item(0, 8, "run-in headings", lambda s: s.context("会议要求") == ["徐州市", "镇江市"] and s.context("会议指出") == ["徐州市"], lambda: seen(PERIODICAL).context("会议指出") == ["东江县", "西河县"]),
    Item(0, 9, "long paragraphs", lambda s: all(len(p.text) <= 400 for p in s.passages), lambda: all(len(p.text) <= 400 for p in seen("".join(f"第{n}项要求。{DUTY}" for n in range(30))).passages)),
    Item(0, 10, "distribution block", lambda s: "抄送：国务院安委会办公室。\n省委办公厅" in s.body and s.values("cc")[0].endswith("各设区市安委办"), lambda: "抄送：省水利厅。\n各县区水利局。" in seen(PERIODICAL).body and seen(PERIODICAL).values("cc") == ["省水利厅；各县区水利局"]),
    Item(0, 11, "issuer and date twice", lambda s: s.values("issuer") == ["江苏省应急管理厅"] and s.values("date") == ["2021-06-02"], lambda: seen(PERIODICAL).values("issuer") == ["某市水利局"] and seen(PERIODICAL).values("date") == ["2020-01-05"]),
    Item(0, 12, "letters in brackets", lambda s: "（JS）" in s.text, lambda: "（SL）" in seen("東(dōng)門(mén)外的鐵(tiě)路（SL）").text),
    # ------------------------------------------------------------------------------------------------ 001 a newspaper column
    Item(1, 1, "hard wraps", lambda s: "特别重大爆炸事故" in s.lines[3] and "娄勤俭" in s.lines[3] and "通过“砸笼换绿”“腾笼换鸟”“开笼引凤”" in s.text and "把产业发展规律" in s.text, lambda: seen(COLUMN).lines == [DUTY + MORE, f"王明指出，{DUTY}{MORE}"]),
    Item(1, 2, "column breaks", lambda s: all(words in s.text for words in ("让党中央放心、让人民满意。", "“3·21”特别重大爆炸事故的警示", "安全环保的“第一道关口”", "把防范化解做在前面")),
         lambda: seen("\n".join(wrapped(DUTY * 2, 15).split("\n")[:3]) + "\n\n" + "\n".join(wrapped(DUTY * 2, 15).split("\n")[3:])).lines == [DUTY * 2]),
    Item(1, 3, "real paragraphs", lambda s: [line[:5] for line in s.lines[4:]] == ["娄勤俭指出", "娄勤俭强调", "娄勤俭指出", "娄勤俭强调", "吴政隆指出", "会议播放了", "会议以电视"], lambda: len(seen(wrapped(f"{DUTY}\n\n{DUTY}\n\n{MORE}", 17)).lines) == 3),
    Item(1, 4, "a missing paragraph break", lambda s: any(line.startswith("娄勤俭强调，要把“3·21”特别") for line in s.lines), lambda: seen(f"{wrapped(DUTY, 16)}\n{wrapped('王明指出，' + DUTY, 16)}\n\n{wrapped(DUTY, 16)}").lines[1].startswith("王明指出，各级")),
    Item(1, 5, "spaces and dateline", lambda s: s.lines[3].startswith("本报讯 11月20日，省委、省政府"), lambda: seen(f" 本报讯 3 月 2日，{DUTY}").text == f"本报讯 3月2日，{DUTY}"),
    Item(1, 6, "headline at the end", lambda s: s.lines[:3] == ["我省召开响水“3·21”特别重大爆炸事故警示教育大会", "深刻反思 警钟长鸣 夯实责任 勇于担当", "切实推进安全生产治理体系和治理能力现代化"] and s.lines[-1].endswith("设分会场。"),
         lambda: seen(f"{DUTY}{DUTY}\n\n{MORE}\n\n各级河长按照方案要求开展巡河").lines[0] == "各级河长按照方案要求开展巡河"),
    Item(1, 7, "middle dots", lambda s: s.text.count("“3·21”") == 6 and all("_3.21" in terms(typed) for typed in ("3.21", "3-21", "3•21")) and "_321" in terms("“3·21”"), lambda: fold("5·12") == fold("5•12") == fold("5-12") and "_512" in terms("5·12")),
    Item(1, 8, "no year, no paper", lambda s: s.description.date == "--11-20" and not s.values("source") and not s.values("issuer"), lambda: seen(f"3月2日，{DUTY}").description.date == "--03-02"),
    # ----------------------------------------------------------------------------------------------- 002 a government site
    Item(2, 1, "traditional script", lambda s: "公开范围 面向社会" in s.text and "侥幸" in to_simplified("僥幸"), lambda: to_simplified("檢查發現僥幸心理") == "检查发现侥幸心理"),
    Item(2, 2, "readings in brackets", lambda s: re.findall(r"[(（].*?[)）]", s.text) == ["(一)", "(二)"], lambda: seen("東(dōng)門(mén)外的鐵(tiě)路一號(一)線(xiàn)").text == "东门外的铁路一号(一)线"),
    Item(2, 3, "bytes that slipped", lambda s: "剧毒爆炸危化品、大型商业综合体" in s.text and "进园入区等方面" in s.text and not s.flagged("damaged"), _slip),
    Item(2, 4, "furniture", lambda s: not re.search("IPv6|浏览次数|文件下载|当前位置", s.body) and s.values("category") == ["政府信息公开>法定主动公开内容>安全生产>执法监察"],
         lambda: not re.search("IPv6|浏览次数|附件下载|您的位置", seen(SITE).body) and seen(SITE).values("category") == ["政务公开>水利"]),
    Item(2, 5, "a flattened table", lambda s: s.notes("document_number") == ["empty"] and s.values("disclosure_period") == ["长期公开"], lambda: seen(f"清淤开工\n{TABLE}\n{DUTY}").notes("document_number") == ["empty"] and seen(f"清淤开工\n{TABLE}\n{DUTY}").values("issuer") == ["某县水利局"]),
    Item(2, 6, "no-break spaces", lambda s: "\u00a0" not in s.text and "来源：宜兴日报 日期：2020-12-28 10:58:57" in s.text, lambda: seen(f"来源：晚报\u00a0\u00a0\u00a0日期：2019-03-02\n{DUTY}").lines[0] == "来源：晚报 日期：2019-03-02"),
    Item(2, 7, "a repeated paragraph", lambda s: s.body.count("12月25日，江苏深化") == 1 and any(line.startswith("内容概况") for line in s.flagged("boilerplate")), lambda: seen(f"通报\n内容摘要：{DUTY}\n{DUTY}\n{MORE}").body.count(DUTY) == 1),
    Item(2, 8, "half-width marks", lambda s: "10:58:57" in s.text and "014046317/2020-05719" in s.text and fold(s.document.text) == fold(unicodedata.normalize("NFKC", s.document.text)), lambda: fold("巡河,及时:") == fold("巡河，及时：")),
    Item(2, 9, "giant paragraphs", lambda s: s.context("二是") + s.context("三是") == ["会议要求"] * 2 and s.context("二要") + s.context("三要") == ["会议强调"] * 2, lambda: seen(f"会议要求，抓好三项工作。一是压实责任。{DUTY * 3}二是加强巡查。{DUTY * 3}三是严格考核。{DUTY * 3}").context("二是") == ["会议要求"]),
    Item(2, 10, "whose meeting", lambda s: s.values("region") == ["宜兴市"], lambda: seen(f"清淤开工\n发布机构：西河县水利局 公开形式：网站\n{DUTY}").values("region") == ["西河县"]),
    Item(2, 11, "dates without a year", lambda s: s.values("event_date") == ["2020-12-25"] and all(note.startswith("inferred") for note in s.notes("event_date")), lambda: seen(f"清淤开工\n2020-01-05\n12月3日，{DUTY}").values("event_date") == ["2019-12-03"]),
    # ------------------------------------------------------------------------------------------------------- 003 a share site
    Item(3, 1, "notices of the site", lambda s: not re.search("淘文阁|配套讲稿|限制150|docx|PPT", s.body) and s.lines[0] == "赵俊民同志在全市应急管理暨安全生产工作会议上的讲话", lambda: seen(SHARED).lines[0] == "东江清淤汇报" and not re.search("会员|配套|限制|docx", seen(SHARED).body)),
    Item(3, 2, "numbered slices", lambda s: all(words in s.text for words in ("经济社会两手抓的全过程", "联络员定期", "防风险不能大意", "总书记反复强调", "今年工作指明了", "隐患闭环")), lambda: seen("\n".join(f"{at // 150 + 1}、{SLICED[at : at + 150]}" for at in range(0, len(SLICED), 150))).text == SLICED),
    Item(3, 3, "spaces in words", lambda s: not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", s.body) and all(words in s.text for words in ("聚焦应急", "夯实措施", "安全保障", "平安理念", "发展质量效益")), lambda: seen(" ".join((DUTY * 4)[at : at + 23] for at in range(0, len(DUTY) * 4, 23))).text == DUTY * 4),
    Item(3, 4, "columns read apart", lambda s: "为全市开展大局特别是六稳六保工作提供了坚实保障。第一个是责任体系不间断健全。市、县党政领导干部平安生产责任清单落实到人，党政同责、一岗双责、齐抓共管、失职追责平安责任全面落实到位。第二个是专项整治有效开展。" in s.text and bool(s.flagged("doubtful")),
         lambda: PUT_TOGETHER.replace("第一是责任更县", "第一是责任更县") in seen(READ_APART).text and bool(seen(READ_APART).flagged("doubtful"))),
    Item(3, 5, "wording stays", lambda s: s.text.count("平安生产") >= 15 and "安全生产工作会议" in s.lines[0], lambda: seen(f"第一个是平安生产。{DUTY}").lines[0].startswith("第一个是平安生产。")),
    Item(3, 6, "letters for characters", lambda s: "四届H一" not in s.text and s.text.count("四届十一次全会") == 2 and "提前语境" in s.text, lambda: seen(f"三届十二次全会作出部署，{DUTY}三届H二次全会要求。").text.count("三届十二次全会") == 2 and "三届H二次" in seen(f"三届H二次全会要求。{DUTY}").text),
    Item(3, 7, "quotation marks that are not there", lambda s: "特别是六稳六保工作" in s.text and "1+4自然灾害" in s.text, lambda: "两手抓两手硬" in seen(f"坚持两手抓两手硬，{DUTY}").text),
    Item(3, 8, "glued headings", lambda s: [line[:2] for line in s.lines if line[:2] in ("第一", "第二", "一要", "二要")] == ["第一", "第二", "一要", "二要"], lambda: [line[:2] for line in seen(f"{DUTY * 16}一要明确责任。{DUTY * 3}二要加强督查。{DUTY * 3}").lines] == ["各级", "一要", "二要"]),
    Item(3, 9, "cut off", lambda s: s.flagged("incomplete") == ["以平安生产专项整治三年行动为统揽，按照1+2+1"] and s.values("completeness") == ["truncated"], lambda: seen(f"河长汇报\n{DUTY}\n{DUTY}下一步，我们将继续加大巡查力度，确保每一条河流都有人管，并按照").flagged("incomplete")[0].endswith("并按照")),
    Item(3, 10, "one block", lambda s: all(len(p.text) <= 460 for p in s.passages), lambda: all(len(p.text) <= 460 for p in seen(DUTY * 40).passages)),
    Item(3, 11, "half-width marks", lambda s: fold("党政同责,一岗双责") == fold("党政同责，一岗双责"), lambda: fold("台账;销号") == fold("台账；销号")),
    # ------------------------------------------------------------------------------------------------------ 004 one line
    Item(4, 1, "paragraphs behind a space", lambda s: len(s.lines) == 17 and s.lines[-1] == "与会人员集中观看了安全生产专题片。" and s.lines[15].startswith("市委常委"), lambda: len(seen(ONE_LINE).lines) == 5),
    Item(4, 2, "readings in brackets", lambda s: "(" not in s.text and "安全生产工作会议" in s.text, lambda: seen("堅(jiān)持和會(huì)議和長(zhǎng)江").text == "坚持和会议和长江"),
    Item(4, 3, "simplified habits", lambda s: all(words in s.text for words in ("奔着问题深挖细查", "侥幸", "如坐针毡", "王晓云")), lambda: to_simplified("奔著目標，成效顯著") == "奔着目标，成效显著"),
    Item(4, 4, "half-width commas", lambda s: "，" not in s.document.text and "张坤指出，没有安全，一切为零" in s.text, lambda: "巡河,及时" in seen(f"开展巡河,及时处置。{DUTY}").document.text),
    Item(4, 5, "a stray pipe", lambda s: not s.text.endswith("|") and "|" not in s.text, lambda: not seen(ONE_LINE).text.endswith("|")),
    Item(4, 6, "no headline", lambda s: s.values("title") == ["泰兴召开全市安全生产工作会议"] and s.notes("title") == ["synthetic"], lambda: seen(ONE_LINE).values("title") == ["东江召开全县河长会议"] and seen(ONE_LINE).notes("title") == ["synthetic"]),
    Item(4, 7, "who speaks on", lambda s: s.context("要提高站位") == ["张坤指出"] and s.context("要管住薄弱") == ["张坤强调"] and s.context("刘文荣要求") == [""], lambda: seen(ONE_LINE).context("要加强巡查") == ["王明指出"] and seen(ONE_LINE).context("会议还听取") == [""]),
)  # fmt: skip


@pytest.mark.parametrize("item", ITEMS, ids=str)
def test_the_seed_comes_out_as_the_catalogue_says(item):
    assert item.here(seed(item.seed))


@pytest.mark.parametrize("item", ITEMS, ids=str)
def test_the_same_damage_in_other_words(item):
    assert item.elsewhere()


def test_no_item_is_left_out():
    assert [max(item.number for item in ITEMS if item.seed == number) for number in range(5)] == [12, 8, 11, 11, 7]
    assert len({(item.seed, item.number) for item in ITEMS}) == len(ITEMS) == 49


@pytest.mark.parametrize("number", range(5))
def test_no_sentence_of_a_seed_is_cut_in_a_quotation(number):
    for passage in seed(number).passages:
        for start, end in sentences(passage.text):
            sentence = passage.text[start:end]
            assert sentence.count("“") == sentence.count("”"), sentence
