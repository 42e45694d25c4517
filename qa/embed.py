"""Text to vectors: the only file that knows models.

The bundled model is static: a table of token vectors, averaged. Its sentence-transformers folder is read with `tokenizers`
and numpy, which takes 0.3 s where importing sentence-transformers takes 7-10 s and 490 MB, and gives the same vectors.
Any other model goes through sentence-transformers, by folder or by name.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.resources import folder as resource
from qa.types import NoModel, Span

_BATCH = 2048  # texts pooled at once: bounds memory at about 100 MB for passages of 100 tokens

# Models whose own configuration has no prompts but whose authors ask for them: (part of the name, query, passage).
_PROMPTS = (
    ("e5-", "query: ", "passage: "),  # https://huggingface.co/intfloat/multilingual-e5-small
    ("bge-small-zh", "为这个句子生成表示以用于检索相关文章：", ""),  # https://huggingface.co/BAAI/bge-small-zh-v1.5
    ("bge-base-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("bge-large-zh", "为这个句子生成表示以用于检索相关文章：", ""),
)


class StaticModel:
    """A table of token vectors: a text's vector is the mean of its tokens' vectors, scaled to length 1.

    `name` is the folder's name, `dimension` the length of a vector, `digest` identifies weights and tokenizer.
    """

    def __init__(self, folder: Path):
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        module = folder / json.loads((folder / "modules.json").read_text("utf-8"))[0]["path"]
        weights, tokenizer = module / "model.safetensors", module / "tokenizer.json"
        self.name = folder.name
        self.digest = _digest(weights, tokenizer)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        tensors = load_file(weights)
        if "mapping" in tensors:  # several tokens share a row, each with a weight of its own
            self.table = tensors["embeddings"][tensors["mapping"]] * tensors["weights"][:, None]
        else:
            self.table = tensors["embedding.weight"].astype(np.float32, copy=False)
        self.dimension = self.table.shape[1]

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), dimension) float32, rows of length 1; a text without tokens is a row of zeros."""
        rows = [self._pool(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimension), np.float32)

    questions = passages  # a static model has no prompts

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[int], list[Span]]]:
        """For each text the token ids and where each token stands in it, as character spans."""
        return [(encoding.ids, encoding.offsets) for encoding in self._tokenizer.encode_batch(list(map(_valid, texts)), add_special_tokens=False)]

    def token_ids(self, texts: Sequence[str]) -> list[np.ndarray]:
        """For each text its token ids."""
        encodings = self._tokenizer.encode_batch_fast(list(map(_valid, texts)), add_special_tokens=False)
        return [np.array(encoding.ids, np.int64) for encoding in encodings]

    @functools.cached_property
    def unit_table(self) -> np.ndarray:
        """The token vectors scaled to length 1, for matching token by token."""
        return unit(self.table)

    def _pool(self, texts: Sequence[str]) -> np.ndarray:
        ids = self.token_ids(texts)
        counts = np.array([len(row) for row in ids])
        pooled = np.zeros((len(texts), self.dimension), np.float32)
        filled = np.flatnonzero(counts)
        if len(filled):
            starts = np.concatenate([[0], np.cumsum(counts[filled])[:-1]])
            pooled[filled] = np.add.reduceat(self.table[np.concatenate([ids[i] for i in filled])], starts, axis=0)
            pooled[filled] /= counts[filled, None]
        return unit(pooled)


class TransformerModel:
    """Any model that sentence-transformers opens, with the prompts it wants for questions and for passages."""

    def __init__(self, name: str):
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            raise NoModel(f"打不开嵌入模型“{name}”：既不是本机的模型文件夹，也无法下载（{_first_line(error)}）。") from error
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension())
        self.digest = hashlib.sha256(f"{name}:{self.dimension}".encode()).hexdigest()
        self._prompts = _prompts(name, self._model.prompts)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), dimension) float32, rows of length 1."""
        return self._encode(texts, self._prompts[1])

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), dimension) float32, rows of length 1."""
        return self._encode(texts, self._prompts[0])

    def _encode(self, texts: Sequence[str], prompt: str) -> np.ndarray:
        vectors = self._model.encode(list(texts), prompt=prompt or None, batch_size=64, show_progress_bar=False)
        return unit(np.asarray(vectors, np.float32).reshape(len(texts), self.dimension))


Model = StaticModel | TransformerModel


@functools.cache
def bundled() -> StaticModel:
    """The model that the program carries."""
    return StaticModel(resource("model"))


def load(name: str | None = None) -> Model:
    """The bundled model, or the one in a folder, or a named one (which sentence-transformers may download).

    Raises NoModel when there is none of that name.
    """
    if name is None:
        return bundled()
    folder = Path(name)
    if folder.is_dir() and _is_static(folder):
        return StaticModel(folder)
    return TransformerModel(name)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1. A row of zeros stays: divided by its length it would be NaN and poison an index."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


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


def _digest(*paths: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
