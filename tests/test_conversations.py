"""Conversations and feedback in the library: whose they are, and what stays when a document goes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import CHECKOUT, QUESTION, SENTENCE

import qa


def test_conversations_belong_to_their_owner_and_forget_what_is_removed(seeds_library):
    id = "1" * 32
    with qa.open_library(seeds_library) as library:
        answer = library.ask(QUESTION)
        kept = library.conversations
        kept.keep(id, QUESTION, answer, "alice")
        kept.judge(id, 1, "useful", "好", "alice")
    with qa.open_library(seeds_library) as library:
        kept = library.conversations
        [turn] = kept.turns(id, "alice")
        assert turn.answer == answer and turn.verdict == "useful"
        for trespass in (
            lambda: kept.turns(id, "bob"), lambda: kept.keep(id, "题", answer, "bob"), lambda: kept.delete(id, "bob"),
            lambda: kept.rename(id, "x", "bob"), lambda: kept.judge(id, 1, "useful", owner="bob"), lambda: kept.turns("1", "alice"),
        ):  # fmt: skip
            with pytest.raises(qa.NoSuchConversation):
                trespass()
        assert kept.list("bob") == [] and [found.title for found in kept.list("alice")] == [QUESTION]
        library.remove(answer.citations[0].document.key)
        [turn] = kept.turns(id, "alice")
        assert SENTENCE not in json.dumps(turn.answer.to_json(), ensure_ascii=False)
        assert "来源已删除" in turn.answer.text
    assert SENTENCE.encode() not in b"".join(path.read_bytes() for path in seeds_library.iterdir() if path.is_file())
    done = subprocess.run([sys.executable, "-m", "qa.cli", "feedback", "--library", str(seeds_library)], capture_output=True, text=True, cwd=CHECKOUT)
    assert "有用" in done.stdout and QUESTION in done.stdout and "好" in done.stdout


def test_what_is_gone_from_an_added_folder_is_forgotten_too(tmp_path):
    notice = tmp_path / "notices" / "boiler.txt"
    notice.parent.mkdir()
    notice.write_text("锅炉房每月十五日停炉检修。", "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        library.add([notice.parent])
        library.conversations.keep("2" * 32, "锅炉房哪天检修？", library.ask("锅炉房哪天停炉检修？"), "alice")
        notice.unlink()
        assert library.add([notice.parent]).removed == (str(notice),)
        [turn] = library.conversations.turns("2" * 32, "alice")
    assert "停炉检修。" not in json.dumps(turn.answer.to_json(), ensure_ascii=False)
