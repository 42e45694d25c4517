"""Models: the bundled form through numpy, any other through sentence-transformers, each with the prompts that it wants."""

from __future__ import annotations

import numpy as np
import pytest

from qa import NoModel
from qa.embed import StaticModel, TransformerModel, load
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


def test_a_folder_that_holds_no_model_is_a_clear_error(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoModel, match="打不开嵌入模型"):
        load(str(tmp_path / "empty"))
