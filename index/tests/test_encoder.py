from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import STATIC, SentenceTransformerEncoder, StaticEncoder, open_encoder
from index.errors import EncoderError

TEXTS = ["Rob 怎么看 GPU 折旧?", "How long do old chips stay useful?", "輝達", "☃", "1.4万亿美元", "A" * 3000, ""]


def test_the_light_reader_gives_the_vectors_of_the_real_class() -> None:
    from sentence_transformers import SentenceTransformer

    from corpus.normalize import fold_text

    real = SentenceTransformer(str(STATIC)).encode([fold_text(t) for t in TEXTS], convert_to_numpy=True)
    light = StaticEncoder(STATIC).encode(TEXTS)
    assert light.shape == real.shape
    # The real class gives no number for a text without tokens; the light one gives the zero vector.
    known = np.isfinite(real).all(axis=1)
    assert known.sum() >= 5 and not light[~known].any()
    assert np.allclose(light[known], real[known], atol=2e-3)


def test_vectors_are_unit_or_zero() -> None:
    lengths = np.linalg.norm(StaticEncoder(STATIC).encode(TEXTS), axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0)) and lengths[-1] == 0


@pytest.fixture(scope="module")
def tiny_transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer BERT with random weights, saved as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = {token: n for n, token in enumerate(["[PAD]", "[UNK]", *"qdabc", "折", "旧", "芯", "片"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    BertModel(shape).save_pretrained(folder / "bert")
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]"
    )
    fast.save_pretrained(folder / "bert")
    parts = [Transformer(str(folder / "bert")), Pooling(16)]
    SentenceTransformer(modules=parts, prompts={"query": "q ", "document": "d "}).save(str(folder / "model"))
    return folder / "model"


def test_any_local_model_takes_the_shipped_ones_place_and_its_prompts_are_used(tiny_transformer: Path) -> None:
    encoder = open_encoder(str(tiny_transformer))
    assert isinstance(encoder, SentenceTransformerEncoder)
    as_query, as_passage = encoder.encode(["折旧"], query=True), encoder.encode(["折旧"])
    assert as_query.shape == (1, encoder.dimension) == (1, 16)
    assert not np.allclose(as_query, as_passage)
    assert np.allclose(np.linalg.norm(as_passage, axis=1), 1, atol=1e-5)


def test_another_model_never_shares_vectors_with_the_shipped_one(tiny_transformer: Path) -> None:
    assert open_encoder(str(tiny_transformer)).name != open_encoder().name


def test_a_missing_model_is_one_clear_sentence() -> None:
    with pytest.raises(EncoderError, match="no encoder folder"):
        open_encoder("./does-not-exist")
    with pytest.raises(EncoderError, match="Cannot read the encoder"):
        StaticEncoder(Path("does-not-exist"))
