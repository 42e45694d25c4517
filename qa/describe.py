"""Who issued what when: read from the document's own words and layout, each value with its span. Nothing is guessed.

Small finders each look at one place where documents of a kind state a fact: the lines of the masthead, a flattened table,
the imprint, the dateline, the lines under a law's title. The first that answers wins; what none answers stays empty. What
is concluded and not read (a year from the date of issue, a title from the first sentence) carries a note that says so.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from opencc import OpenCC

from qa.types import Description, Document, Field, Span

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_NUMERAL = "〇零一二三四五六七八九十百千"
_MASTHEAD = 40  # paragraphs
_ORGANISATION = re.compile(
    rf"[{_HAN}]{{2,30}}(?:部|局|厅|委|署|行|院|会|处|室|委员会|办公室|办公厅|政府|法院|检察院|公司|中心|协会|学会|研究院|学校|大学|医院|集团|报社|指挥部|领导小组)$"
)


def describe(document: Document, key: str) -> Description:
    """The description of a document; `key` names it in its library. A fact that the document does not state is empty."""
    page = _Page(document)
    title = [*_titles(page)]
    law = [*_law(page)]
    table = [*_table(page)]
    dates = [*_dates(page, table, law)]
    date = dates[0].value if dates else ""
    issuers = [*_issuers(page, table, title, law)]
    fields = [
        *title, *issuers, *dates, *table, *law, *_numbers(page), *_distribution(page), *_category(page), *_sections(page, bool(law)),
        *_speaker(title, page), *_region(page, issuers, title), *_persons(page), *_event_dates(page, date), *_completeness(document),
    ]  # fmt: skip
    source = document.source
    named = next((field.value for field in title if field.name == "title"), "")
    issuer = issuers[0].value if issuers else ""
    return Description(key, source.path, source.name, named, issuer, date, source.digest, source.encoding, source.media_type, tuple(_once(fields)))


def _once(fields: Sequence[Field]) -> Iterator[Field]:
    """Each fact once, where it was first found, with all its spans."""
    seen: dict[tuple[str, str, str], Field] = {}
    for field in fields:
        known = seen.get((field.name, field.value, field.note))
        spans = tuple(dict.fromkeys((*(known.spans if known else ()), *field.spans)))
        seen[(field.name, field.value, field.note)] = Field(field.name, field.value, spans, field.note)
    yield from seen.values()


class _Page:
    """A document as its describers look at it: its paragraphs outside the boilerplate, and its text in simplified script
    for reading (the same length; values are cut from the original)."""

    def __init__(self, document: Document) -> None:
        self.document, self.text = document, document.text
        self.outside = [(flag.start, flag.end) for flag in document.flags if flag.kind == "boilerplate"]
        self.all: list[Span] = []
        at = 0
        for line in self.text.split("\n"):
            if line:
                self.all.append((at, at + len(line)))
            at += len(line) + 1
        self.paragraphs = [span for span in self.all if not any(low <= span[0] and span[1] <= high for low, high in self.outside)]
        self.headings = {heading.start: heading.level for heading in document.headings}

    def read(self, span: Span) -> str:
        """The stretch in simplified script, character for character."""
        original = self.text[slice(*span)]
        simple = _converter().convert(original)
        return simple if len(simple) == len(original) else original

    def field(self, name: str, span: Span, note: str = "") -> Field:
        return Field(name, self.text[slice(*span)], (span,), note)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


# -------------------------------------------------------------------------------------------------------------- titles

_TITLE_END = re.compile(r"(?:通知|意见|意見|办法|辦法|规定|規定|条例|決定|决定|报告|報告|通报|通報|公告|函|批复|方案|讲话|講話|纪要|紀要|细则|解释|法|规则|规划)(?:[（(][^（）()]{1,20}[）)])?$")
_KICKED = re.compile("召开|召開|举行|舉行|会见|會見|调研|調研|出席|部署|启动|啟動|发布|發布")


def _titles(page: _Page) -> Iterator[Field]:
    """The title with its kicker and subtitle: the headings of the highest level at the top, else the first sentence."""
    group = _top_headings(page)
    if not group:
        yield from _first_sentence(page)
        return
    main, kicker, subtitle = _parts_of_title(page, group)
    yield Field("title", " ".join(page.text[slice(*span)] for span in main), tuple(main))
    yield from (page.field("kicker", span) for span in kicker)
    yield from (page.field("subtitle", span) for span in subtitle)


def _top_headings(page: _Page) -> list[Span]:
    """The first heading of level 1 and the ones directly under it."""
    group: list[Span] = []
    for start, end in page.paragraphs:
        if page.headings.get(start) == 1:
            group.append((start, end))
        elif group:
            break
    return group


def _parts_of_title(page: _Page, group: list[Span]) -> tuple[list[Span], list[Span], list[Span]]:
    """Main lines, kicker, subtitle. Lines of one headline stand together; a blank line parts kicker and headline."""
    if len(group) == 1:
        return group, [], []
    blocks = _by_blank_lines(page, group)
    if len(blocks) > 1 and len(blocks[0]) == 1 and _KICKED.search(page.text, *blocks[0][0]) and _moved(page, group[0][0]):
        return blocks[1], blocks[0], [span for block in blocks[2:] for span in block]
    first = page.text[slice(*group[0])]
    if not _TITLE_END.search(first) and not _KICKED.search(first) and _TITLE_END.search(page.text[slice(*group[1])]):
        return group[:2], [], group[2:]
    return group[:1], [], group[1:]


def _by_blank_lines(page: _Page, group: list[Span]) -> list[list[Span]]:
    source, blocks = page.document.source.text, [[group[0]]]
    for previous, span in itertools.pairwise(group):
        between = source[_source_at(page, previous[1] - 1) : _source_at(page, span[0])]
        if between.count("\n") > 1:
            blocks.append([span])
        else:
            blocks[-1].append(span)
    return blocks


def _source_at(page: _Page, offset: int) -> int:
    run = next((run for run in page.document.runs if run.start <= offset < run.start + run.length), None)
    return run.source + offset - run.start if run else 0


def _moved(page: _Page, offset: int) -> bool:
    """Whether the stretch stood further down in the source."""
    return _source_at(page, offset) > 0.5 * len(page.document.source.text)


_LEADING = re.compile(r"(?:本[报報][讯訊]\s*)?(?:[（(][^（）()]{1,20}[）)])?\s*(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日[，,]?\s*)?")


def _first_sentence(page: _Page) -> Iterator[Field]:
    for start, end in page.paragraphs[:1]:
        start = _LEADING.match(page.text, start, end).end()
        stop = re.compile("[。！？!?；;\n]|$").search(page.text, start, min(end, start + 60))
        yield page.field("title", (start, stop.start() if stop else min(end, start + 60)), "synthetic")


# ---------------------------------------------------------------------------------------------------- flattened tables

_KEYS = {
    "索引号": "index_number", "生成日期": "created", "成文日期": "written", "公开日期": "published", "发布日期": "published", "发布时间": "published",
    "文件编号": "document_number", "发文字号": "document_number", "文号": "document_number", "公开时限": "disclosure_period", "公开形式": "disclosure_form",
    "公开方式": "disclosure_manner", "公开范围": "disclosure_scope", "公开程序": "disclosure_procedure", "发布机构": "issuer", "发文机关": "issuer",
    "发布单位": "issuer", "制发机关": "issuer", "效力状况": "validity", "有效性": "validity", "时效性": "validity", "体裁": "genre", "关键词": "keywords",
    "主题词": "keywords", "分类词": "class_words", "主题分类": "topic", "主题": "topic", "信息来源": "source", "稿源": "source", "来源": "source", "日期": "posted",
    "时间": "posted", "作者": "author", "记者": "reporter", "责任编辑": "editor", "编辑": "editor", "名称": "name", "生效日期": "in_force", "实施日期": "in_force",
}  # fmt: skip
_KEY = re.compile(rf"(?<![^\s|｜])({'|'.join(sorted(_KEYS, key=len, reverse=True))})([（(][{_NUMERAL}][）)])?(?:\s*[:：]\s*|(?=\s)|$)")


def _table(page: _Page) -> Iterator[Field]:
    """Key-value pairs that a table was flattened to, by a closed list of keys; a key may have no value."""
    for span in page.paragraphs[:_MASTHEAD]:
        line = page.read(span)
        found = list(_KEY.finditer(line)) if span[1] - span[0] <= 200 else []
        if not found or found[0].start() > 0 or not (len(found) > 1 or re.search("[:：]", found[0][0])):
            continue
        for key, following in zip(found, [*found[1:], None]):
            start, end = span[0] + key.end(), span[0] + (following.start() if following else len(line))
            value = _trimmed(page.text, start, end)
            name = _KEYS[key[1]] + ({"一": "_1", "二": "_2", "三": "_3"}.get(key[2][1], "") if key[2] else "")
            yield page.field(name, value) if value[0] < value[1] else Field(name, "", (), "empty")


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in "|｜:："):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "|｜"):
        end -= 1
    return start, end


# --------------------------------------------------------------------------------------------------------------- dates

_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789"))
_DATE = re.compile(rf"(?<!\d)((?:19|20)\d{{2}}|[〇○零一二三四五六七八九]{{4}})\s*(?:年|[-/.])\s*([\d{_NUMERAL}]{{1,3}})\s*(?:月|[-/.])\s*(?:([\d{_NUMERAL}]{{1,3}})\s*日?)?(?!\d)")
_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_DATE_LINE = re.compile(rf"[（(]?{_DATE.pattern}[）)]?\s*(?:印发|印發|发布|發布)?\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?$")


def _iso(found: re.Match[str]) -> str:
    """ISO 8601 of what `_DATE` found; empty when it is no date."""
    year = "".join(_DIGITS.get(digit, digit) for digit in found[1])
    month, day = _count(found[2]), _count(found[3]) if found[3] else 0
    if not 1 <= month <= 12 or day > 31:
        return ""
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def _count(numeral: str) -> int:
    """A number up to 99 in digits or in Chinese.

    >>> _count("二十一"), _count("十"), _count("07")
    (21, 10, 7)
    """
    if numeral.isdigit():
        return int(numeral)
    tens, _, ones = numeral.rpartition("十")
    digit = "〇一二三四五六七八九".find
    return (max(digit(tens), 1) * 10 if "十" in numeral else 0) + max(digit(ones), 0)


def _dates(page: _Page, table: Sequence[Field], law: Sequence[Field]) -> Iterator[Field]:
    """The dates of the document, the one that it bears first."""
    passed = [field for field in law if field.name in ("passed", "amended", "promulgated", "approved")]
    if passed:
        latest = max(passed, key=lambda field: field.value)
        yield Field("date", latest.value, latest.spans, "version")
        return
    stated = [*_date_lines(page), *_table_dates(table), *_title_date(page)]
    yield from stated or _dateline(page)


def _table_dates(table: Sequence[Field]) -> Iterator[Field]:
    for field in table:
        if field.name in ("posted", "published", "written", "created") and (found := _DATE.search(field.value)) and (value := _iso(found)):
            yield Field("date", value, field.spans, field.name)


def _date_lines(page: _Page) -> Iterator[Field]:
    """A date alone on a line of the masthead or of the imprint."""
    for place, spans in (("masthead", page.paragraphs[:12]), ("printed", page.paragraphs[-6:])):
        for span in spans:
            found = _DATE_LINE.match(page.text, *span) if span[1] - span[0] <= 30 else None
            if found and (value := _iso(found)):
                yield Field("date", value, (span,), "printed" if "印" in found[0] else place)


def _title_date(page: _Page) -> Iterator[Field]:
    """A date in brackets in or under the title."""
    for span in page.paragraphs[:4]:
        for found in re.compile(rf"[（(]\s*({_DATE.pattern})\s*[）)]").finditer(page.text, *span) if span[1] - span[0] <= 100 else ():
            inner = _DATE.search(page.text, found.start(1), found.end(1))
            if inner and (value := _iso(inner)):
                yield Field("date", value, (inner.span(),), "heading")


def _dateline(page: _Page) -> Iterator[Field]:
    """The date with which the first paragraph begins; often a day without a year."""
    prose = [span for span in page.paragraphs[:8] if span[1] - span[0] >= 40]
    for start, end in prose[:1]:
        found = _DATE.search(page.text, start, min(start + 40, end))
        if found and found.start() - start < 20 and (value := _iso(found)):
            yield Field("date", value, ((found.start(), found.end()),), "dateline")
        elif (day := _DAY.search(page.text, start, min(start + 40, end))) and day.start() - start < 12:
            yield Field("date", f"--{int(day[1]):02}-{int(day[2]):02}", ((day.start(), day.end()),), "no year")


def _event_dates(page: _Page, issued: str) -> Iterator[Field]:
    """Days that paragraphs begin with, in the year in which the document was issued."""
    for span in page.paragraphs if re.match(r"\d{4}-\d\d", issued) else ():
        lead = re.compile(rf"(?:[{_HAN}]{{1,12}}[：:])?").match(page.text, *span).end()
        day = _DAY.match(page.text, lead, span[1]) if span[1] - span[0] >= 20 else None
        if day:
            month = int(day[1])
            year = int(issued[:4]) - (month > int(issued[5:7]))  # what is reported lies before the report
            yield Field("event_date", f"{year}-{month:02}-{int(day[2]):02}", ((day.start(), day.end()),), "inferred: year from the date of issue")


# ------------------------------------------------------------------------------------------------------------- issuers

_TITLE_ISSUER = re.compile(rf"([{_HAN}、]{{2,40}}?(?:部|局|厅|委|署|院|会|室|政府|法院|检察院|公司))(?:关于|關於|印发|印發)")


def _issuers(page: _Page, table: Sequence[Field], title: Sequence[Field], law: Sequence[Field]) -> Iterator[Field]:
    """The issuer as a table, the masthead and the imprint state it, else the title, else the body that passed a law."""
    yield from (field for field in table if field.name == "issuer" and field.value)
    masthead = [span for span in page.paragraphs[1:8] if span[1] - span[0] <= 30]
    for span in [*masthead, *_signatures(page)]:
        if page.headings.get(span[0]) is None and _ORGANISATION.match(page.read(span)) and not page.text[slice(*span)].startswith(("各", "第")):
            yield page.field("issuer", span)
    yield from (field for field in law if field.name == "issuer")
    for field in title:
        if field.name == "title" and len(field.spans) == 1 and not law and (found := _TITLE_ISSUER.match(field.value)):
            start = field.spans[0][0]
            yield page.field("issuer", (start, start + found.end(1)), "in the title")


def _signatures(page: _Page) -> Iterator[Span]:
    """The lines above a date near the end."""
    tail = page.paragraphs[-8:]
    for above, below in itertools.pairwise(tail):
        if above[1] - above[0] <= 30 and below[1] - below[0] <= 30 and _DATE.match(page.text, *below):
            yield above


# ------------------------------------------------------------------------------------------------------ numbers, imprint

_LINE_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("issue_number", re.compile(rf"[（(]?((?:总|總)?第\s*[\d{_NUMERAL}]+\s*[期辑輯])[）)]?$|((?:19|20)\d{{2}}年第\s*\d+\s*期)")),
    ("document_number", re.compile(rf"([{_HAN}]{{1,14}}[〔\[（(【]\s*(?:19|20)\d{{2}}\s*[〕\]）)】]\s*第?\s*\d+\s*[号號])$")),
    ("document_number", re.compile(r"第\s*(\d+)\s*[号號令]$")),
    ("registration_number", re.compile(rf"([{_HAN}]{{0,12}}(?:登记证|登記證|准印证|準印證|刊号|刊號|备案号|許可證|许可证)\S{{0,4}}.{{2,30}}?[\d号號])$")),
)


def _numbers(page: _Page) -> Iterator[Field]:
    """Numbers that stand on a line of their own at the top or the bottom."""
    for span in dict.fromkeys([*page.paragraphs[:12], *page.paragraphs[-6:]]):
        for name, pattern in _LINE_NUMBERS if span[1] - span[0] <= 50 else ():
            if found := pattern.match(page.text, *span):
                yield page.field(name, (found.start(found.lastindex), found.end(found.lastindex)))
                break


_SENT = re.compile("(抄送|主送|分送|抄报|抄報|报送|報送)[：:]")


def _distribution(page: _Page) -> Iterator[Field]:
    """To whom the document goes, with the lines that continue the list."""
    for at, span in enumerate(page.paragraphs):
        found = _SENT.match(page.text, *span)
        if not found:
            continue
        spans = [(found.end(), span[1])]
        for low, high in page.paragraphs[at + 1 :]:
            if not page.text[low:high].endswith(("。", "，", "、", "；")) or high - low > 100 or low in page.headings:
                break
            spans.append((low, high))
        yield Field("to" if found[1] == "主送" else "cc", "；".join(page.text[low:high].rstrip("。") for low, high in spans), tuple(spans))


def _category(page: _Page) -> Iterator[Field]:
    """What a breadcrumb says, below the name of the site."""
    for span in page.all[:20]:
        line = page.text[slice(*span)]
        if span not in page.paragraphs and (found := re.search(r"位置\s*[:：][^>＞»›]*[>＞»›]\s*(.+)$", line)):
            yield page.field("category", (span[0] + found.start(1), span[1]))


def _sections(page: _Page, law: bool) -> Iterator[Field]:
    """The sections of a periodical and the titles of its articles."""
    sections = [heading for heading in page.document.headings if page.text[heading.start] == "【" and not _outside(page, heading.start)]
    if len(sections) >= 2 and not law:
        for heading in page.document.headings:
            if not _outside(page, heading.start) and heading.start >= sections[0].start:
                yield page.field("section" if page.text[heading.start] == "【" else "article", (heading.start, heading.end))


def _outside(page: _Page, offset: int) -> bool:
    return any(start <= offset < end for start, end in page.outside)


def _completeness(document: Document) -> Iterator[Field]:
    for flag in document.flags:
        if flag.kind == "incomplete":
            yield Field("completeness", "truncated", ((flag.start, flag.end),), flag.note)


# ----------------------------------------------------------------------------------------------------- people and places

_SPEECH = re.compile(rf"([{_HAN}]{{2,4}}?)(?:同志|书记|書記|省长|省長|市长|市長|县长|縣長|主任|部长|部長|局长|局長)?在([^。，,]{{2,40}})上的(?:讲话|講話|发言|發言|致辞|報告|报告)")


def _speaker(title: Sequence[Field], page: _Page) -> Iterator[Field]:
    """Whose speech it is, and at which meeting, where the title says so."""
    for field in title:
        if field.name == "title" and len(field.spans) == 1 and (found := _SPEECH.match(field.value)):
            start = field.spans[0][0]
            yield page.field("speaker", (start, start + found.end(1)))
            yield page.field("meeting", (start + found.start(2), start + found.end(2)))


_PROVINCES = ["北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"]
_REGION_AT_HEAD = re.compile(rf"(?:(?![全本各我在关於与和及的])[{_HAN}]){{2,7}}?(?:特别行政区|自治区|自治州|自治县|[省市县區区州盟旗])(?![{_HAN}]{{0,2}}(?:场监|政工程|容))")
_HELD_BY_ALL = re.compile(rf"(?:^|[，,。\s])([{_HAN}]{{2,4}}?)(?:市|县|省|区)?(?:召开|举行|部署|开展)全[省市县区]")
_PEOPLE_OF = re.compile(rf"\d+(?:\.\d+)?万([{_HAN}]{{2,3}}?)(?:人民|市民|群众|儿女)")
_OWN = re.compile("我[省市县区]|省委|省政府|全省")


def _region(page: _Page, issuers: Sequence[Field], title: Sequence[Field]) -> Iterator[Field]:
    """The place that the document is about, from its issuer or title, else from how it names its own people."""
    for field in [*issuers, *(field for field in title if not field.note)]:
        for start, end in field.spans[:1]:
            found = _REGION_AT_HEAD.match(page.read((start, end)))
            if found and found.end() >= 3:
                yield page.field("region", (start, start + found.end()), "")
                return
    whole = (0, min(len(page.text), 20000))
    text = page.read(whole)
    for pattern, note in ((_HELD_BY_ALL, ""), (_PEOPLE_OF, "")):
        if found := pattern.search(text):
            yield page.field("region", (found.start(1), found.end(1)), note)
            return
    counted = Counter({name: text.count(name) for name in _PROVINCES if name in text})
    if counted and _OWN.search(text):
        name, times = counted.most_common(1)[0]
        if times >= 2 and times > 2 * sum(count for other, count in counted.items() if other != name):
            at = text.find(name)
            yield page.field("region", (at, at + len(name)), "")


_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
    "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀"
    "羊惠甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎蓟薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴能苍双闻莘党翟谭贡劳申扶堵冉宰郦雍却璩桑桂濮牛"
    "寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关查后荆红游权盖益桓公肖仝"
)
PERSON = rf"(?:欧阳|司马|上官|诸葛|尉迟|皇甫|[{_SURNAMES}])[{_HAN}]{{1,2}}?"
_RANK = r"(?:总书记|书记|省长|市长|县长|区长|州长|镇长|乡长|总理|主席|部长|厅长|局长|院长|检察长|秘书长|主任)"
_BODY = r"(?:(?:省|市|县|区|州|镇|乡|国务院|中央|全国)?(?:委|政府|人大常委会|人大|政协|纪委|监委|政法委)?(?:党组)?)"
_OFFICE = rf"(?:{_BODY}(?:常委、)?(?:常务)?副?{_RANK})"
_STOP = r"(?=[，。；、,;:：（(]|$|等|主持|出席|讲话|指出|强调|要求|表示|参加|作|分别|陪同|介绍|通报|宣读)"
_BEFORE = re.compile(rf"({_OFFICE})({PERSON}){_STOP}")
_AFTER = re.compile(rf"(?:^|(?<=[，。；、和\n]))({PERSON})({_OFFICE})(?=出席|主持|讲话|指出|强调|[，。：:]|要求|等)", re.MULTILINE)
_LEADERS = re.compile(rf"领导(?:同志)?({PERSON}(?:、{PERSON})*)(?=等|[，。；,;]|参加|出席)")


def _persons(page: _Page) -> Iterator[Field]:
    """People named with an office: 市长某某, 某某书记, 市领导某某、某某."""
    if len(page.text) > 20000:
        return
    text = page.read((0, len(page.text)))
    found: dict[str, Field] = {}
    for match in _BEFORE.finditer(text):
        found.setdefault(match[2], Field("person", page.text[slice(*match.span(2))], (match.span(2),), match[1]))
    for match in _AFTER.finditer(text):
        found.setdefault(match[1], Field("person", page.text[slice(*match.span(1))], (match.span(1),), match[2]))
    for match in _LEADERS.finditer(text):
        at = match.start(1)
        for name in match[1].split("、"):
            found.setdefault(name, Field("person", page.text[at : at + len(name)], ((at, at + len(name)),), "领导"))
            at += len(name) + 1
    yield from sorted(found.values(), key=lambda field: field.spans)


# ---------------------------------------------------------------------------------------------------------------- laws

_ARTICLE = re.compile(rf"第[{_NUMERAL}\d]{{1,9}}[条條]")
_EVENT = re.compile(r"(通过|批准|公布|发布|颁布|修正|修订|修改|施行|实施|废止|失效)[）)》〉。]{0,3}\s*$")
_EVENTS = {"通过": "passed", "批准": "approved", "公布": "promulgated", "发布": "promulgated", "颁布": "promulgated", "修正": "amended", "修订": "amended",
           "修改": "amended", "施行": "in_force", "实施": "in_force", "废止": "repealed", "失效": "repealed"}  # fmt: skip
_PASSED_BY = re.compile(rf"([{_HAN}]{{0,12}}?)(?:第[{_NUMERAL}\d]+届)?(全国人民代表大会常务委员会|全国人民代表大会|人民代表大会常务委员会|人民代表大会|最高人民法院|最高人民检察院|国务院)")
_IN_FORCE = re.compile(rf"自({_DATE.pattern})起(?:施行|实施|生效)|自(公布之日|发布之日|颁布之日|通过之日|印发之日)起(?:施行|实施|生效)")
_REPEALED = re.compile("[（(](?:已)?(?:被)?(?:废止|失效)[）)]")


def _law(page: _Page) -> Iterator[Field]:
    """For laws and regulations: when passed, amended, promulgated, in force, and whether the text itself says it is repealed."""
    preamble = _preamble(page)
    events = [event for span in preamble for event in _events(page, span)]
    articles = [span for span in page.paragraphs if _ARTICLE.match(page.text, *span)]
    if not events and len(articles) < 3:
        return
    yield from events
    for span in preamble:
        if (found := _PASSED_BY.search(page.text, *span)) and _EVENT.search(page.text, *span):
            spans = tuple(part for part in (found.span(1), found.span(2)) if part[0] < part[1])
            yield Field("issuer", found[1] + found[2], spans, "the body that passed it")
            break
    yield from _in_force(page, articles or page.paragraphs[-3:])
    for span in [*page.paragraphs[:1], *preamble]:
        if found := _REPEALED.search(page.text, *span):
            yield page.field("repealed", found.span())


def _preamble(page: _Page) -> list[Span]:
    """The lines between the title and the first article or chapter."""
    spans: list[Span] = []
    for start, end in page.paragraphs[1:15]:
        if _ARTICLE.match(page.text, start, end) or page.headings.get(start, 0) > 1:
            break
        spans.append((start, end))
    return spans


def _events(page: _Page, span: Span) -> Iterator[Field]:
    """What a line of the preamble says: the date with which it begins and what happened."""
    found, event = _DATE.match(page.text, *span), _EVENT.search(page.text, *span)
    if found and event and (value := _iso(found)):
        yield Field(_EVENTS[event[1]], value, (span,), event[1] if _EVENTS[event[1]] == "amended" else "")


def _in_force(page: _Page, spans: Sequence[Span]) -> Iterator[Field]:
    """The first clause in the last articles that says from when this text itself is in force."""
    for span in [*spans[-4:]][::-1]:
        for found in _IN_FORCE.finditer(page.text, *span):
            if re.search(r"本[^，。；]{1,8}$", page.text[max(span[0], found.start() - 10) : found.start()]):
                inner = _DATE.search(found[0])
                yield Field("in_force", _iso(inner) if inner else "", (found.span(),), "" if inner else found[0])
                return
