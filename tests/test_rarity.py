"""Names are told from the nouns that the dictionary tags alike."""

from __future__ import annotations

import pytest

from qa.rarity import is_person, is_place


@pytest.mark.parametrize("word", ["杭州", "杭州市", "广东", "贵州省", "安康", "宜兴", "法国"])
def test_places(word):
    assert is_place(word)


@pytest.mark.parametrize("word", ["城市", "东西", "上台", "上岗", "重点", "会议", "国"])
def test_no_places(word):
    assert not is_place(word)


@pytest.mark.parametrize("word", ["丁文江", "许海峰"])
def test_persons(word):
    assert is_person(word)


@pytest.mark.parametrize("word", ["许可证", "林子", "和尚", "安全法", "会议"])
def test_no_persons(word):
    assert not is_person(word)
