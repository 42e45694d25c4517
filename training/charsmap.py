"""The folding of scripts, as part of the tokenizer: a reader of the model needs no OpenCC and no preprocessing.

`tokenizers` can run a character map that sentencepiece compiled. Into it go NFKC, lower case, traditional to simplified
character by character, variants, and a blank for everything that is neither letter nor digit, so that splitting at
blanks is all that is left to do. Accents go too: `cafe` and `café` share a vector, and so do й and и. Behind it the numbers of
articles are dropped: 第一千一百八十二条 is five tokens that say nothing of what the article is about.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import sentencepiece
from tokenizers import Regex, normalizers

_VARIANTS = dict(zip("著裡麽妳祂牠昇佈〇", "着里么你他它升布零", strict=True))
_NUMBER = "第[零一二三四五六七八九十百千0-9]+[条款项章节编](之[一二三四五六七八九十]+)?"  # folded
_HAN = ((0x2E80, 0x2FE0), (0x3007, 0x3008), (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


def simplified() -> dict[str, str]:
    """Every traditional character with its simplified form, as OpenCC has them character by character."""
    from opencc import OpenCC

    characters = [chr(code) for start, end in _HAN for code in range(start, end)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, converted, strict=True) if old != new} | _VARIANTS


def folded(character: str, scripts: dict[str, str]) -> str:
    """What the model reads in place of a character."""
    lowered = unicodedata.normalize("NFKC", character).lower()
    bare = "".join(_bare(one) for one in lowered)
    return "".join(scripts.get(one, one) if _is_word(one) else " " for one in bare)


def _bare(character: str) -> str:
    """A Latin, Greek or Cyrillic letter without its accents; other scripts keep their marks, which are letters there."""
    decomposed = unicodedata.normalize("NFD", character)
    return decomposed[0] if ord(decomposed[0]) < 0x530 else character


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def rules(raw: bool = False) -> dict[str, str]:
    """Character, or letter with its combining mark -> what the model reads instead, where the two differ; `raw`: both scripts as they are."""
    scripts = {} if raw else simplified()
    found = {}
    for character in _assigned():
        found[character] = new = folded(character, scripts)
        composed = unicodedata.decomposition(character)
        if composed and "<" not in composed and " " in composed:
            found[unicodedata.normalize("NFD", character)] = new
    for code in (*range(0x00AD, 0x00AE), *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF, *range(0xFE00, 0xFE10)):
        found[chr(code)] = ""
    return {old: new for old, new in found.items() if old != new}


def _assigned() -> Iterator[str]:
    """Every character that Unicode knows."""
    return (character for character in map(chr, range(1, sys.maxunicode + 1)) if unicodedata.category(character) not in ("Cn", "Cs", "Co"))


def scripts(work: Path) -> normalizers.Normalizer:
    """NFKC and traditional to simplified only: what a tokenizer needs that tells capitals, accents and marks apart."""
    path = work / "charsmap-scripts.bin"
    if not path.exists():
        found = simplified()
        new = {character: "".join(found.get(one, one) for one in unicodedata.normalize("NFKC", character)) for character in _assigned()}
        path.write_bytes(_compiled(path.with_suffix(".tsv"), {old: changed for old, changed in new.items() if changed != old}))
    return normalizers.Precompiled(path.read_bytes())


def normalizer(work: Path, raw: bool = False) -> normalizers.Normalizer:
    """The compiled rules and the dropping of numbers as a normaliser of `tokenizers`."""
    path = work / ("charsmap-raw.bin" if raw else "charsmap.bin")
    if not path.exists():
        path.write_bytes(_compiled(path.with_suffix(".tsv"), rules(raw)))
    return normalizers.Sequence([normalizers.Precompiled(path.read_bytes()), normalizers.Replace(Regex(_NUMBER), " ")])


def _compiled(table: Path, found: dict[str, str]) -> bytes:
    """The rules through sentencepiece, which compiles them while it trains a model that nobody needs."""
    lines = (f"{' '.join(f'{ord(c):X}' for c in old)}\t{' '.join(f'{ord(c):X}' for c in new)}" for old, new in found.items())
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g"] * 10), model_writer=model, vocab_size=12, model_type="unigram",
        hard_vocab_limit=False, normalization_rule_tsv=str(table), minloglevel=2,
    )
    return _field(_field(model.getvalue(), 3), 2)  # ModelProto.normalizer_spec.precompiled_charsmap


def _field(message: bytes, number: int) -> bytes:
    """The bytes of a length-delimited protobuf field: twelve lines in place of a dependency."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        value, position = _varint(message, position) if key & 7 in (0, 2) else (0, position + (8 if key & 7 == 1 else 4))
        if key & 7 == 2:
            if key >> 3 == number:
                return message[position : position + value]
            position += value
    raise KeyError(number)


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value, shift = 0, 0
    while message[position] & 128:
        value |= (message[position] & 127) << shift
        position, shift = position + 1, shift + 7
    return value | message[position] << shift, position + 1
