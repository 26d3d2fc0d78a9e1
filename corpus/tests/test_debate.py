"""The debate that ships, counted by hand: if one of these moves, every stored sentence id is at stake."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import pytest

from corpus.library import DEFAULT, open_debate
from corpus.types import Transcript


@pytest.fixture(scope="module")
def debate() -> Transcript:
    return open_debate().transcript


def test_file_is_the_published_one_unaltered(debate: Transcript) -> None:
    data = DEFAULT.read_bytes()
    assert len(debate.raw) == 10_541
    assert debate.raw.encode() == data
    assert debate.sha256 == hashlib.sha256(data).hexdigest()
    assert debate.sha256 in (DEFAULT.parent / "SOURCE.md").read_text(encoding="utf-8")


def test_36_turns_and_each_speakers_count(debate: Transcript) -> None:
    assert len(debate.turns) == 36
    assert [t.id for t in debate.turns] == [f"t{n}" for n in range(1, 37)]
    assert Counter(debate.speaker_of(t.id).name for t in debate.turns) == {
        "陈茜": 10,
        "Bruce Liu": 9,
        "Ethan Xu": 5,
        "Rob Li": 4,
        "Yang Ren": 4,
        "刘一鸣": 4,
    }


def test_six_titled_sections_hold_the_turns(debate: Transcript) -> None:
    assert [s.title for s in debate.sections] == [
        "AI到底有没有泡沫?",
        "GPU折旧迷思,科技巨头在“虚增利润”吗?",
        "“AI资本内循环”是新型融资还是泡沫推手?",
        "AI是否“绑架”了美国GDP?",
        "AI基建的“页岩油”时刻,万亿投资从何而来?",
        "终局探讨:AI泡沫会破裂吗?",
    ]
    assert Counter(t.section for t in debate.turns) == {1: 9, 2: 5, 3: 7, 4: 3, 5: 5, 6: 7}


def test_213_sentences_with_ids_in_order_of_speech(debate: Transcript) -> None:
    assert len(debate.sentences) == 213
    for turn in debate.turns:
        sentences = debate.sentences_of(turn.id)
        assert [s.id for s in sentences] == [f"{turn.id}.{n}" for n in range(1, len(sentences) + 1)]
    assert sorted(debate.sentences, key=lambda s: s.start) == list(debate.sentences)


def test_every_sentence_id_keeps_its_span(debate: Transcript) -> None:
    spans = "\n".join(f"{s.id} {s.start} {s.end}" for s in debate.sentences)
    assert hashlib.sha256(spans.encode()).hexdigest() == SPANS_SHA256


def test_every_span_is_its_text(debate: Transcript) -> None:
    pieces = [(s.start, s.end, s.text) for s in debate.sentences] + [
        (e.start, e.end, e.text) for e in debate.editorials
    ]
    pieces += [(s.start, s.end, s.title) for s in debate.sections]
    for start, end, text in pieces:
        assert debate.raw[start:end] == text


def test_sentences_cover_the_paragraphs_except_white_space(debate: Transcript) -> None:
    for turn in debate.turns:
        said = "".join(debate.raw[p.start : p.end] for p in turn.paragraphs)
        covered = "".join(s.text for s in debate.sentences_of(turn.id))
        assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", said)


def test_no_editorial_text_is_inside_a_turn(debate: Transcript) -> None:
    spoken = [(p.start, p.end) for t in debate.turns for p in t.paragraphs]
    for piece in debate.editorials:
        assert all(piece.end <= start or end <= piece.start for start, end in spoken)


def test_every_code_point_is_spoken_editorial_a_label_or_white_space(debate: Transcript) -> None:
    left = list(debate.raw)
    spoken = [(p.start, p.end) for t in debate.turns for p in t.paragraphs]
    for start, end in spoken + [(e.start, e.end) for e in debate.editorials]:
        left[start:end] = "\0" * (end - start)
    lines = [line.strip("\0 \r") for line in "".join(left).split("\n")]
    labels = {f"{s.name}:" for s in debate.speakers}
    assert Counter(line for line in lines if line and line not in labels) == Counter(f"0{n}" for n in range(1, 7))


def test_line_of_a_turn_is_the_line_of_its_label(debate: Transcript) -> None:
    lines = debate.raw.split("\n")
    for turn in debate.turns:
        assert lines[turn.line - 1].strip() == f"{debate.speaker_of(turn.id).name}:"


def test_editorial_kinds(debate: Transcript) -> None:
    assert Counter(e.kind for e in debate.editorials) == {
        "page": 1,
        "title": 1,
        "lead": 5,
        "highlight": 7,
        "guest": 6,
        "image": 12,
        "caption": 7,
        "heading": 8,
    }
    captions = [e.text for e in debate.editorials if e.kind == "caption"]
    assert "视频:新云(Neocloud)战争" in captions
    assert "Michael Burry,图片来源:Bloomberg" in captions
    assert debate.title == "AI泡沫还是新周期?硅谷101直播深度解析万亿基建投资"


def test_guest_with_a_trailing_role_is_no_turn_of_theirs(debate: Transcript) -> None:
    assert debate.raw.count("Rob Li,纽约Amont Partners管理合伙人") == 2  # guest list and portrait caption
    assert not any("Amont Partners" in s.text for s in debate.sentences)


def test_quotation_of_two_sentences_is_one_sentence(debate: Transcript) -> None:
    assert debate.sentence("t22.1").text.endswith("美国GDP增长率仅有0.1%。”")
    assert debate.sentence("t15.4").text == "有媒体引用Sam Altman的话说,“我好像发明了一种新的融资方法。”"


def test_roles_are_those_of_the_guest_list(debate: Transcript) -> None:
    roles = {s.name: s.role for s in debate.speakers}
    assert roles["Bruce Liu"] == "美国Esoterica Capital (济容投资) 首席执行官兼首席投资官"
    assert roles["Ethan Xu"] == "前微软能源战略经理,前突破能源科研总监"
    assert [s.name for s in debate.speakers if s.is_host] == ["陈茜", "刘一鸣"]


SPANS_SHA256 = "dbbaf600739d66a8f7515a009940c62025546a99cc58d8b251a3e13554206de7"
