"""A report as a Word file: real heading and quote styles, Chinese fonts, references as a numbered list, and marks that are
cross-references to it.

Only this module's own words become fields, bookmarks and relationships; what comes from a document is text in runs. The
evidence is a custom XML part. Same report, same bytes: nothing in the file tells the time but the day of the report.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from xml.etree import ElementTree

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from qa.report.content import Content, Entry, Quotation, shown, sources

_NAMESPACE = "urn:youju:evidence"
_ITEM = "{6f7a2c1e-3d0b-4f5e-9a41-0c5d1b7e2f90}"  # names the custom XML part; any constant will do
_QUOTE, _MARK, _SOURCE, _ENTRY, _PASSAGE = "Quote", "Youju Mark", "Youju Source", "Youju Reference", "Youju Passage"
# Fonts of Windows and of WPS for Chinese text, with what they are called in other places; LibreOffice takes its own where
# neither is there.
_SONG, _HEI, _KAI, _FANG = "宋体", "黑体", "楷体", "仿宋"
_OTHER_NAMES = {_SONG: "SimSun", _HEI: "SimHei", _KAI: "KaiTi", _FANG: "FangSong"}
_LIST = 77  # the number of the list of references in numbering.xml, beyond those of the template
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def to_word(content: Content, evidence: str, day: str) -> bytes:
    """The file. `evidence`: ASCII JSON; `day`: ISO 8601."""
    word = Document()
    _set_up(word, content, day)
    word.add_paragraph(content.title, style="Title")
    word.add_paragraph("　".join(content.facts), style=_SOURCE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for section in content.sections:
        word.add_paragraph(section.heading, style="Heading 1")
        for block in section.blocks:
            if isinstance(block, Quotation):
                _quote(word, block, content.numeric)
            else:
                word.add_paragraph(block).paragraph_format.keep_with_next = isinstance(section.blocks[-1], Quotation)
        if section.notice:
            word.add_paragraph(section.notice, style=_SOURCE)
    if content.entries:
        word.add_paragraph("参考文献", style="Heading 1")
    for entry in content.entries:
        _reference(word, entry, content.numeric)
    _appendix(word, content)
    _attach(word, evidence)
    return _same_bytes(word)


# ------------------------------------------------------------------------------------------------------------- the pieces


def _quote(word: Word, quotation: Quotation, numeric: bool) -> None:
    paragraph = word.add_paragraph(style=_QUOTE)
    paragraph.add_run(quotation.text)
    if numeric:
        _cross_reference(paragraph, quotation)
    else:
        _link(paragraph, quotation)
    if quotation.locator:
        paragraph.add_run(quotation.locator, style=_MARK).font.superscript = True


def _cross_reference(paragraph: Paragraph, quotation: Quotation) -> None:
    """A REF field to the number of the reference, with the number as it is now."""
    for kind, text in (("begin", ""), ("", f" REF {_bookmark(quotation.entry)} \\r \\h "), ("separate", ""), ("text", quotation.mark), ("end", "")):
        run = paragraph.add_run(text if kind == "text" else "", style=_MARK)
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)


def _link(paragraph: Paragraph, quotation: Quotation) -> None:
    """A link to the reference: an author-date mark has no number that could change."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _bookmark(quotation.entry))
    link.append(paragraph.add_run(quotation.mark, style=_MARK)._r)
    paragraph._p.append(link)


def _bookmark(entry: int) -> str:
    return f"_youju_ref_{entry}"


def _reference(word: Word, entry: Entry, numeric: bool) -> None:
    paragraph = word.add_paragraph(style=_ENTRY)
    if numeric:
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{_LIST}"/></w:numPr>'))
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(entry.number))
    start.set(qn("w:name"), _bookmark(entry.number))
    paragraph._p.append(start)
    paragraph.add_run(entry.text)
    paragraph._p.append(end)
    for line in sources(entry):
        word.add_paragraph(line, style=_SOURCE).paragraph_format.left_indent = Cm(1)


def _appendix(word: Word, content: Content) -> None:
    if content.appendix:
        word.add_paragraph("附录：引文所在段落", style="Heading 1")
    for quotation in content.appendix:
        start, end = quotation.citation.passage_span
        text = quotation.citation.passage.text
        word.add_paragraph(f"{quotation.mark} {quotation.location}", style="Heading 2")
        paragraph = word.add_paragraph(style=_PASSAGE)
        for piece, bold in ((text[:start], False), (text[start:end], True), (text[end:], False)):
            paragraph.add_run(shown(piece)).bold = bold or None


# ------------------------------------------------------------------------------------------------------------- the styles


def _set_up(word: Word, content: Content, day: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.8)
    section.top_margin = section.bottom_margin = Cm(2.8)
    _style(word, "Normal", _FANG, 12, after=6).paragraph_format.line_spacing = 1.4
    _style(word, "Title", _HEI, 20, after=12).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    borders = word.styles["Title"].element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
    if borders is not None:
        borders.getparent().remove(borders)
    _style(word, "Heading 1", _HEI, 14, before=18, after=6)
    _style(word, "Heading 2", _HEI, 12, before=12, after=4)
    quote = _style(word, _QUOTE, _KAI, 12, after=6)
    quote.font.italic = False
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Cm(0.85)
    _style(word, _PASSAGE, _SONG, 10.5, after=8)
    _style(word, _ENTRY, _SONG, 10.5, before=8, after=2).paragraph_format.keep_with_next = True
    _style(word, _SOURCE, _SONG, 9, after=2).font.color.rgb = RGBColor(0x59, 0x59, 0x59)
    mark = word.styles.add_style(_MARK, WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = content.numeric or None  # （责任者，2021） stands in the line, the page beside it is raised (9.3.1.4)
    _numbering(word)
    _other_names(word)
    _page_numbers(word)
    for language in (word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}"), word.settings.element.find(qn("w:themeFontLang"))):
        if language is not None:  # the template's is ja-JP
            language.set(qn("w:eastAsia"), "zh-CN")
    about = word.core_properties
    about.title, about.author, about.comments, about.language = content.title[:255], "有据", "", "zh-CN"
    about.created = about.modified = datetime.datetime.fromisoformat(day)
    about.last_modified_by = ""


def _style(word: Word, name: str, font: str, size: float, before: float = 0, after: float = 0):
    """A paragraph style, made when it is not there: black, with a font for Chinese and Times New Roman beside it."""
    style = word.styles[name] if name in [known.name for known in word.styles] else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # “”, · and … belong to either script: they are Chinese here
    style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _numbering(word: Word) -> None:
    """The list of references: [1], [2] … with a hanging indent."""
    numbering = word.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_LIST}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:suff w:val="tab"/><w:lvlText w:val="[%1]"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:tabs><w:tab w:val="num" w:pos="567"/></w:tabs><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl></w:abstractNum>'
    )
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{_LIST}"><w:abstractNumId w:val="{_LIST}"/></w:num>'))


def _other_names(word: Word) -> None:
    table = next(part for part in word.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    fonts = parse_xml(table.blob)
    for name, other in _OTHER_NAMES.items():
        for known in fonts.findall(qn("w:font")):
            if known.get(qn("w:name")) == name:
                fonts.remove(known)
        fonts.append(parse_xml(f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'))
    table._blob = serialize_part_xml(fonts)


def _page_numbers(word: Word) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


# ----------------------------------------------------------------------------------------------------------- the evidence


def _attach(word: Word, evidence: str) -> None:
    package = word.part.package
    element = ElementTree.Element(f"{{{_NAMESPACE}}}evidence")
    element.text = evidence
    item = Part(PackURI("/customXml/item1.xml"), "application/xml", ElementTree.tostring(element, encoding="utf-8", xml_declaration=True), package)
    properties = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?><ds:datastoreItem ds:itemID="{_ITEM.upper()}" '
        f'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="{_NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    about = Part(PackURI("/customXml/itemProps1.xml"), "application/vnd.openxmlformats-officedocument.customXmlProperties+xml", properties.encode(), package)
    item.relate_to(about, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps")
    for relation in [key for key, rel in word.part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.CUSTOM_XML]:
        del word.part.rels[relation]  # the template's own
    word.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def _same_bytes(word: Word) -> bytes:
    """The package, its parts dated alike."""
    saved, out = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in package.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(info, package.read(name))
    return out.getvalue()


def evidence_in(part: bytes) -> str:
    """The evidence that a custom XML part holds; "" when it is somebody else's."""
    root = ElementTree.fromstring(part)
    return (root.text or "") if root.tag == f"{{{_NAMESPACE}}}evidence" else ""


def quotations_in(document: bytes, styles: bytes) -> list[str]:
    """The quotations of word/document.xml as they stand in it now: its paragraphs in the quote style, without their marks.

    Programs rename the ids of styles when they save, so a style is known by its name in word/styles.xml.
    """
    names = {style.get(f"{_W}styleId"): style.find(f"{_W}name").get(f"{_W}val", "").lower() for style in ElementTree.fromstring(styles).iter(f"{_W}style")}
    quotes = []
    for paragraph in ElementTree.fromstring(document).iter(f"{_W}p"):
        if names.get(_value(paragraph, f"{_W}pPr/{_W}pStyle")) == _QUOTE.lower():
            quotes.append("".join(_text(run) for run in _runs(paragraph) if names.get(_value(run, f"{_W}rPr/{_W}rStyle")) != _MARK.lower()))
    return [quote for quote in quotes if quote]


def _runs(element: ElementTree.Element):
    """The runs of a paragraph in order, without those that a tracked change has deleted."""
    for child in element:
        if child.tag == f"{_W}r":
            yield child
        elif child.tag not in (f"{_W}del", f"{_W}moveFrom"):
            yield from _runs(child)


def _value(element: ElementTree.Element, path: str) -> str:
    found = element.find(path)
    return found.get(f"{_W}val", "") if found is not None else ""


def _text(run: ElementTree.Element) -> str:
    return "".join({f"{_W}t": child.text or "", f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}.get(child.tag, "") for child in run)
