"""A document as the store keeps it: its source compressed, the rest as JSON of offsets; and the way back."""

from __future__ import annotations

import dataclasses
import functools
import json
import zlib
from collections.abc import Sequence

from qa.types import Deletion, Description, Document, Flag, Heading, Place, Repair, Run, Source, restored


def as_bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def as_text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def pack(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def unpack(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8", "surrogatepass")


def description_json(description: Description) -> str:
    values = dataclasses.asdict(description)
    return json.dumps({name: value for name, value in values.items() if name not in ("key", "path")}, ensure_ascii=True)


@functools.lru_cache(maxsize=1 << 15)  # 60 µs each: the list of 10,000 is asked for after every change
def description_of(key: bytes, path: bytes, rest: str) -> Description:
    return restored(Description, json.loads(rest) | {"key": as_text(key), "path": as_text(path)})


def layout_json(document: Document) -> str:
    """Every part of a document but its source's text; the text of a run is found again in the source."""
    parts = {name: [dataclasses.astuple(value) for value in getattr(document, name)] for name in ("runs", "repairs", "deletions", "headings", "flags")}
    parts["places"] = [dataclasses.astuple(place) for place in document.source.places]
    return json.dumps(parts | {"doubts": document.source.doubts}, ensure_ascii=True)


def document_of(description: Description, text: str, layout: dict, start: int, source_start: int, line: int) -> Document:
    source = Source(
        path=description.path, name=description.name, digest=description.digest, media_type=description.media_type, encoding=description.encoding, text=text,
        places=tuple(Place(*values) for values in layout["places"]), doubts=tuple(layout["doubts"]), start=source_start, line=line,
    )
    runs = tuple(Run(*values) for values in layout["runs"])
    repairs = tuple(Repair(start, end, tuple(span), was, became, why) for start, end, span, was, became, why in layout["repairs"])
    pieces = sorted([(run.start, text[run.source : run.source + run.length]) for run in runs] + [(repair.start, repair.became) for repair in repairs])
    return Document(
        source=source, text="".join(piece for _, piece in pieces), runs=runs, repairs=repairs,
        deletions=tuple(Deletion(tuple(span), why) for span, why in layout["deletions"]),
        headings=tuple(Heading(*values) for values in layout["headings"]), flags=tuple(Flag(*values) for values in layout["flags"]), start=start,
    )


def bound(volumes: Sequence[Document]) -> Document:
    """The volumes of a large document as one, with a line end between them."""
    parts: dict[str, list] = {"runs": [], "repairs": [], "deletions": [], "headings": [], "flags": []}
    places: list[Place] = []
    for volume in volumes:
        at, origin = volume.start, volume.source.start
        if at:
            parts["repairs"].append(Repair(at - 1, at, (origin, origin), "", "\n", "volume"))
        parts["runs"] += [Run(run.start + at, run.source + origin, run.length) for run in volume.runs]
        parts["repairs"] += [dataclasses.replace(one, start=one.start + at, end=one.end + at, source=(one.source[0] + origin, one.source[1] + origin)) for one in volume.repairs]
        parts["deletions"] += [Deletion((one.source[0] + origin, one.source[1] + origin), one.why) for one in volume.deletions]
        for name in ("headings", "flags"):
            parts[name] += [dataclasses.replace(one, start=one.start + at, end=one.end + at) for one in getattr(volume, name)]
        places += [Place(place.start + origin, place.kind, place.label) for place in volume.source.places]
    doubts = tuple(doubt for volume in volumes for doubt in volume.source.doubts)
    source = dataclasses.replace(volumes[0].source, text="".join(volume.source.text for volume in volumes), places=tuple(places), doubts=doubts)
    return Document(source, "\n".join(volume.text for volume in volumes), **{name: tuple(values) for name, values in parts.items()})
