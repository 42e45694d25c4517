"""Cleaning: each rule on damage of its kind, the alignment as a property, and the seeds as seed-noise.md wants them."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from fixtures.contracts import DAMAGE, violations
from fixtures.documents import NOTICE, slipped, wrapped
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.clean import RULES, clean, source_spans
from qa.read import from_text, read
from qa.split import split
from qa.types import Source

SEEDS = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))
PROSE = "全市各级河长要按照方案要求开展巡河，及时发现并处置乱占、乱采、乱堆、乱建问题，重大问题当日上报市河长办公室。"


def cleaned(text: str, media_type: str = "text/plain"):
    source = from_text("k", "t", text)
    return clean(Source("", "t", source.digest, media_type, "utf-8", source.text))


def kinds(document, kind: str) -> list[str]:
    return [document.text[flag.start : flag.end] for flag in document.flags if flag.kind == kind]


# ----------------------------------------------------------------------------------------------------------- the table


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_does_what_its_example_says(rule):
    assert rule.before and rule.before != rule.after
    document = cleaned(rule.before)
    assert document.text == rule.after
    assert any(change.why == rule.name for change in (*document.deletions, *document.repairs))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_example_comes_from_the_seeds(rule):
    seeds = "".join(path.read_text(encoding="utf-8") for path in SEEDS)
    assert not any(piece in seeds for piece in rule.before.split() if len(piece) > 10)


def test_what_is_whole_stays_as_it_is():
    text = "\n".join(line for line in NOTICE.split("\n") if line)
    document = cleaned(NOTICE)
    assert document.text == text
    assert not document.repairs
    assert not kinds(document, "damaged") and not kinds(document, "incomplete")


# ------------------------------------------------------------------------------------------------------- the alignment

AWKWARD = st.text(
    alphabet=st.sampled_from(list("第一二三条章要是，。；：、！？“”「」『』（）()《》【】 \u3000\u00a0\t\n\n\n\r#*-|>.·0123456789aZé王雲𠮷👨\u200d👩\u200b\u202e\ufeff\ue010\ufffd⼯?;`[]_=:"))
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x4FFF),
    max_size=400,
)
PIECES = st.sampled_from([
    PROSE, wrapped(PROSE * 3, 17), "会 议 纪 要\n", "2021 年 6 月 2 日\n", "雲(yún)龍(lóng)湖(hú)", "\r\n", "\n\n", "\u3000\u3000", "## 第一章 总 则\n", "第一条 为了规范管理，制定本办法。\n",
    "（一）造成后果的；\n", "目录\n第一章 总则\n第二章 附则\n", "当前位置：首页>公开>文件\n", "---\n", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n", "“引文没有结束", "\f", slipped(PROSE, 20), "1、" + "数" * 120 + "\n2、" + "据" * 120 + "\n3、完\n",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(AWKWARD | st.lists(PIECES | AWKWARD, max_size=12).map("".join), st.sampled_from(["text/plain", "text/markdown", "application/pdf"]))
def test_every_character_is_copied_repaired_or_deleted(text, media_type):
    if not text.strip() or "\ud800" <= max(text) <= "\udfff":
        return
    document = cleaned(text, media_type)
    assert [*violations(document, split(document))] == []
    assert "\n\n" not in document.text and document.text == document.text.strip("\n")


_CLAUSES = st.sampled_from("各镇街道 县住建局 区水务站 港口集团 第二中学 社区医院 东山林场 应当在每月五日前 要在汛期结束后 可以 必须 立即 查明老旧电梯的隐患 公布校车台账 检修3号泵站机组 补植1.5公里防火林带 通报“回头看”结果 登记PM2.5读数".split())
_PROSE = st.lists(_CLAUSES, min_size=6, max_size=40).map(lambda parts: "，".join(parts) + "。")
_TEXTS = st.tuples(st.sampled_from(["防汛值班办法", "关于开展电梯检查的通知"]), st.lists(_PROSE, min_size=4, max_size=9, unique=True)).map(lambda parts: [parts[0], *parts[1]])


@pytest.mark.parametrize("kind", DAMAGE)
@settings(max_examples=12, deadline=None)
@given(text=_TEXTS, seed=st.integers(0, 10**6), media_type=st.sampled_from(["text/plain", "text/markdown", "application/pdf"]))
def test_nothing_is_lost_or_twice_over_any_damage(kind, text, seed, media_type):
    """Conservation and alignment over texts made at random, damaged at random in each way that the benchmark knows."""
    damaged = DAMAGE[kind](text, random.Random(seed))
    if damaged and damaged[0].strip():
        document = cleaned(damaged[0], media_type)
        assert [*violations(document, split(document))] == []


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | AWKWARD, max_size=8).map("".join), st.integers(0, 400), st.integers(0, 400))
def test_any_stretch_is_its_source_spans_and_its_repairs(text, one, other):
    if not text.strip():
        return
    document = cleaned(text)
    start, end = sorted(min(at, len(document.text)) for at in (one, other))
    spans, repairs = source_spans(document, start, end)
    stretch, copied, at = document.text[start:end], [], 0
    for repair in repairs:
        assert stretch[repair.start : repair.end] == repair.became
        assert document.source.text[slice(*repair.source)] == repair.was
        copied.append(stretch[at : repair.start])
        at = repair.end
    assert "".join([*copied, stretch[at:]]) == "".join(document.source.text[low:high] for low, high in spans)
    assert all(left[1] != right[0] for left, right in itertools.pairwise(spans))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_keep_every_character(path):
    document = clean(read(path))
    assert [*violations(document, split(document))] == []


# ------------------------------------------------------------------------------------------------ each kind of damage


@pytest.mark.parametrize("width", [12, 17, 24, 40])
def test_a_column_is_joined_without_spaces(width):
    paragraphs = [PROSE, "各县区要建立台账，逐项销号，整改情况每月通报一次。", PROSE.replace("河", "湖")]
    assert cleaned(wrapped("\n\n".join(paragraphs), width)).text.replace("\n", "") == "".join(paragraphs)
    assert cleaned(wrapped("\n\n".join(paragraphs * 2), width)).text == "\n".join(paragraphs * 2)


def test_latin_words_are_joined_with_a_space():
    lines = ["The committee met on Monday to review the", "annual report, and decided that every branch", "office shall keep a record of its own visits", "to the reservoirs, and report them to the", "county within seven days of each visit."]
    assert cleaned("\n".join(lines)).text == " ".join(lines)


@pytest.mark.parametrize("text", ["春眠不觉晓，\n处处闻啼鸟。\n夜来风雨声，\n花落知多少。", "张伟\n王芳\n李强\n刘洋\n陈静\n杨帆", "苹果 12箱\n香蕉 30箱\n橙子 25箱\n葡萄 18箱\n西瓜 40箱"])
def test_lines_that_are_no_column_stay(text):
    assert cleaned(text).text == text


def test_a_short_line_that_ends_a_sentence_ends_a_paragraph():
    text = wrapped(PROSE, 16) + "\n" + wrapped("王明指出，" + PROSE, 16)
    assert cleaned(text + "\n\n" + wrapped(PROSE, 16)).text.split("\n")[1].startswith("王明指出，全市")


def test_a_blank_line_within_a_sentence_is_a_page():
    lines = wrapped(PROSE * 2, 15).split("\n")
    assert cleaned("\n".join(lines[:3]) + "\n\n" + "\n".join(lines[3:])).text == PROSE * 2


def test_a_sentence_over_two_pages_is_joined_and_a_list_is_not():
    assert cleaned(f"{PROSE[:-9]}\n\n{PROSE[-9:]}").text == PROSE
    assert "\n" in cleaned(f"{PROSE[:-9]}\n\n（一）{PROSE[-9:]}").text
    assert "\n" in cleaned(f"2011年11月24日 某省第十一届人民代表大会常务委员会第二十六次会议通过\n\n{PROSE}").text


def test_spaces_at_the_width_of_a_column_go_from_short_lines_too():
    lines = ["第三条 各级河长应当按月巡查责任河段，并且如实填写巡查日志。", "巡查中发现的问题应当在两个工作日内录入平台系统。", "第四条 乱占河道的单位由所在地水务站责令立即停止施工。", "逾期不拆除的由水务站拆除，所需的费用由违法单位承担。", "第五条 本办法自印发之日起施行。"]
    assert cleaned("\n".join(f"{line[:16]} {line[16:]}" if len(line) > 16 else line for line in lines)).text == "\n".join(lines)
    table = ["第二水厂净水车间 张某", "东山林场防火分队 李某", "港口集团安全环保部 王某", "社区卫生服务中心站 赵某"]
    assert cleaned("\n".join(table)).text == "\n".join(table)


@pytest.mark.parametrize("blank", [" ", "\u3000\u3000", "  "])
def test_paragraphs_on_one_short_line_are_told_by_indents_or_articles(blank):
    articles = ["第三条 河长每月巡河一次。", "第四条 发现乱占河道的，责令立即停止。", "第五条 本办法自印发之日起施行，原办法同时废止，此前未办结的事项按本办法办理，未尽事宜由市河长办公室负责解释并报备。"]
    assert cleaned(blank.join(articles)).text == "\n".join(articles)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    assert cleaned("局长在会上说：“\n今年不再新增\n。”他还说，\n《河道条例》\n、《防洪条例》要抓紧修订。").text == "局长在会上说：“今年不再新增。”他还说，\n《河道条例》、《防洪条例》要抓紧修订。"


def test_columns_that_cannot_be_put_together_are_not_quoted():
    rows = [PROSE[:24], PROSE[24:] + "各县区照办", "台账每月更新一次并抄送市水利局存查备案各单位遵照", "执行情况纳入年度考核内容，考核结果向社会公布接受"]
    halves = "要如实填写日志 逐级上报不得瞒报"
    text = f"{' '.join(rows * 2)} {halves}会公布接受 {halves}另行通知。 {' '.join(rows)}"
    damaged = kinds(cleaned(text), "damaged")
    assert len(damaged) == 1 and "填写日志" in damaged[0]


def test_slices_of_a_share_site_are_put_together():
    body = "".join(f"在第{number}次会议上，{PROSE}" for number in range(1, 13))
    slices = [body[at : at + 150] for at in range(0, len(body), 150)]
    assert cleaned("\n".join(f"{number}、{text}" for number, text in enumerate(slices, 1))).text == body
    items = "\n".join(f"{number}、{PROSE}" for number in range(1, 6))
    assert cleaned(items).text == items


def test_readings_go_and_other_brackets_stay():
    text = "東(dōng)門(mén)外的鐵(tiě)路（JS）一號(一)線(xiàn)和(A)組(zǔ)"
    assert cleaned(text).text == "東門外的鐵路（JS）一號(一)線和(A)組"
    assert cleaned("“行(háng)”是多音字。").text == "“行(háng)”是多音字。"


@pytest.mark.parametrize("at", range(2, 30))
def test_a_byte_slip_is_repaired_where_the_bytes_prove_it_and_flagged_elsewhere(at):
    text = "各单位要对加油加气站、大型商业广场、高层建筑和文物古建筑开展消防安全检查，及时消除隐患。"
    broken = slipped(text, at)
    document = cleaned(broken)
    repaired = len(document.text) == len(text) and all(one in (other, "\ufffd") for one, other in zip(document.text, text))
    assert repaired or document.text == broken
    flagged = [(flag.start, flag.end) for flag in document.flags if flag.kind == "damaged"]
    wrong = [place for place, (one, other) in enumerate(zip(document.text, text)) if one != other] if repaired else [broken.index("\ufffd")]
    assert wrong and all(any(start <= place < end for start, end in flagged) for place in wrong)


def test_a_long_slip_that_is_not_repaired_is_damaged_from_its_beginning_to_its_end():
    document = cleaned("他首O觥裥诤裥觥诤\ufffd开创了新局面。一切正常。")
    assert kinds(document, "damaged") == ["O觥裥诤裥觥诤\ufffd"]
    assert kinds(cleaned("达到A级标准的企业都要参加\ufffd考核。"), "damaged") == ["\ufffd"]


@pytest.mark.parametrize("mark", ["- {} -", "— {} —", "第{}页", "第 {} 页 共 9 页", "{}/9"])
def test_numbers_of_pages_in_a_sentence_go_with_the_running_head(mark):
    text = "".join(f"{PROSE}{PROSE[:-9]}\n\n{mark.format(number)}\n\n某市水利年鉴\n\n{PROSE[-9:]}\n{PROSE}\n" for number in (1, 2, 3))
    assert cleaned(text).text == "\n".join([PROSE * 2, PROSE] * 3)


def test_numbers_of_items_on_lines_of_their_own_stay():
    text = "\n".join(f"{number}\n{PROSE}\n{PROSE}" for number in range(1, 5))
    assert cleaned(text).text == text


@pytest.mark.parametrize("mark", ["{}、", "{}. ", "（{}）", "【{}】", "[{}]"])
def test_slices_with_other_marks(mark):
    body = "".join(f"在第{number}次会议上，{PROSE}" for number in range(1, 13))
    assert cleaned("\n".join(mark.format(at // 150 + 1) + body[at : at + 150] for at in range(0, len(body), 150))).text == body


def test_the_space_behind_the_number_of_an_article_in_a_block_stays():
    text = " ".join(f"{PROSE[:at]} {PROSE[at:]}" for at in (20, 24, 28)).replace("办公室。 ", "办公室。第八条 ")
    assert cleaned(text).text == f"{PROSE}第八条 {PROSE}第八条 {PROSE}"


@pytest.mark.parametrize("text", ["東（dōng）門（mén）外的鐵（tiě）路", "東[dōng]門[mén]外的鐵[tiě]路", "東(dong1)門(men2)外的鐵(tie3)路"])
def test_readings_of_other_converters(text):
    assert cleaned(text).text == "東門外的鐵路"
    assert cleaned("甲型(ab1)乙型(cd2)丙型(ef3)").text == "甲型(ab1)乙型(cd2)丙型(ef3)"


def test_numbered_headings_and_indented_paragraphs_are_no_page_breaks():
    text = f"三、健全制度，明确责任，把河长制工作推向深入\n\n{PROSE}"
    assert cleaned(text).text == text.replace("\n\n", "\n")
    assert "\n" in cleaned(f"{PROSE}落实责任，扎实开展，重大问题当日\n\n\u3000\u3000{PROSE}").text


def test_short_headings_are_no_column():
    heads = ["一、总体情况", "二、主要做法", "三、存在问题", "四、下步打算"]
    text = "\n".join(["目录", *heads, *(line for head in heads for line in (head, PROSE * 3))])
    assert cleaned(text).text == text


def test_a_number_cut_by_a_column_is_joined_without_a_space():
    text = f"城镇化率达到56.2%，工业用水10234.5万吨，{PROSE}" * 3
    for width in range(14, 24):
        assert cleaned(wrapped(text, width)).text == text


def test_private_use_characters_are_flagged_and_kept():
    document = cleaned("水库正常蓄水位为103\ue0105米，死水位为88米。")
    assert kinds(document, "damaged") == ["\ue010"]
    assert "103\ue0105" in document.text


def test_what_turns_the_direction_goes_and_is_said():
    document = cleaned(f"{PROSE}\n应付金额\u202e001\u202c元。")
    assert document.text.endswith("应付金额001元。")
    assert kinds(document, "doubtful") == ["应付金额001元。"]


def test_emoji_keep_their_joiners():
    assert cleaned("👨\u200d👩\u200d👧一家，安\u200b全").text == "👨\u200d👩\u200d👧一家，安全"


def test_names_in_a_row_keep_their_spaces():
    text = f"参加人员有张伟 王芳 李强 刘洋 陈静，{PROSE}{PROSE}"
    assert "张伟 王芳 李强" in cleaned(text).text


def test_columns_read_apart_are_put_together_again():
    left = ["为全县水利工作提供了坚强有力的制度保障", "县乡村三级河长认真履行各自的巡河职责及", "水利部门牵头组织三次联合执法行动共查处"]
    right = ["第一是责任更", "时处置问题，", "案件二十起。"]
    tail = "第二是成效更加明显。"
    halves = " ".join(right)
    before = " ".join((PROSE * 6)[at : at + 25] for at in range(0, 250, 25)) + " 一年来，各项工作有序推进，为全县发展大局特别是产业振兴"
    damaged = f"{before} {halves}产业振兴 {halves}{left[0]} {left[1]} {left[2]} {tail}{PROSE}"
    document = cleaned(damaged)
    assert "特别是产业振兴" + "".join(one + other for one, other in zip(left, right)) + tail in document.text
    assert kinds(document, "doubtful")


@pytest.mark.parametrize("line", ["当前位置：首页 > 政务公开 > 财政预算", "您的位置：首页>>新闻中心>>公告", "版权所有 某某县人民政府", "打印本页", "上一篇：关于召开年会的通知", "【字体：大 中 小】", "本站支持IPv6", "附件下载", "网站地图"])
def test_furniture_of_sites_is_in_no_passage(line):
    document = cleaned(f"{line}\n某县财政局预算公开说明\n{PROSE}\n{PROSE}")
    assert line in kinds(document, "boilerplate")
    assert not any(line in passage.text for passage in split(document))


@pytest.mark.parametrize("line", ["下载量和浏览量是考核指标。", "当前位置服务已经成为基础能力。", "一、打印本页面的设备管理", "保护版权所有人的合法权益。"])
def test_sentences_about_such_things_are_not_furniture(line):
    assert not kinds(cleaned(f"{line}\n{PROSE}"), "boilerplate")


def test_a_table_of_contents_is_in_no_passage_and_its_headings_are():
    document = cleaned(f"# 某县水利年鉴\n\n目 录\n\n一、工作综述\n\n二、工程建设\n\n三、大事记\n\n# 一、工作综述\n\n{PROSE}\n\n# 二、工程建设\n\n{PROSE}\n\n# 三、大事记\n\n{PROSE}")
    assert kinds(document, "boilerplate") == ["目录\n一、工作综述\n二、工程建设\n三、大事记"]
    assert sum("工程建设" in passage.text for passage in split(document)) == 1


def test_an_abstract_that_repeats_the_text_is_in_no_passage():
    document = cleaned(f"河长制工作通报\n内容摘要：{PROSE}\n{PROSE}\n{PROSE.replace('河', '湖')}")
    assert kinds(document, "boilerplate") == [f"内容摘要：{PROSE}"]


def test_a_headline_at_the_end_comes_first():
    document = cleaned(f"{PROSE}{PROSE}\n\n各乡镇要落实整改责任。\n\n全市河长按照方案要求开展巡河")
    assert document.text.startswith("全市河长按照方案要求开展巡河\n")
    assert document.headings[0].level == 1
    signed = f"{PROSE}{PROSE}\n\n市河长办公室\n\n2020年3月1日"
    assert cleaned(signed).text.startswith(PROSE)


def test_a_text_that_breaks_off_says_so():
    document = cleaned(f"河长制工作汇报\n{PROSE}\n{PROSE}下一步，我们将继续加大巡查力度，确保每一条河流都有人管，并按照")
    assert kinds(document, "incomplete") == ["下一步，我们将继续加大巡查力度，确保每一条河流都有人管，并按照"]
    assert not kinds(cleaned(f"{PROSE}\n特此通知。\n市水利局"), "incomplete")


def test_markdown_goes_and_its_levels_stay():
    document = cleaned(f"# 年鉴\n\n> **{PROSE}**\n\n## 附 录\n\n见[官网](http://example.org/a)和`代码`。\n\n| 站点 | 水位 |\n|:---|---:|\n| 龙潭 | 35 |", "text/markdown")
    assert document.text == f"年鉴\n{PROSE}\n附录\n见官网和代码。\n站点 | 水位\n龙潭 | 35"
    assert [heading.level for heading in document.headings] == [1, 2]


# ------------------------------------------------------------------------------------------ the seeds, item by item


def seed(number: int):
    return clean(read(SEEDS[number]))


def test_bulletin():
    document = seed(0)
    lines = document.text.split("\n")
    assert lines[:4] == ["江苏应急管理简报", "第11期", "江苏省应急管理厅", "2021年6月2日"]  # items 1, 2, 5
    assert not any(mark in document.text for mark in ("#", "*", "---"))
    levels = {document.text[heading.start : heading.end]: heading.level for heading in document.headings}
    assert levels["【重要新闻】"] == levels["【地方工作】"] < levels["娄勤俭书记：推动发展和安全协调并进"] == levels["吴政隆省长：抓好发展和安全 践行“两个维护”"] == levels["徐州市 镇江市认真贯彻落实 学习交流会精神"]  # 3
    (contents,) = kinds(document, "boilerplate")  # 4, 6
    assert contents.startswith("内容要目\n【重要新闻】") and contents.endswith("徐州市 镇江市认真贯彻落实学习交流会精神")
    assert "要对标对表总书记关于领导干部提高专业化能力的要求" in document.text  # 7
    assert "省级机关简报登记证（JS）苏简字2034号" in lines  # 5, 12
    by_start = {passage.text.split("，")[0]: passage for passage in split(document)}
    assert by_start["会议指出"].context.startswith("徐州市")  # 8
    assert [passage.context for passage in split(document) if passage.text.startswith("会议要求")] == ["徐州市", "镇江市"]
    assert any("抄送：国务院安委会办公室。" in passage.text and "各设区市安委办。" in passage.text for passage in split(document))  # 10


def test_newspaper_column():
    document = seed(1)
    lines = document.text.split("\n")
    assert lines[:3] == ["我省召开响水“3·21”特别重大爆炸事故警示教育大会", "深刻反思 警钟长鸣 夯实责任 勇于担当", "切实推进安全生产治理体系和治理能力现代化"]  # 6
    assert lines[3].startswith("本报讯 11月20日，省委、省政府召开响水“3·21”特别重大爆炸事故警示教育大会，省委书记娄勤俭")  # 1, 5
    assert "让党中央放心、让人民满意。" in document.text and "从源头上把好安全环保的“第一道关口”" in document.text and "把防范化解做在前面" in document.text  # 2
    assert [line[:5] for line in lines[4:]] == ["娄勤俭指出", "娄勤俭强调", "娄勤俭指出", "娄勤俭强调", "吴政隆指出", "会议播放了", "会议以电视"]  # 3, 4
    assert document.text.count("“3·21”") == 6
    assert not document.repairs


def test_government_site():
    document = seed(2)
    assert "(" not in document.text.replace("主題(一)", "").replace("主題(二)", "")  # 2
    assert "劇毒爆炸危化品、大型商業綜合體和重點礦山" in document.text and "進園入區等方面" in document.text  # 3
    assert [line.split(":")[0][:6] for line in kinds(document, "boilerplate")] == ["網站支持IP", "當前位置", "文件下載", "內容概況 1"]  # 4, 7
    assert "來源:宜興日報 日期:2020-12-28 10:58:57\n" in document.text  # 4, 6
    assert "公開范圍 面向社會" in document.text and ":58:57" in document.text  # 1, 8: the script and the width stay
    parts = [passage for passage in split(document) if passage.text.startswith(("二是", "三是", "二要", "三要"))]  # 9
    assert [passage.context for passage in parts] == ["會議要求", "會議要求", "會議強調", "會議強調"]
    assert not kinds(document, "damaged")


def test_share_site():
    document = seed(3)
    assert document.text.startswith("赵俊民同志在全市应急管理暨安全生产工作会议上的讲话\n")  # 1
    body = "\n".join(passage.text for passage in split(document))
    assert "淘文阁" not in body and "配套讲稿" not in body and "限制150" not in body
    for words in ("经济社会两手抓的全过程", "联络员定期联系", "防风险不能大意", "总书记反复强调", "今年工作指明了", "隐患闭环管理"):  # 2
        assert words in document.text
    for words in ("聚焦应急管理", "安全保障", "平安理念", "发展质量效益", "防救别离、统分结合的1+4自然灾害"):  # 3
        assert words in document.text
    ideal = "为全市开展大局特别是六稳六保工作提供了坚实保障。第一个是责任体系不间断健全。市、县党政领导干部平安生产责任清单落实到人,党政同责、一岗双责、齐抓共管、失职追责平安责任全面落实到位。第二个是专项整治有效开展。"
    assert ideal in document.text and kinds(document, "doubtful")  # 4
    assert "平安生产" in document.text and "安全生产" in document.text  # 5: wording stays
    assert "四届十一次全会为" in document.text and "四届H一" not in document.text and "提前语境" in document.text  # 6
    assert [line[:2] for line in document.text.split("\n") if line[:2] in ("第一", "第二", "一要", "二要")] == ["第一", "第二", "一要", "二要"]  # 8
    assert kinds(document, "incomplete") == ["以平安生产专项整治三年行动为统揽,按照1+2+1"]  # 9


def test_one_line():
    document = seed(4)
    lines = document.text.split("\n")
    assert len(lines) == 17 and lines[-1] == "與會人員集中觀看了安全生產專題片。"  # 1, 5
    assert "(" not in document.text and "奔著問題深挖細查" in document.text  # 2, 3
    contexts = {passage.text[:5]: passage.context for passage in split(document)}
    assert contexts["要提高站位"] == "張坤指出" and contexts["要管住薄弱"] == "張坤強調" and contexts["劉文榮要求"] == ""  # 7
