"""JSON is read by its shape: whose words, in which order, at which second, whatever product wrote it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.readers.json_forms import JsonForms
from corpus.readers.reading import Reading, Source
from corpus.words import words_of

CASES = Path(__file__).parents[2] / "tests" / "cases"


def read_text(text: str) -> Reading:
    source = Source(text.encode(), "a.json", text)
    assert JsonForms().claims(source) > 0.9
    reading = JsonForms().read(source)
    for turn in reading.turns:
        for paragraph in turn.paragraphs:
            for piece in paragraph:
                assert reading.raw[piece.start : piece.end].strip() == reading.raw[piece.start : piece.end] != ""
    return reading


def read(document: Any) -> Reading:
    return read_text(json.dumps(document, ensure_ascii=False))


def said(reading: Reading) -> list[tuple[str | None, str]]:
    """Who said what, paragraphs joined by a bar."""
    return [
        (turn.name, "|".join(words_of(reading.raw, [(p.start, p.end) for p in part]) for part in turn.paragraphs))
        for turn in reading.turns
    ]


def times(reading: Reading) -> list[float | None]:
    return [turn.seconds for turn in reading.turns]


def piece_times(reading: Reading, turn: int) -> list[float | None]:
    return [piece.seconds for part in reading.turns[turn].paragraphs for piece in part]


def case(name: str) -> Reading:
    return read_text((CASES / name).read_text(encoding="utf-8"))


def test_whisperx_segment_without_speaker_is_given_to_nobody() -> None:
    reading = case("12-whisperx.json")
    assert reading.form == "WhisperX JSON"
    assert [turn.name for turn in reading.turns] == [
        "SPEAKER_00", "SPEAKER_01", "SPEAKER_02", None, "SPEAKER_01", "SPEAKER_02",
    ]  # fmt: skip
    assert times(reading) == [0.0, 9.0, 24.0, 36.0, 41.0, 52.0]
    assert said(reading)[3] == (None, "Who pays the difference if the city chooses the tunnel?")


def test_podcasting20_words_are_joined_to_sentences() -> None:
    reading = case("13-podcasting20.json")
    assert reading.form == "Podcasting 2.0 JSON"
    assert said(reading)[1] == (
        "Leo Brandt",
        "The field pays back in eleven years, and we keep the grazing rights under the panels.",
    )
    assert times(reading) == [0.0, 8.0, 21.0]
    assert piece_times(reading, 2) == [21.0, 23.5]


def test_youtube_words_are_nobodys_and_keep_their_blanks() -> None:
    reading = case("35-youtube.json3")
    assert reading.form == "YouTube json3"
    assert [turn.name for turn in reading.turns] == [None]
    assert said(reading)[0][1].startswith("Good evening. Tonight: should the city build a tunnel")
    assert 41.0 in piece_times(reading, 0)


def word(text: str, start: float, **more: Any) -> dict[str, Any]:
    return {"text": text, "start": start, **more}


def test_assemblyai_milliseconds_become_seconds_and_sentences_have_the_time_of_their_first_word() -> None:
    first = [word("Hi", 250), word("there.", 500), word("And", 12_500), word("so.", 12_900)]
    document = {
        "audio_url": "https://example.org/a.mp3",
        "text": "Hi there. And so. You?",
        "words": [*first, word("You?", 61_000)],
        "utterances": [
            {"speaker": "A", "text": "Hi there. And so.", "start": 250, "words": first},
            {"speaker": "B", "text": "You?", "start": 61_000, "words": [word("You?", 61_000)]},
        ],
        "chapters": [{"headline": "All", "summary": "A summary that is longer than all that was said in here."}],
    }
    reading = read(document)
    assert said(reading) == [("Speaker A", "Hi there. And so."), ("Speaker B", "You?")]
    assert piece_times(reading, 0) == [0.25, 12.5]
    assert reading.recording == "https://example.org/a.mp3"


def test_deepgram_words_listed_three_times_are_read_once() -> None:
    words = [
        {"word": "hello", "punctuated_word": "Hello.", "start": 0.1, "speaker": 0},
        {"word": "yes", "punctuated_word": "Yes", "start": 5.1, "speaker": 1},
        {"word": "indeed", "punctuated_word": "indeed.", "start": 5.4, "speaker": 1},
    ]
    paragraphs = [
        {"speaker": 0, "start": 0.1, "sentences": [{"text": "Hello.", "start": 0.1}]},
        {"speaker": 1, "start": 5.1, "sentences": [{"text": "Yes indeed.", "start": 5.1}]},
    ]
    best = {"transcript": "Hello. Yes indeed.", "words": words, "paragraphs": {"paragraphs": paragraphs}}
    reading = read({"results": {"channels": [{"alternatives": [best, {"transcript": "Yellow."}]}]}})
    assert said(reading) == [("Speaker 0", "Hello."), ("Speaker 1", "Yes indeed.")]
    assert times(reading) == [0.1, 5.1]


def test_aws_speaker_labels_by_start_time_reach_the_words() -> None:
    def item(content: str, start: str | None = None) -> dict[str, Any]:
        timed = {"start_time": start, "type": "pronunciation"} if start else {"type": "punctuation"}
        return {**timed, "alternatives": [{"content": content}, {"content": "wrong"}]}

    labels = [
        {"speaker_label": who, "items": [{"start_time": at, "speaker_label": who} for at in ats]}
        for who, ats in (("spk_0", ["0.0"]), ("spk_1", ["2.0", "2.6", "2.9"]))
    ]
    items = [
        item("Hello", "0.0"),
        item("."),
        item("Yes", "2.0"),
        item(","),
        item("I", "2.6"),
        item("do", "2.9"),
        item("."),
    ]
    reading = read({"jobName": "j", "results": {"speaker_labels": {"segments": labels}, "items": items}})
    assert said(reading) == [("spk_0", "Hello."), ("spk_1", "Yes, I do.")]
    assert times(reading) == [0.0, 2.0]


def test_google_last_result_repeats_all_words_and_alone_is_read() -> None:
    def words(tag: int | None) -> list[dict[str, Any]]:
        pairs = [("hello", "0s", 1), ("all", "1.300s", 1), ("yes", "3s", 2)]
        return [{"word": w, "startTime": at, **({"speakerTag": who} if tag else {})} for w, at, who in pairs]

    results = [{"alternatives": [{"transcript": "hello all yes", "words": words(tag)}]} for tag in (None, 1)]
    assert said(read({"results": results})) == [("Speaker 1", "hello all"), ("Speaker 2", "yes")]


def test_azure_ticks_durations_and_best_reading() -> None:
    def phrase(who: int, offset: str, display: str) -> dict[str, Any]:
        best = [{"lexical": display.lower(), "display": display}, {"display": "worse"}]
        return {"speaker": who, "offset": offset, "offsetInTicks": 7.0, "nBest": best}

    phrases = [phrase(1, "PT0.07S", "Hello all."), phrase(2, "PT1M3.5S", "Yes, it is.")]
    reading = read({"combinedRecognizedPhrases": [{"display": "Hello all."}], "recognizedPhrases": phrases})
    assert said(reading) == [("Speaker 1", "Hello all."), ("Speaker 2", "Yes, it is.")]
    assert times(reading) == [0.07, 63.5]


def test_rev_elements_bring_their_own_blanks_and_speakers_their_names() -> None:
    values = [
        ("text", "Hi"),
        ("punct", ","),
        ("punct", " "),
        ("text", "I'm"),
        ("punct", " "),
        ("text", "here"),
        ("punct", "."),
    ]
    elements = [{"type": kind, "value": value, "ts": 0.75} for kind, value in values]
    monologues = [{"speaker": 0, "elements": elements}, {"speaker": 1, "elements": [{"type": "text", "value": "Yes."}]}]
    speakers = [{"id": 0, "name": "Ann Lee"}, {"id": 1, "name": "Bob Ray"}]
    reading = read({"speakers": speakers, "monologues": monologues})
    assert said(reading) == [("Ann Lee", "Hi, I'm here."), ("Bob Ray", "Yes.")]


def test_otter_counts_samples() -> None:
    records = [
        {"transcript": "Hello all.", "start_offset": 16_000, "speaker_id": 11},
        {"transcript": "No idea.", "start_offset": 640_000, "speaker_id": None},
    ]
    reading = read(
        {"speech": {"title": "Standup", "speakers": [{"id": 11, "speaker_name": "Ann"}], "transcripts": records}}
    )
    assert (said(reading), times(reading)) == ([("Ann", "Hello all."), (None, "No idea.")], [1.0, 40.0])
    assert reading.title == "Standup"


def test_answers_about_a_meeting_are_not_read_as_the_meeting() -> None:
    turns = [
        ("Marketing", "{vocalsound} Are we {disfmarker} here ?"),
        ("Marketing", "Yes ."),
        ("PhD A", "{vocalsound}"),
    ]
    document = {
        "general_query_list": [
            {"query": "Summarise.", "answer": "A long answer, longer than all of the meeting itself."}
        ],
        "meeting_transcripts": [{"speaker": who, "content": words} for who, words in turns],
    }
    assert said(read(document)) == [("Marketing", "Are we here ?"), ("Marketing", "Yes .")]


def test_arrays_in_parallel_are_turns() -> None:
    reading = read(
        {"title": "Bees", "date": "2012-06-04", "utt": ["Welcome.", "Thanks."], "speaker": ["ANN, HOST", "BOB"]}
    )
    assert said(reading) == [("ANN, HOST", "Welcome."), ("BOB", "Thanks.")]
    assert (reading.title, reading.date, reading.form) == ("Bees", "2012-06-04", "MediaSum JSON")


def test_court_sections_turns_and_blocks() -> None:
    def turn(who: str | None, at: float, *texts: str) -> dict[str, Any]:
        blocks = [{"text": text, "start": at + number} for number, text in enumerate(texts)]
        return {"start": at, "speaker": who and {"ID": 1, "name": who, "roles": None}, "text_blocks": blocks}

    sections = [{"turns": [turn("Ann B. Lee", 0, "May it please the court.", "We say no."), turn(None, 5, "Why?")]}]
    reading = read({"title": "Oral Argument - February 29, 1956", "transcript": {"sections": sections}})
    assert said(reading) == [("Ann B. Lee", "May it please the court. We say no."), (None, "Why?")]
    assert piece_times(reading, 0) == [0.0, 1.0]
    assert reading.date == "1956-02-29"


def test_diet_minutes_lose_their_labels_and_the_head_is_nobodys() -> None:
    records = [
        {"speechOrder": 0, "speaker": "会議録情報", "speech": "令和六年一月二十六日"},
        {
            "speechOrder": 1,
            "speaker": "佐野一郎",
            "speech": "○議長（佐野一郎君）　これより会議を開きます。\r\n　――――◇――――",
        },
        {
            "speechOrder": 2,
            "speaker": "森花子",
            "speakerGroup": "緑の会",
            "speech": "○森花子君　反対です。\r\n　理由を述べます。",
        },
    ]
    reading = read({"meetingRecord": [{"nameOfMeeting": "本会議", "date": "2024-01-26", "speechRecord": records}]})
    assert said(reading) == [("佐野一郎", "これより会議を開きます。"), ("森花子", "反対です。|理由を述べます。")]
    assert [turn.role for turn in reading.turns] == ["議長", "緑の会"]
    assert (reading.title, reading.form) == ("本会議", "Kokkai JSON")


def test_record_of_congress_notes_of_the_clerk_are_nobodys() -> None:
    content = [
        {"kind": "speech", "speaker": "Mr. HALE", "text": "  Mr. HALE. I rise.", "speaker_bioguide": "H1", "itemno": 0},
        {"kind": "recorder", "speaker": "The RECORDER", "text": "The material was ordered to be printed.", "itemno": 1},
    ]
    reading = read({"title": "FERRIES", "content": content})
    assert said(reading) == [("Mr. HALE", "I rise.")]
    assert [editorial.text for editorial in reading.editorials] == ["The material was ordered to be printed."]


def test_chat_messages_stay_apart_and_joining_is_no_message() -> None:
    def message(user: str, name: str, text: str, at: str, **more: str) -> dict[str, Any]:
        return {"type": "message", "user": user, "user_profile": {"real_name": name}, "text": text, "ts": at, **more}

    reading = read(
        [
            message("U1", "Ann Lee", "hello there", "1709301600.0001"),
            message("U2", "Bob Ray", "<@U2> has joined the channel", "1709301700.0", subtype="channel_join"),
            message("U2", "Bob Ray", "hi", "1709301800.0"),
            message("U2", "Bob Ray", "again", "1709301801.0"),
        ]
    )
    assert said(reading) == [("Ann Lee", "hello there"), ("Bob Ray", "hi"), ("Bob Ray", "again")]
    assert (reading.form, reading.date, times(reading)) == ("Slack export", "2024-03-01", [None, None, None])


def test_telegram_text_in_parts_and_discord_nicknames() -> None:
    parts = ["See ", {"type": "link", "text": "https://example.org"}, " please"]
    telegram = {"name": "Harbour", "messages": [{"type": "message", "from": "Ann", "from_id": "user1", "text": parts}]}
    assert said(read(telegram)) == [("Ann", "See https://example.org please")]
    author = {"id": "9", "name": "ann77", "nickname": "Ann Lee"}
    discord = {"guild": {}, "channel": {}, "messages": [{"type": "Default", "content": "Hello", "author": author}]}
    assert said(read(discord)) == [("Ann Lee", "Hello")]


@pytest.mark.parametrize(
    "document",
    [
        [{"who": "Ann", "utterance": "Is it late?"}, {"who": "Bob", "utterance": "Yes."}],
        [{"role": "Ann", "content": "Is it late?"}, {"role": "Bob", "content": [{"type": "text", "text": "Yes."}]}],
        [{"meta": {"speaker": "Ann"}, "text": "Is it late?"}, {"meta": {"speaker": "Bob"}, "text": "Yes."}],
        [
            {"speaker": {"first_name": "Ann"}, "id": 1, "words": ["Is", "it", "late?"]},
            {"speaker": "Bob", "words": ["Yes."]},
        ],
        {"a": {"n": 1}, "turns": {"0": {"name": "Ann", "line": "Is it late?"}, "1": {"name": "Bob", "line": "Yes."}}},
        [{"Ann": "Is it late?"}, {"Bob": "Yes."}],
        {"data": [["speaker", "text"], ["Ann", "Is it late?"], ["Bob", "Yes."]]},
        {"part": {"x": [{"发言人": "Ann", "发言内容": "Is it late?"}, {"发言人": "Bob", "发言内容": "Yes."}]}},
        {"id": 7, "dialogue": "Ann: Is it late?\r\nBob: Yes.\r\nAnn: Oh."},
        {"lines": ["Ann: Is it late?", "Bob: Yes.", "Ann: Oh."]},
    ],
)
def test_shapes_without_a_product(document: Any) -> None:
    assert said(read(document))[:2] == [("Ann", "Is it late?"), ("Bob", "Yes.")]


def test_two_lists_of_one_talk_are_both_read_and_copies_are_not() -> None:
    remarks = [{"speaker": "Ann", "text": "We made ten million this quarter."}]
    answers = [{"speaker": "Bob", "text": "How did you make ten million, Ann?"}]
    assert [who for who, _ in said(read({"remarks": remarks, "questions": answers}))] == ["Ann", "Bob"]
    assert [who for who, _ in said(read({"raw": remarks, "clean": remarks}))] == ["Ann"]


def test_words_of_somebody_else_within_a_segment_are_a_doubt() -> None:
    words = [
        {"word": "Is", "start": 0, "score": 1, "speaker": "SPEAKER_00"},
        {"word": "Yes.", "start": 1, "score": 1, "speaker": "SPEAKER_01"},
    ]
    reading = read({"segments": [{"start": 0, "text": "Is it? Yes.", "speaker": "SPEAKER_00", "words": words}]})
    assert [doubt.line for doubt in reading.doubts] == [2]


def test_json_lines_and_the_line_that_is_broken() -> None:
    lines = [json.dumps({"speaker": who, "text": text}) for who, text in (("Ann", "Is it?"), ("Bob", "Yes."))]
    reading = read_text("\n".join(lines) + "\n")
    assert (reading.form, said(reading)) == ("JSON lines", [("Ann", "Is it?"), ("Bob", "Yes.")])
    with pytest.raises(TranscriptParseError, match=r"^Line 3: .*JSON lines"):
        read_text("\n".join([*lines, '{"speaker": "Ann", "te']))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"segments": [{"text": "a"', "column 27"),
        ('{"a": ' * 2000 + "1", "nested too deeply"),
        ("[" + "{}," * 700_000 + "{}]", "more than 600,000"),
        ('{"a": ' + "9" * 5000 + "}", "cannot be read"),
        ('{"version": "1", "items": [{"price": 3}]}', "no list in it has records with words"),
        ('[{"speaker": "Ann", "text": ""}]', "no list in it has records with words"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(TranscriptParseError, match=why):
        read_text(text)


@pytest.mark.parametrize("text", ["[00:12] Ann: Yes.", "{\\rtf1 Ann}", "Ann: [1] yes", '"Ann": yes'])
def test_other_texts_are_not_claimed(text: str) -> None:
    assert JsonForms().claims(Source(text.encode(), "a.txt", text)) == 0


NAMES = st.sampled_from(["Ann Lee", "Bob Ray", "周岚", None])
WORDS = st.text("ab c.,?é周。", min_size=1).map(lambda text: " ".join(f"x{text}".split()))


@given(st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=12), st.integers(0, 2))
def test_known_turns_read_back(turns: list[tuple[str | None, str]], shape: int) -> None:
    records = [{"speaker": who, "text": words} for who, words in turns]
    document: Any = [
        records,
        {"meeting": {"turns": records}},
        {"utt": [w for _, w in turns], "speaker": [n for n, _ in turns]},
    ]
    got: list[list[str | None]] = []
    for who, words in said(read(document[shape])):
        got.append([who, words.replace("|", " ")])
    together = "".join("".join((who or "", words)) for who, words in turns).replace(" ", "")
    assert "".join(f"{who or ''}{words}" for who, words in got).replace(" ", "") in (together, _merged(turns))


def _merged(turns: list[tuple[str | None, str]]) -> str:
    """The same, where records cut in mid-sentence were joined."""
    made, last = "", object()
    for who, words in turns:
        made += words if who == last else f"{who or ''}{words}"
        last = who
    return made.replace(" ", "")


def test_answers_below_a_message_keep_their_place_in_the_thread() -> None:
    def message(author: str, text: str, *answers: Any) -> dict[str, Any]:
        return {"author": author, "text": f"{text} That is all I have to say.", "answers": list(answers)}

    thread = [message("Ann", "Is it late?", message("Bob", "It is.", message("Eve", "No."))), message("Ann", "Oh.")]
    assert [who for who, _ in said(read(thread))] == ["Ann", "Bob", "Eve", "Ann"]


def test_names_by_a_map_and_chinese_services() -> None:
    speakers = [{"speaker": "spk1", "text": "We grew."}, {"speaker": "spk2", "text": "How much?"}]
    names = {"spk1": {"name": "Ann Lee", "title": "CFO"}, "spk2": {"name": "Bob Ray", "title": "Analyst"}}
    reading = read({"speakers": speakers, "speaker_name_map_v2": names})
    assert said(reading) == [("Ann Lee", "We grew."), ("Bob Ray", "How much?")]
    assert dict(reading.roles) == {"Ann Lee": "CFO", "Bob Ray": "Analyst"}
    words = [
        {"Id": 1, "Start": 4970, "End": 5560, "Text": "您好"},
        {"Id": 2, "Start": 5560, "End": 6000, "Text": "，各位。"},
    ]
    reading = read({"Paragraphs": [{"SpeakerId": "1", "Words": words}, {"SpeakerId": "2", "Words": words[:1]}]})
    assert said(reading) == [("Speaker 1", "您好，各位。"), ("Speaker 2", "您好")]
    assert times(reading) == [4.97, 4.97]
