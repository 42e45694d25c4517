"""Names are told from the nouns that the dictionary tags alike."""

from __future__ import annotations

import pytest

from qa.rarity import is_place, names_something


@pytest.mark.parametrize("word", ["杭州", "杭州市", "广东", "贵州省", "安康", "宜兴", "法国"])
def test_places(word):
    assert is_place(word)


@pytest.mark.parametrize("word", ["城市", "东西", "上台", "上岗", "重点", "会议", "国"])
def test_no_places(word):
    assert not is_place(word)


@pytest.mark.parametrize("word", ["丁文江", "许海峰", "杭州"])
def test_names(word):
    assert names_something(word)


@pytest.mark.parametrize("word", ["许可证", "林子", "和尚", "城市", "会议"])
def test_no_names(word):
    assert not names_something(word)
