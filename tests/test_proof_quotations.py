"""Which words of a draft are quotations, and whom the draft says that they are from."""

from __future__ import annotations

import pytest

from qa.proof.attribution import person
from qa.proof.quotations import quotations

SEEN = {
    "terms are names": ("推进“双碳”和“3·21”整治，落实“四不两直”要求。", []),
    "a long name is a name": ("开展“水乡平安夏季护航行动”以来", []),
    "nested": ("他说：“要落实‘一园一档’制度，不留‘死角’。”", ["要落实‘一园一档’制度，不留‘死角’。"]),
    "same marks nested": ("他说：“要落实“一园一档”制度，不留死角。”", ["要落实“一园一档”制度，不留死角。"]),
    "corner brackets": ("他说：「要落實『一園一檔』制度。」", ["要落實『一園一檔』制度。"]),
    "straight": ('他说："堤防要守住，人要撤出来。"又说："夜里不能断人。"', ["堤防要守住，人要撤出来。", "夜里不能断人。"]),
    "marks of one direction": ("他说：“堤防要守住，人要撤出来。“又说好", ["堤防要守住，人要撤出来。"]),
    "never closed": ("他说：“堤防要守住，人要撤出来。\n第二段。", ["堤防要守住，人要撤出来。"]),
    "several paragraphs": ("他说：“堤防要守住。\n“人要撤出来，一个不能少。”", ["堤防要守住。", "人要撤出来，一个不能少。"]),
    "over paragraphs": ("他说：“堤防要守住。\n\n人要撤出来，一个不能少。”完", ["堤防要守住。", "人要撤出来，一个不能少。"]),
    "over paragraphs, below what introduces it": ("他要求：\n　　“堤防要守住。\n　　“一岗双责”要落实。”完", ["堤防要守住。", "“一岗双责”要落实。"]),
    "a slip above another quotation": ("这是“误用的引号\n他说：“人要撤出来，一个不能少。”", ["人要撤出来，一个不能少。"]),
    "a row of them": ("他要求“堤防要守住，人要撤出来”，“夜里不能断人断岗”和“四不两直”。", ["堤防要守住，人要撤出来", "夜里不能断人断岗"]),
    "a name behind the verb": ("会议提出“三管三必须”，明确“一岗双责”。", []),
    "a few words behind the verb": ("会议要求“守住堤防撤出人”。", ["守住堤防撤出人"]),
    "an inner mark without partner": ("他说：“堤防‘要守住，人要撤出来。”", ["堤防‘要守住，人要撤出来。"]),
    "apostrophe": ("It’s said: “the dyke must be held, and people moved.”", ["the dyke must be held, and people moved."]),
    "block with marks": ("> “堤防要守住，人要撤出来。”", ["堤防要守住，人要撤出来。"]),
    "block with its source": ("> 堤防要守住，人要撤出来。（《水乡工作简报》第二条）", ["堤防要守住，人要撤出来。"]),
    "no words behind": ("《消防法》规定的条件和《消防法》的规定。", []),
    "empty": ("", []),
}


@pytest.mark.parametrize("draft, expected", SEEN.values(), ids=SEEN)
def test_which_quotations_are_seen(draft, expected):
    assert [draft[quotation.start : quotation.end] for quotation in quotations(draft)] == expected


CLAIMED = {
    "title and article": ("《甲法》第十二条规定：“一二三四五六七八。”", [("甲法", ("12",))]),
    "arabic": ("《甲法》第12条规定：“一二三四五六七八。”", [("甲法", ("12",))]),
    "a title in a title": ("《某省实施《甲法》办法》第三条规定：“一二三四五六七八。”", [("某省实施《甲法》办法", ("3",))]),
    "之一": ("《甲法》第一百二十条之一规定：“一二三四五六七八。”", [("甲法", ("120-1",))]),
    "behind, in brackets": ("“一二三四五六七八，九。”（《甲法》第三条）", [("甲法", ("3",))]),
    "behind, with a version": ("“一二三四五六七八，九。”（《甲法》（2021年修正）第三条）", [("甲法", ("3",))]),
    "behind, the article only": ("《甲法》明确，“一二三四五六七八”（第四条）。", [("甲法", ("4",))]),
    "on the line above": ("《甲法》第五条规定：\n　　“一二三四五六七八，九。”", [("甲法", ("5",))]),
    "several paragraphs": ("《甲法》第五条规定：“一二三四。\n五六七八，九。”", [("甲法", ("5",))]),
    "in passing behind it": ("按照“一二三四五六七八，九”的要求（《甲法》第三条）办理。", []),
    "two titles": ("根据《甲法》第一条、《乙法》第二条的规定，“一二三四五六七八，九。”", [("甲法", ("1",)), ("乙法", ("2",))]),
    "该法": ("根据《甲法》办理。该法第五条规定：“一二三四五六七八。”", [("甲法", ("5",))]),
    "short title": ("《甲乙丙法》（以下简称《甲法》）很好。《甲法》第五条规定：“一二三四五六七八。”", [("甲乙丙法", ("5",))]),
    "a title in passing": ("在学习《甲法》座谈会上，王小明强调：“一二三四五六七八。”", []),
    "the sentence before": ("《甲法》很好。王小明强调：“一二三四五六七八。”", []),
}


@pytest.mark.parametrize("draft, expected", CLAIMED.values(), ids=CLAIMED)
def test_whose_they_are_said_to_be(draft, expected):
    quotation = quotations(draft)[-1]
    assert [(claim.title, claim.articles) for claim in quotation.claims if claim.tied] == expected


@pytest.mark.parametrize(
    "draft, speaker",
    [
        ("王小明强调：“一二三四五六七八。”", "王小明"),
        ("市委书记王小明在会上进一步强调，要“一二三四五六七八，九十”。", "王小明"),
        ("“一二三四五六七八，九十。”王小明说。", "王小明"),
        ("王小明指出：“一二三四五六七八。”他还强调：“九八七六五四三二。”", "王小明"),
        ("会议强调：“一二三四五六七八。”", ""),
        ("通知要求：“一二三四五六七八。”", ""),
        ("會議強調：“一二三四五六七八。”", ""),
        ("王小明强调，李芳主任提出了新的思路，要“一二三四五六七八，九十”。", "王小明"),
    ],
)
def test_who_is_said_to_speak(draft, speaker):
    assert quotations(draft)[-1].speaker == speaker


def test_offices_are_no_part_of_a_name():
    assert [person(name) for name in ("王小明书记", "省委常委、市长王小明", "王小明同志", "该负责人", "全体大会")] == ["王小明", "王小明", "王小明", "", ""]
