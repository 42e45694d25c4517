"""The guards that keep the house standing."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHECKOUT

import qa
from qa.cli import commands

README = (CHECKOUT / "README.md").read_text("utf-8")
SOURCES = {folder: sorted((CHECKOUT / folder).rglob("*.py")) for folder in ("qa", "ui")}

# A module of qa/ imports only what stands before it.
READING_ORDER = (
    "types resources read clean describe split layout fold synonyms rarity homophones transformer embed match store titles dense lexical followup "
    "understand search metadata cite inspect reference facts report quote choose confidence answer conversations proof library questions evaluate cli"
).split()
TWINS = {"dense", "lexical"}

PUBLIC = """
    Answer BadRequest Change Changes Checked Citation Conversation Deletion Description Document Draft ENDINGS Feedback Field
    Finding Findings Flag Heading Hit Inspection KINDS Library LibraryDamaged LibraryError LibraryInUse NoModel
    NoSuchConversation NoSuchDocument Note OtherModel Part Passage Place Refused Repair Report Run Sibling Source Turn
    UnknownFormat UnreadableFile Verdict YoujuError answer citations_from_json default_library inspect open_draft open_library
    rebuild_library to_simplified verify_report
""".split()


def test_the_public_names():
    assert qa.__all__ == sorted(qa.__all__)
    assert set(qa.__all__) == set(PUBLIC)
    assert all(hasattr(qa, name) for name in qa.__all__)


def imported(path: Path) -> set[str]:
    """The dotted names that a file imports, wherever in it; `from qa import x` is qa.x."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def module(path: Path) -> str:
    return path.relative_to(CHECKOUT / "qa").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", SOURCES["qa"], ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_imports_go_one_way(path):
    name = module(path)
    ours = {dotted.split(".")[1] for dotted in imported(path) if dotted.startswith("qa.")} - {name}
    if name == "__init__":
        return
    assert name in READING_ORDER, f"{name} is not in the reading order"
    assert ours <= set(READING_ORDER[: READING_ORDER.index(name)])
    assert not (name in TWINS and ours & TWINS)
    if name != "cli":
        assert not any(dotted.split(".")[0] == "ui" for dotted in imported(path))


@pytest.mark.parametrize("path", SOURCES["ui"], ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_the_page_uses_only_public_names(path):
    assert {dotted for dotted in imported(path) if dotted.split(".")[0] == "qa"} <= {f"qa.{name}" for name in PUBLIC}


@pytest.mark.parametrize("path", SOURCES["qa"], ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_the_library_is_silent_and_names_its_errors(path):
    tree = ast.parse(path.read_text("utf-8"))
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    caught = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    assert "print" not in calls
    assert not imported(path) & {"pickle", "marshal", "shelve", "dill", "joblib"}
    for kind in caught:  # BaseException is for undoing and raising again, Exception for hiding
        assert kind is not None and not (isinstance(kind, ast.Name) and kind.id == "Exception")


def test_the_default_path_imports_no_torch(seeds_library):
    program = (
        "import sys, qa\n"
        f"with qa.open_library({str(seeds_library)!r}) as library:\n"
        "    library.add_texts([('a', '通知', '食堂周五停业。')])\n"
        "    library.ask('徐州是哪天开的续会？')\n"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'gradio'} & set(sys.modules)))"
    )
    assert python(program) == "[]"


def test_verify_and_help_import_neither_index_nor_words():
    program = (
        "import sys\nfrom qa.cli import commands\nfrom qa.cite import citations_from_json\n"
        "commands()[''].format_help(); citations_from_json({'citations': []})\n"
        "print(sorted({'faiss', 'jieba', 'torch', 'gradio'} & set(sys.modules)))"
    )
    assert python(program) == "[]"


def python(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# --------------------------------------------------------------------------------------------------------------- the docs


@pytest.mark.parametrize("command", commands())
def test_the_readme_has_the_help_of_every_command(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert commands()[command].format_help().strip() in README  # otherwise: make docs


def test_the_python_of_the_readme_runs_with_the_output_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README.md", None, 0)
    report = io.StringIO()
    with contextlib.redirect_stdout(report):
        results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, clear_globs=False)
    assert results.attempted >= 5 and not results.failed, report.getvalue()


def test_the_tree_of_the_readme_is_the_tree():
    tree = re.search(r"```text\n(seeds/.*?)```", README, re.DOTALL)[1]
    told = {line.split()[0].rstrip("/") for line in tree.splitlines() if line[:2].strip()}
    told_of_qa = {line.split()[0].rstrip("/") for line in tree.splitlines() if line.startswith("    ")}
    assert all((CHECKOUT / name).exists() for name in told), told
    assert {path.name for path in (CHECKOUT / "qa").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} <= told_of_qa
