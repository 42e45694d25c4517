"""Whom a draft says that a quotation is from: read from its own sentence, and from the brackets behind it.

Only what the sentence ties to the quotation by its grammar is a claim that can be wrong; a title that merely stands in the
same sentence is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from qa.clean.characters import integer
from qa.fold import to_simplified
from qa.types import Span

HAN = r"\u3400-\u9fff·"
NUMERAL = r"〇○零一二三四五六七八九十百千\d"
SAYING = (
    "指出|强调|強調|要求|表示|认为|認為|提出|规定|規定|明确|明確|介绍说|介紹說|介绍|介紹|宣布|写道|寫道|写明|寫明|载明|載明|所称|所稱|称|稱|说|說|提到|重申|坦言|透露|建议|建議|呼吁|呼籲|告诉记者|告訴記者|批示"
)
ARTICLE = re.compile(rf"第([{NUMERAL}]{{1,9}})[条條](?:之([{NUMERAL}]{{1,3}}))?")
TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]{1,60}》){2,80})》")  # one may stand in another
LAW = re.compile(rf"([{HAN}]{{1,30}}?(?:法|条例|條例|规定|規定|办法|辦法|细则|細則|规则|規則|规程|解释|标准))(?:[（(][^（）()\n]{{1,20}}[）)])?(?=第[{NUMERAL}]{{1,9}}[条條])")
_ALIAS = re.compile(r"《([^《》\n]{2,80})》[（(](?:以下|下)(?:统|簡|简)?称[：:]?[《“\"「]?([^》”\"」）)\n]{1,30})[》”\"」]?[）)]")
_DATE = re.compile(r"(?:((?:19|20)\d{2})年)?(\d{1,2})月(\d{1,2})日|((?:19|20)\d{2})(?:年|版)")
BRACKETS_AFTER = re.compile(r"[。，,]?[（(]((?:[^（）()\n]|[（(][^（）()\n]*[）)]){2,100})[）)]|\s*[—―-]{2}\s*([^。\n]{2,80})")
_SPEAKER_AFTER = re.compile(rf"[，,]?([{HAN}]{{2,16}}?)(?:这样|这么|如此)?(?:说道?|表示|指出|强调|介绍说?|告诉记者|写道)(?=[。，；,;\n]|$)")
_BASIS = re.compile(r"(?:根据|根據|依据|依據|依照|按照|违反|違反|对照|援引|引用)[^，。；,;]{0,6}$")
SPEAKER = re.compile(rf"(?:^|[，。；、：\s！？”])((?:(?!{SAYING})[{HAN}]){{2,24}}?)(?:进一步|進一步|还|還|同时|同時|特别|特別|并|並|再次|明确|反复|多次|又)*({SAYING})(?=[，,：:“「『\"\u3000\s]|要|$)")
_SAME = re.compile(r"(?:该|本|這部|这部|此)(?:法|条例|规定|办法|细则|规则|标准|文件|通知|意见)|其第|^\s*(?:同时|并|另|又|而)?[，,]?\s*第[一二三四五六七八九十百千\d]{1,9}条")
_PRONOUN = re.compile(r"(?:^|[，。；])(?:他|她|其)(?:还|并|同时|又|进一步|特别|再次)*(?:指出|强调|表示|要求|说|认为|提出)")
CLAUSE_END = re.compile(r"[，。；：！？,;:!?]")
SENTENCE_END = re.compile(r"[。！？!?]")
_ABOVE = re.compile(r"([^\n]*[：:])[\s>“「『\"]*\Z")  # the paragraph that introduces what stands below it
_BLANK = "\u3000"  # in place of each character that is quoted
_LEAD = 200  # characters before a quotation that are looked at
_NAMED = 2000  # characters before it in which the document of 该法 is named


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that a draft names for a quotation: its title, the articles ("24", "24-1") and the dates that go with it."""

    title: str
    articles: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    tied: bool = True  # by grammar; otherwise it only stands in the same sentence


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text[start:end]` of a draft. kind: "marks", "block" or "bare" (without marks)."""

    start: int
    end: int
    kind: str
    claims: tuple[Claim, ...] = ()
    speaker: str = ""
    dates: tuple[str, ...] = ()  # of the saying: 2021-05-28, --05-28


@dataclass(slots=True)
class Attributing:
    """Reads what surrounds the quotations of one draft, in order; `quoted` are all stretches in marks or blocks."""

    text: str
    quoted: list[Span]
    blanked: str = field(init=False)
    aliases: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.aliases = {alias: full for full, alias in _ALIAS.findall(self.text)}
        parts, at = [], 0
        for start, end in self.quoted:
            parts += [self.text[at:start], _BLANK * (end - start)]
            at = end
        self.blanked = "".join([*parts, self.text[at:]])

    def quotation(self, start: int, end: int, kind: str) -> Quotation:
        lead, before = self._lead(start, kind)
        claims = [*_claims_in(lead)]
        behind = BRACKETS_AFTER.match(self.text, end + (kind == "marks"))
        if claims and behind and (articles := _articles_behind(behind)):
            claims[-1] = replace(claims[-1], articles=articles)
        claims += self._behind(end, kind, behind)
        if not any(claim.tied for claim in claims):
            claims += self._same(lead, start)
        speaker = _speaker_before(lead, claims) or (self._speaker_behind(end) if kind == "marks" else "")
        if not speaker and _PRONOUN.search(lead):
            speaker = _speaker_before(before, [])
        claims = [replace(claim, title=self._full(claim.title, start)) for claim in claims]
        dates = tuple(_dates(lead)) if speaker or not claims and re.search(SAYING, lead) else ()
        return Quotation(start, end, kind, tuple(dict.fromkeys(claims)), speaker, dates)

    def _lead(self, start: int, kind: str) -> tuple[str, str]:
        """The quotation's own sentence as far as it, what is quoted in it left out, and the paragraph before that sentence."""
        low = max(start - 3 * _LEAD, 0)
        before = self.blanked[low : start - (kind == "marks")]
        line = before[before.rfind("\n") + 1 :]
        if kind == "block" or not line.strip():
            above = _ABOVE.search(before)
            before = above[1] if above else ""
        else:
            before = line
        cuts = [found.end() for found in SENTENCE_END.finditer(before.rstrip("。：: “")) if found.end() < len(before)]
        cut = cuts[-1] if cuts else 0
        return before[cut:][-_LEAD:], before[:cut]

    def _full(self, title: str, start: int) -> str:
        """The title behind a short one: what the draft says it stands for, and for 该法 the title named last."""
        if title[0] in "该本":
            named = self._named_last(start)
            return self.aliases.get(named, named) or title
        return self.aliases.get(title, title)

    def _named_last(self, start: int) -> str:
        """The title in the text before that place which is nearest to it; "" when there is none."""
        titles = TITLE.findall(self.blanked[max(start - _NAMED, 0) : start])
        return titles[-1] if titles else ""

    def _behind(self, end: int, kind: str, behind: re.Match[str] | None) -> Iterator[Claim]:
        """《…》第…条 in brackets or after a dash behind the quotation; what stands further on in the sentence is a hint."""
        if behind and (claims := [*_claims_in(behind[1] or behind[2], tied=True)]):
            yield from claims
        elif kind == "marks":
            yield from _claims_in(re.compile(r"[^。！？\n]*").match(self.blanked, end + 1, end + _LEAD)[0], tied=False)

    def _same(self, lead: str, start: int) -> Iterator[Claim]:
        """该法第…条: the document named last."""
        articles = _articles(lead)
        same = bool(_SAME.search(lead))
        if (articles or same) and (title := self._named_last(start)):
            yield Claim(title, tuple(articles), (), same)

    def _speaker_behind(self, end: int) -> str:
        found = _SPEAKER_AFTER.match(self.text, end + 1)
        return person(found[1]) if found else ""


def _articles_behind(behind: re.Match[str]) -> tuple[str, ...]:
    """（第…条） behind the quotation, of the document named before it."""
    return tuple(_articles(behind[1])) if behind[1] and not TITLE.search(behind[1]) else ()


def _claims_in(lead: str, tied: bool | None = None) -> Iterator[Claim]:
    """The documents that a sentence names, each with the articles and dates that follow it."""
    found = sorted([*TITLE.finditer(lead), *(law for law in LAW.finditer(lead) if "《" not in law[0])], key=lambda match: match.start())
    for number, title in enumerate(found):
        stop = found[number + 1].start() if number + 1 < len(found) else len(lead)
        after, before = lead[title.end() : stop], lead[max(title.start() - 14, 0) : title.start()]
        name = title[1] if title[0].startswith("《") else re.sub(r"^.*(?:根据|依据|依照|按照|违反|及|和|，)", "", title[1])
        dates = tuple(dates_in(after[: re.match(r"(?:[（(][^（）()]*[）)])?", after).end()] + " " + _dated(before)))
        yield Claim(name, tuple(_articles(after)), dates, _tied(before, after) if tied is None else tied)


def _dated(before: str) -> str:
    """2021年修订的《…》: a date that belongs to the title behind it."""
    found = re.search(r"((?:19|20)\d{2}年(?:\d{1,2}月\d{1,2}日)?)(?:修订|修正|公布|发布|印发|通过|施行|颁布|新修订)[的]?$|((?:19|20)\d{2})年?版(?:的)?$", before)
    return (found[1] or found[2] + "年") if found else ""


_TIE = re.compile(
    rf"(?:[（(][^（）()]{{0,40}}[）)])?[\s\u3000]*(?:(?:第[{NUMERAL}]{{1,9}}[条條款项]|之[一二三四五六七八九十]|[、和及与至]|[（(][一二三四五六七八九十]{{1,3}}[）)]项?)*)"
    rf"[^，。；,;]{{0,14}}?(?:{SAYING})[^。；;]{{0,30}}$"
)


def _tied(before: str, after: str) -> bool:
    """Whether the words between a title and the quotation make the document the source: it says so, or is the basis."""
    return bool(_TIE.match(after) or _BASIS.search(before) or re.fullmatch(r"[\s（(]*(?:第[^，。；]{1,20})?[）)]?[：:]\s*", after))


def _articles(text: str) -> list[str]:
    """The articles that a text names, as numbers; 第十条至第十二条 is three.

    >>> _articles("第十条至第十二条、第二十四条之一")
    ['10', '11', '12', '24-1']
    """
    found = list(ARTICLE.finditer(text))
    numbers: list[str] = []
    for at, article in enumerate(found):
        number = article_number(article)
        if at and text[found[at - 1].end() : article.start()] in ("至", "到", "—", "-", "～") and numbers and numbers[-1].isdigit() and number.isdigit():
            numbers += [str(n) for n in range(int(numbers[-1]) + 1, min(int(number), int(numbers[-1]) + 50))]
        numbers.append(number)
    return numbers


def article_number(found: re.Match[str]) -> str:
    """The number of an article that `ARTICLE` found: "24", "24-1" for 第二十四条之一."""
    return str(integer(found[1])) + (f"-{integer(found[2])}" if found[2] else "")


_RANKS = re.compile(
    r"^(?:\d{1,2}月\d{1,2}日|当天|会上|近日|日前|同日)|^.*(?:总书记|書記|书记|省长|市长|县长|区长|州长|镇长|乡长|总理|主席|部长|厅长|局长|处长|科长|院长|校长|检察长|秘书长|主任|会长|董事长|总经理|经理|专家|教授|队长|支队长)(?=.)"
    r"|(?:总书记|書記|书记|省长|市长|县长|区长|州长|镇长|乡长|总理|主席|部长|厅长|局长|处长|科长|院长|检察长|秘书长|主任|同志|先生|女士)$"
)
_IMPERSONAL = re.compile(
    r"(?:会议|会上|大会|通知|文件|意见|报告|讲话|方案|办法|条例|规定|法律|法|决定|通报|纲要|规划|公报|公告|简报|文章|全文|社论|评论|标准|细则|规则|批示|指示|精神|材料|合同|协议|制度|章程|条|款|项)$|^(?:他|她|其|并|还|同时|有关|相关|该|本|我|你|大家|对方|群众|专家|记者|据|如|上述|明确|进一步|首先|最后|据此|因此|所)"
)
_CUT_SUBJECT = re.compile(r"(?:同志|先生|女士)?(?:在|于|对|就|接受|向|出席|主持|率|到|代表|作|现场|专门|亲自|当场|日前|近日|\d).*$")


def person(subject: str) -> str:
    """The name of who speaks, in simplified characters and without office; "" where nobody in particular does.

    >>> person("市委书记王小明在会上"), person("会议"), person("李芳同志")
    ('王小明', '', '李芳')
    """
    name = _CUT_SUBJECT.sub("", to_simplified(subject))
    for _ in range(3):
        name = _RANKS.sub("", name)
    name = name.strip("·的")
    return "" if len(name) < 2 or _IMPERSONAL.search(name) else name


def _speaker_before(lead: str, claims: list[Claim]) -> str:
    """Who speaks in the last clause of a sentence that says something; a document that does is not a speaker."""
    for found in [*SPEAKER.finditer(TITLE.sub(lambda title: "，" + "\u3000" * (len(title[0]) - 1), lead))][::-1]:
        if name := person(found[1]):
            tied = any(claim.tied and name.endswith(claim.title) for claim in claims)
            return "" if tied else name
    return ""


def _dates(lead: str) -> Iterator[str]:
    """The days that a sentence names, outside titles, brackets and the words that give an act's version."""
    plain = re.sub(r"[（(][^（）()]*[）)]", "", TITLE.sub("", lead))
    yield from (date for date in dates_in(plain) if date.count("-") >= 2)


def dates_in(text: str) -> Iterator[str]:
    """The dates of a text: 2021-05-28, --05-28 without a year, 2021.

    >>> [*dates_in("2021年5月28日，6月1日")]
    ['2021-05-28', '--06-01']
    """
    for found in _DATE.finditer(text):
        yield f"{found[1] or '-'}-{int(found[2]):02}-{int(found[3]):02}" if found[2] else found[4]
