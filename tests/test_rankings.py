"""Both indexes have one signature and keep the same promises; the store keeps its own."""

from __future__ import annotations

import dataclasses
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap

import faiss
import numpy as np
import pytest

import qa
from qa.dense import Dense
from qa.fold import terms
from qa.lexical import Lexical
from qa.library import Library
from qa.store import Store
from tests.tiny_model import build

TEXTS = [
    ("reading", "读书会", "读书会定于三月七日在图书馆二楼举行，由馆长主持。每位读者可以带一本书。"),
    ("canteen", "食堂通知", "食堂周五停业一天，检修燃气管道。职工可以到东门外就餐。"),
    ("leave", "年假办法", "职工工作满一年的，年假五天；满十年的，年假十天。报销单另行提交。"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(build(tmp_path_factory.mktemp("model") / "tiny"))


@pytest.fixture
def library(tmp_path, model):
    with Library(tmp_path / "library", model) as library:
        library.add_texts(TEXTS)
        yield library


@pytest.fixture(params=["dense", "lexical"])
def ranking(request, library):
    """A function of (question, limit) that gives a ranking, for each index."""
    if request.param == "lexical":
        return lambda question, limit: Lexical(library._store).search(terms(question), limit)
    return lambda question, limit: library._dense.search(library._model.questions([question])[0], limit)


@pytest.mark.parametrize("question, key", [("图书馆的读书会哪天举行", "reading"), ("燃气管道检修食堂停业", "canteen"), ("年假几天", "leave")])
def test_ranking_puts_the_passage_that_shares_words_first(library, ranking, question, key):
    (entry,) = library._store.entries([ranking(question, 3)[0][0]])
    assert library._store.description(entry.document).key == key


def test_ranking_is_sorted_distinct_and_limited(ranking):
    found = ranking("职工年假与食堂", 2)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len({id for id, _ in found}) == len(found) <= 2


def test_ranking_forgets_what_was_removed(library, ranking):
    before = {id for id, _ in ranking("食堂停业", 10)}
    library.remove("canteen")
    gone = before - {id for id, _ in ranking("食堂停业", 10)}
    assert gone and all(not library._store.entries([id]) for id in gone)


def test_empty_library_finds_nothing(tmp_path, model):
    with Library(tmp_path / "empty", model) as library:
        assert library.search("什么") == []
        assert not library.ask("食堂哪天停业？").answered


@pytest.mark.parametrize("question", ['"', "NEAR(", "*", "年假 -", "^", "\0", "';--", "a AND", "own:食堂", "(", "{", "…", "\ud800", "😀", "的" * 5000])
def test_odd_questions_are_answered_or_refused_plainly(library, question):
    library.search(question)
    library.ask(question)


@pytest.mark.parametrize("damage", [b"", b"\0" * 64, None], ids=["empty", "zeros", "missing"])
def test_damaged_dense_file_is_rebuilt_with_the_same_answers(tmp_path, model, damage):
    with Library(tmp_path / "library", model) as library:
        library.add_texts(TEXTS)
        before = library.search("年假几天")
    file = tmp_path / "library" / "dense.faiss"
    file.unlink() if damage is None else file.write_bytes(damage)
    with Library(tmp_path / "library", model) as library:
        assert library.search("年假几天") == before


def test_every_damaged_byte_of_the_dense_file_is_noticed_before_faiss_reads_it(tmp_path, model, monkeypatch):
    with Library(tmp_path / "library", model) as library:
        library.add_texts(TEXTS)
        file, data = tmp_path / "library" / "dense.faiss", (tmp_path / "library" / "dense.faiss").read_bytes()
        monkeypatch.setattr(faiss, "read_index", lambda path: pytest.fail("a damaged file was read"))
        random = np.random.default_rng(7)
        for _ in range(50):
            damaged = bytearray(data)
            damaged[random.integers(len(data))] ^= 1 << int(random.integers(8))
            file.write_bytes(damaged)
            assert Dense(library._store, library._model.dimension).size == library._dense.size


def test_dense_file_of_an_older_generation_is_not_trusted(tmp_path, model):
    with Library(tmp_path / "library", model) as library:
        library.add_texts(TEXTS[:2])
        stale = (tmp_path / "library" / "dense.faiss").read_bytes()
        library.add_texts(TEXTS[2:])
    (tmp_path / "library" / "dense.faiss").write_bytes(stale)
    with Library(tmp_path / "library", model) as library:
        assert library.search("年假几天")[0].document.key == "leave"
        assert library.check().problems == ()


def test_second_process_is_told_who_owns_the_library(tmp_path, library):
    script = f"import qa; qa.open_library({str(library.folder)!r})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode != 0 and f"PID {os.getpid()}" in run.stderr and "LibraryInUse" in run.stderr


def test_newer_schema_is_refused(tmp_path):
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "library.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(qa.LibraryDamaged, match="更新版本"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    (tmp_path / "library.db").write_bytes(b"not a database" * 400)
    with pytest.raises(qa.LibraryDamaged):
        Store(tmp_path)
    assert (tmp_path / "library.db").read_bytes() == b"not a database" * 400


def test_other_model_is_named(tmp_path, model):
    Library(tmp_path / "library", model).close()
    other = build(tmp_path / "other", seed="other")
    with pytest.raises(qa.OtherModel, match="另一个嵌入模型"):
        Library(tmp_path / "library", str(other))
    with Library(tmp_path / "library") as library:  # without a name, the remembered one
        assert library._model.dimension == 32


KILLED = """
import sys
from pathlib import Path
from qa.library import Library
library = Library(Path(sys.argv[1]), sys.argv[2])
for number in range(int(sys.argv[3]), 100000):
    library.add_texts([(f"k{number}", f"第{number}号通知", f"第{number}号通知的正文。" * 20)])
    print(number, flush=True)
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path, model):
    acknowledged = -1
    for turn in range(5):
        command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path / "library"), model, str(acknowledged + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                acknowledged = int(line)
                if acknowledged % 7 == turn:
                    process.send_signal(signal.SIGKILL)
                    break
            process.wait()
        with Library(tmp_path / "library", model) as library:
            keys = [description.key for description in library.documents()]
            assert set(keys) >= {f"k{number}" for number in range(acknowledged + 1)}
            assert len(set(keys)) == len(keys) <= acknowledged + 2
            assert library.check().problems == ()
            acknowledged = len(keys) - 1


def test_documents_come_back_from_the_store_as_they_went_in(tmp_path, model):
    file = tmp_path / "通知.txt"
    file.write_text("关于放假的通知\r\n\r\n各科室：端午节放假三天，\r\n由办公室值班。\r\n", encoding="gb18030", newline="")
    with Library(tmp_path / "library", model) as library:
        library.add([file])
        from qa.clean import clean
        from qa.read import read

        assert library._store.document(1) == clean(read(file))
        assert dataclasses.replace(library.documents()[0], key="") is not None


def test_names_that_are_not_utf8_are_kept(tmp_path, model):
    folder = tmp_path / "notes"
    folder.mkdir()
    path = os.path.join(os.fsencode(folder), "年假规定.txt".encode("gbk"))
    with open(path, "wb") as file:
        file.write("年假五天，须提前一周申请。".encode())
    with Library(tmp_path / "library", model) as library:
        changes = library.add([folder])
        (description,) = library.documents()
        assert os.fsencode(description.path) == path and changes.added == (description.key,)
        assert description.name == "年假规定.txt"
        assert library.ask("年假几天？").hits[0].document.path == description.path


def test_same_library_same_question_same_bytes(tmp_path, model):
    answers = []
    for name in ("a", "b"):
        with Library(tmp_path / name, model) as library:
            library.add_texts(TEXTS)
            answers.append(repr(library.ask("年假几天？")) + repr(library.search("食堂")))
    assert answers[0] == answers[1]


def test_an_unchanged_file_is_not_read_again(tmp_path, model, monkeypatch):
    file = tmp_path / "通知.txt"
    file.write_text("停电通知：本周日上午停电检修。")
    with Library(tmp_path / "library", model) as library:
        assert library.add([file]).added == (str(file),)
        with monkeypatch.context() as patched:
            patched.setattr("qa.library.read_volumes", lambda *_, **__: pytest.fail("it was read again"))
            assert library.add([file]).unchanged == (str(file),)
        file.write_text("停电通知：改为下周日上午停电检修。")
        assert library.add([file]).updated == (str(file),)


def test_a_choice_of_documents_limits_both_indexes_and_the_answer(library):
    for key in ("canteen", "leave"):
        hits = library.search("读书会哪天举行", documents=[key])
        assert hits and {hit.document.key for hit in hits} == {key}
        assert {"lexical", "dense"} >= {name for hit in hits for name in hit.found_by}
    assert {hit.document.key for hit in library.ask("年假几天？", documents={"canteen", "leave"}).hits} == {"canteen", "leave"}
    with pytest.raises(qa.NoSuchDocument):
        library.search("年假", documents=["leave", "nowhere"])


def test_a_choice_is_whole_after_documents_went_and_came(tmp_path, model):
    texts = [(f"k{number}", f"第{number}号", f"第{number}号通知：食堂停业。\n第{number}号通知：年假五天。") for number in range(40)]
    with Library(tmp_path / "library", model) as library:
        library.add_texts(texts)
        for number in range(0, 40, 3):
            library.remove(f"k{number}")
        library.add_texts(texts[6:9])
        chosen = ["k6", "k7", "k38"]
        for vector, words in ((True, ()), (False, terms("食堂停业"))):
            within = library._store.within(chosen)
            ranking = library._dense.search(library._model.questions(["食堂停业"])[0], 100, within) if vector else Lexical(library._store).search(words, 100, within)
            found = [library._store.description(entry.document).key for entry in library._store.entries([id for id, _ in ranking])]
            assert set(found) == set(chosen)
