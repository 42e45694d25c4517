"""A tiny static model in sentence-transformers format, made by code: one vector per character, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

DIMENSION = 32
CHARACTERS = "".join(chr(code) for code in (*range(0x21, 0x7F), *range(0x4E00, 0x9FA6)))


def build(folder: Path, seed: str = "tiny") -> Path:
    """Writes the model; texts that share characters have near vectors. Another seed gives another model."""
    vocabulary = {character: number for number, character in enumerate(["[UNK]", *CHARACTERS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    module = folder / "0_StaticEmbedding"
    module.mkdir(parents=True)
    tokenizer.save(str(module / "tokenizer.json"))
    generator = np.random.default_rng(int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16))
    table = generator.standard_normal((len(vocabulary), DIMENSION)).astype(np.float32)
    table[0] = 0
    save_file({"embedding.weight": table}, module / "model.safetensors")
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "0_StaticEmbedding", "type": "sentence_transformers.models.StaticEmbedding"}]))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"similarity_fn_name": "cosine"}))
    return folder
