"""Every word of the page, one file a language. Answers stay in the language of the documents."""

from __future__ import annotations

from ui.strings import en, zh_hans, zh_hant

DEFAULT = "zh-Hans"

Words = dict[str, str]
STRINGS: dict[str, Words] = {"zh-Hans": zh_hans.WORDS, "zh-Hant": zh_hant.WORDS, "en": en.WORDS}


def strings(language: str | None = None) -> Words:
    """The strings of this language, or the default ones when there are none."""
    return STRINGS.get(language or DEFAULT, STRINGS[DEFAULT])


def language(words: Words) -> str:
    """The name of the language that these strings are in."""
    return next(name for name, known in STRINGS.items() if known is words)
