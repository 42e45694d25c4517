"""Reports: what each format holds, that it opens elsewhere, that nothing from a document steers it, and that it verifies."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import CHECKOUT

import qa

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
QUESTIONS = (
    "徐州续会是哪一天开的？", "各市要怎样抓好危险化学品安全？", "警示教育大会由谁主持？", "应急管理工作会议强调了什么？", "泰兴的会议是哪天召开的？",
    "宜兴组织收听收看了什么会议？", "简报由哪个单位印发？", "安全生产专项整治要解决哪些问题？", "党政领导的安全责任有哪些要求？", "下周油价会涨吗？",
)  # fmt: skip


@pytest.fixture(scope="module")
def seeds(tmp_path_factory) -> tuple[Path, list]:
    """A copy of the seeds, and ten answers over it, two single citations after them."""
    folder = tmp_path_factory.mktemp("report")
    seeds = shutil.copytree(CHECKOUT / "seeds", folder / "seeds")
    with qa.open_library(folder / "library") as library:
        library.add([seeds])
        basket = [library.ask(question) for question in QUESTIONS]
        basket += [library.cite(hit) for hit in library.search("安全生产责任", limit=2)]
    return seeds, basket


@pytest.fixture
def basket(seeds):
    return seeds[1]


def report(basket, **more) -> qa.Report:
    return qa.Report(basket, accessed="2026-07-15", **more)


def quotes(basket) -> list[str]:
    """What the report quotes, in its order."""
    found = []
    for item in basket:
        if isinstance(item, qa.Citation):
            found.append(item.quote)
        else:
            found += [part.text for part in item.parts if part.kind == "quote"]
    return found


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


@pytest.mark.parametrize("system", ["numeric", "author-date"])
@pytest.mark.parametrize("ending", ["docx", "md", "html", "json"])
def test_every_quotation_verifies(basket, tmp_path, ending, system):
    path = report(basket, system=system, appendix=True).save(tmp_path / f"报告.{ending}")
    checked = qa.verify_report(path)
    assert [found.quote for found in checked] == quotes(basket) and len(checked) >= 10
    assert {found.verdict.state for found in checked} == {"ok"}


def test_the_same_report_gives_the_same_bytes(basket):
    for ending in qa.ENDINGS:
        assert report(basket).to_bytes(ending) == report(basket).to_bytes(ending)


# ------------------------------------------------------------------------------------------------------- Word, LibreOffice


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
    styles = ElementTree.fromstring(part(report(basket).to_bytes("docx"), "word/styles.xml"))
    fonts = {style.find(f"{W}name").get(f"{W}val"): style.find(f"{W}rPr/{W}rFonts") for style in styles.iter(f"{W}style")}
    used = {"Normal": "仿宋", "Title": "黑体", "heading 1": "黑体", "Quote": "楷体", "Youju Reference": "宋体", "Youju Source": "宋体"}
    found = {name.replace("Heading", "heading"): font for name, font in fonts.items()}
    assert {name: found[name].get(f"{W}eastAsia") for name in used} == used
    assert not any("Theme" in key for name in used for key in found[name].attrib)


@pytest.mark.parametrize("system, raised", [("numeric", True), ("author-date", False)])
def test_only_numbers_are_raised(basket, system, raised):
    styles = ElementTree.fromstring(part(report(basket, system=system).to_bytes("docx"), "word/styles.xml"))
    mark = next(style for style in styles.iter(f"{W}style") if style.find(f"{W}name").get(f"{W}val") == "Youju Mark")
    assert (mark.find(f"{W}rPr/{W}vertAlign") is not None) == raised


# -------------------------------------------------------------------------------------------------- changes are found


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


def test_one_changed_byte_of_a_seed(seeds, tmp_path):
    folder, basket = seeds
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


def edited(path: Path, old: str, new: str) -> None:
    """Edits the words of a report as its user would."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        assert old.encode() in parts["word/document.xml"]
        parts["word/document.xml"] = parts["word/document.xml"].replace(old.encode(), new.encode(), 1)
        with zipfile.ZipFile(path, "w") as package:
            for name, data in parts.items():
                package.writestr(name, data)
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
        with zipfile.ZipFile(short) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        parts["word/document.xml"] = part(full.read_bytes(), "word/document.xml").encode()
        with zipfile.ZipFile(short, "w") as package:
            for name, data in parts.items():
                package.writestr(name, data)
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


# ---------------------------------------------------------------------------------------------------------- hostile text

HOSTILE = (
    "=HYPERLINK(\"http://evil\",\"x\")", "+1+2", "-2+3", "@SUM(1)", "＝1＋2", "\t=1", "=cmd|' /C calc'!A0", "DDEAUTO c:\\windows\\system32\\cmd.exe", "]]>", "{{ x }}",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[链接](javascript:alert(1))", "![图](http://canary/x)", "*强调* _x_ `y` ~~z~~", "# 标题", "> 引文", "1. 项",
    "---", "[^1]: 假注", "[1]", "a\x0bb", "a\x00b", "a\ud800b", "100\u202e元", "a\u200bb", "&lt;b&gt;&amp;", "\\begin{x}", "}, evil = {x", "ER  - ", "<!-- youju-evidence AAAA -->", "长" * 20_000,
)  # fmt: skip


def hostile(basket, text: str, notice: str = "") -> list:
    """The answer with a text in place of everything that comes from a document or a user."""
    answer = next(item for item in basket if not isinstance(item, qa.Citation) and item.answered)
    citation = answer.citations[0]
    document = dataclasses.replace(citation.document, title=text, name=text, issuer=text, fields=(qa.Field("url", "https://a.b/"),))
    passage = dataclasses.replace(citation.passage, text=text)
    citation = dataclasses.replace(citation, quote=text, document=document, passage=passage, passage_span=(0, len(text)), location=text[:50], number=1)
    parts = (qa.Part("words", text), qa.Part("quote", text, 1))
    return [dataclasses.replace(answer, question=text, citations=(citation,), parts=parts, notice=text)]


def as_shown(text: str) -> str:
    from qa.report.content import shown

    return shown(text)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_stays_text(basket, tmp_path, text):
    made = report(hostile(basket, text), title=text, appendix=True)
    for ending in ("docx", "md", "html"):
        checked = qa.verify_report(made.save(tmp_path / f"a.{ending}"))
        assert [found.quote for found in checked] == [as_shown(text)], ending  # the quotation as written; the file says another
    data = made.to_bytes("docx")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert not re.search('TargetMode="External"', "".join(part(data, name) for name in names if name.endswith(".rels")))
    document = part(data, "word/document.xml")
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", document) == [" REF _youju_ref_1 \\r \\h "] and "w:hyperlink" not in document
    page = made.to_bytes("html").decode()
    assert set(re.findall(r"<([a-zA-Z]\w*)", page)) <= set("html head meta title style body h1 h2 h3 p blockquote sup a ol li div".split())
    assert "\u202e" not in page + made.to_bytes("md").decode() + document
    rows = list(csv.reader(io.StringIO(made.to_bytes("csv").decode("utf-8-sig"))))
    assert made.to_bytes("csv").startswith(b"\xef\xbb\xbf") and not any(re.match(r"\s*[=+\-@＝＋－＠]", cell) for row in rows for cell in row)
    assert rows[1][1].removeprefix("'") == as_shown(text)


# ------------------------------------------------------------------------------------------------------------ the content


def test_references_are_numbered_by_first_use_and_merged_by_document(basket):
    content = report(basket).content()
    marks = [block.entry for section in content.sections for block in section.blocks if not isinstance(block, str)]
    assert list(dict.fromkeys(marks)) == [entry.number for entry in content.entries]
    assert len({entry.document.key for entry in content.entries}) == len(content.entries) < len(marks)
    text = report(basket).to_bytes("txt").decode()
    for entry in content.entries:
        assert f"SHA-256 {entry.document.digest}" in text
        for place in entry.places:
            assert place in text
    assert any(len(entry.places) > 1 for entry in content.entries)


def test_an_answer_is_a_report_of_its_own(basket, tmp_path):
    answer = basket[0]
    assert f"“{answer.citations[0].quote}”[1]" in answer.to_text() and "[R]. 2021-06-02" in answer.to_text()
    (tmp_path / "a.docx").write_bytes(answer.to_docx())
    assert [found.verdict.state for found in qa.verify_report(tmp_path / "a.docx")] == ["ok"] * len(answer.citations)


def test_headings_are_one_line(basket):
    made = report([dataclasses.replace(basket[0], question="甲\n- 乙\n> 丙")], title="丁\n# 戊").to_bytes("md").decode()
    assert "# 丁 \\# 戊\n" in made and "## 1. 甲 - 乙 \\> 丙\n" in made


def test_a_refusal_is_in_the_report(basket):
    assert "资料中没有找到" in report(basket).to_bytes("md").decode()


def test_articles_are_named_beside_the_mark_or_in_the_reference(tmp_path):
    law = "# 值班管理条例\n\n2020年5月6日 某市人民代表大会常务委员会通过\n\n第一条 为了加强值班管理，制定本条例。\n\n第二条 值班人员每两小时巡查水库一次。\n\n第三条 擅离值班岗位的，处五百元罚款。\n"
    (tmp_path / "法.md").write_text(law, "utf-8")
    with qa.open_library(tmp_path / "library") as library:
        library.add([tmp_path / "法.md"])
        one, two = library.ask("值班人员几小时巡查水库一次？"), library.ask("擅离值班岗位罚款多少？")
    single = report([one]).to_bytes("txt").decode()
    assert "值班管理条例[Z]. 2020-05-06：第二条." in single and "[1]第二条" not in single
    both = report([one, two]).to_bytes("txt").decode()
    assert "值班管理条例[Z]. 2020-05-06." in both and "[1]第二条" in both and "[1]第三条" in both


def test_author_date_lists_are_sorted_and_told_apart(tmp_path):
    with qa.open_library(tmp_path / "library") as library:
        for name, words in (("b", "乙桥每周检查两次。"), ("a", "甲桥每周检查一次。"), ("c", "丙桥每月检查一次。")):
            library.add_texts([(name, f"{words[:2]}检查报告", words)])
            library.describe(name, issuer="安监站" if name != "c" else "北山局", date="2021-03-04")
        content = report([library.ask(f"{bridge}桥多久检查一次？") for bridge in "乙甲丙"], system="author-date").content()
    assert [entry.text.split(". ")[0] for entry in content.entries] == ["安监站，2021a", "安监站，2021b", "北山局，2021"]
    assert {block.mark for section in content.sections for block in section.blocks if not isinstance(block, str)} == {"（安监站，2021a）", "（安监站，2021b）", "（北山局，2021）"}


@pytest.mark.parametrize("more", [{"style": "apa"}, {"system": "脚注"}, {"accessed": "昨天"}])
def test_what_a_report_cannot_be_is_a_clear_error(more):
    with pytest.raises(qa.BadRequest):
        qa.Report([], **{"accessed": "2026-07-15"} | more)


def test_an_unknown_ending_names_those_that_are_known(tmp_path):
    with pytest.raises(qa.BadRequest, match="docx"):
        report([]).save(tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------------------------------------------------- by other eyes


@pytest.fixture
def listed(tmp_path) -> list[qa.Description]:
    """Documents of several kinds, described by hand, with names that each format has to escape."""
    facts = {
        "报纸": {"kind": "newspaper", "author": "丁文详；李 & 王", "source": "中国青年报", "date": "2000-11-20", "page": "15"},
        "网页": {"kind": "web", "issuer": "北京鲁迅博物馆", "date": "2021-04-21", "url": "http://www.luxunmuseum.com.cn/html/202104/a_11310.htm?x=1&y=50%25"},
        "图书": {"kind": "book", "author": "王夫之", "edition": "刻本", "place": "金陵", "publisher": "湘乡曾国荃", "date": "1865"},
        "简报": {"kind": "report", "issuer": "应急管理厅", "date": "2021-06-02", "issue_number": "第11期"},
        "标准": {"kind": "standard", "standard_number": "GB/T 3792—2021", "issuer": "国标委"},
    }
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([(name, f"{name}：100% #1 {{花}}_括号", f"{name}一节：乙桥每周检查两次。") for name in facts])
        for name, fact in facts.items():
            library.describe(name, **fact)
        return [library.cite(library.search(f"{name} 乙桥", documents=[name])[0]) for name in facts]


def items(listed):
    return [entry.item for entry in report(listed).content().entries]


def test_bibtex_reads_back(listed):
    import bibtexparser
    from bibtexparser.bparser import BibTexParser
    from bibtexparser.latexenc import latex_to_unicode

    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    entries = bibtexparser.loads(report(listed).to_bytes("bib").decode(), parser).entries
    assert len(entries) == len(listed)
    for entry, item in zip(entries, items(listed)):
        plain = {name: re.sub(r"\\([%&#_$])", r"\1", value).replace("\\textbraceleft ", "{").replace("\\textbraceright ", "}") for name, value in entry.items()}
        assert plain["title"] == item.title and plain.get("date", "") == item.date and plain.get("url", "") == item.url
        assert re.findall(r"\{(.*?)\}(?: and |$)", plain.get("author", "")) == list(item.creators)
        assert plain.get("journal", "") == item.container and plain.get("publisher", "") == item.publisher and plain.get("number", "") == item.number
    assert latex_to_unicode  # the module is there


def test_ris_reads_back(listed):
    import rispy

    entries = rispy.loads(report(listed).to_bytes("ris").decode())
    assert [entry["type_of_reference"] for entry in entries] == ["NEWS", "ELEC", "BOOK", "RPRT", "STAND"]
    for entry, item in zip(entries, items(listed)):
        assert entry["title"] == item.title and entry.get("authors", []) == list(item.creators) and entry.get("year", "") == item.year
        assert entry.get("urls", [""])[0] == item.url and entry.get("publisher", "") == item.publisher and entry.get("place_published", "") == item.place


@pytest.mark.filterwarnings("ignore")
def test_csl_json_reads_back(listed):
    from citeproc.source.json import CiteProcJSON

    data = json.loads(report(listed).to_bytes("csl.json"))
    source = CiteProcJSON(data)
    for entry, item in zip(data, items(listed)):
        read = source[entry["id"]]
        assert str(read["title"]) == item.title and str(read.get("publisher", "")) == item.publisher and str(read.get("URL", "")) == item.url
        assert [str(name["literal"]) for name in entry.get("author", [])] == list(item.creators)
        assert str(read["issued"]["year"] if "issued" in read else "") == (str(int(item.year)) if item.year else "")


# --------------------------------------------------------------------------------------------------------------- by hand


def test_what_is_set_by_hand_is_kept(tmp_path):
    file = tmp_path / "通知.txt"
    file.write_text("关于值班的通知\n\n节日期间由张工值班。\n", "utf-8")
    key = str(file)
    with qa.open_library(tmp_path / "library") as library:
        library.add([file])
        library.describe(key, issuer="省应急管理厅", kind="文件", title="节日值班通知")
        file.write_text("关于值班的通知\n\n节日期间由李工值班，电话保持畅通。\n", "utf-8")
        assert library.add([file]).updated == (key,)
    with qa.open_library(tmp_path / "library") as library:
        description = library.describe(key)
        assert (description.issuer, description.title) == ("省应急管理厅", "节日值班通知")
        assert {field.name: field.note for field in description.fields if field.note == "by hand"} == {name: "by hand" for name in ("issuer", "kind", "title")}
        assert library.search("节日值班通知")[0].document.title == "节日值班通知"
        assert library.describe(key, title=None, issuer=None).title == "关于值班的通知" and library.documents()[0].issuer == ""
        assert library.ask("节日期间由谁值班？").citations[0].document.title == "关于值班的通知"
        assert library.check().problems == ()
        library.remove(key)
        library.add([file])
        assert not [field for field in library.describe(key).fields if field.note == "by hand"]  # removed is removed


@pytest.mark.parametrize("facts", [{"colour": "红"}, {"kind": "小说"}, {"date": "去年"}, {"url": "javascript:alert(1)"}, {"issuer": "  "}, {"colour": None}])
def test_what_cannot_be_set_is_a_clear_error(tmp_path, facts):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("a", "通知", "食堂周五停业。")])
        with pytest.raises(qa.BadRequest):
            library.describe("a", **facts)
        with pytest.raises(qa.NoSuchDocument):
            library.describe("b", issuer="x")


def test_a_library_of_an_earlier_build_can_be_described(tmp_path):
    import sqlite3

    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("a", "通知", "食堂周五停业。")])
    with sqlite3.connect(tmp_path / "library" / "library.db") as db:
        db.execute("DROP TABLE facts")
    db.close()
    with qa.open_library(tmp_path / "library") as library:
        assert library.describe("a", issuer="食堂").issuer == "食堂"
