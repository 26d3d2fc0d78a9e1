from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.parse import MAX_BYTES, load_transcript, parse_bytes, parse_transcript, transcript_from_turns
from corpus.testing import FORGED_LINE, SHARED_PHRASE, TRAPPED, trapped_debate
from corpus.tests.clock import assert_linear
from corpus.types import Transcript

PANEL = "陈茜:\n\n近期金融市场震荡剧烈。\n\nRob Li:\n\n市场波动实属正常。\n"


def spoken(transcript: Transcript) -> list[tuple[str, str]]:
    return [(transcript.speaker_of(t.id).name, transcript.turn_text(t.id)) for t in transcript.turns]


def assert_sound(transcript: Transcript) -> None:
    """What must hold of every transcript, wherever it came from."""
    raw = transcript.raw
    for sentence in transcript.sentences:
        assert transcript.words(sentence) == sentence.text
        whole = sentence.pieces or transcript.notation == "markdown"
        assert whole or raw[sentence.start : sentence.end] == sentence.text
        assert transcript.sentence(sentence.id) is sentence
    for piece in transcript.editorials:
        assert raw[piece.start : piece.end] == piece.text
    for turn in transcript.turns:
        assert transcript.speaker_of(turn.id)
        covered = "".join(s.text for s in transcript.sentences_of(turn.id))
        assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", transcript.turn_text(turn.id))
    spans = [(s.start, s.end) for s in transcript.sentences]
    assert spans == sorted(spans) and all(a[1] <= b[0] for a, b in pairwise(spans))


class TestTraps:
    """The eight turns of ``corpus.testing``."""

    def test_eight_turns_and_who_speaks(self) -> None:
        names = [name for name, _ in spoken(trapped_debate())]
        assert names == ["周岚", "Ann Lee", "Bob Ray", "Ann Lee", "Bob Ray", "周岚", "Bob Ray", "Ann Lee"]
        assert_sound(trapped_debate())

    def test_shared_phrase_is_two_sentences_of_two_speakers(self) -> None:
        debate = trapped_debate()
        saying = [s for s in debate.sentences if s.text == SHARED_PHRASE]
        assert [debate.speaker_of(s.turn_id).name for s in saying] == ["Ann Lee", "Bob Ray"]

    def test_forged_label_within_a_turn_stays_with_who_said_it(self) -> None:
        debate = trapped_debate()
        forged = next(s for s in debate.sentences if s.text == FORGED_LINE)
        assert debate.speaker_of(forged.turn_id).name == "Bob Ray"

    def test_interrupted_turn_ends_where_the_other_begins(self) -> None:
        debate = trapped_debate()
        assert debate.sentences_of("t2")[-1].text == "不过"
        assert debate.speaker_of("t3").name == "Bob Ray"

    def test_caption_portrait_and_picture_are_nobodys_words(self) -> None:
        debate = trapped_debate()
        kinds = {e.text: e.kind for e in debate.editorials}
        assert kinds["视频:电力(Power)战争"] == "caption"
        assert kinds["Bob Ray,Beta Power 研究总监"] == "caption"
        assert kinds["测试配图 第1张"] == "image"
        assert not any("战争" in s.text or "总监" in s.text or "配图" in s.text for s in debate.sentences)

    def test_decimals_english_and_curly_quotes_are_whole(self) -> None:
        texts = {s.id: s.text for s in trapped_debate().sentences}
        assert texts["t1.1"] == "市场涨到了1.4万亿美元,利率只有0.1%。"
        assert texts["t1.3"] == "有人说“这次不一样。真的吗?”"
        assert texts["t2.2"] == "GPU的租金涨了3.5%,Hopper chips are still rented out."
        assert texts["t7.2"] == "U.S. demand grows 2.5% a year."
        assert texts["t8.2"] == "“等一等!”才是对的。"

    def test_roles_sections_and_title(self) -> None:
        debate = trapped_debate()
        assert {s.name: s.role for s in debate.speakers}["Bob Ray"] == "Beta Power 研究总监"
        assert [s.title for s in debate.sections] == ["有没有泡沫?", "以后呢?"]
        assert [t.section for t in debate.turns] == [1, 1, 1, 1, 1, 2, 2, 2]
        assert debate.title == "泡沫还是周期?一场测试辩论"


class TestDecoding:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
    @pytest.mark.parametrize("text", [PANEL, TRAPPED])
    def test_one_text_in_many_encodings(self, text: str, encoding: str) -> None:
        data = text.replace("•", "*").encode(encoding)
        transcript = parse_bytes(data, "panel")
        assert transcript.raw == text.replace("•", "*")
        assert transcript.sha256 == hashlib.sha256(data).hexdigest()

    def test_big_endian_utf_16(self) -> None:
        assert parse_bytes(b"\xfe\xff" + PANEL.encode("utf-16-be"), "panel").raw == PANEL

    @pytest.mark.parametrize("newline", ["\r\n", "\r"])
    def test_foreign_line_ends(self, newline: str) -> None:
        transcript = parse_bytes(PANEL.replace("\n", newline).encode(), "panel")
        assert spoken(transcript) == spoken(parse_transcript(PANEL, "panel"))
        assert [t.line for t in transcript.turns] == [1, 5]
        assert "\r" in transcript.raw  # unaltered: spans point into what the file holds
        assert_sound(transcript)

    @pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c"])
    def test_only_newlines_end_a_line(self, mark: str) -> None:
        transcript = parse_transcript(f"Ann:\n\n前{mark}Bob:后。\n\nBob:\n\n好。\n", "panel")
        assert [name for name, _ in spoken(transcript)] == ["Ann", "Bob"]
        assert [t.line for t in transcript.turns] == [1, 5]
        assert_sound(transcript)

    def test_nul_names_its_line(self) -> None:
        with pytest.raises(TranscriptParseError, match=r"^Line 3: .*NUL") as caught:
            parse_bytes(b"Ann:\n\nHi\x00.\n", "panel")
        assert caught.value.line == 3

    @pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n \n", b"\xff\xfe"])
    def test_nothing_to_read(self, data: bytes) -> None:
        with pytest.raises(TranscriptParseError, match=r"give a transcript|nobody says anything"):
            parse_bytes(data, "panel")

    @pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x80\x81\xfe\xff" * 50, bytes(range(256))])
    def test_bytes_that_are_no_text(self, data: bytes) -> None:
        with pytest.raises(TranscriptParseError):
            parse_bytes(data, "panel")

    def test_more_than_32_mb_is_refused_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "huge.txt"
        with path.open("wb") as file:
            file.truncate(MAX_BYTES * 100)  # sparse: no room taken
        with pytest.raises(TranscriptParseError, match="33,554,432 bytes"):
            load_transcript(path)

    def test_giant_line(self) -> None:
        transcript = parse_transcript("Ann: " + "长" * 1_000_000, "panel")
        assert len(transcript.sentences) == 1 and len(transcript.sentences[0].text) == 1_000_000

    @pytest.mark.parametrize("name", ["missing.txt", "."])
    def test_unreadable_file_is_named(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(TranscriptParseError, match=re.escape(str(tmp_path))):
            load_transcript(tmp_path / name)

    def test_id_comes_from_the_file_or_its_folder(self, tmp_path: Path) -> None:
        for path, identifier in [(tmp_path / "My Panel.txt", "my-panel"), (tmp_path / "gpu" / "transcript.txt", "gpu")]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(PANEL, encoding="utf-8")
            assert load_transcript(path).id == identifier


class TestErrors:
    @pytest.mark.parametrize("text", ["Ann:\n\nHi.\n\nBob:\n\nAnn:\n\nYes.\n", "Ann:\n\nHi.\n\nAnn:\n\nYes.\n\nBob:\n"])
    def test_label_without_words_is_dropped_and_moves_nobodys_words(self, text: str) -> None:
        assert spoken(parse_transcript(text, "panel")) == [("Ann", "Hi."), ("Ann", "Yes.")]

    def test_text_without_labels_is_nobodys_and_says_so(self) -> None:
        transcript = parse_transcript("It rained all day.\n\nThe roof held.\n", "panel")
        assert [s.is_known for s in transcript.speakers] == [False]
        assert "not known who spoke" in transcript.doubts[0].why

    def test_too_many_turns_name_the_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("corpus.parse.MAX_TURNS", 3)
        monkeypatch.setattr("corpus.readers.reading.MAX_TURNS", 3)
        with pytest.raises(TranscriptParseError, match="more than 3 turns") as caught:
            parse_transcript("Ann: a.\nBob: b.\n" * 3, "panel")
        assert caught.value.line == 4
        with pytest.raises(TranscriptParseError, match="more than 3 turns"):
            transcript_from_turns([("Ann", "a.")] * 4, "panel")


class TestLayouts:
    def test_inline(self) -> None:
        transcript = parse_transcript("Ann: Is it? I ask.\nBob: No.\nStill no.\n\nAnn: Why?", "panel")
        assert spoken(transcript) == [("Ann", "Is it? I ask."), ("Bob", "No.\nStill no."), ("Ann", "Why?")]
        assert [t.line for t in transcript.turns] == [1, 2, 5]

    def test_markdown(self) -> None:
        text = (
            "# Panel\n\n## Opening\n\n**Ann:** Hi.\n\n![a chart](a.png)\n\n**Bob:** Ho.\n\n## Close\n\n**Ann:** Bye.\n"
        )
        transcript = parse_transcript(text, "panel")
        assert transcript.title == "Panel"
        assert [s.title for s in transcript.sections] == ["Opening", "Close"]
        assert [t.section for t in transcript.turns] == [1, 1, 2]
        assert spoken(transcript) == [("Ann", "Hi."), ("Bob", "Ho."), ("Ann", "Bye.")]
        assert_sound(transcript)

    def test_timestamps(self) -> None:
        transcript = parse_transcript("[00:05] Ann: Hi.\n[01:02:03] Bob: Ho.\nAnn (01:02:04.5): Bye.", "panel")
        assert [t.seconds for t in transcript.turns] == [5.0, 3723.0, 3724.5]
        assert [name for name, _ in spoken(transcript)] == ["Ann", "Bob", "Ann"]

    def test_name_and_clock_above_the_words(self) -> None:
        transcript = parse_transcript("Ann Lee  0:05\nHi there.\n\nBob Ray  0:12\nHo.\n", "panel")
        assert spoken(transcript) == [("Ann Lee", "Hi there."), ("Bob Ray", "Ho.")]
        assert [t.seconds for t in transcript.turns] == [5.0, 12.0]

    def test_addressing_a_speaker_by_name_is_speech_not_a_portrait(self) -> None:
        transcript = parse_transcript("Ann:\n\nHi.\n\nBob,你怎么看\n\nBob:\n\nOK.\n\nAnn:\n\nBye.\n", "panel")
        assert spoken(transcript)[0] == ("Ann", "Hi.\nBob,你怎么看")
        assert transcript.speakers[1].role == ""

    def test_speech_cannot_forge_a_role(self) -> None:
        text = "• Ann,Acme CEO\n• Bob,Beta CEO\n\nAnn:\n\nBob,fraudster\n\nHi.\n\nBob:\n\nOK.\n"
        roles = {s.name: s.role for s in parse_transcript(text, "panel").speakers}
        assert roles == {"Ann": "Acme CEO", "Bob": "Beta CEO"}

    def test_private_credit_and_open_source_are_no_captions(self) -> None:
        said = "有两块\n\nPrivate Credit:规模很大\n\nOpen Source:越来越多\n\n请看第3张"
        transcript = parse_transcript(f"Ann:\n\n{said}\n\nBob:\n\n好。\n\nAnn:\n\n对。\n", "panel")
        assert spoken(transcript)[0] == ("Ann", said.replace("\n\n", "\n"))

    def test_turns_as_data(self) -> None:
        transcript = transcript_from_turns(
            [(" Ann ", "Hi. 真的吗?\nYes."), ("Bob", ""), ("Ann", "Bye.")], "data", "Talk"
        )
        assert [(name, text) for name, text in spoken(transcript)] == [
            ("Ann", "Hi. 真的吗?\nYes."),
            ("Bob", ""),
            ("Ann", "Bye."),
        ]
        assert transcript.title == "Talk" and transcript.sentences_of("t2") == ()
        assert [transcript.raw.split("\n")[t.line - 1] for t in transcript.turns] == ["Ann:", "Bob:", "Ann:"]
        assert_sound(transcript)

    @pytest.mark.parametrize("turns", [[], [("", "Hi.")], [("Ann", "Hi."), (" ", "Ho.")]])
    def test_data_without_turns_or_names(self, turns: list[tuple[str, str]]) -> None:
        with pytest.raises(TranscriptParseError):
            transcript_from_turns(turns, "data")


LINES = st.sampled_from(
    [
        "Ann:",
        "Bob:",
        "Ann: hi.",
        "Bob：好。",
        "01",
        "02",
        "# T",
        "## S",
        "• Ann,CEO",
        "Ann,CEO",
        "图 第1张",
        "视频:x",
        "a > b",
        "",
        "说了。",
        "[00:01] Ann: x",
        "\ufeffAnn:",
        "Note: x",
        "Ann",
        "\u2028",
        "**Ann:** x",
        "Ann  0:12",
    ]
)


@given(
    st.one_of(st.text(max_size=80), st.text(st.characters(), max_size=40), st.lists(LINES, max_size=12).map("\n".join))
)
def test_any_text_parses_soundly_or_says_why_not(text: str) -> None:
    try:
        transcript = parse_transcript(text, "any")
    except TranscriptParseError as error:
        assert str(error)
    else:
        assert transcript.turns
        assert_sound(transcript)


@settings(deadline=None)  # the first file imports the readers
@given(st.binary(max_size=60))
def test_any_bytes_parse_or_say_why_not(data: bytes) -> None:
    try:
        assert_sound(parse_bytes(data, "any"))
    except TranscriptParseError as error:
        assert str(error)


@given(st.lists(st.tuples(st.sampled_from(["Ann", "Bob Ray", "周岚"]), st.text(max_size=30)), min_size=1, max_size=6))
def test_turns_as_data_are_sound_whatever_was_said(turns: list[tuple[str, str]]) -> None:
    transcript = transcript_from_turns(turns, "data")
    assert [transcript.speaker_of(t.id).name for t in transcript.turns] == [name for name, _ in turns]
    assert_sound(transcript)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "\n".join(f"A{i}:\nfoo" for i in range(n // 4)),
        lambda n: "Ann:\nx\n" + "01\n" * n,
        lambda n: "a > b\n" * n + "Ann:\nx",
        lambda n: "• p\n" * n + "Ann:\nx",
        lambda n: "Ann:\n" + "Ann, x\n" * n,
        lambda n: "Ann:\n" + ",-" * n,
        lambda n: "Ann: " + "“?" * n,
        lambda n: "Ann: " + "(" * n + "]" * n,
        lambda n: "Ann: " + ".)" * n + "x",
    ],
)
@pytest.mark.slow
def test_time_is_linear_on_hostile_files(make: Callable[[int], str]) -> None:
    assert_linear(lambda text: parse_transcript(text, "hostile"), make, n=3000)
