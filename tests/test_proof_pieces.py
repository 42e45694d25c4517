"""Word drafts as offices write them: notes, tracked changes, comments, tables in tables, text boxes, readings above words."""

from __future__ import annotations

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from test_proof_draft import commented

import qa
from qa.proof.draft import open_draft

LAW = "渡口值守办法\n\n第一条 渡工应当每班检查缆绳，并记录水位。\n\n第二条 夜间渡船应当悬挂两盏信号灯。\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with qa.open_library(tmp_path_factory.mktemp("pieces") / "library") as library:
        library.add_texts([("ferry", "渡口值守办法", LAW)])
        yield library


@pytest.fixture
def draft(tmp_path):
    """Makes a draft of paragraphs that are given as the XML of their runs."""

    def made(*paragraphs: str, footnotes: str = "", endnotes: str = ""):
        document = docx.Document()
        for runs in paragraphs:
            document.element.body.insert(-1, parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>"))
        for kind, notes in (("footnote", footnotes), ("endnote", endnotes)):
            if notes:
                xml = f'<w:{kind}s {nsdecls("w")}><w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>{notes}</w:{kind}s>'
                part = Part(PackURI(f"/word/{kind}s.xml"), getattr(CONTENT_TYPE, f"WML_{kind.upper()}S"), xml.encode(), document.part.package)
                document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S"))
        document.save(tmp_path / "draft.docx")
        return open_draft(tmp_path / "draft.docx")

    return made


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def note(kind: str, *texts: str) -> str:
    return "".join(f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{run(text)}</w:p></w:{kind}>' for number, text in enumerate(texts, 1))


def reference(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_that_names_the_source_belongs_to_its_quotation(library, draft, kind):
    notes = note(kind, "《渡口值守办法》（2020年）第二条。", "《渡口值守办法》第二条。")
    made = draft(
        run("要求“渡工应当每班检查缆绳，并记录水位。”") + reference(kind, 1) + run("并照办。"), run("他说：“夜间渡船应当悬挂两盏信号灯。”") + reference(kind, 2), **{f"{kind}s": notes}
    )
    wrong, right = library.proof(made.text)
    assert (wrong.verdict, right.verdict) == ("misattributed", "exact") and "第一条" in wrong.note
    assert [covered for covered, _ in commented(made.commented([wrong, right]))] == [wrong.quote, right.quote]


def test_a_quotation_in_a_note_is_proofed_and_the_comment_stands_at_its_mark(library, draft):
    made = draft(run("渡口有办法") + reference("footnote", 1) + run("，各地照办。"), footnotes=note("footnote", "《渡口值守办法》第二条规定：“夜间渡船应当悬挂三盏信号灯。”"))
    (finding,) = library.proof(made.text)
    assert finding.verdict == "altered"
    ((covered, said),) = commented(made.commented([finding]))
    assert covered == "" and said.startswith("有改动") and "两盏" in said


def test_tracked_changes_are_read_as_accepted(library, draft):
    made = draft(
        run("《渡口值守办法》第一条规定：“渡工应当每班")
        + f'<w:del w:id="1" w:author="甲"><w:r><w:delText>每天</w:delText></w:r></w:del><w:ins w:id="2" w:author="甲">{run("检查缆绳")}</w:ins>'
        + f'<w:moveFrom w:id="3" w:author="甲">{run("搬走的")}</w:moveFrom>' + run("，并记录水位。”")
    )  # fmt: skip
    (finding,) = library.proof(made.text)
    assert finding.verdict == "exact" and finding.quote == "渡工应当每班检查缆绳，并记录水位。"
    assert commented(made.commented([finding]))[0][1].startswith("一致")


def test_comments_that_are_there_stay(library, tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("《渡口值守办法》第二条规定：“夜间渡船应当悬挂两盏信号灯。”")
    document.add_comment(paragraph.runs, "请核实", author="科长", initials="科")
    document.save(tmp_path / "draft.docx")
    made = open_draft(tmp_path / "draft.docx")
    found = commented(made.commented(library.proof(made.text)))
    assert [said.split("\n")[0] for _, said in found] == ["请核实", "一致"] and found[0][0] == paragraph.text


def test_text_boxes_and_readings(library, draft):
    ruby = f"<w:r><w:ruby><w:rt>{run('lǎn')}</w:rt><w:rubyBase>{run('缆')}</w:rubyBase></w:ruby></w:r>"
    box = f'<w:r><w:pict {nsdecls("w")}><w:txbxContent><w:p>{run("《渡口值守办法》第二条规定：“夜间渡船应当悬挂四盏信号灯。”")}</w:p></w:txbxContent></w:pict></w:r>'
    made = draft(run("《渡口值守办法》第一条规定：“渡工应当每班检查") + ruby + run("绳，并记录水位。”"), box)
    assert [finding.verdict for finding in library.proof(made.text)] == ["exact", "altered"]


def test_tables_in_tables(library, tmp_path):
    document = docx.Document()
    cell = document.add_table(1, 2).cell(0, 1)
    cell.paragraphs[0].text = "《渡口值守办法》第二条规定："
    cell.add_table(1, 1).cell(0, 0).text = "“夜间渡船应当悬挂两盏信号灯。”"
    document.save(tmp_path / "draft.docx")
    made = open_draft(tmp_path / "draft.docx")
    (finding,) = library.proof(made.text)
    assert finding.verdict == "exact" and commented(made.commented([finding]))[0][0] == finding.quote
