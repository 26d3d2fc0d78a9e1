"""Any speaker-tagged corpus in, turns out, counted from 0 as they were given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.parse import transcript_from_turns
from corpus.types import Transcript
from evals.command import main
from evals.errors import LineError
from evals.meetings import known_meetings
from evals.retrieve import confidence, joined, product_indexer, read_queries, read_transcripts, retrieve
from index.types import Hit

MEETINGS: list[dict[str, object]] = [
    {
        "meeting_id": "m1",
        "turns": [
            {"speaker": "Ann", "text": "Welcome. Let us talk about remotes."},
            {"speaker": " ", "text": "Rubber buttons wear out."},
            {"speaker": "Bob", "text": ""},
            {"speaker": "Bob", "text": "A battery lasts a year. Solar is dearer."},
        ],
    },
    {"meeting_id": 2, "turns": [{"speaker": "陈", "text": "预算是一百万。"}]},
]
QUERIES: list[dict[str, object]] = [
    {"qid": "q1", "meeting_id": "m1", "query": "battery solar"},
    {"qid": "q2", "meeting_id": 2, "query": "预算"},
    {"qid": "q3", "meeting_id": "m1", "query": "rubber buttons"},
]


def written(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


class WordIndex:
    """Ranks sentences by the characters they share with the query."""

    made: list[str] = []  # noqa: RUF012  # a log of the meetings, across instances

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        WordIndex.made.append(transcript.id)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        scored = [
            (len(set(query.casefold().split()) & set(s.text.casefold().strip(".").split())), s.id)
            for s in self.transcript.sentences
        ]
        scored = [(score or int(bool(set(query) & set("预算"))), name) for score, name in scored]
        best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])[:k]
        return [
            Hit(id=name, score=score / 10, rank=n, lexical=score / 2) for n, (score, name) in enumerate(best, start=1)
        ]


def test_lines_come_in_the_order_of_the_queries_with_one_index_per_meeting(tmp_path: Path) -> None:
    WordIndex.made = []
    meetings = read_transcripts(written(tmp_path / "t.jsonl", MEETINGS))
    queries = read_queries(written(tmp_path / "q.jsonl", QUERIES), meetings)
    lines = list(retrieve(meetings, queries, WordIndex))
    assert [line["qid"] for line in lines] == ["q1", "q2", "q3"]
    assert [line["passages"][0] for line in lines] == [{"turns": [3]}, {"turns": [0]}, {"turns": [1]}]
    assert all(set(line) == {"qid", "passages", "confidence"} for line in lines)
    assert all(0 <= line["confidence"] <= 1 for line in lines)
    assert WordIndex.made == ["m1", "2"]


def test_neighbours_found_in_a_row_make_one_passage_and_no_turn_comes_twice() -> None:
    assert joined([(turn, 0.5) for turn in (4, 3, 9, 4, 1, 3, 10)]) == [[3, 4], [9], [1], [10]]
    assert joined([]) == []
    flat = [turn for run in joined([(turn, 0.5) for turn in (5, 6, 5, 7, 2, 4, 3)]) for turn in run]
    assert sorted(flat) == [2, 3, 4, 5, 6, 7]


def test_a_neighbour_that_hardly_matches_does_not_join() -> None:
    assert joined([(1, 0.9), (0, 0.3)]) == [[1], [0]]


def test_confidence_is_nothing_without_hits_and_grows_with_them() -> None:
    weak, strong = (Hit(id="t1.1", score=0.5, rank=1, lexical=x, dense=x) for x in (0.1, 0.9))
    assert confidence([]) == 0.0
    assert confidence([weak]) < confidence([strong]) <= 1.0
    assert confidence([Hit(id="t1.1", score=0.1, rank=1, lexical=0.0, dense=-0.4)]) == 0.0


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        ({"turns": []}, 'no "meeting_id"'),
        ({"meeting_id": "m1", "turns": [{"speaker": "A", "text": "b"}]}, "given before"),
        ({"meeting_id": "m3", "turns": []}, "at least one"),
        ({"meeting_id": "m3", "turns": [{"speaker": "A"}]}, 'turn 0 has no "text"'),
        ({"meeting_id": "m3", "turns": [{"speaker": 1, "text": "b"}]}, "must be a string"),
        ({"meeting_id": "m3", "turns": ["A: b"]}, "turn 0 must be an object"),
    ],
)
def test_a_bad_meeting_is_named_with_its_line(bad: dict[str, object], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(LineError, match=r"t\.jsonl, line 3: ") as caught:
        read_transcripts(written(tmp_path / "t.jsonl", [*MEETINGS, bad]))
    assert complaint in str(caught.value)


def test_a_query_on_a_meeting_nobody_gave_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    transcripts = written(tmp_path / "t.jsonl", MEETINGS)
    queries = written(tmp_path / "q.jsonl", [*QUERIES, {"qid": "q4", "meeting_id": "2", "query": "?"}])
    assert main(["retrieve", str(transcripts), str(queries), "-o", str(tmp_path / "r.jsonl")]) == 2
    assert capsys.readouterr().err == "error: q.jsonl, line 4: the meeting '2' is not among the transcripts.\n"


def test_the_product_finds_the_turn(tmp_path: Path) -> None:
    output = tmp_path / "r.jsonl"
    transcripts, queries = written(tmp_path / "t.jsonl", MEETINGS), written(tmp_path / "q.jsonl", QUERIES)
    assert main(["retrieve", str(transcripts), str(queries), "-o", str(output)]) == 0
    lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [line["passages"][0]["turns"] for line in lines] == [[3], [0], [1]]


def test_every_answering_turn_of_the_known_meetings_exists() -> None:
    meetings = known_meetings()
    assert len({meeting.name for meeting in meetings}) == len(meetings) == 18
    for meeting in meetings:
        assert all(0 <= turn < len(meeting.transcript.turns) for asked in meeting.asked for turn in asked.turns)
        assert sum(bool(asked.turns) for asked in meeting.asked) >= 10


def test_a_speaker_whom_the_query_names_comes_first() -> None:
    turns = [("Ann Lee", "The fence needs paint."), ("Bob Ray", "The fence is fine."), ("Cem Oz", "Lunch is at one.")]
    hits = product_indexer()(transcript_from_turns(turns, "panel")).search("What did Bob think about the fence?", k=1)
    assert hits[0].id == "t2.1"
