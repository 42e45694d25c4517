"""Step 2: the vocabulary, a Unigram model whose cuts are jieba's for Chinese and learned pieces for everything else.

Words of more than four characters are left out: their parts carry the meaning (中华人民共和国), and short tokens match more.
"""

from __future__ import annotations

import io
import logging
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from training import charsmap
from training import corpora as read

_log = logging.getLogger(__name__)
UNKNOWN = "<unk>"
LANGUAGES = {"fra": "fr", "deu": "de", "spa": "es", "rus": "ru", "ita": "it", "por": "pt_BR", "jpn": "ja", "kor": "ko"}
_SHARES = {"en": 0.5, "fr": 0.08, "de": 0.08, "es": 0.08, "ru": 0.08, "it": 0.04, "pt": 0.04, "ja": 0.05, "ko": 0.05}
_PIECE_COST = 4.0  # taken from the score of a piece, so that a word that is in the vocabulary is not cut
_LONGEST = 4
_CHARACTERS = 8000  # the common standard list has 8,105; rarer ones are read as unknown
_HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U000323af]+")
_OTHER = re.compile(r"[^\W\d\u3007\u3400-\u9fff\U00020000-\U000323af]+")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERS = [*map(str, range(1000)), *(f"{n:02d}" for n in range(10)), *map(str, range(1850, 2036))]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many Chinese words, English words, words of each other language, and pieces of words.

    For the ablation: `phrases` pairs of Chinese words that often follow each other as tokens of their own, and, with `raw`,
    traditional characters as they are.
    """

    chinese: int = 36_000
    english: int = 36_000
    other: int = 14_000
    pieces: int = 20_000
    phrases: int = 0
    raw: bool = False

    @property
    def name(self) -> str:
        """What the files of this vocabulary are called."""
        counts = [self.chinese, self.english, self.other, self.pieces, *([self.phrases] if self.phrases else [])]
        return "-".join(map(str, counts)) + ("-raw" if self.raw else "")


def build(corpora: Path, work: Path, sizes: Sizes) -> Tokenizer:
    """The tokenizer with the most frequent words of each language, and pieces for what is not among them."""
    path = work / f"tokenizer-{sizes.name}.json"
    if path.exists():
        return Tokenizer.from_file(str(path))
    fold = charsmap.normalizer(work, raw=sizes.raw)
    frequency = foreign(fold)
    scores = _pieces(frequency, sizes.pieces, work) | _numbers() | _words(frequency, sizes)
    scores |= _kept(_chinese(corpora, fold), sizes.chinese)
    if sizes.phrases:
        scores |= _phrases(corpora, assemble([(UNKNOWN, min(scores.values()) - 10), *scores.items()], fold), sizes.phrases)
    tokenizer = assemble([(UNKNOWN, min(scores.values()) - 10), *sorted(scores.items(), key=lambda item: (-item[1], item[0]))], fold)
    tokenizer.save(str(path))
    _log.info("vocabulary: %d tokens", tokenizer.get_vocab_size())
    return tokenizer


def foreign(fold: normalizers.Normalizer) -> dict[str, dict[str, float]]:
    """Language -> word -> frequency, from wordfreq's lists, for every language but Chinese."""
    from wordfreq import get_frequency_dict

    found: dict[str, dict[str, float]] = {}
    for language in _SHARES:
        counts: Counter[str] = Counter()
        for word, frequency in islice(get_frequency_dict(language).items(), 120_000):
            counts.update({part: frequency for part in fold.normalize_str(word).split()})
        found[language] = dict(counts)
    return found


def assemble(scores: list[tuple[str, float]], fold: normalizers.Normalizer) -> Tokenizer:
    """A tokenizer of these tokens; the first one stands for what is unknown."""
    tokenizer = Tokenizer(models.Unigram(scores, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = fold
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def _chinese(corpora: Path, fold: normalizers.Normalizer) -> dict[str, float]:
    """Chinese words with their frequency, averaged over what people write: newspapers, the web, laws, reports, translations, dictionaries.

    One source alone would fill the vocabulary with its own words, 147,000 law articles above all.
    """
    general = _jieba(fold)
    web = _wordfreq(fold)
    entries = Counter(fold.normalize_str(word) for word in read.glosses(corpora))
    entries.update(fold.normalize_str(word) for words in read.synonyms(corpora) for word in words)
    entries = Counter({word: 1 for word in entries if _HAN.fullmatch(word)})
    known = {word: math.log(count) for word, count in (entries | general | web).items() if len(word) <= _LONGEST}
    cutter = assemble([(UNKNOWN, -20.0), *((word, score - 18.0) for word, score in known.items())], fold)
    sources = [
        general,
        web,
        entries,
        _cut(cutter, (text for _, text in islice(read.articles(corpora), 0, None, 4))),
        _cut(cutter, (text for pair in read.titled(corpora) for text in pair)),
        _cut(cutter, (chinese for _, chinese in read.parallel(corpora))),
        _cut(cutter, (text for name in read.QUESTIONS for pair in read.questions(corpora, name) for text in pair)),
    ]
    mean: Counter[str] = Counter()
    for counts in sources:
        total = sum(counts.values())
        mean.update({word: counts[word] / total / len(sources) for word in sorted(counts.keys() & known.keys())})
    return mean


def _jieba(fold: normalizers.Normalizer) -> Counter[str]:
    """Jieba's dictionary with its frequencies, in simplified characters."""
    import jieba

    counts: Counter[str] = Counter()
    with jieba.get_dict_file() as lines:
        for line in lines:
            word, count, *_ = line.decode().split()
            counts[fold.normalize_str(word)] += int(count)
    return Counter({word: count for word, count in counts.items() if _HAN.fullmatch(word)})


def _wordfreq(fold: normalizers.Normalizer) -> Counter[str]:
    """Chinese words of wordfreq, which counted encyclopedia, subtitles, news and web, a thousand million words in all."""
    from wordfreq import get_frequency_dict

    counts: Counter[str] = Counter()
    for word, frequency in get_frequency_dict("zh").items():
        counts[fold.normalize_str(word)] += round(frequency * 1e9)
    return Counter({word: count for word, count in counts.items() if _HAN.fullmatch(word) and count})


def _cut(cutter: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """How often each token occurs."""
    counts: Counter[str] = Counter()
    texts = iter(texts)
    while batch := list(islice(texts, 2000)):
        for encoding in cutter.encode_batch(batch, add_special_tokens=False):
            counts.update(encoding.tokens)
    return Counter({token: count for token, count in counts.items() if _HAN.fullmatch(token)})


def _phrases(corpora: Path, cutter: Tokenizer, most: int) -> dict[str, float]:
    """The log share of the pairs of Chinese tokens that follow each other most often, six characters at most."""
    texts = [text for pair in read.titled(corpora) for text in pair] + [text for _, text in islice(read.articles(corpora), 0, None, 8)]
    texts += [chinese for _, chinese in read.parallel(corpora)]
    pairs, total = Counter[str](), 0
    for start in range(0, len(texts), 2000):
        for encoding in cutter.encode_batch(texts[start : start + 2000], add_special_tokens=False):
            total += len(encoding)
            tokens, places = encoding.tokens, encoding.offsets
            pairs.update(one + two for one, two, a, b in zip(tokens, tokens[1:], places, places[1:], strict=False) if a[1] == b[0])
    often = ((pair, count) for pair, count in pairs.most_common() if 4 <= len(pair) <= 6 and _HAN.fullmatch(pair))
    return {pair: math.log(count / total) for pair, count in islice(often, most)}


def _kept(frequency: dict[str, float], words: int) -> dict[str, float]:
    """The log frequencies of the most frequent words and of the most frequent characters, alone or in a word.

    A word that Japanese shares keeps the Chinese score, since it is the Chinese text that must be cut well.
    """
    characters: Counter[str] = Counter()
    for word, share in frequency.items():
        characters.update(dict.fromkeys(word, share))
    longer = sorted((word for word in frequency if len(word) > 1), key=lambda word: (-frequency[word], word))[:words]
    least = min(frequency.values())
    common = sorted(characters, key=lambda character: (-characters[character], character))[:_CHARACTERS]
    return {token: math.log(frequency.get(token, least)) for token in (*longer, *common)}


def _numbers() -> dict[str, float]:
    """Numbers as people write them; longer ones are cut into these."""
    return dict.fromkeys(_NUMBERS, -10.0) | {str(digit): -9.0 for digit in range(10)}


def _words(frequency: dict[str, dict[str, float]], sizes: Sizes) -> dict[str, float]:
    """The most frequent words of every language with the log of their share of all text."""
    shares: Counter[str] = Counter()
    for language, counts in frequency.items():
        best = sorted(counts, key=lambda word: (-counts[word], word))[: sizes.english if language == "en" else sizes.other]
        shares.update({word: _SHARES[language] * counts[word] for word in best if _WORD.fullmatch(word)})
    return {word: math.log(share) for word, share in shares.items()}


def _pieces(frequency: dict[str, dict[str, float]], size: int, work: Path) -> dict[str, float]:
    """Pieces of words, as sentencepiece learns them; every letter is among them."""
    counts: Counter[str] = Counter()
    for language, found in frequency.items():
        counts.update({part: share * _SHARES[language] for word, share in found.items() for part in _OTHER.findall(word)})
    table = work / "foreign.tsv"
    table.write_text("".join(f"{word}\t{max(1, round(share * 1e7))}\n" for word, share in sorted(counts.items())), encoding="utf-8")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        input=str(table), input_format="tsv", model_writer=model, vocab_size=size, model_type="unigram",
        character_coverage=1.0, add_dummy_prefix=False, normalization_rule_name="identity", max_sentencepiece_length=12,
        seed_sentencepiece_size=1_000_000, num_threads=2, minloglevel=1,
    )
    learned = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    found = {learned.id_to_piece(i): learned.get_score(i) - _PIECE_COST for i in range(3, learned.get_piece_size())}
    return {piece: score for piece, score in found.items() if _OTHER.fullmatch(piece)}
