"""An MCP server over stdio: a desktop assistant asks, searches and reads the library. Nothing is added or removed this way.

The assistant's own sentences are its own; what comes from here are quotations with their places, or a plain refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from qa import Library, YoujuError
from ui import told
from ui.shelf import ID, Shelf

_READ = 8000  # characters of a document at once, unless asked otherwise
_INSTRUCTIONS = (
    "有据在用户自己的文件里找答案。ask 的 citations 是文件里的原句，引用时一字不改，并写明 document.title 和 location；answered 为 false 时，"
    "资料里没有答案，请照实说没有，不要自己编。要看上下文用 read。All quotations are verbatim; when `answered` is false say that the documents do not answer."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Question = Annotated[str, Field(min_length=1, max_length=told.LONGEST_QUESTION, description="用户的问题，一句完整的话")]
Only = Annotated[list[str], Field(max_length=1000, description="只在这些文件里找：文件的 id；空表示全部")]
Given = TypeVar("Given")


class Text(BaseModel):
    """A stretch of a document's cleaned text: characters from `start` to `end` of `total`."""

    document: told.Listed
    text: str
    start: int
    end: int
    total: int


def server(library: Library) -> MCPServer:
    """The server over this library, to be run with `run()`."""
    offered, shelf = MCPServer("youju", title="有据", instructions=_INSTRUCTIONS, log_level="ERROR"), Shelf(library)

    @offered.tool(title="提问", annotations=_READS)
    def ask(question: Question, documents: Only = []) -> told.Answered:
        """在用户的资料里找能回答问题的原句。每句都注明出处（citations）；资料里没有时 answered 为 false，nearest 是最接近的段落。"""
        return _or_reason(lambda: told.answered(library.ask(told.plain(question), documents=shelf.chosen(documents))))

    @offered.tool(title="查找段落", annotations=_READS)
    def search(question: Question, limit: Annotated[int, Field(ge=1, le=50)] = 10, documents: Only = []) -> list[told.Found]:
        """查找与问题或关键词相关的段落，最相关的在前。"""
        return _or_reason(lambda: [told.found(hit) for hit in library.search(told.plain(question), limit, documents=shelf.chosen(documents))])

    @offered.tool(title="列出文件", annotations=_READS)
    def documents(query: str = "", offset: Annotated[int, Field(ge=0)] = 0, limit: Annotated[int, Field(ge=1, le=200)] = 50) -> told.Documents:
        """列出资料库里的文件，或按题名、文件名、发文单位、日期查找。"""
        return _or_reason(lambda: told.documents(shelf.find(query, offset, limit)))

    @offered.tool(title="读文件", annotations=_READS)
    def read(
        document: Annotated[str, Field(pattern=f"^{ID}$", description="文件的 id")],
        start: Annotated[int, Field(ge=0, description="从第几个字开始")] = 0,
        length: Annotated[int, Field(ge=1, le=50_000)] = _READ,
    ) -> Text:
        """读一份文件整理后的正文的一段。"""
        return _or_reason(lambda: _stretch(library, shelf, document, start, length))

    return offered


def _stretch(library: Library, shelf: Shelf, id: str, start: int, length: int) -> Text:
    key = shelf.key(id)
    text = library.document(key).text
    start = min(start, len(text))
    end = min(start + length, len(text))
    return Text(document=told.listed(shelf.description(key)), text=told.plain(text[start:end]), start=start, end=end, total=len(text))


def _or_reason(result: Callable[[], Given]) -> Given:
    """The result, or the library's one sentence on why there is none, for the assistant to tell."""
    try:
        return result()
    except YoujuError as error:
        raise ToolError(str(error)) from error
