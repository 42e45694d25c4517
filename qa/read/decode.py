"""From bytes to text: which codec, and how sure. Offsets count in `bytes.decode(codec)`, the byte order mark included.

The order of the tests: byte order mark, strict UTF-8, UTF-16 without a mark, then GB18030 against Big5 by the share of
everyday characters. GB18030 stands for GB2312 and GBK too: it decodes whatever they decode.
"""

from __future__ import annotations

import codecs
import contextlib
from functools import cache

from qa.types import UnreadableFile

# The most frequent characters of Chinese prose, simplified and traditional: about half of any text.
_EVERYDAY = frozenset(
    "的一是不了在人有我他这这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发"
    "当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被"
    "高已亲其进此话常与活正感见明问力理尔点文几定本公特做外孩相西果走将月十实向声车全信重三机工物气每并别真打太新比才便夫再书部水像眼等"
    "体却加电主界门利海受听表德少克代员许先口由死安写性马光白或住难望教命花结乐色更拉东神记处让母父应直字场平报友关放至张认接告入笑内英"
    "军候民岁往何度山觉路带万男边风解叫任金快原吃妈变通师立象数四失满战远格士音轻目条呢市省县区委政府务院党管理制规章罚款责任产业企建设"
    "這個們來時為說國著會過後學對發當沒還樣種開總從無現動頭經長兒間愛給兩親進話與見問點幾將實聲車機氣並別讓應場報關張認軍歲覺路帶萬邊風"
    "變師數滿戰遠輕條縣區黨務規責產業企設網稱義書電門馬寫難樂東處記員許聽體號歷號類權證據團體"
    "，。、；：“”（）《》！？「」"
)
_SHORT = 40  # bytes; longer texts of GBK are never valid UTF-8
_SURE = 0.8  # of the characters are everyday ones, or UTF-16 without a mark is doubted; of ordinary text .97
_SAMPLE = 65536  # characters judged: enough for any certainty, and a file of 200 MB is not walked twice


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """The text of a file, the Python codec that gives it, and what is doubtful about the choice, in Chinese sentences.

    `data.decode(codec)` is the text (with errors="replace" where a doubt says so): line ends and the byte order mark are
    kept. `encoding` overrides the detection. Raises UnreadableFile when the bytes are no text.
    """
    if encoding:
        return _as_told(data, encoding)
    marked = _by_mark(data)
    if marked:
        return _strict(data, marked)
    text, codec, doubts = _guessed(data)
    if not doubts and len(data) <= _SHORT and not text.isascii():
        other = _other_reading(data, codec) or ("" if codec == "utf-8" or _all_common(text) else "其他编码")
        doubts = (f"编码存疑：文字太短，按 {codec} 读取，也可能是 {other}；可用 --encoding 指定。",) if other else ()
    return text, codec, doubts


def _guessed(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    if b"\x00" in data[:4096]:
        text, codec, doubts = _strict(data, _utf16(data))
        if codec.startswith("utf-16") and _everyday(text[:_SAMPLE]) < _SURE:  # a part of it may be of another encoding
            doubts += (_doubted(codec, "另一种编码，或几种编码混在一起"),)
        return text, codec, doubts
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)
    return (text, "utf-8", ()) if len(data) > _SHORT or text.isascii() else _short(data, text)


def _other_reading(data: bytes, codec: str) -> str:
    """Another codec by which a few bytes are nothing but common characters; empty when there is none."""
    for other in ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"):
        with contextlib.suppress(UnicodeDecodeError):
            if other != codec and _all_common(data.decode(other)):
                return other
    return ""


def _all_common(text: str) -> bool:
    return all(c in common_characters() or c in _EVERYDAY or " " <= c <= "~" or c in "\r\n\t\u3000" for c in text)


def _short(data: bytes, text: str) -> tuple[str, str, tuple[str, ...]]:
    """A few characters of GBK can be UTF-8 by accident (水 reads ˮ): told by signs that no language writes alone."""
    odd = any("\u02b0" <= character <= "\u036f" or "\u0483" <= character <= "\u07ff" for character in text)
    if odd and max(text) < "\u0800":
        other = data.decode("gb18030", "replace")
        if all(character in common_characters() or character < "\x80" for character in other):
            return other, "gb18030", (_doubted("gb18030", "utf-8"),)
    return text, "utf-8", ()


def _as_told(data: bytes, encoding: str) -> tuple[str, str, tuple[str, ...]]:
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableFile(f"不认识的编码：{encoding}。可用的有 utf-8、gb18030、big5、utf-16-le 等。") from None
    codec = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8-sig": "utf-8"}.get(codec, codec)
    if codec == "utf-16":
        codec = _by_mark(data) or _utf16(data)
    return _strict(data, codec)


def _strict(data: bytes, codec: str) -> tuple[str, str, tuple[str, ...]]:
    try:
        return data.decode(codec), codec, ()
    except UnicodeDecodeError:
        text = data.decode(codec, "replace")
        return text, codec, (replaced(codec, text.count("\ufffd")),)


def _doubted(codec: str, other: str) -> str:
    return f"编码存疑：按 {codec} 读取，也可能是 {other}；可用 --encoding 指定。"


def replaced(codec: str, count: int) -> str:
    """The doubt about so many places that the codec cannot read."""
    return f"按 {codec} 解码时有 {count} 处字节无法识别，已用 U+FFFD 代替。"


def _by_mark(data: bytes) -> str:
    """The codec that a byte order mark names. These codecs keep the mark as the first character."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return codec
    return ""


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark, told by where it reads as everyday text; raises UnreadableFile for binary data."""
    head = data[: 2 * _SAMPLE]
    head = head[: len(head) // 2 * 2]
    shares = {codec: _everyday(head.decode(codec, "replace")) for codec in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda codec: shares[codec])
    if shares[best] < 0.4:
        if data.count(b"\x00") < max(2, len(data) // 1000):  # a stray NUL in a text of another encoding
            return "utf-8" if _bad_share(data, "utf-8") < 0.01 else "gb18030"
        raise UnreadableFile("这不是文本文件（含有大量二进制内容）。")
    return best


def _legacy(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """GB18030 or Big5, or UTF-8 with some broken bytes."""
    if _bad_share(data, "utf-8") < 0.02:
        return _strict(data, "utf-8")
    if len(data) >= 8 and len(data) % 2 == 0:  # UTF-16 of pure Chinese holds no NUL but in line ends
        head = data[: 2 * _SAMPLE]
        for codec in ("utf-16-le", "utf-16-be"):
            if _everyday(head[: len(head) // 2 * 2].decode(codec, "replace")) > 0.5:
                return _strict(data, codec)
    scores = {codec: _plausible(data, codec) for codec in ("gb18030", "big5hkscs")}
    best, other = sorted(scores, key=lambda codec: -scores[codec])
    text, codec, doubts = _strict(data, best)
    if scores[best] < 0.25 or scores[best] - scores[other] < 0.1:
        doubts += (_doubted(best, f"{other} 或其他编码"),)
    return text, codec, doubts


def _bad_share(data: bytes, codec: str) -> float:
    text = data[: 4 * _SAMPLE].decode(codec, "replace")
    return text.count("\ufffd") / max(len(text), 1)


def _plausible(data: bytes, codec: str) -> float:
    """How much a text of this codec the bytes are: the share of everyday characters, less what does not decode."""
    text = data[: 2 * _SAMPLE].decode(codec, "replace")
    wide = [character for character in text if character > "\x7f"]
    if not wide:
        return 0.0
    bad = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in wide)
    return (sum(character in _EVERYDAY for character in wide) + 0.3 * sum(character in common_characters() for character in wide) - 5 * bad) / len(wide)


@cache
def common_characters() -> frozenset[str]:
    """The characters that GB 2312 and Big5 count as common (3,755 and 5,401)."""
    simplified = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    traditional = bytes(byte for row in range(0xA4, 0xC7) for cell in [*range(0x40, 0x7F), *range(0xA1, 0xFF)] for byte in (row, cell))
    return frozenset(simplified.decode("gb2312", "ignore")) | frozenset(traditional.decode("big5", "ignore")) | frozenset("，。、；：“”‘’（）《》〈〉！？…—·「」『』【】〔〕")


def _everyday(text: str) -> float:
    """The share of characters that belong to ordinary text: everyday or common Chinese, ASCII letters and spacing."""
    if not text:
        return 0.0
    common = common_characters()
    plain = sum(c in common or c in _EVERYDAY or "\x20" <= c <= "\x7e" or c in "\t\r\n\u3000" for c in text)
    frequent = sum(c in _EVERYDAY or c <= "\x7e" for c in text)
    return plain / len(text) if frequent / len(text) > 0.15 else 0.0
