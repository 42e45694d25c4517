"""What is written by sound."""

from __future__ import annotations

import pytest

import qa
from qa.homophones import in_characters

NOTES = [
    ("王启明", "王启明同志在丹阳市防汛会议上的讲话", "丹阳市要在六月底前完成圩堤加固，沿江各镇落实责任。"),
    ("丹凤", "丹凤县防汛简报", "丹凤县完成了河道清淤，沿江各镇落实责任。"),
]


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("What must Danyang finish by June?", "What must 丹阳 finish by June?"),
        ("What does Wang Qiming ask for?", "What does 王启明 ask for?"),
        ("In Wang Qiming's speech, what is said of Danyang?", "In 王启明's speech, what is said of 丹阳?"),
        ("Can Women in China Change?", "Can Women in China Change?"),
        ("丹阳 Wang 的要求？", "丹阳 Wang 的要求？"),
    ],
)
def test_a_name_in_latin_letters_is_read_as_the_library_writes_it(tmp_path, question, read):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts(NOTES)
        assert in_characters(question, library._titles.sounded, library._lexical.frequencies) == read


def test_the_question_is_shown_as_it_was_asked_and_finds_the_place_that_it_names(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts(NOTES)
        answer = library.ask("What must Danyang finish by the end of June?")
        assert answer.question == "What must Danyang finish by the end of June?"
        assert answer.hits[0].document.key == "王启明"


@pytest.mark.parametrize("question", ["A" + "b" * 20_000, "Danyang " * 3_000], ids=["one word of 20,000 letters", "a name 3,000 times"])
def test_what_no_person_writes_is_read_all_the_same(tmp_path, question):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts(NOTES)
        assert in_characters(question, library._titles.sounded, library._lexical.frequencies) == question.replace("Danyang", "丹阳")
