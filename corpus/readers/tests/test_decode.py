from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.readers.decode import MAX_LINE, decode
from corpus.tests.clock import assert_linear

CASES = Path(__file__).parents[2] / "tests" / "cases"

CHINESE = (
    "主持人：各位好，今天讨论学校食堂要不要改成自助餐。\n"
    "林晓：我赞成。去年食堂每天倒掉四十公斤饭菜。\n"
    "周明：我反对，很多家庭负担不起。\n"
)
TRADITIONAL = (
    "主持人：各位好，今天討論學校食堂要不要改成自助餐。\n"
    "林曉：我贊成。去年食堂每天倒掉四十公斤飯菜。\n"
    "周明：我反對，很多家庭負擔不起。\n"
)
JAPANESE = (
    "議長：ただいまから会議を開きます。三番、森花子君。\n"
    "森花子：市営バスの運賃を二百円に下げるべきだと考えます。\n"
    "議長：以上です。\n"
)
KOREAN = (
    "사회자: 오늘은 학교 식당을 뷔페로 바꿀지 토론합니다.\n"
    "김하나: 저는 찬성합니다. 식당은 매일 버렸습니다.\n"
    "박민수: 저는 반대합니다.\n"
)
GERMAN = (
    "Präsidentin: Das Wort hat der Kollege Kern.\n"
    "Kern: Die Straßenbahn kostet 90 Millionen – ich stimme dafür.\n"
    "Blum: Ich stimme dagegen. „Genug“, sage ich.\n"
)
FRENCH = (
    "Présidente: La parole est à Monsieur Durand.\n"
    "Durand: Le tramway coûte cher, et je vote pour.\n"
    "Blum: La ligne de bus est déjà là, elle suffit.\n"
)
SPANISH = (
    "Presidenta: ¿Necesita la ciudad un túnel?\n"
    "Muñoz: El túnel cuesta mucho, pero nunca cierra.\n"
    "Peña: El puente es más barato y abrirá antes.\n"
)
ENGLISH = (
    "Host: Good evening – should the city build a tunnel?\n"
    "Weil: A tunnel. It’s 410 million, but it never closes.\n"
    "Braga: “The bridge” costs 260 million.\n"
)
RUSSIAN = (
    "Ведущая: Добрый вечер. Сегодня мы обсуждаем мост.\n"
    "Иванов: Тоннель стоит четыреста миллионов.\n"
    "Петрова: Я не согласна. Мост дешевле.\n"
)
CZECH = (
    "Předsedkyně: Dnes se ptáme, zda město potřebuje tunel.\n"
    "Novák: Tunel se nikdy nezavře kvůli větru.\n"
    "Svobodová: Nesouhlasím. Most se otevře dříve.\n"
)
POLISH = (
    "Przewodnicząca: Czy miasto potrzebuje tunelu?\n"
    "Nowak: Tunel nigdy się nie zamyka, a most tak. Łódź też.\n"
    "Wójcik: Nie zgadzam się. Most jest tańszy.\n"
)
GREEK = (
    "Πρόεδρος: Καλησπέρα. Χρειάζεται η πόλη μια σήραγγα;\n"
    "Παπαδάκης: Η σήραγγα κοστίζει πολύ.\n"
    "Νικολάου: Διαφωνώ. Η γέφυρα είναι φθηνότερη.\n"
)
TURKISH = (
    "Başkan: İyi akşamlar. Şehrin bir tünele ihtiyacı var mı?\n"
    "Yılmaz: Tünel pahalı ama rüzgârda kapanmaz.\n"
    "Öztürk: Katılmıyorum. Köprü daha ucuz.\n"
)
HEBREW = (
    "יושבת ראש: ערב טוב. האם העיר צריכה מנהרה?\n"
    "כהן: המנהרה עולה ארבע מאות מיליון.\n"
    "לוי: אני לא מסכימה. הגשר זול יותר.\n"
)
ARABIC = (
    "الرئيسة: مساء الخير. هل تحتاج المدينة إلى نفق؟\nحداد: يكلف النفق أربعمئة مليون.\nمنصور: لا أوافق. الجسر أرخص.\n"
)

OLD = [
    ("gb18030", CHINESE), ("gbk", CHINESE), ("big5", TRADITIONAL), ("cp950", TRADITIONAL), ("shift_jis", JAPANESE),
    ("cp932", JAPANESE), ("euc_jp", JAPANESE), ("euc_kr", KOREAN), ("cp949", KOREAN), ("cp1252", GERMAN),
    ("iso8859-1", FRENCH), ("cp1252", FRENCH), ("iso8859-1", SPANISH), ("cp1252", ENGLISH), ("cp1251", RUSSIAN),
    ("koi8_r", RUSSIAN), ("cp1250", CZECH), ("cp1250", POLISH), ("iso8859-2", POLISH), ("cp1253", GREEK),
    ("cp1254", TURKISH), ("cp1255", HEBREW), ("cp1256", ARABIC),
]  # fmt: skip
NEWLINES = ["\n", "\r\n", "\r"]


@pytest.mark.parametrize(("encoding", "text"), OLD)
@pytest.mark.parametrize("times", [1, 3, 400])
def test_old_encodings_are_told_apart(encoding: str, text: str, times: int) -> None:
    text = (text * times).replace("\n", "\r\n")
    assert decode(text.encode(encoding)) == text


def test_a_few_accents_in_english_are_western() -> None:
    text = ENGLISH * 3 + "Weil: The café is déjà vu. Ça va?\n"
    assert decode(text.encode("cp1252")) == text


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80),
    st.sampled_from(NEWLINES),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]),
)
def test_any_text_with_a_mark(line: str, newline: str, encoding: str) -> None:
    text = f"Ann: {line}{newline}Bob: {line}"
    mark = "\ufeff".encode(encoding)
    assert decode(mark + text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [ENGLISH, GERMAN, CHINESE, JAPANESE, RUSSIAN])
def test_utf_16_without_a_mark(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_the_cases() -> None:
    assert (decode((CASES / "42-utf16-without-mark.txt").read_bytes()) or "").startswith("Ann: We should repair")
    assert (decode((CASES / "29-gb18030.txt").read_bytes()) or "").startswith("主持人：各位好，今天讨论学校食堂")


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"word/document.xml" * 9,
        b"%PDF-1.7\n1 0 obj\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0JFIF",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(range(256)) * 3,
    ],
)
def test_what_is_no_text_is_none(data: bytes) -> None:
    assert decode(data) is None


@pytest.mark.parametrize("data", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"Ann"])
def test_little_text_is_text(data: bytes) -> None:
    assert decode(data) in ("", "Ann")


def test_a_nul_is_refused_with_its_line() -> None:
    with pytest.raises(TranscriptParseError, match=r"^Line 3: there is a NUL") as caught:
        decode(b"Ann:\r\n\r\nHi\x00.\r\n")
    assert caught.value.line == 3


def test_damaged_utf_8_is_not_read_as_something_else() -> None:
    good = "Präsidentin: Über das Wort verfügt Frau Müller.\n" * 3
    with pytest.raises(TranscriptParseError, match=r"^Line 4: some bytes are damaged: they are not UTF-8") as caught:
        decode(good.encode() + b"Kern: M\xfcll.\n" + good.encode())
    assert caught.value.line == 4


@pytest.mark.parametrize("data", [codecs.BOM_UTF16_LE + b"A", codecs.BOM_UTF16_BE + b"\xd8\x00\x00A"])
def test_broken_utf_16_is_refused(data: bytes) -> None:
    with pytest.raises(TranscriptParseError, match="some bytes are damaged: they are not UTF-16"):
        decode(data)


@pytest.mark.parametrize("newline", NEWLINES)
def test_an_endless_line_is_refused_with_its_number(newline: str) -> None:
    with pytest.raises(
        TranscriptParseError, match=r"^Line 3: the line has more than 1,000,000 characters; break"
    ) as caught:
        decode(f"Ann: a{newline}{newline}{'x' * (MAX_LINE + 1)}{newline}Bob: b".encode())
    assert caught.value.line == 3


def test_many_short_lines_are_no_endless_line() -> None:
    text = "Ann: yes.\r" * (MAX_LINE // 8)
    assert decode(text.encode()) == text


@given(st.binary(max_size=300))
def test_no_bytes_at_all_end_in_a_foreign_error(data: bytes) -> None:
    try:
        text = decode(data)
    except TranscriptParseError as error:
        assert str(error).endswith((".",)) and str(error).count(". ") == 0
    else:
        assert text is None or "\x00" not in text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le"])
def test_time_is_linear(encoding: str) -> None:
    assert_linear(lambda text: decode(text.encode(encoding)), lambda n: CHINESE * n, 800)
