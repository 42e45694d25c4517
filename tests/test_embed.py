"""Models: the bundled form through numpy, any other through sentence-transformers, each with the prompts that it wants."""

from __future__ import annotations

import numpy as np
import pytest

from safetensors.numpy import load_file, save_file

from qa import BadRequest, NoModel, OtherModel, rebuild_library
from qa.embed import PRESETS, StaticModel, TransformerModel, _prompts, load
from qa.library import Library
from tests.tiny_model import DIMENSION, build

TEXTS = ["食堂周五停业", "", "年假五天，须提前申请。"]


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A folder that numpy cannot read: a tiny table with a dense layer behind it, and a prompt for questions."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    model = SentenceTransformer(str(build(tmp_path_factory.mktemp("model") / "tiny")), device="cpu")
    model.append(Dense(DIMENSION, 16))
    model.prompts = {"query": "问：", "document": ""}
    folder = tmp_path_factory.mktemp("other") / "model"
    model.save_pretrained(str(folder))
    return folder


def test_a_static_folder_is_read_without_sentence_transformers(tmp_path):
    model = load(str(build(tmp_path / "tiny")))
    assert isinstance(model, StaticModel)
    lengths = np.linalg.norm(model.passages(TEXTS), axis=1)
    np.testing.assert_allclose(lengths, [1, 0, 1], atol=1e-6)


def test_rows_of_eight_bits_that_several_tokens_share_are_read_alike(tmp_path):
    from sentence_transformers import SentenceTransformer

    folder = build(tmp_path / "tiny")
    weights = folder / "0_StaticEmbedding" / "model.safetensors"
    table = load_file(weights)["embedding.weight"]
    rows = np.clip(np.round(40 * table[: len(table) // 2]), -127, 127).astype(np.int8)
    shared = np.arange(len(table), dtype=np.int32) % len(rows)
    save_file({"embeddings": rows, "mapping": shared, "weights": np.linspace(0.01, 1, len(table), dtype=np.float32)}, weights)
    model, texts = load(str(folder)), ["食堂周五停业", "年假五天，须提前申请。"]
    wanted = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(model.passages(texts), wanted, atol=1e-5)
    ((ids, _),) = model.tokens(["食堂周五停业"])
    one_by_one = model.directions(np.array(ids)) * model.weights(np.array(ids))[:, None]
    np.testing.assert_allclose(one_by_one.sum(axis=0) / np.linalg.norm(one_by_one.sum(axis=0)), wanted[0], atol=1e-5)


def test_another_folder_goes_through_sentence_transformers_with_its_prompts(other):
    from sentence_transformers import SentenceTransformer

    model, reference = load(str(other)), SentenceTransformer(str(other), device="cpu")
    assert isinstance(model, TransformerModel) and model.dimension == 16
    for mine, prompt in ((model.questions, "问："), (model.passages, "")):
        wanted = reference.encode([prompt + text for text in TEXTS], prompt="", normalize_embeddings=True)
        np.testing.assert_allclose(mine(TEXTS), wanted, atol=1e-5)


def test_a_library_remembers_another_model(tmp_path, other):
    with Library(tmp_path / "library", str(other)) as library:
        library.add_texts([("canteen", "食堂通知", "食堂周五停业。"), ("leave", "年假办法", "年假五天。")])
    with Library(tmp_path / "library") as library:
        assert library.check().model == str(other) and library.search("食堂哪天停业？")[0].document.key == "canteen"


@pytest.fixture
def rebuilt(tmp_path, other):
    """A library that was made with one model, and the folder of another."""
    with Library(tmp_path / "library", str(build(tmp_path / "tiny"))) as library:
        library.add_texts([("canteen", "食堂通知", "食堂周五停业。第二天照常。"), ("leave", "年假办法", "年假五天。")])
    return tmp_path / "library", str(other)


def test_another_model_offers_a_rebuild_that_reads_no_file(rebuilt, other):
    folder, name = rebuilt
    with pytest.raises(OtherModel, match=f"youju rebuild --model {name}"):
        Library(folder, name)
    seen = []
    rebuild_library(folder, name, progress=lambda done, total, _: seen.append((done, total)))
    assert seen == [(2, 2)]
    with Library(folder) as library, Library(folder.with_name("fresh"), name) as fresh:
        fresh.add_texts([("canteen", "食堂通知", "食堂周五停业。第二天照常。"), ("leave", "年假办法", "年假五天。")])
        assert library.check().model == name and not library.check().problems
        for mine, wanted in zip(library._store.vectors(16), fresh._store.vectors(16), strict=True):
            for block, other_block in zip(mine[1], wanted[1], strict=True):
                np.testing.assert_allclose(block, other_block, atol=2e-3)  # float16, and texts meet in other batches


def test_a_rebuild_that_is_cut_short_changes_nothing(rebuilt):
    folder, name = rebuilt

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_library(folder, name, progress=stop)
    with Library(folder) as library:
        assert library.check().model == "tiny" and not library.check().problems


def test_there_must_be_a_library_to_rebuild(tmp_path):
    with pytest.raises(BadRequest, match="没有资料库"):
        rebuild_library(tmp_path / "nothing")


def test_a_library_follows_its_model_to_another_place(tmp_path):
    folder = build(tmp_path / "tiny")
    Library(tmp_path / "library", str(folder)).close()
    moved = folder.rename(tmp_path / "moved")
    Library(tmp_path / "library", str(moved)).close()
    with Library(tmp_path / "library") as library:
        assert library.check().model == "moved"


def test_prompts_of_the_model_go_before_those_of_the_table():
    assert _prompts(PRESETS["multilingual"].name, {}) == ("query: ", "passage: ")
    assert _prompts(PRESETS["zh-small"].name, {})[1] == ""
    assert _prompts(PRESETS["multilingual"].name, {"query": "Q ", "document": "D "}) == ("Q ", "D ")
    assert _prompts("some/other", {}) == ("", "")


def test_a_folder_that_holds_no_model_is_a_clear_error(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoModel, match="打不开嵌入模型"):
        load(str(tmp_path / "empty"))
