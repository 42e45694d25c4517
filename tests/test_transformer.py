"""The transformer in numpy says what torch says, and the bundled model's questions pass through it."""

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from qa.embed import StaticModel, bundled
from qa.resources import folder as resource
from qa.transformer import Transformer
from training.reader import Rounded, names, quantised, torch_name

PIECES = ["<s>", "</s>", "<unk>", "query", ":", "▁", "食堂", "几点", "开门", "关门", "？", "图书馆", "在", "哪"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder as data/question is, with random weights, and what torch makes of a text with the same weights."""
    folder = tmp_path_factory.mktemp("question")
    torch.manual_seed(3)
    config = BertConfig(vocab_size=len(PIECES), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, hidden_act="gelu_pytorch_tanh", max_position_embeddings=40, type_vocab_size=1)
    body, head = BertModel(config, add_pooling_layer=False).eval(), torch.nn.Linear(32, 16)
    with torch.no_grad():
        for parameter in body.parameters():  # a transformer as it is created has norms of 1 and biases of 0, which would hide a mistake
            parameter.normal_(std=0.3)
    whole = torch.nn.ModuleDict({"body": body, "head": head})
    with torch.no_grad():
        parameters = {name: whole.get_parameter(torch_name(name)) for name in names(2)}
        for name, parameter in parameters.items():
            if parameter.ndim == 2 and name != "positions":
                parameter.copy_(Rounded()(parameter))  # what 4 bits can say
        tensors = {name: parameter.numpy() for name, parameter in parameters.items()}
        tensors["positions"] = tensors["positions"] + body.embeddings.token_type_embeddings.weight.numpy()
    save_file(quantised(tensors), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"layers": 2, "heads": 4, "prefix": "query: "}))
    tokenizer = Tokenizer(models.Unigram([(piece, -float(len(PIECES) - len(piece))) for piece in PIECES], unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))

    @torch.inference_mode()
    def reference(text: str) -> np.ndarray:
        ids = torch.tensor([tokenizer.encode(f"query: {text}").ids])
        return head(body(input_ids=ids).last_hidden_state.mean(dim=1))[0].numpy()

    return folder, reference


@pytest.mark.parametrize("text", ["食堂几点开门？", "图书馆在哪", "", "食堂" * 400])
def test_numpy_reads_as_torch_does(tiny, text):
    folder, reference = tiny
    read = Transformer(folder).read(text)
    wanted = reference(text if len(text) < 100 else "食堂" * 30)
    cosine = read @ wanted / np.linalg.norm(read) / np.linalg.norm(wanted)
    if len(text) < 100:
        assert cosine > 0.99999
    assert read.shape == (16,) and read.dtype == np.float32 and np.isfinite(read).all()


def test_the_order_of_words_counts(tiny):
    folder, _ = tiny
    reader = Transformer(folder)
    assert not np.allclose(reader.read("食堂开门几点"), reader.read("几点开门食堂"), atol=1e-5)


def test_a_question_is_read_by_both_and_a_passage_by_its_tokens():
    model = bundled()
    question, passage = model.questions(["老板跑了，欠我的钱找谁要？"])[0], model.passages(["老板跑了，欠我的钱找谁要？"])[0]
    assert abs(np.linalg.norm(question) - 1) < 1e-5 and 0.5 < question @ passage < 0.999


def test_a_question_in_the_other_script_has_the_same_vector():
    simplified, traditional = bundled().questions(["台湾的应急管理局在哪里？", "臺灣的應急管理局在哪裡？"])
    np.testing.assert_allclose(simplified, traditional, atol=1e-5)


def test_without_a_reader_questions_are_read_as_passages_are():
    plain = StaticModel(resource("model"))
    np.testing.assert_array_equal(plain.questions(["食堂几点开门？"]), plain.passages(["食堂几点开门？"]))


def test_no_question_has_no_vector():
    assert bundled().questions([]).shape == (0, bundled().dimension)


def test_a_question_without_a_word_has_the_zero_vector_and_its_neighbour_its_own():
    found = bundled().questions(["，。？！", "食堂几点开门？"])
    assert not found[0].any()
    np.testing.assert_allclose(found[1], bundled().questions(["食堂几点开门？"])[0], atol=1e-6)


def test_what_is_rounded_stays_so_and_its_gradient_passes():
    chance = torch.Generator().manual_seed(5)
    weights = torch.randn(8, 64, generator=chance, requires_grad=True)
    rounded = Rounded()(weights)
    assert len(rounded[0, :32].unique()) <= 16 and (rounded - weights).abs().max() < 0.4
    torch.testing.assert_close(Rounded()(rounded), rounded, rtol=0, atol=1e-6)
    rounded.sum().backward()
    assert (weights.grad == 1).all()
    assert not Rounded()(torch.zeros(2, 32)).any()
