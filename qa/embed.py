"""Text to vectors: the only file that knows models; what reads questions for the bundled one is in transformer.py.

The bundled model is static: a table of token vectors, averaged. Its sentence-transformers folder is read with `tokenizers`
and numpy, which takes 0.3 s where importing sentence-transformers takes 7-10 s and 490 MB, and gives the same vectors.
Any other model goes through sentence-transformers, by folder or by name.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.resources import folder as resource
from qa.transformer import Transformer
from qa.types import NoModel, Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 2048  # texts read at once

_READ = 0.5  # what the reader's vector of a question counts beside that of its tokens; the reader knows no names: at 1 seeds and drcd lose
_BATCH_TRANSFORMER = 64  # texts at once through a transformer, those of like length together


@dataclass(frozen=True, slots=True)
class Preset:
    """A model that is known to do well: its name on the hub, the megabytes to download, its licence, and what it is for."""

    name: str
    megabytes: int
    licence: str
    purpose: str


PRESETS = {
    "zh-small": Preset("BAAI/bge-small-zh-v1.5", 96, "MIT", "小，只懂中文"),
    "multilingual": Preset("intfloat/multilingual-e5-small", 490, "MIT", "中外一百种语言"),
    "strong": Preset("Qwen/Qwen3-Embedding-0.6B", 1210, "Apache-2.0", "最准，没有显卡时很慢"),
}

# Models whose own configuration has no prompts but whose authors ask for them: (part of the name, query, passage).
_PROMPTS = (
    ("e5-", "query: ", "passage: "),  # https://huggingface.co/intfloat/multilingual-e5-small
    ("bge-small-zh", "为这个句子生成表示以用于检索相关文章：", ""),  # https://huggingface.co/BAAI/bge-small-zh-v1.5
    ("bge-base-zh", "为这个句子生成表示以用于检索相关文章：", ""),  # https://huggingface.co/BAAI/bge-base-zh-v1.5
    ("bge-large-zh", "为这个句子生成表示以用于检索相关文章：", ""),  # https://huggingface.co/BAAI/bge-large-zh-v1.5
)


class StaticModel:
    """A table of token vectors: a text's vector is the mean of its tokens' vectors, scaled to length 1.

    `name` is the folder's name, `dimension` the length of a vector, `digest` identifies weights and tokenizer.

    Several tokens may share a row, and rows may be 8-bit integers: they are put together for the tokens at hand only. The
    whole table in float32 would take 173 MB, and once more so scaled to length 1.

    With a folder of a reader of questions (`reads`, see transformer.py) a question's vector is the sum of both.
    """

    def __init__(self, folder: Path, reads: Path | None = None):
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        module = folder / json.loads((folder / "modules.json").read_text("utf-8"))[0]["path"]
        weights, tokenizer = module / "model.safetensors", module / "tokenizer.json"
        self.name = folder.name
        self.digest = _digest(weights, tokenizer)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        tensors = load_file(weights)
        self._rows = tensors["embeddings"] if "embeddings" in tensors else tensors["embedding.weight"]
        self._row_of = tensors.get("mapping", np.arange(len(self._rows)))
        self._weight_of = tensors.get("weights", np.ones(len(self._row_of), np.float32))
        self._lengths = np.concatenate([_lengths(self._rows[start : start + _BATCH]) for start in range(0, len(self._rows), _BATCH)])
        self.dimension = self._rows.shape[1]
        self._reads = reads

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), dimension) float32, rows of length 1; a text without tokens is a row of zeros."""
        rows = [self._pool(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """The same for questions: unit vectors, that of the tokens and that of the reader added."""
        found = self.passages(texts)
        known = np.flatnonzero(found.any(axis=1))
        if self._reader is not None and len(known):
            found[known] = unit(found[known] + _READ * unit(np.stack([self._reader.read(_valid(texts[row])) for row in known])))
        return found

    @functools.cached_property
    def _reader(self) -> Transformer | None:
        """Read when the first question comes: documents are added without it."""
        return Transformer(self._reads) if self._reads else None

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[int], list[Span]]]:
        """For each text the token ids and where each token stands in it, as character spans."""
        return [(encoding.ids, encoding.offsets) for encoding in self._tokenizer.encode_batch(list(map(_valid, texts)), add_special_tokens=False)]

    def token_ids(self, texts: Sequence[str]) -> list[np.ndarray]:
        """For each text its token ids."""
        encodings = self._tokenizer.encode_batch_fast(list(map(_valid, texts)), add_special_tokens=False)
        return [np.array(encoding.ids, np.int64) for encoding in encodings]

    def weights(self, ids: np.ndarray) -> np.ndarray:
        """(len(ids),) float32: the length of each token's vector, which is what it weighs in a text."""
        return self._weight_of[ids] * self._lengths[self._row_of[ids]]

    def directions(self, ids: np.ndarray) -> np.ndarray:
        """(len(ids), dimension) float32: the tokens' vectors scaled to length 1, for matching token by token."""
        rows = self._row_of[ids]
        return self._rows[rows] / np.where(self._lengths[rows] > 0, self._lengths[rows], 1)[:, None]

    def _pool(self, texts: Sequence[str]) -> np.ndarray:
        """Text by text: seven times faster than one `np.add.reduceat` over the tokens of all."""
        pooled = np.zeros((len(texts), self.dimension), np.float32)
        for place, ids in enumerate(self.token_ids(texts)):
            pooled[place] = self._weight_of[ids] @ self._rows[self._row_of[ids]].astype(np.float32, copy=False)
        return unit(pooled)


class TransformerModel:
    """Any model that sentence-transformers opens, with the prompts it wants for questions and for passages.

    It runs on the GPU when there is one. What was downloaded once is opened without the network. Long work shows a progress
    bar when the logger `sentence_transformers` is at INFO.
    """

    def __init__(self, name: str):
        try:
            self._model = _opened(name)
        except (OSError, ValueError) as error:
            raise NoModel(
                f"打不开嵌入模型“{name}”：既不是本机的模型文件夹，也无法下载（{_first_line(error)}）。连不上 huggingface.co 时，"
                "可把环境变量 HF_ENDPOINT 设为镜像站的地址，或在别的机器上下载好，用 --model 指定那个文件夹。"
            ) from error
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension())
        self.digest = _digest_of(name, self.dimension)
        self._prompts = _prompts(name, self._model.prompts)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), dimension) float32, rows of length 1."""
        return self._encode(texts, self._prompts[1])

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), dimension) float32, rows of length 1."""
        return self._encode(texts, self._prompts[0])

    def _encode(self, texts: Sequence[str], prompt: str) -> np.ndarray:
        shown = None if len(texts) > _BATCH_TRANSFORMER else False  # None: as the logger's level says
        valid = list(map(_valid, texts))
        vectors = self._model.encode(valid, prompt=prompt or None, batch_size=_BATCH_TRANSFORMER, show_progress_bar=shown)
        return unit(np.asarray(vectors, np.float32).reshape(len(texts), self.dimension))


Model = StaticModel | TransformerModel


@functools.cache
def bundled() -> StaticModel:
    """The model that the program carries."""
    return StaticModel(resource("model"), resource("question"))


def load(name: str | None = None) -> Model:
    """The bundled model, or the one in a folder, or a preset or any other named one, which is downloaded once.

    Raises NoModel when there is none of that name.
    """
    if not name:
        return bundled()
    folder = Path(name)
    if folder.is_dir() and _is_static(folder):
        return StaticModel(folder)
    return TransformerModel(PRESETS[name].name if name in PRESETS and not folder.is_dir() else name)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1. A row of zeros stays: divided by its length it would be NaN and poison an index."""
    lengths = _lengths(vectors)[..., None]
    return vectors / np.where(lengths > 0, lengths, 1)


def _lengths(rows: np.ndarray) -> np.ndarray:
    return np.linalg.norm(rows.astype(np.float32, copy=False), axis=-1)


def _valid(text: str) -> str:
    """A text without lone surrogates, which no tokenizer takes; "?" in their place keeps the offsets."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_static(folder: Path) -> bool:
    description = folder / "modules.json"
    if not description.is_file():
        return False
    kinds = [module["type"].rsplit(".", 1)[-1] for module in json.loads(description.read_text("utf-8"))]
    return kinds[:1] == ["StaticEmbedding"] and set(kinds[1:]) <= {"Normalize"}


def _prompts(name: str, own: dict[str, str]) -> tuple[str, str]:
    """(for questions, for passages): the model's own prompts, else those that its authors ask for."""
    question, passage = own.get("query", ""), own.get("document", "") or own.get("passage", "")
    if question or passage:
        return question, passage
    return next(((query, document) for part, query, document in _PROMPTS if part in name.lower()), ("", ""))


def _opened(name: str) -> SentenceTransformer:
    """What is on this machine is opened as it is; only what is not there is looked for on the hub."""
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, local_files_only=True)
    except (OSError, ValueError):
        if Path(name).is_dir():
            raise
        return SentenceTransformer(name)


def _digest_of(name: str, dimension: int) -> str:
    """Identifies a model: the files of a folder by their content, a model of the hub by its name."""
    if Path(name).is_dir():
        return _digest(*sorted(path for path in Path(name).rglob("*") if path.suffix in (".safetensors", ".bin", ".json")))
    return hashlib.sha256(f"{name}:{dimension}".encode()).hexdigest()


def _digest(*paths: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
