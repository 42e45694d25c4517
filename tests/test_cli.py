"""The doors: what each command prints, and its exit code."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys

import pytest
from conftest import CHECKOUT, QUESTION, SENTENCE

from qa.cli import FAILED, NOT_ALL_WELL, main


@pytest.fixture
def youju(capsys, seeds_library):
    """Runs a command on a library with the seeds; gives its exit code, its output and what it said beside it."""

    def run(command: str, *arguments: str, library=seeds_library) -> tuple[int, str, str]:
        capsys.readouterr()
        where = [] if command == "verify" else ["--library", str(library)]
        return (main([command, *where, *map(str, arguments)]), *capsys.readouterr())

    return run


def test_ask_prints_the_answer_and_its_references(youju):
    code, out, err = youju("ask", QUESTION)
    assert (code, err) == (0, "")
    assert SENTENCE in out and "[1]" in out and "第53行" in out


def test_ask_takes_several_words_and_standard_input(youju, monkeypatch):
    together = youju("ask", QUESTION)
    assert youju("ask", "徐州是哪天", "开的续会？")[0] == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{QUESTION}\n".encode())))
    assert youju("ask", "-") == together


def test_a_refusal_is_an_answer(youju):
    code, out, _ = youju("ask", "--json", "今天股市怎么样")
    assert code == 0 and json.loads(out)["answered"] is False


def test_json_has_the_fields_of_the_library(youju):
    answer = json.loads(youju("ask", "--json", QUESTION)[1])
    assert {"question", "text", "answered", "confidence", "citations", "hits", "notice"} <= set(answer)
    assert {"number", "quote", "document", "passage", "spans", "repaired", "location"} <= set(answer["citations"][0])
    hits = json.loads(youju("search", "--json", "--limit", "3", QUESTION)[1])
    assert len(hits) == 3 and {"passage", "document", "score", "found_by"} <= set(hits[0])
    assert len(json.loads(youju("list", "--json")[1])) == 5
    status = json.loads(youju("status", "--json")[1])
    assert status["documents"] == 5 and status["problems"] == []


def test_search_numbers_the_passages(youju):
    code, out, _ = youju("search", "--limit", "2", "徐州 续会")
    assert code == 0 and out.startswith("1. ") and "\n2. " in out and "\n3. " not in out


def test_add_list_and_remove(youju, tmp_path):
    file = tmp_path / "通知.txt"
    file.write_text("食堂每周五停业检修燃气管道。", "utf-8")
    code, out, _ = youju("add", file)
    assert code == 0 and "新增 1" in out
    assert "未变 1" in youju("add", file)[1]
    assert str(file) in youju("list")[1]
    assert youju("remove", file)[0] == 0
    assert str(file) not in youju("list")[1]


def test_add_reports_what_it_could_not_read(youju, tmp_path):
    (tmp_path / "空.txt").write_bytes(b"")
    code, out, _ = youju("add", tmp_path / "空.txt", tmp_path / "没有.txt")
    assert code == NOT_ALL_WELL and "失败 2" in out and "没有.txt" in out


@pytest.mark.parametrize(
    "command, arguments",
    [
        pytest.param("remove", ["没有这个文件.txt"], id="no_such_document"),
        pytest.param("ask", ["--model", "no/such/model", "问题"], id="no_such_model"),
        pytest.param("ask", ["  "], id="no_question"),
        pytest.param("verify", ["没有这个文件.json"], id="no_answer_file"),
        pytest.param("list", ["--library", __file__], id="no_folder"),
    ],
)
def test_an_error_is_one_sentence(youju, command, arguments):
    code, out, err = youju(command, *arguments)
    assert (code, out) == (FAILED, "")
    assert err.startswith("youju：") and err.count("\n") == 1 and "Traceback" not in err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"citations": [{}]}', "\x00"], ids=["empty", "list", "no_citations", "half", "control"])
def test_verify_refuses_what_is_no_answer(youju, tmp_path, content):
    (tmp_path / "answer.json").write_text(content, "utf-8")
    code, _, err = youju("verify", tmp_path / "answer.json")
    assert code == FAILED and err.count("\n") == 1


def test_a_command_that_cannot_be_understood(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["ask"])
    assert stop.value.code == 2 and "youju ask -h" in capsys.readouterr().err


def test_output_cannot_steer_a_terminal(youju, tmp_path):
    file = tmp_path / "\x1b[2J\u202egpj.txt"
    file.write_text("粮仓每周三巡查。\x1b]0;pwned\x07", "utf-8")
    youju("add", file)
    out = youju("list")[1] + youju("ask", "粮仓每周几巡查？")[1]
    assert "\x1b" not in out and "\u202e" not in out


# --------------------------------------------------------------------------------------------------------------- verify


@pytest.fixture
def stored(youju, tmp_path, capsys):
    """The answer to the question, over a copy of the seeds, as a file; and the copy of the cited document."""
    seeds = shutil.copytree(CHECKOUT / "seeds", tmp_path / "seeds")
    youju("add", seeds, library=tmp_path / "own")
    _, out, _ = youju("ask", "--json", QUESTION, library=tmp_path / "own")
    (tmp_path / "answer.json").write_text(out, "utf-8")
    cited = tmp_path / "seeds" / "000_0902a483bf6e6fe9.txt"
    cited.chmod(0o644)
    return tmp_path / "answer.json", cited


def states(out: str) -> list[str]:
    return [entry["state"] for entry in json.loads(out)]


def test_verify_says_ok(youju, stored):
    code, out, _ = youju("verify", "--json", stored[0])
    assert code == 0 and set(states(out)) == {"ok"}
    assert youju("verify", stored[0])[1].startswith("[1] ok")


def test_verify_says_changed(youju, stored):
    answer, cited = stored
    cited.write_bytes(cited.read_bytes().replace("5月28日".encode(), "5月29日".encode()))
    code, out, _ = youju("verify", "--json", answer)
    assert code == NOT_ALL_WELL and states(out)[0] == "changed"


def test_verify_says_missing(youju, stored):
    answer, cited = stored
    cited.unlink()
    code, out, _ = youju("verify", "--json", answer)
    assert code == NOT_ALL_WELL and states(out)[0] == "missing"


def test_verify_says_misattributed(youju, stored):
    answer, _ = stored
    answer.write_text(answer.read_text("utf-8").replace("5月28日", "5月29日"), "utf-8")
    code, out, _ = youju("verify", "--json", answer)
    assert code == NOT_ALL_WELL and states(out)[0] == "misattributed"


# ------------------------------------------------------------------------------------------------------- as a process


def process(*arguments: str, cwd, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "qa.cli", *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, **options)


def test_the_first_command_makes_a_library_with_the_seeds_and_says_so(tmp_path, monkeypatch):
    monkeypatch.delenv("YOUJU_LIBRARY", raising=False)
    first = process("ask", QUESTION, cwd=tmp_path)
    assert first.returncode == 0 and SENTENCE in first.stdout
    assert "已新建资料库" in first.stderr and (tmp_path / "data" / "library").is_dir()
    assert process("list", cwd=tmp_path).stderr == ""


def test_a_library_in_use_is_said_in_one_sentence(seeds_library, tmp_path):
    import qa

    with qa.open_library(seeds_library):
        second = process("list", "--library", str(seeds_library), cwd=tmp_path)
    assert second.returncode == FAILED and second.stderr.count("\n") == 1


def test_a_reader_that_stops_early_is_no_error(seeds_library, tmp_path):
    done = subprocess.run(
        f'"{sys.executable}" -m qa.cli list --json --library "{seeds_library}" | head -1', shell=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "[\n" and done.stderr == ""


# --------------------------------------------------------------------------------------------------------------- reports


def test_report_answers_questions_and_a_file_of_them(youju, tmp_path):
    (tmp_path / "问题.txt").write_bytes(f"今天股市怎么样\r\n\r\n{QUESTION}\r\n".encode("gb18030"))
    code, out, err = youju("report", "--question", "简报由哪个单位印发？", "--questions", tmp_path / "问题.txt", "--output", tmp_path / "报告.docx", "--title", "摘引", "--appendix")
    assert (code, out) == (0, "") and "3 个问题" in err and "资料没有回答：今天股市怎么样" in err
    code, out, _ = youju("verify", "--json", tmp_path / "报告.docx")
    assert code == 0 and set(states(out)) == {"ok"} and any(SENTENCE in entry["quote"] for entry in json.loads(out))
    assert "ok  " in youju("verify", tmp_path / "报告.docx")[1]


@pytest.mark.parametrize(
    "arguments",
    [[], ["--question", "问题", "--style", "apa"], ["--question", "问题", "--system", "x"], ["--questions", "没有这个文件.txt"]],
    ids=["no_question", "style", "system", "no_file"],
)
def test_a_report_that_cannot_be_made_is_one_sentence(youju, tmp_path, arguments):
    code, out, err = youju("report", "--output", tmp_path / "a.md", *arguments)
    assert (code, out) == (FAILED, "") and err.count("\n") == 1 and not list(tmp_path.glob("a.md"))


def test_an_unknown_ending_is_said_before_the_work(youju, tmp_path):
    code, _, err = youju("report", "--question", QUESTION, "--output", tmp_path / "a.pdf")
    assert code == FAILED and "docx" in err


def test_describe_sets_shows_and_takes_back(youju):
    key = str(CHECKOUT / "seeds" / "004_75c18c688f8b7b44.txt")
    assert "缺  责任者" in youju("describe", key)[1]
    code, out, _ = youju("describe", key, "--set", "issuer=泰兴市应急管理局", "--set", "date=2021-01-22", "--set", "kind=网页")
    assert code == 0 and "issuer  泰兴市应急管理局（手工设定）" in out and "文献类型  网页" in out and "缺  网址" in out
    assert "（2021-01-22）" in youju("describe", key)[1]
    assert "手工设定" not in youju("describe", key, "--unset", "issuer", "--unset", "date", "--unset", "kind")[1]
    code, _, err = youju("describe", key, "--set", "colour=红")
    assert code == FAILED and "issuer（责任机构）" in err and err.count("\n") == 1
