"""What programs may ask: /ask, /search, /documents.

Documents are named by opaque ids; nothing but what is in the library is ever served. Errors are {"error": one sentence}.
"""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from qa import BadRequest, Changes, Library, NoSuchConversation, NoSuchDocument, UnreadableFile, YoujuError
from ui import told
from ui.intake import Intake, TooLarge
from ui.shelf import ID, Shelf

_STATUS = ((NoSuchDocument, 404), (NoSuchConversation, 404), (TooLarge, 413), (UnreadableFile, 422), (BadRequest, 400))
Id = Annotated[str, Path(pattern=f"^{ID}$")]


class Message(BaseModel):
    """One message of the conversation so far."""

    role: str = Field(pattern="^(user|assistant)$")
    content: str = Field(max_length=100_000)


class Asked(BaseModel):
    """A question; `documents` are ids from /documents that limit it."""

    question: str = Field(min_length=1, max_length=told.LONGEST_QUESTION, examples=["徐州是哪天开的续会？"])
    history: list[Message] = Field([], max_length=100)
    documents: list[str] = Field([], max_length=1000)


class Taken(BaseModel):
    """What became of the files, by their names."""

    added: list[told.Listed]
    failed: dict[str, str]


def routes(app: FastAPI, library: Library, shelf: Shelf, intake: Intake | None) -> None:
    """Adds the routes; without `intake` nothing can be added or removed."""
    api = APIRouter()

    @api.post("/ask", summary="提一个问题")
    def ask(asked: Asked) -> told.Answered:
        answer = library.ask(told.plain(asked.question), [message.model_dump() for message in asked.history], shelf.chosen(asked.documents))
        return told.answered(answer)

    @api.post("/search", summary="查找相关段落")
    def search(asked: Asked, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> list[told.Found]:
        found = library.search(told.plain(asked.question), limit, [message.model_dump() for message in asked.history], shelf.chosen(asked.documents))
        return [told.found(hit) for hit in found]

    @api.get("/documents", summary="资料库里的文件")
    def documents(query: str = "", offset: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> told.Documents:
        sheet = shelf.find(query, offset, limit)
        return told.documents(sheet)

    @api.get("/documents/{id}", summary="一份文件的全文（整理后）")
    def text(id: Id) -> Response:
        return Response(library.document(shelf.key(id)).text.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8")

    @api.get("/documents/{id}/original", summary="原件")
    def original(id: Id) -> Response:
        document = shelf.description(shelf.key(id))
        try:
            with open(document.path, "rb") as file:
                data = file.read()
        except (OSError, ValueError) as error:
            raise NoSuchDocument(f"“{document.name}”的原件不在了。") from error
        return attachment(data, document.name, "application/octet-stream")

    if intake:
        _changing(api, shelf, intake)
    app.include_router(api)

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        """Which fields are wrong; what was sent is not repeated: it may be no text at all."""
        fields = ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) for one in error.errors()))
        return JSONResponse({"error": f"请求写得不对：{told.plain(fields)}。"}, 422)

    @app.exception_handler(YoujuError)
    def refused(_: Request, error: YoujuError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, next((status for kind, status in _STATUS if isinstance(error, kind)), 500))


def _changing(api: APIRouter, shelf: Shelf, intake: Intake) -> None:
    """The routes that change the library."""

    @api.put("/documents/{name}", summary="添加一份文件，读完才返回")
    async def put(name: str, request: Request) -> Taken:
        batch = intake.begin(secrets.token_hex(16), owner(request))
        await intake.receive(batch, name, request.stream())
        return _taken(await run_in_threadpool(intake.read, batch), shelf)

    @api.delete("/documents/{id}", summary="移除一份文件")
    def delete(id: Id) -> dict[str, str]:
        intake.remove(id)
        return {"removed": id}


def owner(request: Request) -> str:
    """Who is logged in, "" where nobody has to be."""
    return request.scope["state"]["user"]


def _taken(changes: Changes, shelf: Shelf) -> Taken:
    added = [told.listed(shelf.description(key)) for key in (*changes.added, *changes.updated)]
    return Taken(added=added, failed={refused.path: refused.reason for refused in (*changes.failed, *changes.skipped)})


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """A file to be saved under this name, never to be shown in the page's own origin."""
    name = "".join("_" if character in '\\/:*?"<>|' or ord(character) < 32 else character for character in told.plain(name))
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}", "content-security-policy": "sandbox"}
    return Response(data, media_type=media_type, headers=headers)
