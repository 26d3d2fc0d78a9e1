"""Which words the encoder knows, and how a text is cut into them.

English word pieces of all-MiniLM-L6-v2, the Latin words of our own texts that it would cut apart ("hyperscaler"),
Chinese characters, and those Chinese terms that are not made of shorter ones. A text is cut into as few pieces as
possible (a unigram model whose scores are all but equal), punctuation is dropped, nothing is added.

    折旧年限 → 折旧 · 年限        datacenter → data · center
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from index.training.material import Material

UNKNOWN = "[UNK]"
LONGEST_TERM = 6  # characters
_PIECE = re.compile(r"[a-z0-9]+|[%$]")
_LATIN_WORD = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def english_pieces(wordpieces: Iterable[str]) -> dict[str, str]:
    """Piece → the teacher's own spelling of it ("##ing"); frequent ones first, a whole word before its continuation."""
    pieces: dict[str, str] = {}
    for wordpiece in wordpieces:
        plain = wordpiece.removeprefix("##")
        if _PIECE.fullmatch(plain) and (plain not in pieces or not wordpiece.startswith("##")):
            pieces[plain] = wordpiece
    return pieces


def make_vocabulary(pieces: Iterable[str], material: Material) -> list[str]:
    """All words, most useful first; ``UNKNOWN`` at 0."""
    known = dict.fromkeys([UNKNOWN, *pieces])
    latin = Counter(word for text in material.texts() for word in _LATIN_WORD.findall(text))
    known |= dict.fromkeys(word for word, count in latin.most_common() if count > 1 and len(word) > 2)
    known |= dict.fromkeys(sorted(character for text in material.texts() for character in "".join(_HAN.findall(text))))
    known |= dict.fromkeys(material.characters)
    terms = {name for term in material.terms for name in term.chinese if _HAN.fullmatch(name)}
    for name in sorted(terms, key=lambda name: (len(name), name)):
        if 1 < len(name) <= LONGEST_TERM and (rest := _new_part(name, known)):
            known[rest] = None
    return list(known)


def _new_part(name: str, known: dict[str, None]) -> str:
    """What of a term is new once shorter terms of two or more characters are cut off: all, an end of it, or nothing."""
    reached = {0}
    for end in range(2, len(name) + 1):
        if any(start in reached and name[start:end] in known for start in range(end - 1)):
            reached.add(end)
    if len(name) in reached:
        return ""
    for cut in range(len(name) - 2, 1, -1):
        if name[:cut] in known:
            return name[cut:]
        if name[-cut:] in known:
            return name[:-cut]
    return name


def make_tokenizer(vocabulary: list[str]) -> Tokenizer:
    """A tokenizer whose ids are positions in ``vocabulary``."""
    count = len(vocabulary)
    scores = [(word, round(-10.0 - 0.5 * at / count, 5)) for at, word in enumerate(vocabulary)]
    tokenizer = Tokenizer(models.Unigram(scores, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.NFKC(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}%$]+"), "removed")
    return tokenizer
