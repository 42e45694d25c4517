"""Reports in Word: cross-references, fonts, and what LibreOffice makes of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from reports import W, part, quotes, report

import qa


@pytest.mark.parametrize("system", ["numeric", "author-date"])
def test_every_cross_reference_of_word_has_its_bookmark(basket, system):
    document = ElementTree.fromstring(part(report(basket, system=system).to_bytes("docx"), "word/document.xml"))
    marks = [mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")]
    ids = [mark.get(f"{W}id") for mark in document.iter(f"{W}bookmarkStart")]
    fields = [re.fullmatch(r" REF (\w+) \\r \\h ", field.text)[1] for field in document.iter(f"{W}instrText")]
    links = [link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")]
    assert len(set(marks)) == len(marks) and len(set(ids)) == len(ids)
    assert set(fields + links) == set(marks) and len(fields + links) == len(quotes(basket))
    assert [f for f in (fields, links) if f] == [fields if system == "numeric" else links]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Converts a file with LibreOffice; gives the file that it made."""
    program = shutil.which("soffice")
    if not program:
        missing = "needs Debian's libreoffice-writer-nogui"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    home = tmp_path_factory.mktemp("office")

    def convert(path: Path, ending: str) -> Path:
        out = path.parent / "converted"
        subprocess.run(
            [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", ending, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=120
        )
        return out / f"{path.stem}.{ending}"

    return convert


def test_libreoffice_shows_the_report(basket, tmp_path, office):
    import pypdfium2

    pdf = pypdfium2.PdfDocument(office(report(basket, title="检查引文汇编", appendix=True).save(tmp_path / "a.docx"), "pdf"))
    text = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pdf))
    pdf.close()
    assert "检查引文汇编" in text and "参考文献" in text and "附录：引文所在段落" in text and "Error" not in text and "错误" not in text
    for quote in quotes(basket):
        assert re.sub(r"\s", "", quote)[:40] in text
    content = report(basket).content()
    for section in content.sections:
        for block in section.blocks:
            if not isinstance(block, str):
                assert re.sub(r"\s", "", block.text)[-12:] + block.mark in text  # the field shows the number of its reference
    for entry in content.entries:
        assert f"[{entry.number}]" + re.sub(r"\s", "", entry.text)[:20] in text


def test_evidence_outlives_saving_in_libreoffice(basket, tmp_path, office):
    again = office(report(basket).save(tmp_path / "a.docx"), "docx")
    assert [found.quote for found in qa.verify_report(again)] == quotes(basket)
    assert {found.verdict.state for found in qa.verify_report(again)} == {"ok"}


def test_word_has_fonts_for_chinese_text(basket):
    data = report(basket).to_bytes("docx")
    styles = ElementTree.fromstring(part(data, "word/styles.xml"))
    fonts = {style.find(f"{W}name").get(f"{W}val"): style.find(f"{W}rPr/{W}rFonts") for style in styles.iter(f"{W}style")}
    used = {"Normal": "仿宋", "Title": "黑体", "heading 1": "黑体", "Quote": "楷体", "Youju Reference": "宋体", "Youju Source": "宋体"}
    found = {name.replace("Heading", "heading"): font for name, font in fonts.items()}
    assert {name: found[name].get(f"{W}eastAsia") for name in used} == used
    assert not any("Theme" in key for name in used for key in found[name].attrib)
    assert {found[name].get(f"{W}hint") for name in used} == {"eastAsia"}  # else “” are set in the Western font
    languages = re.findall(r"w:(?:lang|themeFontLang)\b[^>]*w:eastAsia=\"([^\"]+)\"", part(data, "word/styles.xml") + part(data, "word/settings.xml"))
    assert languages == ["zh-CN", "zh-CN"]


@pytest.mark.parametrize("system, raised", [("numeric", True), ("author-date", False)])
def test_only_numbers_are_raised(basket, system, raised):
    styles = ElementTree.fromstring(part(report(basket, system=system).to_bytes("docx"), "word/styles.xml"))
    mark = next(style for style in styles.iter(f"{W}style") if style.find(f"{W}name").get(f"{W}val") == "Youju Mark")
    assert (mark.find(f"{W}rPr/{W}vertAlign") is not None) == raised
