"""People and places: who speaks where, which place it is about, who is named with an office."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from qa.describe.page import HAN, Page, simplified
from qa.types import Field

_SPEECH = re.compile(rf"([{HAN}]{{2,4}}?)(?:同志|书记|書記|省长|省長|市长|市長|县长|縣長|主任|部长|部長|局长|局長)?在([^。，,]{{2,40}})上的(?:讲话|講話|发言|發言|致辞|報告|报告)")


def speaker(title: Sequence[Field], page: Page) -> Iterator[Field]:
    """Whose speech it is, and at which meeting, where the title says so."""
    for field in title:
        if field.name == "title" and len(field.spans) == 1 and (found := _SPEECH.match(field.value)):
            start = field.spans[0][0]
            yield page.field("speaker", (start, start + found.end(1)))
            yield page.field("meeting", (start + found.start(2), start + found.end(2)))


_PROVINCES = ["北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"]
_REGION_AT_HEAD = re.compile(rf"(?:(?![全本各我在关於与和及的])[{HAN}]){{2,7}}?(?:特别行政区|自治区|自治州|自治县|[省市县區区州盟旗])(?![{HAN}]{{0,2}}(?:场监|政工程|容))")
_HELD_BY_ALL = re.compile(rf"(?:^|[，,。\s])([{HAN}]{{2,4}}?)(?:市|县|省|区)?(?:召开|举行|部署|开展)全[省市县区]")
_PEOPLE_OF = re.compile(rf"\d+(?:\.\d+)?万([{HAN}]{{2,3}}?)(?:人民|市民|群众|儿女)")
_OWN = re.compile("我[省市县区]|省委|省政府|全省")


def region(page: Page, issuers: Sequence[Field], title: Sequence[Field]) -> Iterator[Field]:
    """The place that the document is about, from its issuer or title, else from how it names its own people."""
    for field in [*issuers, *(field for field in title if not field.note)]:
        for start, end in field.spans[:1]:
            found = _REGION_AT_HEAD.match(page.read((start, end)))
            if found and found.end() >= 3:
                yield page.field("region", (start, start + found.end()))
                return
    whole = (0, min(len(page.text), 20000))
    text = page.read(whole)
    for pattern in (_HELD_BY_ALL, _PEOPLE_OF):
        if found := pattern.search(text):
            yield page.field("region", found.span(1))
            return
    counted = Counter({name: text.count(name) for name in _PROVINCES if name in text})
    if counted and _OWN.search(text):
        name, times = counted.most_common(1)[0]
        if times >= 2 and times > 2 * sum(count for other, count in counted.items() if other != name):
            at = text.find(name)
            yield page.field("region", (at, at + len(name)))


_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
    "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀"
    "羊惠甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎蓟薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴能苍双闻莘党翟谭贡劳申扶堵冉宰郦雍却璩桑桂濮牛"
    "寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关查后荆红游权盖益桓公肖仝"
)
PERSON = rf"(?:欧阳|司马|上官|诸葛|尉迟|皇甫|[{_SURNAMES}])[{HAN}]{{1,2}}?"
_RANK = r"(?:总书记|书记|省长|市长|县长|区长|州长|镇长|乡长|总理|主席|部长|厅长|局长|院长|检察长|秘书长|主任)"
_RANKED = re.compile("书记|書記|总理|總理|主席|主任|[省市县縣区區州镇鎮乡鄉部厅廳局院][长長]|检察长|檢察長|秘书长|秘書長")
_BODY = r"(?:(?:省|市|县|区|州|镇|乡|国务院|中央|全国)?(?:委|政府|人大常委会|人大|政协|纪委|监委|政法委)?(?:党组)?)"
_OFFICE = rf"(?:{_BODY}(?:常委、)?(?:常务)?副?{_RANK})"
_STOP = r"(?=[，。；、,;:：（(]|$|等|主持|出席|讲话|指出|强调|要求|表示|参加|作|分别|陪同|介绍|通报|宣读)"
_BEFORE = re.compile(rf"({_OFFICE})({PERSON}){_STOP}")
_AFTER = re.compile(rf"(?:^|(?<=[，。；、和\n]))({PERSON})({_OFFICE})(?=出席|主持|讲话|指出|强调|[，。：:]|要求|等)", re.MULTILINE)
_LEADERS = re.compile(rf"领导(?:同志)?({PERSON}(?:、{PERSON})*)(?=等|[，。；,;]|参加|出席)")


def persons(page: Page) -> Iterator[Field]:
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


def offices(sentence: str) -> dict[str, str]:
    """The people whom a sentence names with the office before the name, and their offices, in simplified script.

    >>> offices("副市长王明主持会议，市委书记李国强讲话。")
    {'王明': '副市长', '李国强': '市委书记'}
    """
    if not _RANKED.search(sentence):
        return {}
    return {found[2]: found[1] for found in _BEFORE.finditer(simplified(sentence))}
