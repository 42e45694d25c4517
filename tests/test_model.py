"""The bundled model: one folder, read alike by sentence-transformers and by tokenizers with numpy."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

FOLDER = Path(__file__).parents[1] / "data" / "model"
TEXTS = [
    "台湾应急管理局2021年关于安全生产的通知",
    "臺灣應急管理局2021年關於安全生產的通知",
    "The emergency bureau's notice on safe production, 2021",
    "Ｆｕｌｌ　ｗｉｄｔｈ café ČESKY",
    "𠮷野家😀\u200b",
    "",
    "，。！……",
    "第一千一百八十二条之一　违约责任，依照第5条第二款。",
]


def table():
    """(tokens, dimension): several tokens share a row of `embeddings`, each with a weight of its own."""
    tensors = load_file(FOLDER / "model.safetensors")
    return tensors["embeddings"][tensors["mapping"]] * tensors["weights"][:, None]


@pytest.fixture(scope="module")
def encode():
    """Texts -> unit vectors with nothing but tokenizers and numpy."""
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    vectors = table()

    def read(texts):
        found = [vectors[ids].mean(axis=0) if (ids := tokenizer.encode(text, add_special_tokens=False).ids) else vectors[0] * 0 for text in texts]
        return np.array([row / max(np.linalg.norm(row), 1e-12) for row in found])

    return read


def test_sentence_transformers_and_numpy_agree(encode):
    from sentence_transformers import SentenceTransformer

    opened = SentenceTransformer(str(FOLDER), device="cpu").encode(TEXTS)
    assert opened.dtype == np.float32
    np.testing.assert_allclose(opened, encode(TEXTS), atol=1e-5)


def test_simplified_and_traditional_have_one_vector(encode):
    simplified, traditional = encode(TEXTS[:2])
    assert simplified @ traditional > 0.999


@pytest.mark.parametrize("article", ["第十二条", "第12條", "第三百零九条之二", "第一编第二章第三节"])
def test_numbers_of_articles_are_not_read(encode, article):
    bare, numbered, counted = encode(["值班室应当有人。", f"{article}　值班室应当有人。", "第十二次检查值班室应当有人。"])
    assert np.abs(bare - numbered).max() < 1e-6 < np.abs(bare - counted).max()


@pytest.mark.parametrize("text", ["", "，。！……", "\u200b", "\x00", " ", "第五条"])
def test_nothing_to_read_is_a_zero_vector(encode, text):
    assert not encode([text]).any()


def test_translation_is_nearer_than_another_sentence(encode):
    english, chinese, other = encode(["The government raised the tax.", "政府提高了税收。", "他昨天去看了足球比赛。"])
    assert english @ chinese > english @ other + 0.2


def test_rows_of_eight_bits_are_within_half_a_step():
    from training.export import quantised

    chance = np.random.default_rng(0)
    rows = chance.normal(size=(50, 64)).astype(np.float32)
    full = {"embeddings": rows, "mapping": np.arange(80, dtype=np.int32) % 50, "weights": chance.random(80).astype(np.float32)}
    small = quantised(full)
    assert small["embeddings"].dtype == np.int8 and small["weights"].dtype == np.float32
    wanted, found = (one["embeddings"][one["mapping"]] * one["weights"][:, None] for one in (full, small))
    step = np.abs(wanted).max(axis=1, keepdims=True) / 127
    assert (np.abs(wanted - found) <= 0.501 * step).all()


def test_size():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 60_000_000


def test_no_token_is_broken():
    vectors = table()
    assert np.isfinite(vectors).all()
    assert len(vectors) == len(json.loads((FOLDER / "tokenizer.json").read_text())["model"]["vocab"])
