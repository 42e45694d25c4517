"""Drafts as files: Word with comments exactly at the quotations, nothing else touched; hostile drafts; the command."""

from __future__ import annotations

import io
import json
import sys
import zipfile

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Cm

import qa
from qa.cli import main
from qa.proof.draft import open_draft, text_draft

LAW = "灯塔值守办法\n\n第一条 值守员应当每晚日落前点亮灯塔，并记录海面能见度。\n\n第二条 大雾天气应当每十分钟鸣号一次。\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with qa.open_library(tmp_path_factory.mktemp("draft") / "library") as library:
        library.add_texts([("lamp", "灯塔值守办法", LAW)])
        yield library


@pytest.fixture
def word(tmp_path):
    """A draft with bold and coloured runs inside its quotations, a table, a block quote, deleted and hidden words."""
    document = docx.Document()
    paragraph = document.add_paragraph("《灯塔值守办法》第一条规定：“值守员应当")
    paragraph.add_run("每晚日落").bold = True
    paragraph.add_run("后点亮灯塔，并记").font.highlight_color = WD_COLOR_INDEX.YELLOW
    paragraph.add_run("录海面能见度。”各站照办。")
    hidden = paragraph.add_run("“藏起来的话，谁也看不见，不算数。”")
    hidden.font.hidden = True
    document.add_table(1, 1).cell(0, 0).text = "《灯塔值守办法》第二条规定：“大雾天气应当每十分钟鸣号一次。”"
    document.add_paragraph("值守员应当每晚日落前点亮灯塔，并记录海面能见度。", style="Quote")
    document.add_paragraph("大雾天气应当每十分钟鸣号一次，值守员应当每晚日落前点亮灯塔。").paragraph_format.left_indent = Cm(1.5)
    path = tmp_path / "draft.docx"
    document.save(path)
    return path


def commented(data: bytes) -> list[tuple[str, str]]:
    """For each comment the words that it covers, and what it says."""
    document = docx.Document(io.BytesIO(data))
    found = []
    for comment in document.comments:
        inside, covered = False, []
        for element in document.element.body.iter():
            if element.tag == qn("w:commentRangeStart") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = True
            elif element.tag == qn("w:commentRangeEnd") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = False
            elif inside and element.tag == qn("w:t"):
                covered.append(element.text)
        found.append(("".join(covered), comment.text))
    return found


def looks(data: bytes) -> list[tuple[str, bool | None, object]]:
    """Every character of the paragraphs with how it looks."""
    paragraphs = docx.Document(io.BytesIO(data)).paragraphs
    return [(character, run.bold, run.font.highlight_color) for paragraph in paragraphs for run in paragraph.runs for character in run.text]


def test_comments_cover_the_quotations_exactly(library, word):
    draft = open_draft(word)
    findings = library.proof(draft.text)
    assert [finding.verdict for finding in findings] == ["altered", "exact", "exact", "joined"]
    comments = commented(draft.commented(findings))
    assert [covered for covered, _ in comments] == [finding.quote for finding in findings]
    assert comments[0][1].startswith("有改动") and "日落前点亮" in comments[0][1] and "第一条" in comments[0][1]
    assert comments[1][1].startswith("一致")


def test_nothing_else_is_touched(library, word):
    before = word.read_bytes()
    draft = open_draft(word)
    after = draft.commented(library.proof(draft.text))
    assert word.read_bytes() == before and looks(after) == looks(before)
    assert [paragraph.style.name for paragraph in docx.Document(io.BytesIO(after)).paragraphs] == [paragraph.style.name for paragraph in docx.Document(word).paragraphs]


def test_hidden_words_are_not_looked_at(word):
    assert "藏起来" not in open_draft(word).text


def test_a_draft_without_quotations_says_so(tmp_path, library):
    document = docx.Document()
    document.add_paragraph("今天没有引文。")
    document.save(tmp_path / "none.docx")
    draft = open_draft(tmp_path / "none.docx")
    assert "没有找到引文" in commented(draft.commented(library.proof(draft.text)))[0][1]


def test_a_plain_draft_gives_a_word_file_too(library):
    draft = text_draft("通知\x0b如下\ud800：\u202e\n\n> 大雾天气应当每十分钟鸣号一次。\n他说：“值守员应当每晚日落后点亮灯塔。”\r\n")
    findings = library.proof(draft.text)
    comments = commented(draft.commented(findings))
    assert [covered for covered, _ in comments] == [finding.quote for finding in findings] and len(findings) == 2


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_of_windows(library, tmp_path, codec):
    path = tmp_path / "草稿.txt"
    path.write_bytes("值守情况的报告\r\n\r\n《灯塔值守办法》第二条规定：\r\n　　“大雾天气应当每十分钟鸣号一次。”\r\n".encode(codec))
    draft = open_draft(path)
    (finding,) = library.proof(draft.text)
    assert finding.verdict == "exact" and commented(draft.commented([finding]))[0][0] == finding.quote
    assert [paragraph.text for paragraph in docx.Document(io.BytesIO(draft.commented([finding]))).paragraphs][0] == "值守情况的报告"


def test_a_long_draft(library, tmp_path):
    """Two hundred pages: a quotation on each, and every comment at its own."""
    document = docx.Document()
    for number in range(200):
        document.add_paragraph(f"{number}．" + "各站照办，不得有误，并于月底前上报。" * 30)
        document.add_paragraph("《灯塔值守办法》第二条规定：“大雾天气应当每十分钟鸣号一次。”" if number % 2 else "《灯塔值守办法》第二条规定：“大雾天气应当每九分钟鸣号一次。”")
    document.save(tmp_path / "long.docx")
    draft = open_draft(tmp_path / "long.docx")
    findings = library.proof(draft.text)
    assert [finding.verdict for finding in findings] == ["altered", "exact"] * 100
    assert [covered for covered, _ in commented(draft.commented(findings))] == [finding.quote for finding in findings]


@pytest.mark.parametrize("name, data", [("空.txt", b""), ("空.docx", b""), ("白.txt", b"\r\n \r\n"), ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(50))])
def test_what_is_no_draft_says_why(youju, tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    code, out, err = youju(tmp_path / name)
    assert code == 3 and name in err and not out


def test_an_empty_word_draft_says_that_there_is_nothing(youju, tmp_path):
    docx.Document().save(tmp_path / "none.docx")
    code, _, err = youju(tmp_path / "none.docx")
    assert code == 3 and "没有文字" in err


def rezipped(path, change, part: str = "word/document.xml") -> bytes:
    """A Word file with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as other:
        for info in package.infolist():
            data = package.read(info)
            other.writestr(info.filename, change(data) if info.filename == part else data)
    return stream.getvalue()


HOSTILE = {
    "no archive": lambda path: b"PK\x03\x04" + b"\0" * 100,
    "entities": lambda path: rezipped(path, lambda data: data.replace(b"?>", b'?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1)),
    "a bomb": lambda path: rezipped(path, lambda data: data.replace(b"</w:body>", b"<w:p><w:r><w:t>" + b" " * (80 << 20) + b"</w:t></w:r></w:p></w:body>")),
    "a bomb elsewhere": lambda path: rezipped(path, lambda data: data.replace(b"</w:styles>", b" " * (80 << 20) + b"</w:styles>"), "word/styles.xml"),
    "not closed": lambda path: rezipped(path, lambda data: data[:-200]),
    "a relationship without a target": lambda path: rezipped(path, lambda data: data.replace(b" Target=", b" Aim="), "word/_rels/document.xml.rels"),
    "too deep": lambda path: rezipped(path, lambda data: data.replace(b"</w:body>", b"<w:p>" * 500 + b"</w:p>" * 500 + b"</w:body>")),
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_hostile_word_files_are_refused(word, tmp_path, made):
    path = tmp_path / "bad.docx"
    path.write_bytes(made(word))
    with pytest.raises(qa.UnreadableFile):
        open_draft(path)


def test_a_draft_with_broken_comments_is_proofed_and_says_why_it_gets_none(library, tmp_path):
    document = docx.Document()
    document.add_comment(document.add_paragraph("《灯塔值守办法》第二条规定：“大雾天气应当每十分钟鸣号一次。”").runs, "请核实")
    document.save(tmp_path / "draft.docx")
    (tmp_path / "draft.docx").write_bytes(rezipped(tmp_path / "draft.docx", lambda data: data.replace(b"w:comments", b"w:remarks"), "word/comments.xml"))
    draft = open_draft(tmp_path / "draft.docx")
    (finding,) = library.proof(draft.text)
    assert finding.verdict == "exact"
    with pytest.raises(qa.UnreadableFile, match="另存"):
        draft.commented([finding])


# --------------------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def youju(library, monkeypatch, capsys):
    """Runs `youju proof` on the library of this file."""
    import contextlib

    from qa import cli

    monkeypatch.setattr(cli, "_library", lambda options: contextlib.nullcontext(library))

    def run(*arguments) -> tuple[int, str, str]:
        return (main(["proof", *map(str, arguments)]), *capsys.readouterr())

    return run


def test_the_command_prints_a_table_and_tells_by_its_exit_code(youju, word):
    code, out, _ = youju(word)
    assert code == 1 and "有改动" in out and "日落【后】" in out and "日落【前】" in out and "共 4 处引文" in out


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16", "big5"])
def test_standard_input_and_json(youju, monkeypatch, codec):
    draft = "《灯塔值守办法》第二条规定：“大雾天气应当每十分钟鸣号一次。”" if codec != "big5" else "《燈塔值守辦法》第二條規定：「大霧天氣應當每十分鐘鳴號一次。」"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"值守情况的报告\r\n\r\n{draft}\r\n".encode(codec, "replace"))))
    code, out, _ = youju("-", "--json")
    (finding,) = json.loads(out)
    assert code == 0 and finding["verdict"] == ("exact" if codec != "big5" else "variant") and finding["document"]["key"] == "lamp"
    assert {"quote", "start", "end", "verdict", "original", "document", "location", "note", "diff", "citations"} <= set(finding)


def test_the_copy_with_comments(youju, word, tmp_path):
    code, _, err = youju(word, "--output", tmp_path / "checked.docx")
    assert code == 1 and "checked.docx" in err and len(commented((tmp_path / "checked.docx").read_bytes())) == 4


def test_the_draft_itself_is_not_overwritten(youju, word):
    before = word.read_bytes()
    code, _, err = youju(word, "--output", word)
    assert code == 3 and "草稿" in err and word.read_bytes() == before


def test_a_missing_draft_and_another_ending(youju, word, tmp_path):
    assert youju(tmp_path / "none.docx")[0] == 3
    assert youju(word, "--output", tmp_path / "checked.pdf")[0] == 3
