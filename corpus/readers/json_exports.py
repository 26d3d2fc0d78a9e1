"""Products whose JSON says who speaks apart from the words, and the names of all those we can tell by their fields.

Where an older service lists words here and speakers there (by time, or only in its last result), ``joined`` puts the
speaker to the word, after which the document is read like any other.

    >>> form_of({"segments", "words", "score", "start", "end", "text"})
    'WhisperX JSON'
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

from corpus.readers.json_walk import Json

# Fields (small letters, no marks) that are together in one product's export only; the first match names the form.
_FORMS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (name, frozenset(fields.split()))
    for name, fields in (
        ("YouTube json3", "events segs"),
        ("Podcasting 2.0 JSON", "segments starttime body"),
        ("WhisperX JSON", "segments words score"),
        ("WhisperX JSON", "segments wordsegments"),
        ("Whisper JSON", "segments nospeechprob"),
        ("whisper.cpp JSON", "transcription offsets"),
        ("AssemblyAI JSON", "utterances audiourl"),
        ("AssemblyAI JSON", "utterances languagemodel"),
        ("Deepgram JSON", "results channels alternatives"),
        ("Deepgram JSON", "results utterances punctuatedword"),
        ("AWS Transcribe JSON", "results transcripts items jobname"),
        ("AWS Transcribe JSON", "results items speakerlabels alternatives"),
        ("IBM Watson JSON", "results speakerlabels alternatives"),
        ("Google Speech-to-Text JSON", "results alternatives speakertag"),
        ("Google Speech-to-Text JSON", "results alternatives speakerlabel"),
        ("Google Speech-to-Text JSON", "results alternatives languagecode"),
        ("Azure Speech JSON", "recognizedphrases nbest"),
        ("Azure Speech JSON", "combinedphrases phrases"),
        ("Speechmatics JSON", "results alternatives job"),
        ("ElevenLabs JSON", "words speakerid languageprobability"),
        ("Rev JSON", "monologues elements"),
        ("Fireflies JSON", "sentences speakername"),
        ("Otter JSON", "transcripts startoffset"),
        ("QMSum JSON", "meetingtranscripts"),
        ("MediaSum JSON", "utt speaker"),
        ("Kokkai JSON", "speechrecord speech"),
        ("court transcript JSON", "turns textblocks"),
        ("Congressional Record JSON", "content speakerbioguide itemno"),
        ("Telegram export", "messages fromid"),
        ("Discord export", "guild channel messages"),
        ("Slack export", "user ts type"),
        ("ConvoKit JSON", "conversationid replyto"),
    )
)
_CHATS = {"Telegram export", "Discord export", "Slack export", "ConvoKit JSON"}


def form_of(fields: Set[str]) -> str:
    """What a document with these fields is called; "JSON" where it is nobody's in particular."""
    return next((name for name, wanted in _FORMS if wanted <= fields), "JSON")


def is_chat(form: str) -> bool:
    """Whether each of its records is a message, whole by itself."""
    return form in _CHATS


def joined(document: Json) -> Json:
    """The document with each word's speaker beside the word; others as they are."""
    results: Any = document.get("results") if isinstance(document, dict) else None
    if isinstance(document, dict) and isinstance(results, list) and isinstance(document.get("speaker_labels"), list):
        return _watson(results, document["speaker_labels"])
    if isinstance(results, dict) and isinstance(results.get("items"), list):
        _aws(results)
    if isinstance(results, list):
        _google(results)
    if isinstance(document, dict):
        _otter(document.get("speech"))
        _youtube(document.get("events"))
    return document


def _otter(speech: Any) -> None:
    """Otter counts in samples, 16,000 a second."""
    for record in _objects(speech.get("transcripts") if isinstance(speech, dict) else None):
        if isinstance(record.get("start_offset"), int):
            record["start"] = record["start_offset"] / 16_000


def _youtube(events: Any) -> None:
    """YouTube: the time of a word counts from that of its line."""
    for event in _objects(events):
        for word in _objects(event.get("segs")):
            if isinstance(event.get("tStartMs"), int) and isinstance(word.get("tOffsetMs"), int):
                word["startMs"] = event["tStartMs"] + word["tOffsetMs"]


def _aws(results: dict[str, Any]) -> None:
    """AWS Transcribe before 2024: the speaker of a word stands in another list, under the same start time."""
    labels = results.get("speaker_labels")
    segments = labels.get("segments") if isinstance(labels, dict) else None
    whose = {
        item.get("start_time"): item.get("speaker_label")
        for segment in _objects(segments)
        for item in _objects(segment.get("items"))
    }
    for item in _objects(results["items"]):
        if item.get("start_time") in whose:
            item.setdefault("speaker_label", whose[item["start_time"]])


def _watson(results: list[Any], labels: Any) -> Json:
    """IBM Watson: words are [word, from, to], speakers {from, to, speaker}."""
    whose = {label.get("from"): label.get("speaker") for label in _objects(labels)}
    words: list[Json] = []
    for result in _objects(results):
        for best in list(_objects(result.get("alternatives")))[:1]:
            for timed in best.get("timestamps") or []:
                if isinstance(timed, list) and len(timed) == 3 and isinstance(timed[0], str):
                    words.append({"word": timed[0], "start": timed[1], "speaker": whose.get(timed[1])})
    return {**dict.fromkeys(("results", "speaker_labels", "alternatives")), "words": words}


def _google(results: list[Any]) -> None:
    """Google: the last result repeats all words, and only there they have their speakers."""
    found = [result for result in _objects(results) if _words(result)]
    if len(found) > 1 and all(_speaks(word) for word in _words(found[-1])):
        before = sum(len(_words(result)) for result in found[:-1])
        if len(_words(found[-1])) >= before and not any(_speaks(word) for word in _words(found[0])):
            results[:] = [found[-1]]


def _words(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [word for best in list(_objects(result.get("alternatives")))[:1] for word in _objects(best.get("words"))]


def _speaks(word: dict[str, Any]) -> bool:
    return bool(word.get("speakerTag") or word.get("speakerLabel") or word.get("speaker_tag"))


def _objects(values: Any) -> Iterable[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict)) if isinstance(values, list) else ()
