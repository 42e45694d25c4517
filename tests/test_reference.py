"""Golden references: each with the clause that its form is taken from.

"8.5.3 [1]" is an example of GB/T 7714-2025 (in 2025 marks the standard's own line, its full-width marks as it is set), "B.10" its
appendix; "2015 A.9" an example of GB/T 7714-2015. A line that no example of the standard has names the clauses that it is made
after. Where a field is taken out of an example, the clause is 4 and 7: what the source does not state is left out.
"""

from __future__ import annotations

import dataclasses

import pytest

from qa.reference import KINDS, STYLES, Reference, in_text, kind_of, reference, written
from qa.types import BadRequest, Description, Field

NEW, OLD = STYLES
NUMERIC, DATED = "numeric", "author-date"


def described(kind: str = "", title: str = "", **facts: str) -> Description:
    main = {name: facts.pop(name, "") for name in ("issuer", "date", "media_type", "name")}
    stated = [Field(name, value) for name, value in facts.items()] + ([Field("kind", kind, (), "by hand")] if kind else [])
    return Description("k", "", main["name"], title, main["issuer"], main["date"], "0" * 64, "utf-8", main["media_type"], tuple(stated))


PAPER = described("newspaper", "数字革命与竞争国际化", author="丁文详", source="中国青年报", date="2000-11-20", page="15")
PAPER_ONLINE = described("newspaper", "探索微观世界的无穷奥秘", author="陈缮真", source="人民日报", date="2022-08-16", page="17", url="http://paper.people.com.cn/rmrb/html/2022-08/16/x.htm")
SMOG = described("newspaper", "雾霾来袭，如何突围", author="刘裕国、杨柳、张洋、王甲", source="人民日报", date="2013-01-12", page="2", url="http://paper.people.com.cn/rmrb/html/2013-01/12/x.htm")
WEB = described("web", "北京鲁迅博物馆志愿服务章程", issuer="北京鲁迅博物馆", date="2021-04-21", url="http://www.luxunmuseum.com.cn/html/202104/a11310.htm")
WEB_2001 = described("web", "出版业信息化迈入快车道", author="萧钰", date="2001-12-19", url="http://www.creader.com/news/20011219/200112190019.html")
CALIS = described("web", "馆际互借与文献传递服务", issuer="高等教育文献保障系统", url="http://home.calis.edu.cn/pages/list.html")
WORKER = described("web", "许振超：“好好干，当一个好工人”", date="2025-02-17", url="http://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html")
CNNIC = described("report", "第29次中国互联网络发展状况统计报告", issuer="中国互联网络信息中心", date="2012-01-16", url="https://www.cnnic.net.cn/x.pdf")
DEFENCE = described("report", "国防白皮书", subtitle="中国武装力量的多样化运用", issuer="中华人民共和国国务院新闻办公室", date="2013-04-16", url="http://www.mod.gov.cn/x.htm")
TELECOM = described("report", "电信业发展白皮书", subtitle="2023", issuer="中国信息通信研究院；中国电信股份有限公司研究院；中国移动通信研究院；某院", date="2023-12-28", url="http://www.caict.ac.cn/x.pdf")
BULLETIN = described("report", "应急管理简报", issuer="某省应急管理厅", date="2021-06-02", issue_number="第11期")
SPEECH = described("speech", "在全市安全生产会议上的讲话", speaker="张三", date="2021-01-22")
NOTICE = described("document", "关于做好汛期值班的通知", issuer="某市人民政府办公室", date="2021-05-06", document_number="某政办〔2021〕5号")
LAW = described("", "中华人民共和国安全生产法", issuer="全国人民代表大会常务委员会", date="2021-06-10", passed="2002-06-29")
LAW = dataclasses.replace(LAW, fields=(*LAW.fields, Field("amended", "2009-08-27", (), "修正"), Field("amended", "2021-06-10", (), "修正")))
LAW_ONLINE = dataclasses.replace(LAW, fields=(*LAW.fields, Field("url", "https://flk.npc.gov.cn/x")))
STANDARD = described("", "GB/T 3792—2021 信息与文献 资源描述")
SOIL = described("standard", "土壤环境质量标准", issuer="国家环境保护局科技标准司", standard_number="GB 15616—1995", date="1996", place="北京", publisher="中国标准出版社")
BOOK = described("book", "全唐五代诗格汇考", author="张伯伟", date="2002", place="南京", publisher="江苏古籍出版社")
BOOK_EDITION = described("book", "中国造纸原料纤维特性及显微图谱", author="某甲", date="2012", place="北京", publisher="北京大学出版社", edition="2版")
BOOK_ONLINE = described("book", "当代美国外交", author="赵学功", date="2001", place="北京", publisher="社会科学文献出版社", url="http://www.cadal.zju.edu.cn/x")
JOURNAL = described("journal", "互联网药品可信交易环境中主体资质审核备案模式", author="于潇，刘义，柴跃廷，孙宏波", source="清华大学学报（自然科学版）", date="2012", volume="52", issue_number="11", page="1518-1523")
NO_VOLUME = described("journal", "人物龙凤帛画", source="中国书法", date="2023", issue_number="3", page="5")
LOOSE = described("other", "值班记事", issuer="某站", date="2021-03-04")

GOLDEN = [
    # newspapers
    (PAPER, NEW, NUMERIC, "", "丁文详. 数字革命与竞争国际化[N]. 中国青年报，2000-11-20（15）.", "8.5.3 [1]"),
    (PAPER, OLD, NUMERIC, "", "丁文详. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15).", "2015 A.9 [1]"),
    (PAPER, NEW, DATED, "", "丁文详，2000. 数字革命与竞争国际化[N]. 中国青年报，2000-11-20（15）.", "8.1 and 7.5.4.2: the day stays with the newspaper"),
    (PAPER, OLD, DATED, "", "丁文详, 2000. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15).", "2015 9.2 and 8.8.5"),
    (PAPER_ONLINE, NEW, NUMERIC, "", "陈缮真. 探索微观世界的无穷奥秘[N/OL]. 人民日报，2022-08-16（17）. http://paper.people.com.cn/rmrb/html/2022-08/16/x.htm.", "B.4 [6]"),
    (SMOG, OLD, NUMERIC, "", "刘裕国, 杨柳, 张洋, 等. 雾霾来袭，如何突围[N/OL]. 人民日报, 2013-01-12(2)[2026-07-15]. http://paper.people.com.cn/rmrb/html/2013-01/12/x.htm.", "2015 A.9 [4]"),
    # web pages
    (WEB, NEW, NUMERIC, "", "北京鲁迅博物馆. 北京鲁迅博物馆志愿服务章程[EB/OL]. （2021-04-21）[2026-07-15]. http://www.luxunmuseum.com.cn/html/202104/a11310.htm.", "B.10 [2]"),
    (WEB_2001, OLD, NUMERIC, "", "萧钰. 出版业信息化迈入快车道[EB/OL]. (2001-12-19)[2026-07-15]. http://www.creader.com/news/20011219/200112190019.html.", "2015 4.6.2 [1]"),
    (WEB, NEW, DATED, "", "北京鲁迅博物馆，2021. 北京鲁迅博物馆志愿服务章程[EB/OL]. （2021-04-21）[2026-07-15]. http://www.luxunmuseum.com.cn/html/202104/a11310.htm.", "8.1 and 8.11.3.2"),
    (WEB_2001, OLD, DATED, "", "萧钰, 2001. 出版业信息化迈入快车道[EB/OL]. (2001-12-19)[2026-07-15]. http://www.creader.com/news/20011219/200112190019.html.", "2015 9.2 and 4.6.2"),
    (CALIS, NEW, NUMERIC, "", "高等教育文献保障系统. 馆际互借与文献传递服务[EB/OL]. [2026-07-15]. http://home.calis.edu.cn/pages/list.html.", "8.11.3.2 [1]: without a day of publication"),
    (CALIS, NEW, DATED, "", "高等教育文献保障系统. 馆际互借与文献传递服务[EB/OL]. [2026-07-15]. http://home.calis.edu.cn/pages/list.html.", "8.1: no year to put after the creator"),
    (WORKER, NEW, NUMERIC, "", "许振超：“好好干，当一个好工人”[EB/OL]. （2025-02-17）[2026-07-15]. http://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html.", "8.11.3.2 [3]: without a creator"),
    (WORKER, NEW, DATED, "", "佚名，2025. 许振超：“好好干，当一个好工人”[EB/OL]. （2025-02-17）[2026-07-15]. http://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html.", "7.1.3: 佚名"),
    (WORKER, OLD, DATED, "", "佚名, 2025. 许振超：“好好干，当一个好工人”[EB/OL]. (2025-02-17)[2026-07-15]. http://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html.", "2015 8.1.3: 佚名"),
    # reports and bulletins
    (CNNIC, NEW, NUMERIC, "", "中国互联网络信息中心. 第29次中国互联网络发展状况统计报告[R/OL]. 2012-01-16. https://www.cnnic.net.cn/x.pdf.", "B.7 [1]"),
    (DEFENCE, OLD, NUMERIC, "", "中华人民共和国国务院新闻办公室. 国防白皮书: 中国武装力量的多样化运用[R/OL]. (2013-04-16)[2026-07-15]. http://www.mod.gov.cn/x.htm.", "2015 A.3 [1]"),
    (DEFENCE, OLD, DATED, "", "中华人民共和国国务院新闻办公室, 2013. 国防白皮书: 中国武装力量的多样化运用[R/OL]. (2013-04-16)[2026-07-15]. http://www.mod.gov.cn/x.htm.", "2015 9.2 and A.3"),
    (TELECOM, NEW, NUMERIC, "", "中国信息通信研究院，中国电信股份有限公司研究院，中国移动通信研究院，等. 电信业发展白皮书：2023[R/OL]. 2023-12-28. http://www.caict.ac.cn/x.pdf.", "8.8.3 [2]: more than three creators"),
    (BULLETIN, NEW, NUMERIC, "", "某省应急管理厅. 应急管理简报：第11期[R]. 2021-06-02.", "8.8.3: 题名：报告编号[R]. 发布日期"),
    (BULLETIN, NEW, NUMERIC, "3-4", "某省应急管理厅. 应急管理简报：第11期[R]. 2021-06-02：3-4.", "8.8.3: 发布日期：引文页码"),
    (BULLETIN, OLD, NUMERIC, "3-4", "某省应急管理厅. 应急管理简报: 第11期[R]. 2021-06-02: 3-4.", "2015 4.1.2 with the number as in 8.2.3 example 9"),
    (BULLETIN, NEW, DATED, "", "某省应急管理厅，2021. 应急管理简报：第11期[R]. 2021-06-02.", "8.1 and 8.8.3"),
    (dataclasses.replace(BULLETIN, issuer=""), NEW, NUMERIC, "", "应急管理简报：第11期[R]. 2021-06-02.", "7.1.3: no creator, numeric"),
    (dataclasses.replace(BULLETIN, date=""), NEW, NUMERIC, "", "某省应急管理厅. 应急管理简报：第11期[R].", "8.8.2: a date if there is one"),
    (dataclasses.replace(BULLETIN, date="--06-02"), NEW, NUMERIC, "", "某省应急管理厅. 应急管理简报：第11期[R].", "8.8.2: a day without its year is no date"),
    # speeches and internal documents
    (SPEECH, NEW, NUMERIC, "", "张三. 在全市安全生产会议上的讲话[Z]. 2021-01-22.", "Table A.1: Z; items as 8.8.3"),
    (SPEECH, OLD, NUMERIC, "", "张三. 在全市安全生产会议上的讲话[Z]. 2021-01-22.", "2015 Table B.1: Z"),
    (SPEECH, NEW, DATED, "", "张三，2021. 在全市安全生产会议上的讲话[Z]. 2021-01-22.", "8.1 and Table A.1"),
    (NOTICE, NEW, NUMERIC, "", "某市人民政府办公室. 关于做好汛期值班的通知：某政办〔2021〕5号[Z]. 2021-05-06.", "Table A.1: Z; the number as 报告编号, 8.8.3"),
    (NOTICE, OLD, NUMERIC, "", "某市人民政府办公室. 关于做好汛期值班的通知: 某政办〔2021〕5号[Z]. 2021-05-06.", "2015 Table B.1: Z"),
    (LOOSE, NEW, NUMERIC, "", "某站. 值班记事[Z]. 2021-03-04.", "Table A.1: Z"),
    (dataclasses.replace(LOOSE, title="", name="记录.txt"), NEW, NUMERIC, "", "某站. [记录][Z]. 2021-03-04.", "7.2.1: a title of one's own in brackets"),
    # laws
    (LAW, NEW, NUMERIC, "第二十一条", "全国人民代表大会常务委员会. 中华人民共和国安全生产法[Z]. 2021年修正. 2021-06-10：第二十一条.", "Table A.1: Z; 7.4, 8.8.3; 7.7: the place as it is"),
    (LAW, NEW, NUMERIC, "", "全国人民代表大会常务委员会. 中华人民共和国安全生产法[Z]. 2021年修正. 2021-06-10.", "the same without an article"),
    (LAW, OLD, NUMERIC, "第二十一条", "全国人民代表大会常务委员会. 中华人民共和国安全生产法[Z]. 2021年修正. 2021-06-10: 第二十一条.", "2015 Table B.1: Z; 8.3"),
    (LAW, NEW, DATED, "", "全国人民代表大会常务委员会，2021. 中华人民共和国安全生产法[Z]. 2021年修正. 2021-06-10.", "8.1"),
    (LAW_ONLINE, NEW, NUMERIC, "", "全国人民代表大会常务委员会. 中华人民共和国安全生产法：2021年修正[EB/OL]. （2021-06-10）[2026-07-15]. https://flk.npc.gov.cn/x.", "8.11.1: what has no clause of its own is a web page"),
    # standards
    (STANDARD, NEW, NUMERIC, "", "GB/T 3792—2021 信息与文献 资源描述[S].", "8.9.2 [1]"),
    (STANDARD, NEW, DATED, "", "GB/T 3792—2021 信息与文献 资源描述[S].", "8.9: neither creator nor year"),
    (SOIL, OLD, NUMERIC, "2-3", "国家环境保护局科技标准司. 土壤环境质量标准: GB 15616—1995[S]. 北京: 中国标准出版社, 1996: 2-3.", "2015 A.6 [3]"),
    (SOIL, OLD, DATED, "", "国家环境保护局科技标准司, 1996. 土壤环境质量标准: GB 15616—1995[S]. 北京: 中国标准出版社.", "2015 9.2 and A.6"),
    (STANDARD, OLD, NUMERIC, "", "信息与文献 资源描述: GB/T 3792—2021[S]. [出版地不详]: [出版者不详].", "2015 8.4.1.3, 8.4.2.3: demanded"),
    # books
    (BOOK, NEW, NUMERIC, "288", "张伯伟. 全唐五代诗格汇考[M]. 南京：江苏古籍出版社，2002：288.", "8.2.2 [1]"),
    (BOOK, NEW, DATED, "288", "张伯伟，2002. 全唐五代诗格汇考[M]. 南京：江苏古籍出版社：288.", "8.1 [1]; the colon as in 9.3.1.4"),
    (BOOK, OLD, NUMERIC, "288", "张伯伟. 全唐五代诗格汇考[M]. 南京: 江苏古籍出版社, 2002: 288.", "2015 A.1 [1]"),
    (BOOK, OLD, DATED, "288", "张伯伟, 2002. 全唐五代诗格汇考[M]. 南京: 江苏古籍出版社: 288.", "2015 9.2"),
    (BOOK_EDITION, NEW, NUMERIC, "", "某甲. 中国造纸原料纤维特性及显微图谱[M]. 2版. 北京：北京大学出版社，2012.", "8.2.2 and 7.4"),
    (BOOK_ONLINE, NEW, NUMERIC, "", "赵学功. 当代美国外交[M/OL]. 北京：社会科学文献出版社，2001. http://www.cadal.zju.edu.cn/x.", "B.1 [14]"),
    (BOOK_ONLINE, OLD, NUMERIC, "11", "赵学功. 当代美国外交[M/OL]. 北京: 社会科学文献出版社, 2001: 11[2026-07-15]. http://www.cadal.zju.edu.cn/x.", "2015 4.1.2 with A.1 [11]"),
    (dataclasses.replace(BOOK, fields=BOOK.fields[:1] + BOOK.fields[3:]), NEW, NUMERIC, "", "张伯伟. 全唐五代诗格汇考[M]. 2002.", "7.5.2.3, 7.5.3.3: 出版地不详 is optional"),
    (dataclasses.replace(BOOK, fields=BOOK.fields[:1] + BOOK.fields[3:]), OLD, NUMERIC, "", "张伯伟. 全唐五代诗格汇考[M]. [出版地不详]: [出版者不详], 2002.", "2015 8.4.1.3, 8.4.2.3: demanded"),
    # journals
    (JOURNAL, NEW, NUMERIC, "", "于潇，刘义，柴跃廷，等. 互联网药品可信交易环境中主体资质审核备案模式[J]. 清华大学学报（自然科学版），2012，52（11）：1518-1523.", "8.5.3 [3]"),
    (JOURNAL, OLD, NUMERIC, "", "于潇, 刘义, 柴跃廷, 等. 互联网药品可信交易环境中主体资质审核备案模式[J]. 清华大学学报（自然科学版）, 2012, 52(11): 1518-1523.", "2015 A.8 [3]"),
    (NO_VOLUME, NEW, NUMERIC, "", "人物龙凤帛画[J]. 中国书法，2023（3）：5.", "7.1.3 example 3"),
    (NO_VOLUME, NEW, DATED, "", "佚名，2023. 人物龙凤帛画[J]. 中国书法（3）：5.", "7.1.3 example 1"),
]  # fmt: skip


@pytest.mark.parametrize("description, style, system, locator, expected, rule", GOLDEN, ids=[f"{row[5]}:{row[1][-4:]}:{row[2]}:{n}" for n, row in enumerate(GOLDEN)])
def test_golden(description, style, system, locator, expected, rule):
    assert written(reference(description, "2026-07-15", locator), style, system) == expected, rule


def test_the_golden_references_cover_every_kind_style_and_system():
    assert len(GOLDEN) >= 40
    assert {(kind_of(row[0]), row[1]) for row in GOLDEN} >= {(kind, style) for kind in KINDS if kind != "other" for style in STYLES}
    assert {(row[1], row[2]) for row in GOLDEN} == {(style, system) for style in STYLES for system in (NUMERIC, DATED)}


@pytest.mark.parametrize(
    "description, missing",
    [
        (PAPER, ()), (described("newspaper", "甲", source="乙报", date="2000-11-20"), ("责任者", "版次")), (described("web", "甲"), ("责任者", "发布日期", "网址")),
        (described("report", "甲", issuer="乙", date="--06-02"), ("日期（原件只写了6月2日，没有年份）",)), (described("document", "甲"), ("发文机关", "文号", "日期")),
        (described("law", "甲条例"), ("制定机关", "日期")), (described("standard", "甲"), ("标准编号",)), (described("book", "甲", author="乙", date="2001"), ("出版地", "出版者")),
        (described("speech", "甲", date="2021"), ("讲话人",)),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(description, missing):
    assert reference(description).missing == missing


@pytest.mark.parametrize(
    "description, kind",
    [
        (LAW, "law"), (STANDARD, "standard"), (described(title="AQ 1029-2019 煤矿安全监控系统"), "standard"), (described(title="某市消防条例"), "law"),
        (described(title="在动员会上的講話"), "speech"), (described(title="值班工作总结报告"), "report"), (described(title="简报", issue_number="第3期"), "report"),
        (described(title="关于停水的通知"), "document"), (described(title="大风过后", source="北山日报"), "newspaper"), (described(title="大风过后", media_type="text/html"), "web"),
        (described(title="大风过后", source="北山日报", url="https://a.b"), "web"), (described(title="大风过后"), "other"), (described("book", "某市消防条例"), "book"),
        (described(title="巡查工作方法"), "other"), (described(title="消防手册", publisher="某出版社"), "book"),
    ],
)  # fmt: skip
def test_the_kind_is_derived_or_set_by_hand(description, kind):
    assert kind_of(description) == kind


@pytest.mark.parametrize(
    "item, style, mark",
    [
        (Reference("report", ("某厅",), date="2021-06-02"), NEW, "（某厅，2021）"), (Reference("report", ("某厅",), date="2021"), OLD, "(某厅, 2021)"),
        (Reference("journal", ("于潇", "刘义"), date="2012"), NEW, "（于潇 等，2012）"), (Reference("journal", ("Poor A", "Li B"), date="2009"), OLD, "(Poor A et al., 2009)"),
        (Reference("other", date="2020"), NEW, "（佚名，2020）"), (Reference("other", ("某站",)), NEW, "（某站）"), (Reference("standard", number="GB 1—2020"), NEW, "（GB 1—2020）"),
    ],
)  # fmt: skip
def test_marks_in_the_text(item, style, mark):
    assert in_text(item, style) == mark


def test_an_unknown_style_is_a_clear_error():
    with pytest.raises(BadRequest, match="gbt7714-2025"):
        written(reference(PAPER), "apa")
