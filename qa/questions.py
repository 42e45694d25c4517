"""A file of questions with what answers them, for `evaluate`: JSON Lines of one's own, or the form of SQuAD.

    {"question": "…", "kind": "fact", "file": ["通知.docx"], "evidence": ["原文中的一句话"], "history": [], "id": "1"}

`file` names the documents that answer (a path, the end of one, or a key), `evidence` words of theirs; a question without
either has no answer in the documents. Fields that are not known here are left alone, lines without a question are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.types import BadRequest, Description

_KINDS = (
    ("fact", "一个事实：file 写文件名，evidence 写原文中回答它的那句话"),
    ("list", "列举：evidence 可以有几句，答案引全了才得满分"),
    ("compare", "比较：两边各写一句，file 写两份文件"),
    ("followup", "追问：history 写前面的问答"),
    ("unanswerable", "资料里没有答案的问题：file 和 evidence 都留空，应当拒答"),
)
_WHOLE_KINDS = frozenset({"list", "compare", "duties"})  # one piece of evidence is not all that was asked for


@dataclass(frozen=True, slots=True)
class Item:
    """A question and what answers it: names of documents, words of theirs; neither, when nothing does."""

    id: str
    question: str
    kind: str = ""
    files: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.files or self.evidence)

    def names(self, document: Description) -> bool:
        """Whether the document is one of its files: by its key, its path or the end of it, or its name."""
        names = (document.key.replace("\\", "/"), document.path.replace("\\", "/"), document.name)
        return any(name == file or name.endswith("/" + file) for name in names for file in self.files)

    @property
    def whole(self) -> bool:
        """Whether an answer needs every piece of the evidence, not one."""
        return self.kind in _WHOLE_KINDS


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a file; `texts` are the documents that it brings itself, (key, title, text) each (SQuAD)."""

    items: tuple[Item, ...]
    texts: tuple[tuple[str, str, str], ...] = ()


def load(path: Path) -> Questions:
    """Reads a file of questions. Raises BadRequest, with the number of the line, for what cannot be understood."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise BadRequest(f"没有 {path} 这个文件。用 youju evaluate --make-template {path} 可以生成一份空白的。") from error
    except UnicodeDecodeError as error:
        raise BadRequest(f"{path} 不是 UTF-8 编码的文本文件，请另存为 UTF-8 后再试。") from error
    squad = _squad(text)
    questions = _of_squad(path, squad) if squad is not None else Questions(tuple(_lines(path, text)))
    if not questions.items:
        raise BadRequest(f"{path} 里没有一个问题：每行一个 JSON 对象，question 写问题。")
    return questions


def template() -> str:
    """A file of questions to fill in: a line for each kind, with a note on how."""
    empty = {"question": "", "kind": "", "file": [""], "evidence": [""], "history": [], "id": "", "说明": ""}
    more = {
        "compare": {"file": ["", ""], "evidence": ["", ""]},
        "list": {"evidence": ["", ""]},
        "followup": {"history": [{"role": "user", "content": ""}, {"role": "assistant", "content": ""}]},
        "unanswerable": {"file": [], "evidence": []},
    }
    lines = [empty | {"kind": kind, "id": str(number), "说明": note} | more.get(kind, {}) for number, (kind, note) in enumerate(_KINDS, 1)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _lines(path: Path, text: str) -> Iterator[Item]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                item = _item(json.loads(line), str(number))
            except (ValueError, RecursionError) as error:
                reason = error.args[0] if type(error) is ValueError else "不是一个完整的 JSON 对象"
                raise BadRequest(f"{path} 第 {number} 行：{reason}。") from error
            if item.question:
                yield item


def _item(row: object, id: str) -> Item:
    """The item of one line's object. Raises ValueError, whose words say what is wrong."""
    if not isinstance(row, dict):
        raise ValueError("不是一个 JSON 对象（{…}）")
    question = _text(row, "question")
    files, evidence = (_texts(row, name) for name in ("file", "evidence"))
    return Item(str(row.get("id") or id), question, _text(row, "kind"), (*files, *_texts(row, "alt_file")), evidence, _history(row.get("history") or []))


def _text(row: Mapping, name: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} 应是一段文字")
    return value.strip()


def _texts(row: Mapping, name: str) -> tuple[str, ...]:
    value = row.get(name) or []
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ValueError(f"{name} 应是一组文字（[\"…\", \"…\"]）")
    return tuple(one.strip() for one in values if one.strip())


def _history(messages: object) -> tuple[Mapping[str, str], ...]:
    for message in messages if isinstance(messages, list) else [None]:
        if not isinstance(message, dict) or message.get("role") not in ("user", "assistant") or not isinstance(message.get("content"), str):
            raise ValueError('history 应是一组 {"role": "user" 或 "assistant", "content": "…"}')
    return tuple({"role": message["role"], "content": message["content"]} for message in messages if message["content"].strip())


def _squad(text: str) -> object | None:
    """The articles of a file in the form of SQuAD; None when it is not one."""
    if not text.lstrip().startswith("{") or '"paragraphs"' not in text:
        return None
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return whole.get("data")


def _of_squad(path: Path, articles: object) -> Questions:
    items, texts = [], []
    try:
        for article, paragraph in _paragraphs(articles):
            key = f"{path.name}#{len(texts) + 1}"
            texts.append((key, article.get("title", ""), paragraph["context"]))
            for asked in paragraph["qas"]:
                answers = tuple(dict.fromkeys(answer["text"] for answer in asked.get("answers") or () if answer["text"]))
                possible = answers and not asked.get("is_impossible", False)
                items.append(Item(str(asked.get("id", len(items) + 1)), asked["question"], "", (key,) if possible else (), answers if possible else ()))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest(f"{path} 看起来是 SQuAD 格式，但第 {len(texts)} 个段落不完整（缺少 {error}）。") from error
    return Questions(tuple(items), tuple(texts))


def _paragraphs(articles: Sequence[Mapping]) -> Iterator[tuple[Mapping, Mapping]]:
    for article in articles:
        for paragraph in article["paragraphs"]:
            yield article, paragraph
