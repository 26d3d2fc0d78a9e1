from __future__ import annotations

from collections.abc import Callable
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.readers import cue_blocks
from corpus.readers import cues as module
from corpus.readers.cues import READERS
from corpus.readers.decode import decode
from corpus.readers.reading import Reading, Source
from corpus.tests.clock import assert_linear
from corpus.words import words_of

CASES = Path(__file__).parents[2] / "tests" / "cases"

Turns = list[tuple[str | None, str]]


def read(data: str | bytes) -> Reading:
    data = data.encode() if isinstance(data, str) else data
    source = Source(data, "file", decode(data))
    reader = max(READERS, key=lambda reader: reader.claims(source))
    assert reader.claims(source) > 0, "no reader claims it"
    reading = reader.read(source)
    assert reading.raw == source.text
    return sound(reading)


def sound(reading: Reading) -> Reading:
    """Asserts that pieces are in order, within their lines and without white space at their ends."""
    for turn in reading.turns:
        pieces = [piece for paragraph in turn.paragraphs for piece in paragraph]
        assert pieces and all(piece.start < piece.end <= len(reading.raw) for piece in pieces)
        assert all(before.end <= after.start for before, after in pairwise(pieces))
        for piece in pieces:
            words = reading.raw[piece.start : piece.end]
            assert words == words.strip() and "\n" not in words
    return reading


def said(reading: Reading) -> Turns:
    made = []
    for turn in reading.turns:
        spans = [(piece.start, piece.end) for paragraph in turn.paragraphs for piece in paragraph]
        made.append((turn.name, words_of(reading.raw, spans, reading.notation)))
    return made


def srt(*cues: str, newline: str = "\n") -> str:
    """One cue every two seconds."""
    times = [f"00:{2 * n // 60:02}:{2 * n % 60:02}" for n in range(len(cues) + 1)]
    blocks = [f"{n + 1}\n{times[n]},000 --> {times[n + 1]},000\n{cue}\n" for n, cue in enumerate(cues)]
    return "\n".join(blocks).replace("\n", newline)


def vtt(*cues: str) -> str:
    return "WEBVTT\n\n" + srt(*cues).replace(",000", ".000")


HARBOUR = [
    ("Nora Field", "Good evening. Tonight: should the city build a tunnel under the harbour, or a second bridge?"),
    ("Tomas Weil", "A tunnel. It costs 410 million, but it never closes for wind, and the old bridge closed 38 days "
     "last year."),
    ("Ines Braga", "I disagree. The bridge costs 260 million and opens two years earlier. The port cannot wait."),
    ("Nora Field", "Who pays the difference if the city chooses the tunnel?"),
    ("Tomas Weil", "Tolls pay half of it. The other half is a loan over thirty years."),
    ("Ines Braga", "Tolls will push trucks through the old town, and nobody asked the people who live there."),
]  # fmt: skip
SOLAR = [
    ("Hana Sato", "Welcome to the co-op's meeting on the solar field north of the village."),
    ("Leo Brandt", "The field pays back in eleven years, and we keep the grazing rights under the panels."),
    ("Mira Costa", "Eleven years is a guess. The inverter has to be replaced after nine, and that alone is 70,000 "
     "euros."),
    ("Hana Sato", "Leo, is the inverter in your budget?"),
    ("Leo Brandt", "No, it is not. I counted on the ten-year warranty."),
    ("Mira Costa", "Then I vote against it until the numbers are complete."),
]  # fmt: skip
FRIDAY = [
    ("Nora Field", "We are live."),
    ("Tomas Weil", "Hello."),
    ("Nora Field", "The vote is on Friday."),
    ("Ines Braga | Port", "I will not be there on Friday."),
    ("Nora Field", "Noted."),
    ("Tomas Weil", "I will."),
]


class TestCases:
    @pytest.mark.parametrize(
        ("name", "turns", "seconds"),
        [
            ("08-zoom.vtt", HARBOUR, [0.0, 9.0, 24.0, 36.0, 41.0, 52.0]),
            ("09-teams.vtt", SOLAR, [0.12, 8.12, 21.12, 35.12, 39.12, 47.12]),
            ("10-named.srt", HARBOUR, [0.0, 9.0, 24.0, 36.0, 41.0, 52.0]),
            ("11-srt-name-on-own-line.srt", SOLAR, [0.0, 8.0, 21.0, 35.0, 39.0, 47.0]),
            ("24-name-once-in-cues.vtt", FRIDAY, [0.0, 5.0, 9.0, 14.0, 19.0, 24.0]),
        ],
    )
    def test_turns_names_and_times(self, name: str, turns: Turns, seconds: list[float]) -> None:
        reading = read((CASES / name).read_bytes())
        assert said(reading) == turns
        assert [turn.seconds for turn in reading.turns] == seconds
        assert reading.doubts == () and reading.title == ""

    def test_a_piece_has_the_time_of_its_cue(self) -> None:
        turn = read((CASES / "10-named.srt").read_bytes()).turns[1]
        assert [piece.seconds for piece in turn.paragraphs[0]] == [9.0, 14.0, 19.0]


# Turns rendered in each style read back to those turns.

NAMES = ["Nora Field", "Tomas Weil", "Ines Braga", "J. R. van der Berg", "Dr. Eva Maas"]
SENTENCES = [
    "The bridge costs 260 million and opens two years earlier.",
    "Note: this is only the first draft of the plan.",
    "We have two ways to pay for it: tolls, or a loan over thirty years.",
    "Who asked the people (those who live there) about it?",
    "No!",
    "It closes at 10:30 on most days, as Ines said.",
    "R&D is cheap - the rest is not.",
    "Yes, yes, and yes again...",
]


def joined(turns: list[tuple[str, str]]) -> Turns:
    """Turns of one person in a row are one."""
    return [(name, " ".join(words for _, words in group)) for name, group in groupby(turns, key=lambda turn: turn[0])]


# Two people at least, and several turns: who is named at the beginning only is not believed.
TURNS = (
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join)),
        min_size=4,
        max_size=12,
    )
    .map(joined)
    .filter(lambda turns: len(turns) > 3)
)


def cut(words: str, size: int) -> list[str]:
    tokens = words.split()
    return [" ".join(tokens[at : at + size]) for at in range(0, len(tokens), size)]


def in_every_cue(form: str) -> Callable[[str, list[str]], list[str]]:
    return lambda name, parts: [form.format(name=name, words=part) for part in parts]


def in_the_first_cue(form: str) -> Callable[[str, list[str]], list[str]]:
    return lambda name, parts: [form.format(name=name, words=parts[0]), *parts[1:]]


STYLES: dict[str, Callable[[str, list[str]], list[str]]] = {
    "voice tags": in_every_cue("<v {name}>{words}</v>"),
    "voice tags with classes, open": in_every_cue("<v.first.loud {name}>{words}"),
    "voice tag once": in_the_first_cue("<v {name}>{words}"),
    "colon in every cue": in_every_cue("{name}: {words}"),
    "colon once": in_the_first_cue("{name}: {words}"),
    "wide colon in every cue": in_every_cue("{name}：{words}"),
    "colon on a line once": in_the_first_cue("{name}:\n{words}"),
    "colon and italics": in_the_first_cue("<i>{name}:</i> {words}"),
    "bold": in_every_cue("<b>{name}</b>: {words}"),
    "dash and colon": in_the_first_cue("- {name}: {words}"),
    "chevrons and colon": in_the_first_cue(">> {name}: {words}"),
    "chevrons as entities": in_the_first_cue("&gt;&gt; {name}: {words}"),
    "square brackets in every cue": in_every_cue("[{name}] {words}"),
    "square brackets and colon": in_every_cue("[{name}]: {words}"),
    "square brackets once": in_the_first_cue("[{name}] {words}"),
    "dash and brackets": in_the_first_cue("- [{name}] {words}"),
    "round brackets once": in_the_first_cue("({name}) {words}"),
    "round brackets on a line": in_every_cue("({name})\n{words}"),
    "line": in_every_cue("{name}\n{words}"),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", [srt, vtt])
@settings(max_examples=8, deadline=None)
@given(turns=TURNS, size=st.integers(3, 9), newline=st.sampled_from(["\n", "\r\n", "\r"]))
def test_turns_read_back(style: str, form: Callable[..., str], turns: Turns, size: int, newline: str) -> None:
    cues = [cue for name, words in turns for cue in STYLES[style](name or "", cut(words, size))]
    reading = read(form(*cues).replace("\n", newline))
    assert said(reading) == turns
    assert all(turn.seconds is not None for turn in reading.turns)


@settings(max_examples=40, deadline=None)
@given(turns=TURNS, size=st.integers(3, 9), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_any_encoding(turns: Turns, size: int, encoding: str) -> None:
    turns = [(name, f"{words} Ça va – déjà là.") for name, words in turns]
    cues = [cue for name, words in turns for cue in STYLES["colon once"](name or "", cut(words, size))]
    assert said(read(srt(*cues).encode(encoding))) == turns


@settings(max_examples=30, deadline=None)
@given(turns=TURNS, size=st.integers(3, 9))
def test_sbv_and_timed_lines(turns: Turns, size: int) -> None:
    cues = [cue for name, words in turns for cue in STYLES["colon once"](name or "", cut(words, size))]
    sbv = "\n".join(f"0:{n:02}:00.500,0:{n:02}:59.000\n{cue}\n" for n, cue in enumerate(cues))
    assert said(read(sbv)) == turns
    words = " ".join(words for _, words in turns)
    plain = "\n".join(f"{n // 60}:{n % 60:02}:00\n{part}" for n, part in enumerate(cut(words, size) * 3))
    assert [words for _, words in said(read(plain))] == [" ".join([words] * 3)]


BLOCKS = [
    "1", "", "00:00:01,000 --> 00:00:02,000", "Ann: Yes.", "- No.", ">> BOB: &amp;", "<v Ann>Hi</v>", "[laughter]",
    "♪ la", "(Ann) a", "WEBVTT", "NOTE x", "<i>a</i>b", "{\\an8}c", "--> x", "00:00:01,0 --> x", "好[笑]的",
]  # fmt: skip


@given(st.lists(st.sampled_from(BLOCKS), max_size=30))
def test_any_blocks_are_read_or_refused_in_a_sentence(lines: list[str]) -> None:
    text = "00:00:00,000 --> 00:00:01,000\n" + "\n".join(lines)
    try:
        sound(READERS[1].read(Source(text.encode(), "file", text)))
    except TranscriptParseError as error:
        assert "no cue has words" in str(error)


class TestShapes:
    def test_identifiers_with_names(self) -> None:
        text = vtt("Good evening.", "Hello.", "Fine.")
        for number, name in enumerate(("Nora Field", "Tomas Weil", "Nora Field"), start=1):
            text = text.replace(f"\n{number}\n", f'\n{number} "{name}" (40{number})\n')
        assert said(read(text)) == [("Nora Field", "Good evening."), ("Tomas Weil", "Hello."), ("Nora Field", "Fine.")]

    def test_two_voices_and_words_of_neither_in_a_cue(self) -> None:
        turns = said(read(vtt("<v Nora>Yes.</v> <v Tomas>No.</v> Oh.", "<v Nora>R&amp;D &#39;s fine</v>")))
        assert turns == [("Nora", "Yes."), ("Tomas", "No."), (None, "Oh."), ("Nora", "R&D 's fine")]

    def test_a_voice_tag_and_the_same_name_before_the_words(self) -> None:
        assert said(read(vtt("<v Nora Field>Nora Field: Yes.", "<v Tom &amp; Al>No: why?"))) == [
            ("Nora Field", "Yes."),
            ("Tom & Al", "No: why?"),
        ]

    def test_chevrons_without_a_name_are_somebody_unknown(self) -> None:
        cues = (">> NORA: Tunnel or\nbridge?", ">> TOMAS: A tunnel. >> INES: A bridge.", ">> The port.",
            ">>> NORA: Thanks.", "Good night.")  # fmt: skip
        turns = [("NORA", "Tunnel or bridge?"), ("TOMAS", "A tunnel."), ("INES", "A bridge."), (None, "The port."),
            ("NORA", "Thanks. Good night.")]  # fmt: skip
        assert said(read(srt(*cues))) == turns
        assert said(read(srt(*(cue.replace(">", "&gt;") for cue in cues)))) == turns

    def test_dashes_in_a_cue_change_the_speaker(self) -> None:
        reading = read(
            srt(
                "NORA: Where were you?",
                "- At home.\n- All night?",
                "TOMAS: Yes.",
                "NORA: Well?",
                "- It is - 5 km\n- 6 km.",
            )
        )
        assert said(reading) == [("NORA", "Where were you?"), (None, "At home."), (None, "All night?"),
            ("TOMAS", "Yes."),
            ("NORA", "Well?"), (None, "It is - 5 km - 6 km.")]  # fmt: skip

    def test_named_dashes_on_one_line(self) -> None:
        reading = read(srt("- MITCH: Yes, sir. - ANNE: A question.", "MITCH: Go on.", "ANNE: It is late."))
        assert said(reading)[:2] == [("MITCH", "Yes, sir."), ("ANNE", "A question.")]

    def test_names_in_round_brackets_below_dashes(self) -> None:
        reading = read(
            srt(
                "(Nora Field)\nWhat is your",
                "(Nora Field)\nview?\n-\n \n(Ines Braga)\nThe port",
                "(Nora Field)\nThanks",
            )
        )
        assert said(reading) == [
            ("Nora Field", "What is your view?"),
            ("Ines Braga", "The port"),
            ("Nora Field", "Thanks"),
        ]

    def test_japanese_brackets_and_sounds(self) -> None:
        cues = (
            "（佐野）ただいまから会議を\n開きます。",
            "（森）運賃を下げるべきです。",
            "（拍手）",
            "（佐野）以上です。",
        )
        assert said(read(srt(*cues))) == [
            ("佐野", "ただいまから会議を開きます。"),
            ("森", "運賃を下げるべきです。"),
            ("佐野", "以上です。"),
        ]

    def test_numbered_speakers_of_a_machine(self) -> None:
        reading = read(
            srt("[SPEAKER_00]: One.", "[SPEAKER_00]: Two.", "[SPEAKER_01]: Aye.", "Aye.", "[SPEAKER_01]: No.")
        )
        assert said(reading) == [
            ("SPEAKER_00", "One. Two."),
            ("SPEAKER_01", "Aye."),
            (None, "Aye."),
            ("SPEAKER_01", "No."),
        ]
        assert [(doubt.line, "names no speaker" in doubt.why) for doubt in reading.doubts] == [(15, True)]


class TestDoubt:
    HEARING = ("Nora Field: Good evening.", "Thank you for coming.", "Tomas Weil: Two points.", "There are tolls.",
        "And loans.",
        "Nora Field: I see.", "Is that so?", "Tomas Weil: It is.", "We know that.")  # fmt: skip

    def test_a_remark_with_a_colon_is_no_speaker(self) -> None:
        turns = said(read(srt(*self.HEARING[:4], "Note: this is a draft.", *self.HEARING[4:])))
        assert turns[1] == ("Tomas Weil", "Two points. There are tolls. Note: this is a draft. And loans.")

    def test_what_may_be_a_name_is_nobodys_and_announced(self) -> None:
        reading = read(srt(*self.HEARING[:4], "Ines: I object.", *self.HEARING[4:]))
        assert said(reading)[1:3] == [
            ("Tomas Weil", "Two points. There are tolls."),
            (None, "Ines: I object. And loans."),
        ]
        assert [doubt.line for doubt in reading.doubts] == [19] and "'Ines' may name a speaker" in reading.doubts[0].why

    def test_words_within_a_sentence_are_no_name(self) -> None:
        turns = said(read(srt(*self.HEARING[:4], "We follow", "New Holland: a good model.", *self.HEARING[4:])))
        assert (None, "New Holland: a good model. And loans.") in turns or len(turns) == 4

    def test_who_speaks_once_counts_where_every_cue_has_a_name(self) -> None:
        cues = ("Nora: We are live", "Nora: at last", "Tomas: and", "Ines B | Port (she/her): No!",
            "nora's ipad: can you", "Tomas: hear", "+1 415 555 0100: me")  # fmt: skip
        assert [name for name, _ in said(read(vtt(*cues)))] == [
            "Nora", "Tomas", "Ines B | Port (she/her)", "nora's ipad", "Tomas", "+1 415 555 0100",
        ]  # fmt: skip

    def test_one_name_does_not_take_everybodys_words(self) -> None:
        reading = read(srt("Interviewer: Where were you?", "At home.", "Interviewer: And then?", "I slept."))
        assert {name for name, _ in said(reading)} == {None}
        assert any("Interviewer" in doubt.why for doubt in reading.doubts)

    def test_a_motto_at_the_beginning_does_not_name_whoever_speaks_then(self) -> None:
        motto = ("Calvin: You know, I am no wizard.", "Hobbes: I believe you.", "Calvin: Not one bit.")
        reading = read(srt(*motto, *["That was from a book that I like."] * 30))
        assert {name for name, _ in said(reading)} == {None}

    def test_steps_and_titles_on_the_screen_are_nobody(self) -> None:
        words = ["we mix the flour and the water."] * 10
        reading = read(
            srt(*words, "Step 1: the flour.", *words, "Step 2: the water.", *words, "Step 3: the fire.", *words)
        )
        assert {name for name, _ in said(reading)} == {None}
        titles = read(
            srt(*words, "[THE FLOUR]", *words, "[KEY POINT 1]\nit rises", "[KEY POINT 1]\nfast", "[THE FIRE]", *words)
        )
        assert {name for name, _ in said(titles)} == {None}

    def test_no_names_at_all(self) -> None:
        reading = read(srt("so what we have here", "is a talk without names"))
        assert said(reading) == [(None, "so what we have here is a talk without names")]
        assert [doubt.line for doubt in reading.doubts] == [0]

    def test_a_time_that_cannot_be_read(self) -> None:
        reading = read(
            vtt("Nora Field: Hi.", "Tomas Weil: Yes.", "Nora Field: No.").replace("00:00:02.000 -->", "00:00:0x -->")
        )
        assert [turn.seconds for turn in reading.turns] == [0.0, None, 4.0]
        assert [doubt.line for doubt in reading.doubts] == [8]

    @pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\n00:00.000 --> 00:01.000\n[Music]\n"])
    def test_no_words_is_one_sentence(self, text: str) -> None:
        with pytest.raises(TranscriptParseError, match=r"^This looks like WebVTT, but no cue has words; write .*\.$"):
            read(text)


class TestBlocks:
    def test_rolling_captions_are_said_once(self) -> None:
        text = (
            "WEBVTT\nKind: captions\n\n"
            "00:00:00.160 --> 00:00:02.869 align:start position:0%\n \n"
            "welcome<00:00:00.480><c> to</c><00:00:00.640><c> it</c>\n\n"
            "00:00:02.869 --> 00:00:02.879 align:start position:0%\nwelcome to it\n \n\n"
            "00:00:02.879 --> 00:00:05.000\nwelcome to it\n"
            "&gt;&gt;<00:00:03.000><c> bridges</c><00:00:03.100><c> matter</c>\n\n"
            "00:00:05.000 --> 00:00:05.010\n&gt;&gt; bridges matter\n \n\n"
            "00:00:05.010 --> 00:00:07.000\n&gt;&gt; bridges matter\nand<00:00:06.000><c> so</c>\n"
        )
        reading = read(text)
        assert said(reading) == [(None, "welcome to it"), (None, "bridges matter and so")]
        assert [(turn.seconds, len(turn.paragraphs[0])) for turn in reading.turns] == [(0.16, 1), (2.879, 3)]

    def test_rolling_subtitles_of_three_lines(self) -> None:
        reading = read(srt("a one", "a one\nb two", "a one\nb two\nc three", "b two\nc three\nd four"))
        assert said(reading) == [(None, "a one b two c three d four")]

    def test_who_says_the_same_twice_says_it_twice(self) -> None:
        assert said(read(srt("Nora: Aye.", "Tomas: Aye.", "Tomas: Aye.", "Nora: Aye.")))[1] == ("Tomas", "Aye. Aye.")

    def test_segments_of_a_stream_put_together(self) -> None:
        part = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:01.000 --> 00:02.000\nAnn: One\n\n"
        assert said(read(part + part + "00:02.000 --> 00:03.000\nBob: two\n")) == [("Ann", "One"), ("Bob", "two")]

    def test_notes_styles_settings_and_identifiers_are_no_words(self) -> None:
        text = (
            "WEBVTT - Tunnel or bridge\nLanguage: en\n\nNOTE Confidence: 0.9\n\n"
            "STYLE\n::cue { color: red }\n\nREGION\nid:fred\n\n"
            "intro\n00:01.000 --> 00:02.000 line:0 position:20%\n<v Ann>One\n\nNOTE\ntwo\nlines\n\n"
            "0d1f-77c1/10-0\n00:02.000 --> 00:03.000\n<v Bob>Two</v>\n"
        )
        reading = read(text)
        assert reading.title == "Tunnel or bridge" and ("Language", "en") in reading.facts
        assert said(reading) == [("Ann", "One"), ("Bob", "Two")]

    def test_times_in_seconds_alone(self) -> None:
        reading = read("WEBVTT\n\n0.860 --> 7.380\n<v Ann>One\n\n10.100 --> 13.480\n<v Bob>Two\n")
        assert [(turn.name, turn.seconds) for turn in reading.turns] == [("Ann", 0.86), ("Bob", 10.1)]

    def test_no_blank_lines_between_cues(self) -> None:
        text = srt("Ann: 12", "Bob: two", "Ann: 3\n4").replace("\n\n", "\n")
        assert said(read(text)) == [("Ann", "12"), ("Bob", "two"), ("Ann", "3 4")]

    def test_blank_lines_within_a_cue(self) -> None:
        assert said(read(srt("Ann: One.\n\nTwo.", "Bob: Three.")))[0] == ("Ann", "One. Two.")

    def test_cues_out_of_order_stay_in_the_order_of_the_file(self) -> None:
        reading = read("WEBVTT\n\n00:05.000 --> 00:07.000\n<v Ann>Later.\n\n00:01.000 --> 00:06.000\n<v Bob>Earlier.\n")
        assert [(turn.name, turn.seconds) for turn in reading.turns] == [("Ann", 5.0), ("Bob", 1.0)]

    @pytest.mark.parametrize(
        ("cue", "words"),
        [
            ("<i>Hello</i>, world", "Hello, world"),
            ("un<b>believ</b>able", "unbelievable"),
            ("{\\an8}Hi {\\i1}you{\\i0}", "Hi you"),
            ("He said<br>no.", "He said no."),
            ("[laughter] Yes. (applause)", "Yes."),
            ("[audience\nlaughs] Yes.", "Yes."),
            ("♪ la la ♪ Yes. ♪", "Yes."),
            ("he sold [the company] then (which I doubt)", "he sold [the company] then (which I doubt)"),
            ("(SIGHS) I know", "I know"),
            ("<ruby>橋<rt>はし</rt></ruby>です[笑]ね", "橋ですね"),
            ("up. [&nbsp;__&nbsp;] you", "up. [\xa0__\xa0] you"),
            ("AT&amp;T &lt;3", "AT&T <3"),
            ("at https://example.org/a: yes", "at https://example.org/a: yes"),
            ("10:30 is late", "10:30 is late"),
        ],
    )
    def test_words_of_a_cue(self, cue: str, words: str) -> None:
        assert said(read(srt("so it goes", cue, "and on it goes"))) == [(None, f"so it goes {words} and on it goes")]

    def test_paragraphs_end_at_pauses_and_never_within_a_sentence(self) -> None:
        text = (
            srt("It is late.", "We go", "home.", "Good night.")
            .replace("00:00:08,000", "00:00:59,000")
            .replace("00:00:06,000 -->", "00:00:30,000 -->")
        )
        assert len(read(text).turns[0].paragraphs) == 2
        long = read(srt(*["no full stop in any of these words"] * 60)).turns[0].paragraphs
        assert len(long) > 4


class TestTimedLines:
    @pytest.mark.parametrize(
        "text",
        [
            "0:00 so welcome\n0:03 to the talk\n1:09 on ferries\n",
            "0:00\nso welcome\n0:03\nto the talk\n1:09\non ferries\n",
            "0:00\n0 seconds\nso welcome\n0:03\n3 seconds\nto the talk\n1:09\n1 minute, 9 seconds\non ferries\n",
            "[00:00.000 --> 00:03.000]  so welcome\n[00:03.000 --> 00:09.000]  to the talk\n"
            "[01:09.000 --> 01:12.000]  on ferries\n",
            "[00:00] so welcome\n[00:03] to the talk\n[01:09] on ferries\n",
            "00:00:00 - 00:00:03 so welcome\n00:00:03 - 00:00:09 to the talk\n00:01:09 - 00:01:12 on ferries\n",
        ],
    )
    def test_flavours(self, text: str) -> None:
        reading = read(text)
        assert said(reading) == [(None, "so welcome to the talk on ferries")]
        assert [piece.seconds for paragraph in reading.turns[0].paragraphs for piece in paragraph] == [0.0, 3.0, 69.0]

    @pytest.mark.parametrize(
        "text",
        [
            "Ann: It is 0:03 now.\nBob: Yes.\n",
            "12:30 pm we met\nthen we left\n",
            "[00:12] Ann Lee: Yes.\n[00:14] Bob Ray: No.\n[00:15] Ann Lee: Oh.\n[00:16] Bob Ray: Hm.\n",
            "00:05:00\tAnn Lee:\tYes.\n00:05:09\tBob Ray:\tNo.\n00:05:11\tAnn Lee:\tYes.\n00:05:19\tBob Ray:\tNo.\n",
            "",
        ],
    )
    def test_labelled_text_is_left_to_its_reader(self, text: str) -> None:
        source = Source(text.encode(), "file", text)
        assert max(reader.claims(source) for reader in READERS) < 0.1


def read_whatever_comes(text: str) -> None:
    source = Source(b"", "file", text)
    assert all(reader.claims(source) >= 0 for reader in READERS)
    try:
        READERS[1].read(source)
    except TranscriptParseError as error:
        assert "no cue has words" in str(error)


@pytest.mark.parametrize("cue", ["Ann: yes.", "<v Ann>yes", "- Yes.\n- No.", "[a] b", "♪", "((((", ">> "])
@pytest.mark.slow
def test_time_is_linear_in_the_cues(cue: str) -> None:
    assert_linear(read_whatever_comes, lambda n: srt(*[cue] * n), 300)


PARTS = [
    "a\n",
    ">> a\n",
    "- A\n",
    "[Ab] ",
    "! ",
    "<i>a",
    "<c> a",
    "♪ ",
    "Ann: a\n",
    "(",
    "a. - B ",
    "&gt;&gt;",
    "<v Ann>a",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.slow
def test_time_is_linear_in_the_length_of_a_cue(part: str) -> None:
    assert_linear(read_whatever_comes, lambda n: srt("so", part * n + "a", "yes"), 2000)


def test_too_many_cues_are_refused_with_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cue_blocks, "MAX_CUES", 2)
    with pytest.raises(TranscriptParseError, match=r"^Line 10: There are more than 2 cues; split the file\.$"):
        read(srt("a", "b", "c"))


def test_an_endless_cue_is_refused_with_its_line() -> None:
    with pytest.raises(TranscriptParseError, match=r"^Line 6: The cue has more than 200,000 characters; split it\.$"):
        READERS[1].read(Source(b"", "file", srt("Ann: a", "so it goes\n" * 20_001)))


def test_too_many_turns_are_refused_with_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TURNS", 7)
    with pytest.raises(TranscriptParseError, match=r"^Line 19: There are more than 7 turns; split the file\.$"):
        read(srt(*["- Yes.\n- No."] * 5))
