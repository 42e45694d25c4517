"""What a library gives back of the documents that it holds."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

import qa
from qa.clean import clean
from qa.read import read
from qa.split import split

SEEDS = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))


def test_a_document_comes_back_as_it_was_cleaned_and_split(seeds_library, tmp_path):
    with qa.open_library(seeds_library) as library:
        for path in SEEDS:
            read_now = clean(read(path))
            stored = library.document(str(path))
            assert dataclasses.replace(stored, source=read_now.source) == read_now
            assert stored.source.text == read_now.source.text and stored.source.places == read_now.source.places
            assert library.passages(str(path)) == split(read_now)


def test_its_text_is_there_when_the_file_is_gone(tmp_path):
    file = tmp_path / "食堂.txt"
    shutil.copy(SEEDS[0], file)
    with qa.open_library(tmp_path / "library") as library:
        library.add([file])
        text = library.document(str(file)).text
        file.unlink()
        assert library.document(str(file)).text == text and library.passages(str(file))


@pytest.mark.parametrize("asked", ["document", "passages", "remove"])
def test_an_unknown_key_is_said(tmp_path, asked):
    with qa.open_library(tmp_path / "library") as library, pytest.raises(qa.NoSuchDocument, match="youju list"):
        getattr(library, asked)("没有这份文件")


def test_a_library_that_does_not_open_is_given_back(tmp_path, monkeypatch):
    kept = []  # else the store would be closed when nothing refers to it

    def broken(store: object) -> None:
        kept.append(store)
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("qa.library.Conversations", broken)
        with pytest.raises(OSError, match="full"):
            qa.open_library(tmp_path / "library")
    qa.open_library(tmp_path / "library").close()
