"""XML: who speaks is said by an attribute or an element; notes, printed matter and interjections are not his words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from corpus.errors import TranscriptParseError
from corpus.readers.reading import Reading, Source
from corpus.readers.xml_forms import XmlForms


def source(text: str) -> Source:
    return Source(text.encode(), "a.xml", text)


def read(text: str) -> Reading:
    assert XmlForms().claims(source(text)) >= 0.8
    return XmlForms().read(source(text))


def said(reading: Reading) -> list[tuple[str | None, str]]:
    return [
        (turn.name, "|".join(" ".join(reading.raw[p.start : p.end] for p in part) for part in turn.paragraphs))
        for turn in reading.turns
    ]


TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="ParlaMint-XX_2020-01-22">
 <teiHeader>
  <fileDesc><titleStmt><title type="main">Sitting 12</title><title type="sub">Minutes</title></titleStmt>
   <publicationStmt><date when="2024-01-01">2024</date><p>Anybody may copy this.</p></publicationStmt>
   <sourceDesc><bibl><date when="2020-01-22"/></bibl></sourceDesc></fileDesc>
  <profileDesc><settingDesc><setting><name type="city">Lodz</name></setting></settingDesc>
   <particDesc><listPerson><person xml:id="LeeAnn"><persName><surname>Lee</surname><forename>Ann</forename>
    <roleName>Minister</roleName></persName></person></listPerson></particDesc></profileDesc>
 </teiHeader>
 <text><body><div><head>Ferries</head><note type="speaker">The chair:</note>
  <u who="#WeilTomas" ana="#chair"><seg>Order. <kinesic><desc>bell</desc></kinesic> The minister.</seg></u>
  <u who="#LeeAnn" ana="#regular"><seg>We vote <vocal><desc>laughter</desc></vocal>no.</seg><note>Applause</note>
   <seg>All of us.</seg></u>
  <u><seg>Who is it?</seg></u><gap reason="editorial"><desc>SAMPLING</desc></gap></div></body></text>
</TEI>"""


def test_parlamint_notes_are_no_words_and_ids_become_names() -> None:
    reading = read(TEI)
    assert said(reading) == [
        ("Weil Tomas", "Order. The minister."), ("Ann Lee", "We vote no.|All of us."), (None, "Who is it?"),
    ]  # fmt: skip
    assert [turn.role for turn in reading.turns] == ["chair", "Minister", ""]
    assert (reading.form, reading.title, reading.date) == ("ParlaMint TEI", "Sitting 12", "2020-01-22")
    assert reading.facts == (("city", "Lodz"),)
    assert [editorial.text for editorial in reading.editorials] == ["Ferries"]


def test_annotated_words_are_put_together_by_their_joins() -> None:
    words = '<w>The</w>\n<name>\n<w join="right">EU</w>\n</name>\n<pc>,</pc>\n<w join="right">yes</w>\n<pc>.</pc>'
    link = "<linkGrp>\n<link target='#a'/></linkGrp>"
    assert said(read(f'<TEI><text><u who="#A"><seg>\n<s>\n{words}\n{link}</s>\n</seg></u></text></TEI>')) == [
        ("Speaker A", "The EU, yes.")
    ]


def paragraph(text: str, klasse: str = "J") -> str:
    return f'<p klasse="{klasse}">{text}</p>'


def test_bundestag_president_goes_on_and_comments_are_no_words() -> None:
    member = (
        '<p klasse="redner"><redner id="1"><name><titel>Dr.</titel><vorname>Udo</vorname><nachname>Kern</nachname>'
        "<fraktion>Grüne</fraktion></name></redner>Dr. Udo Kern (Grüne):</p>"
    )
    minister = (
        '<p klasse="redner"><redner id="2"><name><vorname>Rita</vorname><nachname>Blum</nachname><rolle><rolle_lang>'
        "Ministerin der Finanzen</rolle_lang><rolle_kurz>Min</rolle_kurz></rolle></name></redner>Rita Blum:</p>"
    )
    text = (
        '<?xml version="1.0"?><!DOCTYPE dbtplenarprotokoll SYSTEM "x.dtd">'
        '<dbtplenarprotokoll sitzung-datum="07.10.2020" sitzung-ort="Berlin"><vorspann><kopfdaten>'
        "<plenarprotokoll-nummer>Plenarprotokoll 19/1</plenarprotokoll-nummer><sitzungstitel>1. Sitzung</sitzungstitel>"
        f"</kopfdaten><inhaltsverzeichnis>{member}</inhaltsverzeichnis></vorspann><sitzungsverlauf><sitzungsbeginn>"
        f"<name>Präsidentin Eva Stern:</name>{paragraph('Die Sitzung ist eröffnet.', 'J_1')}</sitzungsbeginn>"
        f'<tagesordnungspunkt top-id="Punkt 1">{paragraph("Wir beraten:")}{paragraph("a) Antrag", "T_NaS")}'
        f"<rede>{member}{paragraph('Frau Präsidentin! Das ist teuer,', 'J_1')}<kommentar>(Beifall)</kommentar>"
        f"{paragraph('sehr teuer.', 'O')}<name>Präsidentin Eva Stern:</name>{paragraph('Danke.', 'J_1')}</rede>"
        f"{paragraph('Nun die Regierung.')}<rede>{minister}{paragraph('Es muss sein.', 'J_1')}</rede>"
        f"{paragraph('Niemand ist genannt.')}</tagesordnungspunkt></sitzungsverlauf>"
        f"<anlagen>{paragraph('Zu Protokoll.')}</anlagen></dbtplenarprotokoll>"
    )
    reading = read(text)
    assert said(reading) == [
        ("Eva Stern", "Die Sitzung ist eröffnet."),
        ("Eva Stern", "Wir beraten:"),
        ("Dr. Udo Kern", "Frau Präsidentin! Das ist teuer, sehr teuer."),
        ("Eva Stern", "Danke.|Nun die Regierung."),
        ("Rita Blum", "Es muss sein."),
        (None, "Niemand ist genannt."),
    ]
    assert [turn.role for turn in reading.turns][1:5] == [
        "Präsidentin",
        "Grüne",
        "Präsidentin",
        "Ministerin der Finanzen",
    ]
    assert (reading.date, reading.title) == ("2020-10-07", "Plenarprotokoll 19/1 – 1. Sitzung")


def test_akoma_ntoso_persons_roles_and_scenes() -> None:
    text = """<akomaNtoso xmlns="http://www.akomantoso.org/2.0"><debate><meta><identification><FRBRWork>
      <FRBRdate date="1995-10-31"/></FRBRWork></identification><references>
      <TLCPerson id="smith" showAs="Ann Smith"/><TLCRole id="speaker" showAs="Speaker"/></references></meta>
      <debateBody><debateSection><heading>FERRIES</heading><scene>[Bell]</scene>
      <speech by="#smith" as="#speaker"><from>Madam Speaker</from><p>Order. <noteRef marker="2"/>Question?</p></speech>
      <question by="#brown"><from>Mr. Brown</from><p>Who pays?</p><ul><li>the city,</li><li>or us</li></ul></question>
      <narrative>(Several rose)</narrative><speech><p>Nobody knows who.</p></speech>
      </debateSection></debateBody></debate></akomaNtoso>"""
    reading = read(text)
    assert said(reading) == [
        ("Ann Smith", "Order. Question?"), ("Mr. Brown", "Who pays?|the city,|or us"), (None, "Nobody knows who."),
    ]  # fmt: skip
    assert (reading.turns[0].role, reading.date) == ("Speaker", "1995-10-31")


def test_entities_of_a_single_character_are_read() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE publicwhip [<!ENTITY ndash "&#8211;"><!ENTITY pound "£">]>
      <publicwhip><major-heading id="1">Ferries</major-heading>
      <speech id="2" speakername="Ann Lee" time="14:30:00">
       <p>It costs &pound;4m &ndash; a lot.</p><p>Too much.</p></speech>
      <speech id="3" nospeaker="true"><p class="italic">Question put.</p></speech></publicwhip>"""
    assert said(read(text)) == [("Ann Lee", "It costs £4m – a lot.|Too much."), (None, "Question put.")]


HANSARDS = (
    """<r><speaking speaker="Ann Lee" topic="x">We vote no.</speaking><speaking name="Bob Ray">Yes.</speaking></r>""",
    """<r>
    <Intervention><PersonSpeaking><Affiliation>Ann Lee</Affiliation></PersonSpeaking>
     <Content><ParaText>We vote no.</ParaText></Content></Intervention>
    <Intervention><PersonSpeaking><Affiliation>Bob Ray</Affiliation></PersonSpeaking>
     <Content><ParaText>Yes.</ParaText></Content></Intervention></r>""",
    """<r><point>
    <paragraphe><orateurs><orateur><nom>Ann Lee</nom><id>7</id></orateur></orateurs>
     <texte>We vote no.</texte></paragraphe>
    <paragraphe><orateurs><orateur><nom>Bob Ray</nom></orateur></orateurs><texte>Yes.<italique/></texte></paragraphe>
    </point></r>""",
    """<?xml version="1.0"?><data>
    <speechRecord><speechID>9</speechID><speaker>Ann Lee</speaker><speakerYomi>x</speakerYomi>
     <speech>○Ann　We vote no.</speech><startPage>3</startPage></speechRecord>
    <speechRecord><speaker>Bob Ray</speaker><speech>○議員（Bob）　Yes.</speech></speechRecord></data>""",
    """<Meeting><Transcript>
    <Segment StartTime="3.4" Participant="Ann Lee">We vote no.</Segment>
    <Segment StartTime="9" Participant="Bob Ray"><NonVocalSound/>Yes.</Segment></Transcript></Meeting>""",
    """<hansard>
    <speech><talk.start><talker><name role='metadata'>Lee, Ann</name><name.id>1</name.id></talker>
     <para>- We vote no.</para></talk.start></speech>
    <speech><talk.start><talker><name>Ray, Bob</name></talker></talk.start>
     <talk.text><body><p>Yes.</p></body></talk.text></speech></hansard>""",
)


@pytest.mark.parametrize("text", HANSARDS)
def test_shapes_of_hansards(text: str) -> None:
    assert said(read(text)) == [("Ann Lee", "We vote no."), ("Bob Ray", "Yes.")]


def test_interjections_within_a_speech_are_not_the_speakers() -> None:
    def labelled(kind: str, who: str, label: str, words: str) -> str:
        return f'<p><a href="{who}" type="Member{kind}"><span class="HPS-Member{kind}">{label}</span></a>{words}</p>'

    talker = "<talker><name.id>{}</name.id><name role='metadata'>{}</name></talker>"
    text = (
        f"<hansard><speech><talk.start>{talker.format('L1', 'Lee, Ann MP')}</talk.start><talk.text><body>"
        f"{labelled('Speech', 'L1', 'Ms LEE', ' (Lodz) (09:01): We vote no.')}"
        f"{labelled('Interjecting', 'R2', 'Mr Ray:', ' Shame!')}"
        '<p><span class="HPS-GeneralIInterjecting">Mr Ray interjecting</span>—</p>'
        f"{labelled('Continuation', 'L1', 'Ms LEE', ': All of us.')}</body></talk.text>"
        f"<interjection><talk.start>{talker.format('R2', 'Ray, Bob MP')}</talk.start></interjection></speech></hansard>"
    )
    assert said(read(text)) == [("Ann Lee MP", "We vote no."), ("Bob Ray MP", "Shame!"), ("Ann Lee MP", "All of us.")]


def test_ttml_agents_offsets_and_sentences_of_their_own() -> None:
    text = """<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:p="http://x">
      <head><metadata><ttm:agent xml:id="a1"><ttm:name>Ann</ttm:name></ttm:agent></metadata></head><body><div>
      <p begin="1.5s" ttm:agent="a1"><span p:unit="sentence" begin="1.5s"><span p:unit="word">We</span><span
       p:unit="word">vote</span></span><span p:unit="sentence" begin="4s"><span p:unit="word">No.</span></span></p>
      <p begin="00:01:02.250" ttm:agent="SPEAKER_2">Yes,<br/>we do.</p><p begin="90000ms">Who?</p></div></body></tt>"""
    reading = read(text)
    assert said(reading) == [("Ann", "We vote No."), ("SPEAKER_2", "Yes, we do."), (None, "Who?")]
    assert [piece.seconds for piece in reading.turns[0].paragraphs[0]] == [1.5, 4.0]
    assert [turn.seconds for turn in reading.turns] == [1.5, 62.25, 90.0]


def test_transcriber_turn_of_two_is_told_apart() -> None:
    text = """<Trans><Speakers><Speaker id="s1" name="Ann"/><Speaker id="s2" name="Bob"/></Speakers><Episode><Section>
      <Turn speaker="s1 s2" startTime="0.5"><Sync time="0.5"/><Who nb="1"/> yes <Who nb="2"/> no </Turn>
      <Turn speaker="s2" startTime="3"><Sync time="3"/>we vote <Event desc="laughs"/> on it <Sync time="7.5"/>
      before all of us go home</Turn>
      <Turn startTime="9"><Sync time="9"/>and who is it that comes in here</Turn></Section></Episode></Trans>"""
    reading = read(text)
    assert said(reading) == [
        ("Ann", "yes"),
        ("Bob", "no we vote on it before all of us go home"),
        (None, "and who is it that comes in here"),
    ]
    assert [piece.seconds for piece in reading.turns[1].paragraphs[0]] == [0.5, 3.0, 7.5]


def test_exmaralda_and_elan_tiers_are_read_in_the_order_of_time() -> None:
    exb = """<basic-transcription><head><speakertable><speaker id="S1"><abbreviation>Ann</abbreviation></speaker>
      <speaker id="S2"><abbreviation>Bob</abbreviation></speaker></speakertable></head><basic-body><common-timeline>
      <tli id="T0" time="0.0"/><tli id="T1" time="2.5"/><tli id="T2" time="4"/></common-timeline>
      <tier id="1" speaker="S1" type="t"><event start="T0" end="T1">Is it? </event><event start="T2">Oh. </event></tier>
      <tier id="2" speaker="S2" type="t"><event start="T1" end="T2">Yes.</event></tier>
      <tier id="3" speaker="S2" type="a"><event start="T1" end="T2">particle</event></tier>
      </basic-body></basic-transcription>"""
    assert said(read(exb)) == [("Ann", "Is it?"), ("Bob", "Yes."), ("Ann", "Oh.")]

    def annotation(start: str, words: str) -> str:
        value = f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE>"
        return f'<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="{start}">{value}</ALIGNABLE_ANNOTATION></ANNOTATION>'

    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="t{n}" TIME_VALUE="{n * 1500}"/>' for n in range(3))
    eaf = (
        f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER><TIER TIER_ID='a' PARTICIPANT='Ann'>"
        f"{annotation('t0', 'Is it?')}{annotation('t2', 'Oh.')}</TIER><TIER TIER_ID='Bob'>"
        f"{annotation('t1', 'Yes.')}</TIER></ANNOTATION_DOCUMENT>"
    )
    assert said(read(eaf)) == [("Ann", "Is it?"), ("Bob", "Yes."), ("Ann", "Oh.")]
    assert [turn.seconds for turn in read(eaf).turns] == [0.0, 1.5, 3.0]


LOL = '<!DOCTYPE l [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;">]><l><u who="x">&b;</u></l>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LOL, "defines entities"),
        ('<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]><u who="a">&x;</u>', "defines entities"),
        ('<!DOCTYPE l [<!ENTITY % x SYSTEM "http://example.org/a.dtd"> %x;]><u who="a">b</u>', "defines entities"),
        ('<?xml version="1.0"?><r>\n<u who="a">b</v></r>', r"^Line 2: .*cannot be read"),
        ("<?xml version='1.0'?>" + "<a>" * 5000, "cannot be read"),
        ("<?xml version='1.0'?><a>" + "<b/>" * 4_100_000 + "</a>", "more than 2,000,000 elements"),
        (
            "<?xml version='1.0'?><rss><item><title>News</title><link>x</link></item></rss>",
            "nothing in it says who speaks",
        ),
    ],
)
def test_bombs_and_what_names_nobody_are_refused_at_once(text: str, why: str) -> None:
    started = time.monotonic()
    with pytest.raises(TranscriptParseError, match=why):
        XmlForms().read(source(text))
    assert time.monotonic() - started < 5


def test_an_old_encoding_that_is_declared_is_read() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><r><u who="René">Ça va.</u></r>'
    assert said(XmlForms().read(Source(text.encode("latin-1"), "a.xml", text))) == [("René", "Ça va.")]


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html><html><p>Ann: Yes.</p></html>", "<html><cite>Ann</cite></html>", "Ann: <b>Yes.</b>"]
)
def test_html_and_text_are_not_claimed(text: str) -> None:
    assert XmlForms().claims(source(text)) == 0


NAMES = st.sampled_from(["Ann Lee", "周岚", "O'Hara & Co", None])
WORDS = st.text("ab <>&'\"c.?é周", min_size=1, max_size=30).map(lambda text: " ".join(f"x{text}x".split()))


@given(st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=10))
def test_known_turns_read_back(turns: list[tuple[str | None, str]]) -> None:
    root = etree.Element("debate")
    for name, words in turns:
        speech = etree.SubElement(root, "speech", **({"speakername": name} if name else {}))
        etree.SubElement(speech, "p").text = words
        etree.SubElement(root, "note").text = "Bell"
    merged: list[tuple[str | None, str]] = []
    for name, words in turns:
        if merged and merged[-1][0] == name:
            merged[-1] = (name, f"{merged[-1][1]}|{words}")
        else:
            merged.append((name, words))
    assert said(read(etree.tostring(root, encoding="unicode"))) == merged


def test_id_that_is_no_name_changes_no_words() -> None:
    said = '<text><u who="#LeeAnn"><seg>One.</seg></u></text>'
    text = f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="sitting 9">{said}</TEI>'
    assert [turn.name for turn in read(text).turns] == ["Lee Ann"]
