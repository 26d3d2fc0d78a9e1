"""Unseen questions in, published lines out; a bad line is one sentence with its number and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import systems
from evals.command import main
from evals.errors import LineError
from evals.predict import output_line, predict, read_questions
from evals.testing import Perfect
from evals.types import Case, Prediction

GOOD = [
    {"id": "a", "question": "Is it a bubble?"},
    {
        "id": 7,
        "turns": [{"id": "7.1", "question": "折旧?"}, {"id": "7.2", "question": "那 Rob 呢?"}],
        "note": "ignored",
    },
]


def written(path: Path, *lines: object) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines), "utf-8")
    return path


def test_every_question_and_turn_has_its_line_in_order_and_a_conversation_has_one_thread(tmp_path: Path) -> None:
    conversations = read_questions(written(tmp_path / "in.jsonl", GOOD[0], "", GOOD[1]))
    system = Perfect([])
    lines = [line for line, _ in predict(conversations, system)]
    assert [line["id"] for line in lines] == ["a", "7.1", "7.2"]
    assert system.asked == [("Is it a bubble?",), ("折旧?", "那 Rob 呢?")]
    for line in lines:
        assert list(line) == [
            "id",
            "abstained",
            "quotes",
            "answer",
            "calculations",
            "lead",
            "own",
            "plan",
            "headline",
            "latency_ms",
        ]
        assert (line["abstained"], line["quotes"], line["calculations"]) == (True, [], [])


def test_quotes_and_calculations_have_the_published_fields(cases: tuple[Case, ...]) -> None:
    numeric = next(case for case in cases if case.turns[0].calculations)
    quoting = next(case for case in cases if case.turns[0].gold)
    system = Perfect([numeric, quoting])
    (made,) = system.answer([numeric.turns[0].question])
    line = output_line("x", made)
    assert set(line["calculations"][0]) == {"calculator", "arguments", "outputs"}
    (said,) = system.answer([quoting.turns[0].question])
    assert set(output_line("x", said)["quotes"][0]) == {"speaker", "quote"}
    json.dumps(line)


def test_a_question_the_system_failed_on_is_an_abstention_that_says_so() -> None:
    line = output_line("x", Prediction(abstained=False, latency_ms=1.0, error="QuestionError: empty"))
    assert (line["abstained"], line["answer"]) == (True, "QuestionError: empty")


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        ("{", "not JSON"),
        ("[1]", "expected a JSON object, found a list"),
        ({"question": "?"}, 'no "id"'),
        ({"id": "x"}, 'neither a "question" nor "turns"'),
        ({"id": "x", "question": None}, '"question" that is null'),
        ({"id": True, "question": "?"}, '"id" that is true or false'),
        ({"id": " ", "question": "?"}, 'blank "id"'),
        ({"id": "x", "question": "?", "turns": []}, "both"),
        ({"id": "x", "turns": []}, "at least one"),
        ({"id": "x", "turns": "?"}, "at least one"),
        ({"id": "x", "turns": [{"id": "y", "question": "?"}, {"id": "z"}]}, "turn 2"),
        ({"id": "x", "turns": ["?"]}, "turn 1"),
    ],
)
def test_a_bad_line_is_named_before_anything_is_asked(
    bad: object, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "in.jsonl", GOOD[0], "", bad)
    with pytest.raises(LineError, match=r"in\.jsonl, line 3: ") as caught:
        read_questions(path)
    assert complaint in str(caught.value)
    output = tmp_path / "out.jsonl"
    assert main(["predict", str(path), "-o", str(output)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: in.jsonl, line 3: ") and len(error.splitlines()) == 1
    assert not output.exists()


def test_a_file_that_is_not_utf8_or_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(json.dumps(GOOD[0]).encode() + b"\n\xff\xfe\n")
    assert main(["predict", str(path), "-o", str(tmp_path / "o")]) == 2
    assert "line 2: this is not UTF-8" in capsys.readouterr().err
    assert main(["predict", str(tmp_path / "none.jsonl"), "-o", str(tmp_path / "o")]) == 2
    assert "Cannot read" in capsys.readouterr().err


def test_the_command_writes_utf8_lines_and_reads_a_bom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = systems.Config("double", "a double", lambda: Perfect([]))
    monkeypatch.setattr(systems, "CONFIGS", {"double": config})
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"id": "题", "question": "?"}, ensure_ascii=False).encode() + b"\r\n")
    output = tmp_path / "out.jsonl"
    assert main(["predict", str(path), "-o", str(output), "--config", "double"]) == 0
    assert output.read_bytes().startswith('{"id": "题", "abstained": true'.encode())
    assert main(["predict", str(path), "-o", str(output), "--config", "none"]) == 2
    assert main(["predict", str(path), "-o", str(tmp_path / "no" / "o"), "--config", "double"]) == 2
