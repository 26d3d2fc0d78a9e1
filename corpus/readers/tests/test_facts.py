from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.dates import date_of
from corpus.readers.facts import Head, head_of
from corpus.readers.metadata import people_in
from corpus.tests.clock import assert_linear

CASES = Path(__file__).parents[2] / "tests" / "cases"
SPEECH = "Nora Field: Good evening.\n\nTomas Weil: Hello.\n"


def head_before_speech(head: str, newline: str = "\n") -> Head:
    """The head of a text; asserts that speech begins right behind it."""
    raw = (head + SPEECH).replace("\n", newline)
    found = head_of(raw)
    assert raw[found.end :].lstrip() == SPEECH.replace("\n", newline)
    return found


class TestCases:
    def read(self, name: str) -> tuple[Head, str]:
        raw = (CASES / name).read_text(encoding="utf-8")
        head = head_of(raw)
        return head, raw[head.end :]

    def test_16_metadata_are_facts_and_no_speakers(self) -> None:
        head, rest = self.read("16-metadata-header.md")
        assert head.title == "Board meeting"
        assert head.facts == (
            ("Date", "4 March"),
            ("Place", "Room 12"),
            ("Present", "Hana Sato, Leo Brandt, Mira Costa"),
        )
        assert [name for name, _ in head.people] == ["Hana Sato", "Leo Brandt", "Mira Costa"]
        assert head.date == ""  # no year
        assert rest.startswith("**Hana Sato:** Welcome")

    def test_17_front_matter_is_no_text_of_the_debate(self) -> None:
        head, rest = self.read("17-front-matter.md")
        assert head.title == "Tunnel or bridge"
        assert head.people == (("Tomas Weil", "guest"), ("Nora Field", ""), ("Ines Braga", ""))
        assert rest.startswith("Nora Field: Good evening.")

    def test_25_a_table_explains_abbreviations(self) -> None:
        head, rest = self.read("25-abbreviated-speakers.md")
        assert head.abbreviations == (("MFK", "Maren Falk"), ("JAB", "Jon Abel"))
        assert head.people == (("Maren Falk", "Ostwerk"), ("Jon Abel", "Kite"))
        assert rest.startswith("## Sorting")

    def test_15_chinese_export(self) -> None:
        head, rest = self.read("15-feishu.txt")
        assert (head.title, head.date) == ("学校食堂讨论会", "2025-03-04")
        assert ("关键词", "食堂、自助餐、补贴") in head.facts
        assert rest.startswith("说话人 1 00:00")


class TestDates:
    @pytest.mark.parametrize(
        "text",
        [
            "4 March 2025", "March 4, 2025", "Mar. 4th, 2025", "Tue, 4 Mar 2025 14:00 EST", "4-Mar-2025", "2025-03-04",
            "4 March 2025", "March 4, 2025", "Mar. 4th, 2025", "Tue, 4 Mar 2025 14:00 EST", "4-Mar-2025", "2025/3/4",
            "2025-03-04", "2025-03-04T14:00:00Z", "20250304", "2025年3月4日（火） 14時", "２０２５年３月４日",
            "令和7年3月4日",
            "4 marzo 2025", "4 de março de 2025",
        ],
    )  # fmt: skip
    def test_written_forms(self, text: str) -> None:
        assert date_of(text) == "2025-03-04"

    @pytest.mark.parametrize(
        "text", ["04/03/2025", "3.4.2025", "4 March", "March 2025", "3–4 March 2025", "31 June 2025", ""]
    )
    def test_what_may_be_two_days_or_none_is_left_empty(self, text: str) -> None:
        assert date_of(text) == ""

    @pytest.mark.parametrize(
        ("text", "day"), [("25/03/2025", "2025-03-25"), ("03/25/2025", "2025-03-25"), ("4/4/2025", "2025-04-04")]
    )
    def test_a_day_above_twelve_decides(self, text: str, day: str) -> None:
        assert date_of(text) == day

    @pytest.mark.parametrize("key", ["Datum", "Fecha", "Date de la réunion"])
    def test_the_language_of_the_key_decides(self, key: str) -> None:
        assert head_before_speech(f"{key}: 4.3.2025\n\n").date == "2025-03-04"

    def test_an_english_key_does_not_decide(self) -> None:
        head = head_before_speech("Date: 04/03/2025\n\n")
        assert head.date == "" and head.facts == (("Date", "04/03/2025"),)

    @given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
    def test_every_day_is_read_back(self, day: date) -> None:
        for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%Y年%m月%d日"):
            assert date_of(f"x {day.strftime(form)} y") == day.isoformat()


HEADS = {
    "english": (
        "Title: Harbour hearing\n"
        "Date: 4 March 2025\n"
        "Location: Town hall\n"
        "Chair: Nora Field\n"
        "Present: Tomas Weil, Ines Braga (Port)\n\n"
    ),
    "chinese": (
        "会议主题：港口听证会\n会议时间：2025年3月4日 14:00\n地点：市政厅\n主持人：方琳\n参会人：林晓、周明\n\n"
    ),
    "japanese": (
        "件名：港の公聴会\n日時：令和7年3月4日（火）\n場所：市役所\n議長：佐野一郎\n出席者：森花子、大田恵\n\n"
    ),
    "german": (
        "Titel: Anhörung zum Hafen\n"
        "Datum: 4. März 2025\n"
        "Ort: Rathaus\n"
        "Vorsitz: Eva Maas\n"
        "Anwesend: Udo Kern, Rita Blum\n\n"
    ),
    "french": (
        "Titre : Audition sur le port\n"
        "Date : 4 mars 2025\n"
        "Lieu : Mairie\n"
        "Présidence : Anne Roux\n"
        "Présents : Paul Petit, Lise Mas\n\n"
    ),
    "spanish": (
        "Título: Audiencia del puerto\n"
        "Fecha: 4 de marzo de 2025\n"
        "Lugar: Ayuntamiento\n"
        "Moderador: Pablo Gil\n"
        "Asistentes: Ana Ruiz, Eva Sol\n\n"
    ),
}


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_keys_of_many_languages(language: str, newline: str) -> None:
    head = head_before_speech(HEADS[language], newline)
    assert head.title and head.date == "2025-03-04"
    assert len(head.people) == 3 and sum(bool(role) for _, role in head.people) in (1, 2)
    assert len(head.facts) == 5


class TestSpeechIsNeverSwallowed:
    @pytest.mark.parametrize(
        "raw",
        [
            SPEECH,
            "# Panel\n\n" + SPEECH,
            "Moderator: Good evening, everyone.\nTomas Weil: Hello.\n",
            "Moderator: Welcome\n\nTomas Weil: Welcome indeed.\n",
            "Chair: Senator Ortiz.\n\nSenator Ortiz: I do.\n",
            "Speaker 1: Hello.\nSpeaker 2: Yes.\n",
            "Host:\nGood evening.\n\nGuest:\nHello.\n",
            "主持人：大家好\n林晓：好。\n主持人：开始吧。\n",
            "Secretary: The meeting is open.\nNora: Yes.\n",
            "Company: We sell. \nUnion: No.\nCompany: Yes.\nUnion: No.\nCompany: Yes.\n",
            "| Speaker | Text |\n|---|---|\n| Nora | Hello |\n| Tomas | Hi |\n| Nora | Go on |\n",
            "2025-03-04 10:05 Nora: Hello\n2025-03-04 10:06 Tomas: Hi\n",
            "Nora 2025-03-04 10:05:00\nHello\nTomas 2025-03-04 10:06:00\nHi\n",
            "---\n\nNora: Hello.\n\n---\n\nTomas: Hi.\n",
            "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
            "",
            "\n\n",
            "---",
        ],
    )
    def test_no_head(self, raw: str) -> None:
        assert head_of(raw) == Head(0)

    def test_the_head_ends_where_words_begin(self) -> None:
        head = head_before_speech("Date: 2025-03-04\nPlace: Room 12\n")
        assert head.facts == (("Date", "2025-03-04"), ("Place", "Room 12"))

    def test_an_unknown_key_counts_only_between_known_ones(self) -> None:
        assert ("Weather", "sunny") in head_before_speech("Date: 2025-03-04\nWeather: sunny\nPlace: Room 12\n\n").facts
        assert head_before_speech("Date: 2025-03-04\n\n").facts == (("Date", "2025-03-04"),)


class TestForms:
    def test_front_matter_with_people_links_and_lists(self) -> None:
        head = head_before_speech(
            '---\ntitle: "Tunnel: yes or no"\ndate: 2025-03-04\nhost: Nora Field\nguests:\n  - name: Tomas Weil\n'
            "    title: Engineer\n  - Ines Braga\nvideo: https://example.org/watch/77\ntags: [port, toll]\n---\n\n"
        )
        assert head.title == "Tunnel: yes or no" and head.date == "2025-03-04"
        assert head.people == (("Nora Field", "host"), ("Tomas Weil", "Engineer"), ("Ines Braga", "guest"))
        assert head.recording == "https://example.org/watch/77"
        assert ("tags", "port, toll") in head.facts

    def test_front_matter_that_is_no_yaml_is_read_line_by_line(self) -> None:
        head = head_before_speech("---\ntitle: Tunnel: yes: or no\ndate: 4 March 2025\n---\n\n")
        assert head.title == "Tunnel: yes: or no" and head.date == "2025-03-04"

    @pytest.mark.parametrize(
        "bomb", ["a: " + "[" * 3000, "a:\n  " + "- " * 3000, "a: &a [x]\n" + "b: [*a, *a]\n" * 500, "date: 2025-13-45"]
    )
    def test_front_matter_may_not_harm(self, bomb: str) -> None:
        assert head_of(f"---\ntitle: Tunnel\n{bomb}\n---\n{SPEECH}").title == "Tunnel"

    def test_lists_below_headings(self) -> None:
        head = head_before_speech(
            "# Port talk\n\n## Attendees\n\n- Nora Field (chair)\n- Tomas Weil, engineer\n- Ines Braga – Port\n\n"
            "## Summary\n\nWe met.\n\nIt went well.\n\n## Transcript\n\n"
        )
        assert head.title == "Port talk"
        assert head.people == (("Nora Field", "chair"), ("Tomas Weil", "engineer"), ("Ines Braga", "Port"))
        assert ("Summary", "We met. It went well.") in head.facts

    def test_abbreviations_in_brackets(self) -> None:
        head = head_before_speech("**Attendees:** Maren Falk (MFK), Jon Abel (JAB), Sara Lind (CEO)\n\n")
        assert head.abbreviations == (("MFK", "Maren Falk"), ("JAB", "Jon Abel"))
        assert head.people == (("Maren Falk", ""), ("Jon Abel", ""), ("Sara Lind", "CEO"))

    @pytest.mark.parametrize(
        ("line", "recording"),
        [
            ("https://www.youtube.com/watch?v=abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk"),
            ("Video: https://youtu.be/abcdefghijk.", "https://youtu.be/abcdefghijk"),
            ("Audio: <https://example.org/a.mp3>", "https://example.org/a.mp3"),
            ("录音链接：https://example.org/rec/7", "https://example.org/rec/7"),
            ("Source: https://vimeo.com/123", "https://vimeo.com/123"),
            ("Source: https://example.org/minutes", ""),
        ],
    )
    def test_addresses_of_recordings(self, line: str, recording: str) -> None:
        assert head_before_speech(f"{line}\n\n").recording == recording

    def test_webvtt_header_and_notes(self) -> None:
        raw = (
            "WEBVTT - Tunnel or bridge\nKind: captions\n\nNOTE\nDate: 2025-03-04\n\n1\n00:00.000 --> 00:01.000\nHello\n"
        )
        head = head_of(raw)
        assert (head.title, head.date) == ("Tunnel or bridge", "2025-03-04")
        assert raw[head.end :].startswith("1\n00:00.000")

    @pytest.mark.parametrize(
        "line", ["March 4, 2025, 2:00 PM · 12 min", "2025年3月4日 下午 2:00｜1分钟 2秒", "2025-03-04 14:00"]
    )
    def test_a_title_above_a_date(self, line: str) -> None:
        head = head_before_speech(f"Tunnel talk\n{line}\n\n")
        assert (head.title, head.date) == ("Tunnel talk", "2025-03-04")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Hana Sato, Leo Brandt and Mira Costa", [("Hana Sato", ""), ("Leo Brandt", ""), ("Mira Costa", "")]),
        ("Sara Lind, CEO; Omar Reyes, CFO", [("Sara Lind", "CEO"), ("Omar Reyes", "CFO")]),
        ("[Ann Lee](https://example.org/ann), **Bob Ray**", [("Ann Lee", ""), ("Bob Ray", "")]),
        ("Dr. Udo Kern, J. P. van der Berg", [("Dr. Udo Kern", ""), ("J. P. van der Berg", "")]),
        ("佐野一郎（議長）、森花子", [("佐野一郎", "議長"), ("森花子", "")]),
        ("林晓和周明", [("林晓", ""), ("周明", "")]),
        ("about 40 people", []),
        ("Good evening, everyone.", []),
        ("We begin at once", []),
    ],
)
def test_lists_of_people(text: str, people: list[tuple[str, str]]) -> None:
    assert people_in(text) == people


@given(
    st.lists(
        st.sampled_from([*"".join(HEADS.values()).split("\n"), *SPEECH.split("\n"), "---", "|a|b|", "|-|-|", "# T"])
    )
)
def test_any_lines_have_a_head_within_them(lines: list[str]) -> None:
    raw = "\n".join(lines)
    assert 0 <= head_of(raw).end <= len(raw)


@given(st.text(max_size=300))
def test_any_text_has_a_head_within_it(raw: str) -> None:
    assert 0 <= head_of(raw).end <= len(raw)


@pytest.mark.parametrize(
    "line", ["Date: 2025-03-04\n", "Nora: hi\n", "| a | b |\n", "Present:\n", "a" * 50, "- [x](", "1 ", "**"]
)
def test_time_is_linear(line: str) -> None:
    assert_linear(head_of, lambda n: line * n, 8000)
