"""Step 7: the rows in 8 bits, and the folder that sentence-transformers opens and that numpy reads alike.

A row is a direction in steps of 1/127 of its largest element; its scale goes into the weights of its tokens. From
version 6.2 sentence-transformers puts rows and weights together in float32, so that both readings agree to 1e-5.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer


def quantised(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same model with its rows in 8 bits."""
    scale = np.maximum(np.abs(tensors["embeddings"]).max(axis=1), 1e-12) / 127
    return {
        "embeddings": np.round(tensors["embeddings"] / scale[:, None]).astype(np.int8),
        "mapping": tensors["mapping"],
        "weights": tensors["weights"] * scale[tensors["mapping"]].astype(np.float32),
    }


def export(tokenizer: Tokenizer, tensors: dict[str, np.ndarray], card: str, folder: Path) -> None:
    """Write the model next to `folder`, then put it in its place."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    dimensions = tensors["embeddings"].shape[1]
    shape = StaticEmbedding(tokenizer, embedding_dim=dimensions)
    SentenceTransformer(modules=[shape, Normalize()], device="cpu").save(str(fresh), create_model_card=False)
    save_file(tensors, fresh / "model.safetensors")
    tokenizer.save(str(fresh / "tokenizer.json"), pretty=False)
    (fresh / "README.md").write_text(card, encoding="utf-8")
    (fresh / "model.safetensors").chmod(0o644)  # safetensors writes it for its owner alone
    _swap(fresh, folder)


def _swap(fresh: Path, folder: Path) -> None:
    """File by file, each atomically, so that a reader never meets half a file; the weights last."""
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted((path for path in fresh.rglob("*") if path.is_file()), key=lambda path: path.name == "model.safetensors")
    for path in files:
        target = folder / path.relative_to(fresh)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)
    shutil.rmtree(fresh)
