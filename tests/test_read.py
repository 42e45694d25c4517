"""Reading: one text in many carriers, encodings, folders and names, and files that mean harm."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from fixtures.documents import (
    NOTICE,
    PARAGRAPHS,
    docx,
    docx_notice,
    html,
    paragraph,
    print_pdf,
    text_pdf,
    xlsx,
)
from fixtures.hostile import DIRECTIONS, INVISIBLE, NAMES, REMOTE, invisible, mutants
from fixtures.make_bad import fixtures, judged, write_names
from fixtures.orders import ORDERS
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

import qa
from qa.cite import location
from qa.clean import clean, source_spans
from qa.read import decode, from_text, page_image, quote_boxes, read, survey, walk
from qa.read.child import Worker
from qa.read.files import readable_name
from qa.split import split
from qa.types import UnknownFormat, UnreadableFile

BODY = "\n".join(PARAGRAPHS)
QUOTE = "发现渗漏、滑坡等险情，要在二十分钟内报告县防汛指挥部。"
TRADITIONAL = OpenCC("s2t").convert(NOTICE)


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# ----------------------------------------------------------------------------------------------------- twelve carriers

CARRIERS = {
    "utf-8": ("a.txt", NOTICE.encode(), "第13行"), "utf-8 with mark": ("a.txt", b"\xef\xbb\xbf" + NOTICE.encode(), "第13行"), "gb18030": ("a.txt", NOTICE.encode("gb18030"), "第13行"),
    "utf-16-le": ("a.txt", NOTICE.encode("utf-16-le"), "第13行"), "utf-16-be": ("a.txt", NOTICE.encode("utf-16-be"), "第13行"),
    "utf-16-le with mark": ("a.txt", b"\xff\xfe" + NOTICE.encode("utf-16-le"), "第13行"), "utf-16-be with mark": ("a.txt", b"\xfe\xff" + NOTICE.encode("utf-16-be"), "第13行"),
    "crlf": ("a.txt", NOTICE.replace("\n", "\r\n").encode(), "第13行"), "html": ("a.html", html().encode(), "第9行"), "html in gb18030": ("a.html", html().replace("utf-8", "gb2312").encode("gb18030"), "第9行"),
    "docx": ("a.docx", docx_notice(), "第7段"), "xlsx": ("a.xlsx", xlsx([[text] for text in PARAGRAPHS]), "工作表“Sheet1”A7"),
}  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
def test_one_text_in_twelve_carriers(carrier, tmp_path):
    name, data, place = CARRIERS[carrier]
    source = read(written(tmp_path, name, data))
    document = clean(source)
    assert document.text == BODY
    assert source.doubts == ()
    start = document.text.index(QUOTE)
    spans, repairs = source_spans(document, start, start + len(QUOTE))
    assert not repairs and "".join(source.text[low:high] for low, high in spans) == QUOTE
    assert location(source, spans) == place
    if name.endswith(".txt"):
        assert source.text == data.decode(source.encoding)


def test_traditional_text_in_big5_and_gb18030(tmp_path):
    for codec in ("big5", "gb18030", "utf-8"):
        source = read(written(tmp_path, "a.txt", TRADITIONAL.encode(codec, "ignore")))
        assert clean(source).text == "\n".join(line for line in TRADITIONAL.encode(codec, "ignore").decode(codec).split("\n") if line)


def printed(folder: Path, page: str, *options: str) -> Path:
    """A page as PDF by Debian's Chromium."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.fail("needs Debian's chromium") if os.environ.get("CI") else pytest.skip("needs Debian's chromium")
    return print_pdf(chromium, folder, page, *options)


@pytest.mark.parametrize("style", ["", "div{columns:2;column-gap:2em}", "p{margin:0;text-indent:2em;text-align:justify}"], ids=["spaced", "two_columns", "indented"])
def test_a_pdf_with_heads_and_feet_on_each_page(style, tmp_path):
    """Chromium prints the day, the title, the address and the page's number on each; paragraphs go over lines, columns and pages."""
    paragraphs = [f"第{number}号泵站的机组在{number % 12 + 1}月检修后，{'排水能力恢复，' * (number % 5)}每小时排水{number * 37 + 1000}立方米，值班人员每日记录水位、流量和电压{number * 7919 % 1000000}次。" for number in range(1, 121)]
    page = "".join(f"<p>{text}</p>" for text in paragraphs)
    document = clean(read(printed(tmp_path, f"<meta charset=utf-8><title>泵站年报</title><style>{style}</style><h1>泵站年报</h1><div>{page}</div>")))
    lines = document.text.split("\n")
    assert len(document.source.places) >= 5 and not [line for line in lines if "泵站年报" in line[1:] or "file://" in line]
    assert sum(text in lines for text in paragraphs) >= 114  # a last line that is full, at the end of a page, ends nothing that can be seen


def test_printed_by_chromium(tmp_path):
    printed(tmp_path, html().replace("<nav>", "<nav hidden>").replace("<footer>", "<footer hidden>"), "--no-pdf-header-footer")
    source = read(tmp_path / "a.pdf")
    document = clean(source)
    assert document.text == BODY
    start = document.text.index(QUOTE)
    spans, repairs = source_spans(document, start, start + len(QUOTE))
    assert not repairs and location(source, spans) == "第1页"


# ------------------------------------------------------------------------------------------------------------ encodings


@pytest.mark.parametrize("text", [NOTICE, TRADITIONAL, "年假申请表。", "关于放假的通知\n", "臺灣的水庫已經滿了。\n"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_encodings_are_found(text, codec):
    decoded, found, _ = decode(text.encode(codec))
    assert decoded == text
    assert found == codec


@pytest.mark.parametrize("text", [TRADITIONAL, "臺灣的水庫已經滿了。", "關於放假的通知，請各單位注意。"])
def test_big5_is_found(text):
    assert decode(text.encode("big5", "ignore"))[0] == text.encode("big5", "ignore").decode("big5")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(NOTICE) - 40), st.integers(25, 200), st.sampled_from(["gb18030", "utf-16-le", "utf-16-be"]))
def test_any_stretch_of_prose_is_decoded_or_doubted(start, length, codec):
    text = NOTICE[start : start + length]
    decoded, _, doubts = decode(text.encode(codec))
    assert decoded == text or doubts


@pytest.mark.parametrize("text", ["防汛", "通知", "水位35米", "關於", "会议纪要"])
def test_a_few_characters_are_decoded_or_doubted(text):
    for codec in ("gb18030", "big5", "utf-16-le", "utf-16-be"):
        decoded, _, doubts = decode(text.encode(codec, "ignore"))
        assert decoded == text.encode(codec, "ignore").decode(codec) or doubts


def test_four_byte_characters_of_gb18030():
    text = NOTICE + "其中“𠮷”“㐂”“䶮”三字人名较多。"
    assert decode(text.encode("gb18030"))[0] == text


def test_a_wrong_guess_does_not_pass_silently():
    assert decode("水".encode("gb18030"))[2]
    text, codec, doubts = decode(NOTICE.encode()[:600] + b"\xff\xfe" + NOTICE.encode()[600:])
    assert codec == "utf-8" and "\ufffd" in text and doubts


def test_an_encoding_can_be_told(tmp_path):
    path = written(tmp_path, "a.txt", "あいう、日本語の文書です。".encode("shift_jis"))
    assert read(path, encoding="shift_jis").text == "あいう、日本語の文書です。"
    with pytest.raises(UnreadableFile, match="不认识的编码"):
        read(path, encoding="klingon")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_text_or_refused(data):
    try:
        text, codec, _ = decode(data)
    except UnreadableFile:
        return
    assert text == data.decode(codec, "replace")


def test_a_text_without_a_file():
    source = from_text("k", "题目", "内容\ud800。")
    assert (source.path, source.name, source.text) == ("", "题目", "内容?。")
    with pytest.raises(UnreadableFile, match="空"):
        from_text("k", "", " \n")


# -------------------------------------------------------------------------------------------------------------- formats


def test_docx_in_document_order(tmp_path):
    numbering = '<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    row = "<w:tr>" + "<w:tc>{}</w:tc>" * 3 + "</w:tr>"
    body = (
        paragraph("年度总结", "a1") + item.format("巡查") + item.format("整改")
        + "<w:p><w:r><w:t>原定</w:t></w:r><w:del><w:r><w:delText>三月</w:delText></w:r></w:del><w:ins><w:r><w:t>五月</w:t></w:r></w:ins><w:r><w:t>完成</w:t><w:footnoteReference w:id=\"2\"/><w:t>。</w:t></w:r></w:p>"
        + "<w:tbl>" + row.format(*map(paragraph, ("站点", "水位", "日期"))) + row.format(*map(paragraph, ("龙潭", "35米", "六月"))) + "</w:tbl>"
        + paragraph("内部消息", run="<w:vanish/>") + paragraph("白字", run='<w:color w:val="FFFFFF"/>') + paragraph("完。")
    )  # fmt: skip
    notes = '<w:footnotes xmlns:w="w"><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>经批准延期。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    source = read(written(tmp_path, "a.docx", docx(body, numbering=numbering, footnotes=notes)))
    assert clean(source).text.split("\n") == ["年度总结", "一、巡查", "二、整改", "原定五月完成。", "注：经批准延期。", "站点：龙潭；水位：35米；日期：六月", "完。"]
    assert source.doubts == ("有 2 处隐藏文字，未读取。",)
    assert "内部消息" not in source.text and "表1第2行" in [place.label for place in source.places]


def test_html_keeps_the_article(tmp_path):
    page = html([*PARAGRAPHS[:3], "甲&乙"]).replace("</article>", '<table><tr><th>站点</th><th>水位</th></tr><tr><td>龙潭</td><td>35<br>米</td></tr></table><p hidden>藏</p><p style="display:none">藏</p><!-- 藏 --></article>')
    source = read(written(tmp_path, "a.html", page.encode()))
    assert clean(source).text == "\n".join([*PARAGRAPHS[:3], "甲&乙", "站点：龙潭；水位：35 米"])
    assert clean(source).headings[0].level == 1
    assert source.doubts == ("有 2 处隐藏文字，未读取。",)


def test_merged_cells_keep_their_heads(tmp_path):
    page = (
        "<table><tr><th colspan=3>汛期水位表</th></tr><tr><th rowspan=2>站点</th><th colspan=2>水位</th></tr><tr><th>最高</th><th>最低</th></tr>"
        "<tr><th rowspan=2>龙潭</th><td>35<br>米</td><td>20米</td></tr><tr><td colspan=2>停测</td></tr></table><table><tr><th>文号</th><td>水发3号</td></tr></table>"
    )
    lines = ["汛期水位表", "站点：龙潭；水位最高：35 米；水位最低：20米", "站点：龙潭；水位最高：停测", "文号：水发3号"]
    assert clean(read(written(tmp_path, "a.html", page.encode()))).text.split("\n") == lines

    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    head = '<w:trPr><w:tblHeader/></w:trPr>'
    rows = (
        head + cell("站点", '<w:vMerge w:val="restart"/>') + cell("水位", '<w:gridSpan w:val="2"/>'), head + cell("", "<w:vMerge/>") + cell("最高") + cell("最低"),
        cell("龙潭", '<w:vMerge w:val="restart"/>') + cell("35米") + cell("20米"), cell("", "<w:vMerge/>") + cell("停测", '<w:gridSpan w:val="2"/>'),
    )  # fmt: skip
    source = read(written(tmp_path, "a.docx", docx("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>" + paragraph("完。"))))
    assert clean(source).text.split("\n") == ["站点：龙潭；水位最高：35米；水位最低：20米", "站点：龙潭；水位最高：停测", "完。"]


def test_white_text_is_hidden_on_white_only(tmp_path):
    white = '<w:color w:val="FFFFFF"/>'
    table = f'<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="1F4E79"/></w:tcPr>{paragraph("表头", run=white)}</w:tc></w:tr><w:tr><w:tc>{paragraph("藏甲", run=white)}</w:tc></w:tr></w:tbl>'
    body = table + paragraph("深底", run=white + '<w:shd w:fill="000000"/>') + paragraph("藏乙", run='<w:sz w:val="2"/>') + paragraph("正文。")
    source = read(written(tmp_path, "a.docx", docx(body)))
    assert [line for line in source.text.split("\n") if line] == ["表头", "深底", "正文。"]
    assert source.doubts == ("有 2 处隐藏文字，未读取。",)


@pytest.mark.parametrize(("drawn", "seen"), [
    (b"BT /F1 12 Tf 3 Tr 72 600 Td (Hidden) Tj ET BT 0 Tr ET ", False), (b"q 1 1 1 rg BT /F1 12 Tf 72 600 Td (Hidden) Tj ET Q ", False),
    (b"BT /F1 12 Tf 2000 600 Td (Hidden) Tj ET ", False), (b"q 0 0 1 rg 50 580 300 50 re f 1 1 1 rg BT /F1 12 Tf 72 600 Td (Hidden) Tj ET Q ", True),
    (b"q 0 0 612 792 re f BT /F1 12 Tf 3 Tr 72 600 Td (Hidden) Tj ET Q ", True),
], ids=["no ink", "white", "off the page", "white on blue", "on a scan"])  # fmt: skip
def test_text_of_a_pdf_that_nobody_sees(drawn, seen, tmp_path):
    source = read(written(tmp_path, "a.pdf", text_pdf(["Visible words."], drawn)))
    assert "Visible words." in source.text and ("Hidden" in source.text) == seen
    assert bool(source.doubts) == (not seen and b"2000" not in drawn)


def test_spreadsheets_and_csv(tmp_path):
    rows = [["姓名", "部门", "年假"], ["王芳", "财务部", "10天"], ["", "", ""], ["李强", "工程部", "5天"]]
    wanted = "姓名：王芳；部门：财务部；年假：10天\n姓名：李强；部门：工程部；年假：5天"
    sheet = read(written(tmp_path, "a.xlsx", xlsx(rows)))
    assert clean(sheet).text == wanted
    assert [place.label for place in sheet.places] == ["工作表“Sheet1”A2:C2", "工作表“Sheet1”A4:C4"]
    table = read(written(tmp_path, "a.csv", "\n".join(";".join(row) for row in rows).encode("gb18030")))
    assert clean(table).text == wanted and table.encoding == "gb18030"
    assert [place.label for place in table.places] == ["第2行", "第4行"]


def test_pdf_pages_without_text_are_named(tmp_path):
    source = read(written(tmp_path, "a.pdf", text_pdf(["First page.", "", "Third page."])))
    assert [place.label for place in source.places] == ["1", "2", "3"]
    assert source.doubts == ("第2页没有文字（可能是扫描图像），未能读取。",)


def test_a_quote_is_shown_on_its_page(tmp_path):
    path = written(tmp_path, "a.pdf", text_pdf(["First page of the report.", "Second page, with figures."]))
    image = page_image(path, 2, 400)
    assert image.startswith(b"\x89PNG") and int.from_bytes(image[16:20]) == 400
    ((left, top, right, bottom),) = quote_boxes(path, 2, "with  figures.")
    assert 0.12 < left < right < 0.5 and 0.09 < top < bottom < 0.13  # text_pdf writes at (72, 700) of 612 x 792 points
    assert len(quote_boxes(path, 1, "of the report. Second page, with")) == len(quote_boxes(path, 2, "of the report. Second page, with")) == 1
    assert quote_boxes(path, 1, "Third") == []
    with pytest.raises(UnreadableFile, match="没有第 3 页"):
        page_image(path, 3)


def test_running_heads_and_page_numbers_go(tmp_path):
    pages = [["某市水利年鉴 2020", f"第{number}页的正文讲的是水库的调度运行与日常管理。", f"这一页另有一段关于第{number}座水闸的说明。", f"- {number} -"] for number in range(1, 7)]
    text = "\f".join("\n".join(page) for page in pages)
    assert clean(from_text("k", "", text)).text == "\n".join(line for page in pages for line in page[1:3])


def test_sentences_at_the_top_of_pages_that_differ_in_numbers_stay():
    pages = [f"{number + 3}月校验第{number}座水闸，闸门开度{number * 31}厘米\r\n误差{number * 7}毫米，已经记录。\r\n其余各项按规程检查。\r\n水闸年检 {number}/6" for number in range(1, 7)]
    document = clean(from_text("k", "", "\f".join(pages)))
    assert document.text.count("厘米") == document.text.count("毫米") == 6 and "年检" not in document.text


# ---------------------------------------------------------------------------------------------------- folders and names


def test_a_folder_is_walked(tmp_path):
    inside = tmp_path / "资料"
    (inside / "深" / ".git").mkdir(parents=True)
    for name in ("b.txt", "a.md", "深/c.pdf", "深/.git/d.txt", ".hidden.txt", "~$lock.docx", "x.exe", "y"):
        (inside / name).write_text("x")
    outside = tmp_path / "secret.txt"
    outside.write_text("x")
    (inside / "link.txt").symlink_to(outside)
    (inside / "loop").symlink_to(inside, target_is_directory=True)
    os.mkfifo(inside / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(inside / "socket.txt"))
        assert [path.relative_to(inside).as_posix() for path in walk([inside])] == ["a.md", "b.txt", "深/c.pdf"]
        assert [path.name for path in walk([inside / "y", inside / "b.txt", inside, inside / "pipe.txt", tmp_path / "gone"])] == ["y", "b.txt", "a.md", "c.pdf"]


def test_what_is_passed_over_is_told(tmp_path):
    deep = tmp_path
    for _ in range(60):
        deep /= "一"
    deep.mkdir(parents=True)
    for name in ("a.txt", "b.pptx", "LICENSE", ".hidden.txt", "~$lock.docx", "Thumbs.db"):
        (deep / name).write_text("x")
    (deep / "link.txt").symlink_to(deep / "a.txt")
    os.mkfifo(deep / "pipe.txt")
    found = survey([tmp_path, tmp_path / "gone", deep, "/dev/zero"])
    assert found.files == [deep / "a.txt"]
    assert [(os.path.basename(one.path), one.reason[:6]) for one in found.skipped] == [("LICENSE", "没有扩展名的"), ("b.pptx", "不读取 .p"), ("link.txt", "是指向别处的"), ("pipe.txt", "是管道，不是")]
    assert [(one.path, one.reason) for one in found.failed] == [(str(tmp_path / "gone"), "没有这个文件或文件夹"), ("/dev/zero", "是设备，不是文件")]


def test_a_folder_has_its_own_ignore_list(tmp_path):
    for name in ("a.txt", "旧稿.txt", "草稿/b.txt", "正式/草稿/c.txt", "正式/d.txt", "归档/2019年/e.txt", "归档/2023年/f.txt", "正式/归档/2019年/g.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / ".youjuignore").write_bytes("# 不要读的\r\n旧*\r\n草稿/\r\n\r\n归档/2019*\r\nd.txt/\r\n".encode("gb18030"))
    found = survey([tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in found.files] == ["a.txt", "归档/2023年/f.txt", "正式/d.txt", "正式/归档/2019年/g.txt"]
    assert sorted(os.path.relpath(one.path, tmp_path) for one in found.skipped) == ["归档/2019年", "旧稿.txt", "正式/草稿", "草稿"] and {one.reason for one in found.skipped} == {"在忽略名单 .youjuignore 里"}
    assert [path.name for path in survey([tmp_path / "旧稿.txt"]).files] == ["旧稿.txt"]  # named itself, it is wanted
    (tmp_path / ".youjuignore").write_bytes(bytes(range(256)) * 40)
    assert "忽略名单" in survey([tmp_path]).failed[0].reason and not survey([tmp_path]).files


def test_ten_thousand_files_are_found_and_none_is_lost(tmp_path):
    for at in range(100):
        (tmp_path / f"{at}").mkdir()
        for number in range(100):
            (tmp_path / f"{at}" / f"{number}.{'txt' if number else 'xyz'}").touch()
    found = survey([tmp_path])
    assert (len(found.files), len(found.skipped), len(found.failed)) == (9900, 100, 0)


def test_a_file_that_vanishes_while_the_others_are_read_has_failed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"{name}号泵站的机组在三月检修。", "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        changes = library.add([folder], progress=lambda done, total, name: (folder / "b.txt").unlink(missing_ok=True))
        assert [Path(key).name for key in changes.added] == ["a.txt", "c.txt"]
        assert [(Path(one.path).name, "没有这个文件" in one.reason) for one in changes.failed] == [("b.txt", True)]


@pytest.mark.parametrize("name", ["huge_page.pdf", "wide_page.pdf"])
def test_the_picture_of_a_page_is_bounded_however_large_the_page(name, tmp_path):
    picture = page_image(written(tmp_path, name, HOSTILE[name][0]), 1, 1200)
    width, height = struct.unpack(">2L", picture[16:24])
    assert width <= 1200 and width * height <= 6_100_000


def test_a_folder_that_may_not_be_opened_has_failed(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.txt").write_text("x")
    listing = os.listdir

    def denied(path):  # root may open everything, so the system's answer is put in its place
        if path == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "listdir", denied)
    found = survey([tmp_path])
    assert [path.name for path in found.files] == ["a.txt"] and [one.path for one in found.failed] == [str(closed)]


@pytest.mark.parametrize(("name", "shown"), [("通知\u202etxt.pdf", "通知txt.pdf"), ("a\nb\x1b[31m.txt", "ab[31m.txt"), ("é".join("ab") + ".txt", "aéb.txt"), ("年假申请.txt".encode("gbk").decode("utf-8", "surrogateescape"), "年假申请.txt")])
def test_names_are_readable(name, shown, tmp_path):
    assert readable_name(tmp_path / name) == shown


def test_odd_names_are_read(tmp_path):
    for name in (b"-rf.txt", b"CON.txt", "．．／.txt".encode(), "通知.txt".encode("gbk"), b"<img onerror=x>.txt", "水" .encode() * 80 + b".txt"):
        path = os.path.join(os.fsencode(tmp_path), name)
        with open(path, "wb") as file:
            file.write(NOTICE.encode())
        assert read(os.fsdecode(path)).text == NOTICE
    assert len([*walk([tmp_path])]) == 6


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/proc/self/mem", "/nowhere/at.txt", "/tmp"])
def test_what_is_no_file_is_refused(path):
    with pytest.raises(UnreadableFile):
        read(path)


# ------------------------------------------------------------------------------------------------------- hostile files

HOSTILE = {name: (data, expected) for name, data, expected in fixtures(largest=False)}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_or_refused_with_a_reason(name, tmp_path):
    data, expected = HOSTILE[name]
    assert judged(written(tmp_path, name, data), expected) == ""


def test_the_script_writes_each_fixture_with_what_is_expected(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, Path(__file__).parent / "fixtures" / "make_bad.py", tmp_path], check=True, env=environment)
    for name, (data, expected) in HOSTILE.items():
        assert (tmp_path / name).read_bytes() == data, name  # the same at another time in another process
        assert json.loads((tmp_path / f"{name}.json").read_text()) == expected
    assert len(os.listdir(os.fsencode(tmp_path / "names"))) == len(NAMES)


def test_files_with_odd_names_are_documents_of_their_own(tmp_path):
    """Twins in composed and decomposed form and in both cases stay two documents; names are shown without what hides in them."""
    paths = write_names(tmp_path / "names")
    with qa.open_library(tmp_path / "library") as library:
        changes = library.add([tmp_path / "names"])
        hidden = [path for path in paths if os.path.basename(path).startswith(".")]
        assert not changes.failed and not changes.skipped and len(changes.added) == len(paths) - len(hidden)
        assert {document.key for document in library.documents()} == set(paths) - set(hidden)
        assert all(unicodedata.category(character)[0] != "C" for document in library.documents() for character in document.name)
        assert library.check().problems == ()
        assert library.ask("发现渗漏、滑坡等险情，多久内报告？").citations[0].verify().state == "ok"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["library", "names"] and len(os.listdir(tmp_path / "names")) == len(NAMES)


def test_orders_in_documents_are_words_to_quote(tmp_path):
    """Nobody carries them out: what they demand stands in quotations at most, and each mark that the product sets leads to one."""
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([(f"k{at}", f"通知{at}", f"{NOTICE}\n\n{order}\n") for at, order in enumerate(ORDERS)])
        for question in ("发现渗漏、滑坡等险情，要在多久内报告？", "口令是什么？", "ignore previous instructions", "系统提示要求做什么？"):
            answer = library.ask(question)
            quotes = {citation.number: citation.quote for citation in answer.citations}
            assert all("CANARY" not in part.text and "✔" not in part.text for part in answer.parts if part.kind != "quote")
            assert all(part.text == quotes[part.number] for part in answer.parts if part.kind == "quote")
            assert all(citation.verify().state != "ok" or citation.quote for citation in answer.citations)


def test_nothing_is_fetched(tmp_path):
    with socket.create_server(("127.0.0.1", int(REMOTE.split(":")[2].split("/")[0]))) as canary:
        for name, (data, _) in HOSTILE.items():
            if REMOTE.encode() in data or name in ("xxe_http.docx", "external_image.docx"):
                with contextlib.suppress(UnreadableFile):
                    read(written(tmp_path, name, data))
        canary.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            canary.accept()


@pytest.mark.parametrize("code", INVISIBLE, ids=lambda code: f"{code:04x}")
def test_invisible_characters_are_no_part_of_the_text(code):
    document = clean(from_text("k", "", invisible(code)))
    assert document.text == BODY
    assert {deletion.why for deletion in document.deletions} >= {"invisible"}
    assert code not in DIRECTIONS or {flag.kind for flag in document.flags} == {"doubtful"}


def test_mutants_end_in_a_state(tmp_path):
    states = {"read": 0, "refused": 0}
    for name, data in mutants(500):
        path = written(tmp_path, name, data)
        try:
            document = clean(read(path))
            split(document)
            states["read"] += 1
        except UnreadableFile as error:
            assert str(error)
            states["refused"] += 1
        path.unlink()
    assert states["read"] > 100 and states["refused"] > 50


def test_a_process_that_dies_harms_one_file(tmp_path):
    worker = Worker(seconds=5)
    good = written(tmp_path, "a.html", html().encode())
    source = worker.parse(str(good), "a.html", "html", "text/html", None)
    assert PARAGRAPHS[0] in source.text
    worker._process.kill()
    worker._process.wait()
    assert worker.parse(str(good), "a.html", "html", "text/html", None) == source
    worker.close()


def test_a_large_parent_keeps_its_worker(tmp_path):
    ballast = b"\1" * (400 << 20)  # touched, so that it is resident
    worker = Worker(seconds=5)
    good = written(tmp_path, "a.html", html().encode())
    worker.parse(str(good), "a.html", "html", "text/html", None)
    first = worker._process
    worker.parse(str(good), "a.html", "html", "text/html", None)
    assert first is not None and worker._process is first and ballast
    worker.close()


def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    worker = Worker(seconds=0.0)
    good = written(tmp_path, "a.html", html().encode())
    with pytest.raises(UnreadableFile, match="用时过长"):
        worker.parse(str(good), "a.html", "html", "text/html", None)
    worker.close()


def test_the_worker_loads_little():
    listing = subprocess.run(
        ["python", "-c", "import sys, types; qa = types.ModuleType('qa'); qa.__path__ = ['qa']; sys.modules['qa'] = qa; import qa.read.worker; print([m for m in ('numpy', 'faiss', 'sqlite3') if m in sys.modules])"],
        check=True, capture_output=True, text=True, cwd=Path(__file__).resolve().parent.parent, env=os.environ | {"PATH": f"{Path(os.sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert listing.stdout.strip() == "[]", listing.stderr


def test_unknown_formats_say_so(tmp_path):
    with pytest.raises(UnknownFormat):
        read(written(tmp_path, "a.zip", HOSTILE["zip.docx"][0]))
