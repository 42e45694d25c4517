"""Reports verified: a changed source, an edited report, a file that carries no evidence."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from reports import part, replace_part, report

import qa
from qa import cite
from qa.read import read_volumes


@pytest.mark.parametrize("ending", ["docx", "md", "html", "json"])
def test_one_changed_byte_fails_exactly_the_quotations_of_its_source(tmp_path, ending):
    files = {name: tmp_path / name for name in ("甲.txt", "乙.txt", "丙.txt")}
    for number, (name, path) in enumerate(files.items(), 3):
        path.write_text(f"{name[0]}区消防通道检查办法\n\n{name[0]}区消防通道每{number}天检查一次，由街道负责。\n", "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        library.add(list(files.values()))
        basket = [library.ask(f"{name[0]}区消防通道几天检查一次？") for name in files]
    path = report(basket).save(tmp_path / f"a.{ending}")
    data = files["乙.txt"].read_bytes()
    files["乙.txt"].write_bytes(data.replace("每4天".encode(), "每5天".encode()))
    states = {found.citation.document.name: found.verdict.state for found in qa.verify_report(path) if "天检查" in found.quote}
    assert states == {"甲.txt": "ok", "乙.txt": "changed", "丙.txt": "ok"}
    files["丙.txt"].unlink()
    assert {found.verdict.state for found in qa.verify_report(path) if found.citation.document.name == "丙.txt"} == {"missing"}


def test_one_changed_byte_of_a_seed(answered, tmp_path):
    folder, basket = answered
    copy = shutil.copytree(folder, tmp_path / "seeds")

    def moved(citation):
        return dataclasses.replace(citation, document=dataclasses.replace(citation.document, path=str(copy / citation.document.name)))

    cited = [moved(citation) for item in basket for citation in ([item] if isinstance(item, qa.Citation) else item.citations)]
    path = report(cited).save(tmp_path / "a.docx")
    victim = Path(cited[0].document.path)
    data, codec = bytearray(victim.read_bytes()), cited[0].document.encoding
    at = len(data.decode(codec)[: cited[0].spans[0][0] + 1].encode(codec)) - 1  # the last byte of the first character quoted
    data[at] ^= 1
    victim.chmod(0o644)
    victim.write_bytes(data)
    verdicts = qa.verify_report(path)
    failed = {found.citation.document.name for found in verdicts if found.verdict.state != "ok"}
    assert failed == {victim.name} and verdicts[0].verdict.state == "changed"


def test_a_source_that_changed_elsewhere_fails_all_its_quotations_and_no_other(tmp_path):
    one, other = tmp_path / "甲.txt", tmp_path / "乙.txt"
    one.write_text("甲区停车规定\n\n消防通道不准停车。\n\n校门口不准停车。\n\n附则。\n", "utf-8")
    other.write_text("乙区停车规定\n\n桥面不准停车。\n", "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        library.add([one, other])
        basket = [library.cite(library.search(f"{place}不准停车", limit=1)[0]) for place in ("消防通道", "校门口", "桥面")]
    assert [citation.quote[:2] for citation in basket] == ["消防", "校门", "桥面"]
    one.write_bytes(one.read_bytes().replace("附则".encode(), "附录".encode()))
    for ending in ("docx", "md", "html", "json"):
        verdicts = [found.verdict for found in qa.verify_report(report(basket).save(tmp_path / f"a.{ending}"))]
        assert [verdict.state for verdict in verdicts] == ["changed", "changed", "ok"] and "还是原话" in verdicts[0].reason
    one.write_bytes(one.read_bytes().replace("消防".encode(), "消放".encode()))
    assert ["还是原话" in found.verdict.reason for found in qa.verify_report(tmp_path / "a.docx")] == [False, True, False]


def test_a_source_is_read_once_however_often_it_is_quoted(basket, tmp_path, monkeypatch):
    path = report(basket).save(tmp_path / "a.docx")
    read = []
    monkeypatch.setattr(cite, "read_volumes", lambda file, encoding=None: (read.append(file), read_volumes(file, encoding))[1])
    checked = qa.verify_report(path)
    assert {found.verdict.state for found in checked} == {"ok"}
    assert sorted(read) == sorted({found.citation.document.path for found in checked}) and len(read) < len(checked)


def edited(path: Path, old: str, new: str) -> None:
    """Edits the words of a report as its user would."""
    if path.suffix == ".docx":
        document = part(path.read_bytes(), "word/document.xml")
        assert old in document
        replace_part(path, "word/document.xml", document.replace(old, new, 1).encode())
    else:
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("ending", ["docx", "md", "html"])
def test_a_quotation_edited_in_the_report_is_found(basket, tmp_path, ending):
    path = report(basket, appendix=True).save(tmp_path / f"a.{ending}")
    edited(path, "5月28日，省市县三级", "5月29日，省市县三级")
    wrong = [found for found in qa.verify_report(path) if found.verdict.state != "ok"]
    assert [found.verdict.state for found in wrong] == ["misattributed"] and "“8”→“9”" in wrong[0].verdict.reason and "5月29日" in wrong[0].quote


@pytest.mark.parametrize("ending", ["docx", "md", "html"])
def test_a_quotation_that_was_put_in_by_hand_has_no_evidence(basket, tmp_path, ending):
    full, short = report(basket).save(tmp_path / f"a.{ending}"), report(basket[:-1]).save(tmp_path / f"b.{ending}")
    if ending == "docx":
        replace_part(short, "word/document.xml", part(full.read_bytes(), "word/document.xml").encode())
    else:
        evidence = short.read_text("utf-8").splitlines()[-1]
        short.write_text("\n".join([*full.read_text("utf-8").splitlines()[:-1], evidence]), "utf-8")
    wrong = [found for found in qa.verify_report(short) if found.verdict.state != "ok"]
    assert [(found.verdict.state, found.citation) for found in wrong] == [("misattributed", None)] and "没有证据" in wrong[0].verdict.reason


def test_words_behind_the_evidence_do_not_hide_it(basket, tmp_path):
    path = report(basket).save(tmp_path / "a.md")
    path.write_text(path.read_text("utf-8").replace("\n", "\r\n") + "\r\n批注：已阅。\r\n", "utf-8", newline="")
    assert {found.verdict.state for found in qa.verify_report(path)} == {"ok"}


@pytest.mark.parametrize("name, content", [("a.docx", b"PK"), ("a.docx", None), ("a.md", b"# x\n"), ("a.html", b"<p>x</p>"), ("a.json", b"{}"), ("a.txt", b"x"), ("b.md", b"<!-- youju-evidence AAAA -->")])
def test_a_file_without_evidence_is_a_clear_error(tmp_path, name, content):
    if content is None:
        from docx import Document

        Document().save(tmp_path / name)
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(qa.BadRequest):
        qa.verify_report(tmp_path / name)
