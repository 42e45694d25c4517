"""What a person says about a document, over what was read from it: kept when the file is read again, and shown as set by hand."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from qa.reference import BY_HAND, KINDS
from qa.types import BadRequest, Description, Field

SETTABLE = {
    "kind": "文献类型", "title": "题名", "subtitle": "副题名", "issuer": "责任机构", "author": "责任者", "speaker": "讲话人", "date": "日期", "source": "报刊名或来源",
    "page": "版次或页码", "volume": "卷", "issue_number": "期号", "document_number": "文号", "standard_number": "标准编号", "edition": "版本", "place": "出版地",
    "publisher": "出版者", "url": "网址",
}  # fmt: skip
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_KIND_NAMES = {word: kind for kind, (name, _, _) in KINDS.items() for word in (kind, *name.split("、"))}


def known(name: str) -> None:
    """Raises BadRequest for a name that cannot be set."""
    if name not in SETTABLE:
        raise BadRequest(f"没有“{name}”这一项，可以设定的有：{'、'.join(f'{key}（{word}）' for key, word in SETTABLE.items())}。")


def checked(name: str, value: str) -> str:
    """The value as it is kept. Raises BadRequest for a name that cannot be set and a value that it cannot have."""
    known(name)
    value = " ".join(value.split())
    if not value:
        raise BadRequest(f"{name}（{SETTABLE[name]}）没有值；要取消手工设定，请用 --unset {name}。")
    if name == "kind":
        if value not in _KIND_NAMES:
            raise BadRequest(f"没有“{value}”这种文献类型，可用的有：{'、'.join(f'{kind}（{words}）' for kind, (words, _, _) in KINDS.items())}。")
        return _KIND_NAMES[value]
    if name == "date" and not _DATE.fullmatch(value):
        raise BadRequest(f"日期“{value}”要写成 2021-06-02、2021-06 或 2021。")
    if name == "url" and not re.fullmatch(r"https?://[^\s<>\"]+", value):
        raise BadRequest(f"网址“{value}”要以 http:// 或 https:// 开头，中间没有空格。")
    return value


def revised(description: Description, facts: Mapping[str, str]) -> Description:
    """The description with what was set by hand in place of what was read."""
    kept = [field for field in description.fields if field.name not in facts]
    fields = tuple(Field(name, value, (), BY_HAND) for name, value in sorted(facts.items())) + tuple(kept)
    main = {name: facts[name] for name in ("title", "issuer", "date") if name in facts}
    return dataclasses.replace(description, fields=fields, **main) if facts else description
