"""XML → turns: TEI and ParlaMint, the Bundestag, Akoma Ntoso, Hansards, subtitles, and any other that names speakers.

The root element tells the form. ``xml_walk`` reads whatever names its speakers by attributes or elements,
``xml_timed`` what lies on an axis of time, ``xml_parliament`` protocols with rules of their own.

    >>> data = b'<TEI><text><u who="#LeeAnn"><seg>Is it late?</seg></u><note>Bell</note></text></TEI>'
    >>> reading = XmlForms().read(Source(data, "a.xml", data.decode()))
    >>> reading.form, [(turn.name, reading.raw[turn.paragraphs[0][0].start:].strip()) for turn in reading.turns]
    ('TEI', [('Lee Ann', 'Is it late?')])
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.errors import TranscriptParseError
from corpus.readers.dates import date_of
from corpus.readers.reading import Reading, Source
from corpus.readers.utterances import lay
from corpus.readers.xml_parliament import bundestag, mark_interjections, without_minutes_labels
from corpus.readers.xml_text import Element, attributes, children, first, local, parse, words_of
from corpus.readers.xml_timed import FORMS as TIMED
from corpus.readers.xml_walk import utterances

_ROOT = re.compile(r"\s*(?:<\?xml|<!--|<!DOCTYPE(?!\s+html)|<[A-Za-z][\w:.-]*(?:\s|>))", re.IGNORECASE)
_HTML = re.compile(r"<html|<!doctype\s+html", re.IGNORECASE)
_KNOWN = re.compile(
    r"<(?:\w+:)?(?:TEI|teiCorpus|dbtplenarprotokoll|akomaNtoso|publicwhip|hansard|tt|Trans|basic-transcription|"
    r"ANNOTATION_DOCUMENT|CREC|Hansard|compteRendu|data)\b"
)
_FORMS = {
    "tei": "TEI", "teicorpus": "TEI", "akomantoso": "Akoma Ntoso",
    "publicwhip": "Hansard XML", "hansard": "Hansard XML",
    "crec": "Congressional Record XML", "compterendu": "compte rendu XML",
}  # fmt: skip
_SURE_TITLES = ("doctitle", "titel", "nameofmeeting", "bstitle")


class XmlForms:
    """The reader of XML."""

    form = "XML"

    def claims(self, source: Source) -> float:
        """0.95 for a known root element, 0.8 for any other after an XML declaration or of a whole document."""
        text = source.text if source.text is not None else source.data[:5000].decode("latin-1")
        head = text[:5000].lstrip("\ufeff")
        if not _ROOT.match(head) or _HTML.search(head[:1000]):
            return 0.0
        if _KNOWN.search(head):
            return 0.95
        return 0.8 if head.lstrip().startswith("<?xml") or text.rstrip().endswith(">") else 0.0

    def read(self, source: Source) -> Reading:
        """Read it.

        Raises:
            TranscriptParseError: It is broken, a bomb, or names nobody who speaks.
        """
        root = _parse(source)
        kind = local(root)
        about = _About(root)
        if kind in TIMED:
            form, read = TIMED[kind]
            layer = lay(form, read(root))
        elif kind == "dbtplenarprotokoll":
            layer = lay("Bundestag XML", bundestag(root), "paragraphs")
        else:
            form = _FORMS.get(kind, "Kokkai XML" if first(root, "speechrecord") is not None else "XML")
            form = "ParlaMint TEI" if form == "TEI" and b"ParlaMint" in source.data[:20_000] else form
            if form == "Hansard XML":
                mark_interjections(root)
            text = first(root, "text") if form.endswith("TEI") else None
            layer = lay(form, without_minutes_labels(utterances(root, text)), "paragraphs")
        if not layer.spoken:
            raise TranscriptParseError(
                f"This is {layer.form}, but nothing in it says who speaks; name speakers in an attribute such as `who`."
            )
        return layer.reading(title=about.title, date=about.date, recording=about.recording, facts=about.facts)


def _parse(source: Source) -> Element:
    try:
        return parse(source.data)
    except TranscriptParseError:
        # The declared encoding may be wrong, or missing: the text has been decoded already.
        if source.text is None or "�" in source.text or not re.search("encoding|^[^<]", source.text[:200]):
            raise
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", source.text.lstrip("\ufeff"))
        return parse(text.encode())


class _About:
    """What a document says of itself, in its head: before the first words of anybody."""

    def __init__(self, root: Element) -> None:
        given = attributes(root)
        self.title = self._title(root)
        self.date = date_of(given.get("sitzung-datum", ""), day_first=True) or date_of(given.get("date", ""))
        self.date = self.date or self._date(root)
        self.date = self.date or date_of(self.title)
        media = next((attributes(e).get("url", "") for e in root.iter("{*}media") if attributes(e).get("url")), "")
        self.recording = media if media.startswith("http") else ""
        self.facts = list(self._facts(root, given))

    @staticmethod
    def _title(root: Element) -> str:
        if local(root) == "dbtplenarprotokoll":
            numbers = [
                words_of(e)
                for e in (first(root, "plenarprotokollnummer"), first(root, "sitzungstitel"))
                if e is not None
            ]
            return " – ".join(" ".join(number.split()) for number in numbers)
        header = first(root, "teiheader", "meta", "preface", "head")
        found = list(header.iter("{*}*")) if header is not None else []
        found += [e for e in root.iter("{*}*") if local(e) in _SURE_TITLES or e.getparent() in (root, None)]
        titles = [e for e in found if local(e) in (*_SURE_TITLES, "title") and 0 < len(words_of(e)) <= 300]
        main = next((e for e in titles if attributes(e).get("type") == "main"), titles[0] if titles else None)
        if main is not None:
            return words_of(main).replace("\n", " ")
        return attributes(root).get("program", "")

    @staticmethod
    def _date(root: Element) -> str:
        """The day of the sitting: in the setting or the source, not that of the edition."""
        found = [e for e in root.iter("{*}*") if local(e) in ("date", "frbrdate", "docdate", "datum")]
        places = {"setting": 0, "bibl": 1, "recording": 1, "frbrwork": 1, "preface": 2, "veranstaltungsdaten": 2}
        ranked = sorted(found, key=lambda e: places.get(local(e.getparent()) if e.getparent() is not None else "", 3))
        for element in ranked:
            given = attributes(element)
            day = date_of(given.get("when") or given.get("date") or words_of(element))
            if day:
                return day
        return ""

    @staticmethod
    def _facts(root: Element, given: dict[str, str]) -> Iterator[tuple[str, str]]:
        if given.get("sitzung-ort"):
            yield "place", given["sitzung-ort"]
        setting = first(root, "setting")
        for name in children(setting) if setting is not None else ():
            if local(name) == "name" and words_of(name):
                yield attributes(name).get("type", "place"), words_of(name)


READERS = (XmlForms(),)
