"""What the page fetches besides Gradio's own: pictures, exports, and the jobs that take their time (files, drafts, verification).

None of it is for programs; their doors are in api.py.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.responses import Response

from qa import BadRequest, Library, NoSuchConversation, Report
from ui.api import Id, attachment, owner
from ui.drafts import Drafts
from ui.intake import Intake
from ui.shelf import Shelf
from ui.verdicts import verified

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXPORTS = {"md": "text/markdown; charset=utf-8", "docx": _WORD}


def doors(app: FastAPI, library: Library, shelf: Shelf, intake: Intake | None, drafts: Drafts) -> None:
    """Adds the routes; without `intake` no files are taken in."""
    api = APIRouter(include_in_schema=False)

    @api.get("/documents/{id}/pages/{page}")
    def page(id: Id, page: int) -> Response:
        return Response(library.page_image(shelf.key(id), page), media_type="image/png", headers={"cache-control": "private, max-age=600"})

    @api.get("/conversations/{id}/export.{ending}")
    def export(id: Id, ending: str, request: Request, turn: int = 0) -> Response:
        if ending not in _EXPORTS:
            raise BadRequest("没有这种导出格式。")
        turns = [kept for kept in library.conversations.turns(id, owner(request)) if turn in (0, kept.number)]
        if not turns:
            raise NoSuchConversation("没有这个对话。")
        report = Report(tuple(kept.answer for kept in turns), title=turns[0].question)
        return attachment(report.to_bytes(ending), f"{turns[0].question[:40]}.{ending}", _EXPORTS[ending])

    @api.get("/conversations/{id}/verdicts")
    def verdicts(id: Id, request: Request, turn: int) -> list[dict]:
        """Whether the quotations of an answer stand in the files as they are now; a large PDF takes seconds."""
        citations = [citation for kept in library.conversations.turns(id, owner(request)) if kept.number == turn for citation in kept.answer.citations]
        return [{"number": citation.number, **dataclasses.asdict(verified(citation))} for citation in citations]

    _drafts(api, drafts)
    if intake:
        _uploads(api, intake)
    app.include_router(api)


def _uploads(api: APIRouter, intake: Intake) -> None:
    @api.put("/uploads/{id}/{name}")
    async def send(id: Id, name: str, request: Request) -> dict:
        await intake.receive(intake.begin(id, owner(request)), name, request.stream())
        return {}

    @api.post("/uploads/{id}")
    def start(id: Id, request: Request) -> dict:
        batch = intake.batch(id, owner(request))
        if batch.state == "sent":
            intake.start(batch)
        return batch.to_json()

    @api.get("/uploads/{id}")
    def state(id: Id, request: Request) -> dict:
        return intake.batch(id, owner(request)).to_json()

    @api.delete("/uploads/{id}")
    def stop(id: Id, request: Request, _: Annotated[None, Body()] = None) -> dict:
        batch = intake.batch(id, owner(request))
        batch.stop = True
        return batch.to_json()


def _drafts(api: APIRouter, drafts: Drafts) -> None:
    @api.put("/drafts/{id}/{name}")
    async def send(id: Id, name: str, request: Request) -> dict:
        return (await drafts.receive(id, owner(request), name, request.stream())).to_json()

    @api.post("/drafts/{id}")
    def again(id: Id, request: Request) -> dict:
        checking = drafts.get(id, owner(request))
        drafts.again(checking)
        return checking.to_json()

    @api.get("/drafts/{id}")
    def state(id: Id, request: Request) -> dict:
        return drafts.get(id, owner(request)).to_json()

    @api.delete("/drafts/{id}")
    def stop(id: Id, request: Request, _: Annotated[None, Body()] = None) -> dict:
        checking = drafts.get(id, owner(request))
        checking.stop = True
        return checking.to_json()

    @api.get("/drafts/{id}/commented.docx")
    def commented(id: Id, request: Request) -> Response:
        checking = drafts.finished(id, owner(request))
        return attachment(checking.draft.commented(checking.findings), f"{checking.stem}（已核对）.docx", _WORD)

    @api.get("/drafts/{id}/findings.json")
    def findings(id: Id, request: Request) -> Response:
        checking = drafts.finished(id, owner(request))
        told = json.dumps([dataclasses.asdict(finding) for finding in checking.findings], ensure_ascii=False, indent=2)
        return attachment(told.encode("utf-8", "backslashreplace"), f"{checking.stem}（已核对）.json", "application/json")
