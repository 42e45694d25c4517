"""A large file comes in volumes, so that memory does not grow with it: stretches of its text, cut where paragraphs end, each a
Source that knows where it begins (`start`, `line`). Joined, the volumes' texts are the text of the file.

A file is a single volume up to `LARGE` characters: what cleaning knows from repetition (running heads, the width of a
column) it knows from within a volume.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from qa.read.decode import decode, replaced
from qa.types import Place, Source, UnreadableFile

LARGE = 1_000_000  # characters
LARGE_FILE = 3_000_000  # bytes: of so many a text file is decoded in pieces and never whole in memory
VOLUME = 400_000  # characters: reading, cleaning and embedding one takes about 100 MB
_BLOCK = 1 << 20  # bytes

# Where a volume may end, best first: after a blank line, a line that ends a sentence, any line, a sentence.
_ENDS = tuple(map(re.compile, (r"\n\r?\n(?=\S)", r"[。！？!?.][”」』）)\"]*\r?\n", r"\n|\r(?!\n)", r"[。！？；，]")))


class Volume(NamedTuple):
    """A stretch of a file, and the share of the file that has been read with it."""

    source: Source
    share: float


def divided(source: Source) -> Iterator[Volume]:
    """The volumes of a text that is in memory."""
    if len(source.text) <= LARGE:
        yield Volume(source, 1.0)
    else:
        yield from cut(source)


def cut(source: Source) -> Iterator[Volume]:
    """A text, or a stretch of one that begins further down in its file, cut into volumes."""
    start, line = 0, source.line
    while start < len(source.text):
        end = start + _end(source.text[start : start + VOLUME]) if len(source.text) - start > VOLUME else len(source.text)
        text = source.text[start:end]
        volume = replace(source, text=text, places=_within(source.places, start, end), start=source.start + start, line=line, doubts=() if start else source.doubts)
        yield Volume(volume, end / len(source.text))
        start, line = end, line + text.count("\n")


def text_volumes(path: str, name: str, media_type: str, encoding: str | None) -> Iterator[Volume]:
    """The volumes of a large text file, decoded as they are asked for. Raises UnreadableFile, also when the file changes meanwhile."""
    codec, doubts, digest, size = _looked_through(path, encoding)
    decoder, again, held, read = codecs.getincrementaldecoder(codec)("replace"), hashlib.sha256(), "", 0
    source = Source(path, name, digest, media_type, codec, "", (), doubts)
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            again.update(block)
            read += len(block)
            held += decoder.decode(block)
            while len(held) > 2 * VOLUME:
                end = _end(held[:VOLUME])
                source = replace(source, text=held[:end])
                yield Volume(source, min(read / size, 1.0))
                source = replace(source, start=source.start + end, line=source.line + source.text.count("\n"), doubts=())
                held = held[end:]
    if again.hexdigest() != digest:
        raise UnreadableFile("读取时文件正在被改动，请稍后重新添加。")
    yield Volume(replace(source, text=held + decoder.decode(b"", True)), 1.0)


def _end(text: str) -> int:
    """Where to end the volume that this text fills: in its second half, where a paragraph ends, if one does."""
    for pattern in _ENDS:
        ends = [found.end() for found in pattern.finditer(text, len(text) // 2)]
        if ends:
            return ends[-1]
    return len(text) - text.endswith("\r")


def _within(places: tuple[Place, ...], start: int, end: int) -> tuple[Place, ...]:
    """The places of a stretch, counted from its beginning; the first is the one in which it begins."""
    before = [place for place in places if place.start <= start][-1:]
    return tuple(replace(place, start=max(place.start - start, 0)) for place in [*before, *(place for place in places if start < place.start < end)])


def _looked_through(path: str, encoding: str | None) -> tuple[str, tuple[str, ...], str, int]:
    """The codec of a file with its doubts, its digest and size. The head proposes a codec, the whole file has to confirm it;
    where it does not, the first block that is against it proposes another one."""
    with open(path, "rb") as file:
        _, codec, doubts = decode(_whole_characters(file.read(_BLOCK)), encoding)
    bad, against, digest, size = _judged(path, codec)
    if bad and not encoding:
        other = decode(_whole_characters(against))[1]
        worse = _judged(path, other)[0] if other != codec else bad
        if worse < bad:
            codec, bad, doubts = other, worse, ()
    doubts = tuple(doubt for doubt in doubts if "解码时有" not in doubt)
    return codec, doubts + ((replaced(codec, bad),) if bad else ()), digest, size


def _judged(path: str, codec: str) -> tuple[int, bytes, str, int]:
    """How many places of a file a codec cannot read, the first block that has one, the file's digest and size."""
    decoder, total, bad, against, size = codecs.getincrementaldecoder(codec)("replace"), hashlib.sha256(), 0, b"", 0
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            found = decoder.decode(block).count("\ufffd")
            against = against or (block if found else b"")
            bad, size = bad + found, size + len(block)
            total.update(block)
    return bad + decoder.decode(b"", True).count("\ufffd"), against, total.hexdigest(), size


def _whole_characters(block: bytes) -> bytes:
    """A block from the middle of a file without the characters that its edges cut; UTF-16 has an even number of bytes."""
    if b"\n" in block and b"\x00" not in block[:4096]:
        return block[block.index(b"\n") + 1 if not block.startswith(codecs.BOM_UTF8) and block.count(b"\n") > 2 else 0 : block.rindex(b"\n") + 1]
    for cut in range(4):
        try:
            block[: len(block) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return block[: len(block) - cut]
    return block[: len(block) // 2 * 2]
