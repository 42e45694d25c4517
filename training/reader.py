"""The transformer that question.py trains, in torch, and its weights in 4 bits as qa/transformer.py reads them."""

from __future__ import annotations

import json
import operator
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from torch.nn import functional
from torch.nn.utils import parametrize

from training import pretrained

_PAD = 1
_BLOCK = 32  # weights that share a scale
_START, _TRAINED = 8, 7  # steps to the largest weight of a block: of what training starts from (Q4_0 of ggml; kept as it is), of what it leaves
_POSITIONS = 128  # tokens that may be read of a question, two hundred characters


class Reader(torch.nn.Module):
    """The transformer in torch, with the names that qa/transformer.py has for its tensors on the way in and out."""

    def __init__(self, tensors: dict[str, np.ndarray], dropped: float):
        from transformers import BertConfig, BertModel

        super().__init__()
        config = BertConfig(
            vocab_size=len(tensors["embeddings"]), hidden_size=pretrained.DIMENSION, num_hidden_layers=pretrained.LAYERS, num_attention_heads=pretrained.HEADS,
            intermediate_size=len(tensors["0.wide"]), max_position_embeddings=len(tensors["positions"]), type_vocab_size=1, pad_token_id=_PAD,
            hidden_act="gelu_pytorch_tanh", hidden_dropout_prob=dropped, attention_probs_dropout_prob=dropped,
        )
        self.body = BertModel(config, add_pooling_layer=False)
        self.head = torch.nn.Linear(pretrained.DIMENSION, pretrained.DIMENSION)
        named = dict(self.named_parameters())
        with torch.no_grad():
            named["body.embeddings.token_type_embeddings.weight"].zero_()
            for name, tensor in tensors.items():
                named[torch_name(name)].copy_(torch.tensor(tensor))

    def forward(self, ids: Sequence[Sequence[int]]) -> torch.Tensor:
        """(texts, dimension): the mean over the tokens."""
        tokens = torch.full((len(ids), max(map(len, ids))), _PAD)
        for row, one in enumerate(ids):
            tokens[row, : len(one)] = torch.tensor(one)
        seen = (tokens != _PAD).long()
        states = self.body(input_ids=tokens, attention_mask=seen).last_hidden_state
        return (states * seen[:, :, None]).sum(dim=1) / seen.sum(dim=1, keepdim=True)

    def freeze(self, layers: int) -> None:
        """The pieces and the lowest layers stay as they are."""
        for part in (self.body.embeddings, *self.body.encoder.layer[:layers]):
            part.requires_grad_(False)

    def round(self) -> None:
        """The matrices that are trained are rounded from here on."""
        for part in list(self.modules()):
            if isinstance(part, torch.nn.Linear) and part.weight.requires_grad:
                parametrize.register_parametrization(part, "weight", Rounded())

    @torch.inference_mode()
    def encode(self, ids: Sequence[Sequence[int]], head: bool = True) -> np.ndarray:
        """(texts, dimension) float32, those of like length together; with the head unit vectors."""
        self.eval()
        found = np.zeros((len(ids), pretrained.DIMENSION), np.float32)
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        for start in range(0, len(order), 128):
            rows = order[start : start + 128]
            vectors = self([ids[row] for row in rows])
            found[rows] = (functional.normalize(self.head(vectors)) if head else vectors).numpy()
        self.train()
        return found

    def tensors(self) -> dict[str, np.ndarray]:
        """Every tensor under its short name; what is rounded as it is rounded."""
        return {name: operator.attrgetter(torch_name(name))(self).detach().numpy() for name in names(pretrained.LAYERS)}


class Rounded(torch.nn.Module):
    """A matrix as it can be written; its gradient passes through as if it were not rounded (https://arxiv.org/abs/1308.3432).

    The steps are not those of what training started from: on these no weight would leave its place before it has moved half a step, and
    training hardly moves one so far. Rounded to them a trained reader is the untrained one again (README.md)."""

    def forward(self, weights: torch.Tensor) -> torch.Tensor:
        steps, scales = in_steps(weights.detach(), _TRAINED)
        return weights + ((steps.float() * scales.float()).view_as(weights) - weights.detach())


def in_steps(weights: torch.Tensor, most: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(rows, n) -> (rows, blocks, _BLOCK) int8 from -8 to 7 and (rows, blocks, 1) float16: of a block the largest weight is -most."""
    blocks = weights.unflatten(1, (-1, _BLOCK))
    largest = blocks.gather(2, blocks.abs().argmax(dim=2, keepdim=True))
    scales = (largest / -most).half()
    return torch.nan_to_num(blocks / scales.float(), posinf=0, neginf=0).round().clamp(-8, 7).to(torch.int8), scales


_PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "mixed": "attention.output.dense",
    "between": "attention.output.LayerNorm", "wide": "intermediate.dense", "narrow": "output.dense", "end": "output.LayerNorm",
}
_OUTSIDE = {
    "embeddings": "body.embeddings.word_embeddings", "positions": "body.embeddings.position_embeddings", "start": "body.embeddings.LayerNorm", "head": "head",
}


def names(layers: int) -> list[str]:
    """The tensors of a transformer of so many layers, as qa/transformer.py calls them."""
    parts = [f"{layer}.{part}{end}" for layer in range(layers) for part in _PARTS for end in ("", ".bias")]
    return ["embeddings", "positions", "start", "start.bias", "head", "head.bias", *parts]


def torch_name(name: str) -> str:
    """What a tensor is called in a module with the parts `body`, a BertModel, and `head`.

    >>> torch_name("3.wide"), torch_name("start.bias")
    ('body.encoder.layer.3.intermediate.dense.weight', 'body.embeddings.LayerNorm.bias')
    """
    end = ".bias" if name.endswith(".bias") else ".weight"
    layer, _, part = name.removesuffix(".bias").rpartition(".")
    return (f"body.encoder.layer.{layer}.{_PARTS[part]}" if layer else _OUTSIDE[part]) + end


def quantised(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Matrices in 4 bits, two weights a byte, and their scales: those steps that fit. Biases and norms as they are; as many positions as
    are read."""
    found = {}
    for name, tensor in tensors.items():
        if tensor.ndim == 2 and name != "positions":
            steps, scales = min((in_steps(torch.from_numpy(tensor), most) for most in (_START, _TRAINED)), key=lambda found: _missed(tensor, *found))
            pairs = (steps.numpy() + 8).astype(np.uint8).reshape(len(tensor), -1, 2)
            found[name], found[f"{name}.scale"] = pairs[..., 0] | pairs[..., 1] << 4, scales[..., 0].numpy()
        else:
            found[name] = tensor.astype(np.float32)
    return found | {"positions": found["positions"][:_POSITIONS]}


def _missed(tensor: np.ndarray, steps: torch.Tensor, scales: torch.Tensor) -> float:
    return float(np.abs((steps.float() * scales.float()).numpy().reshape(tensor.shape) - tensor).max())


def export(pieces: Tokenizer, tensors: dict[str, np.ndarray], folder: Path) -> None:
    """The folder that qa/transformer.py reads."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces.no_truncation()
    pieces.save(str(folder / "tokenizer.json"), pretty=False)
    shape = {"layers": pretrained.LAYERS, "heads": pretrained.HEADS, "prefix": pretrained.PREFIX}
    (folder / "config.json").write_text(json.dumps(shape) + "\n", encoding="utf-8")
    save_file(tensors, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
