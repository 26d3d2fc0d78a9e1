"""Who is asked about, or spoken of, without speaking in the debate.

Conservative: somebody is asked about only where a verb of saying or thinking is aimed at a name (two words with
capitals, a form of address with a name, a Chinese name or office) and the name is none of the speakers'. Pure.

    >>> from corpus.parse import transcript_from_turns
    >>> talk = transcript_from_turns([("Ann Lee", "As Governor Ames says, no trade."), ("Bob Ray", "Hm.")], "talk")
    >>> outsiders("What did Governor Ames say about trade?", talk)
    ('Governor Ames',)
    >>> mentioned(talk, "Governor Ames"), outsiders("What did Ann say about Governor Ames?", talk)
    (('t1.1',), ())
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from corpus.normalize import fold_text
from corpus.readers.aliases import pinyin
from corpus.readers.lexicon import words
from corpus.readers.naming import is_han, surname_of, titles_of, without_titles
from corpus.readers.roles import any_of, concepts_in, ways
from corpus.speakers import find_speakers
from corpus.types import Speaker, Transcript

_WORD = r"[A-ZÀ-Þ][\w’'-]*[\wà-ÿ]"
_NAME = rf"(?:{_WORD}|[A-Z]\.)(?:\s+(?:{_WORD}|[A-Z]\.|de|van|von|der|la|del|di|da|bin|al)){{0,3}}"
_SAY = (
    r"(?:say|think|argue|believe|claim|propose|suggest|recommend|tell|answer|reply|respond|explain|feel|want|predict|warn|"
    r"mention|promise|see|view|vote|support|oppose|agree|disagree|object|ask|mean|stand)"
)
_SAID = (
    r"(?:says|said|thinks|thought|argues|argued|believes|believed|claims|claimed|proposes|proposed|suggests|suggested|told|"
    r"answers|answered|replied|explains|explained|wants|wanted|predicts|predicted|warns|warned|promised|supports|opposes)"
)
_VIEW = r"(?:views?|opinions?|position|stance|take|thoughts|argument|answer|reply|proposal|speech|remarks|words)"
_ASKED = (
    re.compile(
        rf"\b(?:[Dd]id|[Dd]oes|[Dd]o|[Ww]ould|[Hh]as|[Hh]ad)\s+(?P<who>(?:the\s+)?NAME)\s+"
        rf"(?:really |ever |also |actually )?{_SAY}\b"
    ),
    re.compile(rf"\b(?:[Ww]hat|[Hh]ow|[Ww]hy)\s+(?P<who>NAME)\s+{_SAID}\b"),
    re.compile(rf"(?P<who>NAME)['’]s?\s+(?:own |main )?{_VIEW}\b"),
    re.compile(rf"\b{_VIEW}\s+of\s+(?P<who>NAME)(?=\W|$)"),
    re.compile(r"\b[Aa]ccording to\s+(?P<who>NAME)(?=\W|$)"),
)
_ZH_SAYS = (
    r"(?:本人)?(?:在(?:辩论|会上|节目|这里|直播)(?:里|中|上)?)?(?:是)?(?:对.{1,20}?)?(?:怎么[看说想评讲]|如何[看评]|说了?(?:什么|啥|些)|"
    r"认为|觉得|主张|表态|的?(?:看法|观点|意见|态度|立场|发言)|支持|反对|赞成|同意)"
)
_SOUNDS = ("bp", "dt", "gkqc", "jzsxc", "lrn", "wvuo", "yiej", "fhw", "a")
_HAN_NAME = r"[\u4e00-\u9fff]{2,4}"


def outsiders(question: str, transcript: Transcript) -> tuple[str, ...]:
    """The people whose words a question wants and who do not speak, as the question writes them."""
    speakers = find_speakers(question, transcript.speakers, fuzzy=True, said=transcript.raw)
    if speakers:
        return tuple(dict.fromkeys(name for name in _asked_in_latin(question, transcript) if _another(name, speakers)))
    named = _asked_in_chinese(question, transcript) if re.search(r"[\u4e00-\u9fff]", question) else ()
    return tuple(dict.fromkeys((*named, *_asked_in_latin(question, transcript))))


def mentioned(transcript: Transcript, name: str) -> tuple[str, ...]:
    """Ids of the sentences, in order, in which somebody who does not speak is mentioned.

    Args:
        transcript: the debate.
        name: a full name, a form of address with a name ("Governor Ames", 周校长), or an office ("the mayor", 校长).
    """
    pattern = _mention(name)
    if not pattern.search(transcript.raw):
        return ()
    return tuple(sentence.id for sentence in transcript.sentences if pattern.search(sentence.text))


def is_office(name: str) -> bool:
    """Whether somebody is named by office alone: "the mayor", 校长."""
    return re.sub(r"^the\s+", "", fold_text(name).strip()) in ways("honorifics")["person"]


def _another(name: str, speakers: Sequence[Speaker]) -> bool:
    """Whether a full name is like the speakers named in its first word alone: Tomas Quist is not Tomas Weil."""
    parts = [fold_text(part) for part in without_titles(name).split()]
    first, last = parts[0], parts[-1]
    own = {part for speaker in speakers for way in (speaker.name, *speaker.aliases) for part in fold_text(way).split()}
    return first != last and first in own and all(OSA.distance(last, part) > 2 for part in own)


def _asked_in_latin(question: str, transcript: Transcript) -> list[str]:
    found = []
    for pattern in _asked_patterns():
        for match in pattern.finditer(question):
            name = " ".join(match["who"].split())
            name = name.title() if name.islower() and not is_office(name) else name
            if _is_person(name, transcript) and not _is_read_so(name, transcript):
                found.append(name)
    return found


@lru_cache(maxsize=1)
def _asked_patterns() -> tuple[re.Pattern[str], ...]:
    lists = ways("honorifics")
    titles = sorted({*lists["before"], *lists["rank"]}, key=len, reverse=True)
    titled = rf"(?:(?i:{'|'.join(re.escape(title) for title in titles)})\.?\s+)*(?:{_NAME})"
    offices = "|".join(re.escape(office) for office in lists["person"] if office.isascii())
    ranks = "|".join(re.escape(rank) for rank in sorted(lists["rank"], key=len, reverse=True))
    name = rf"(?:{titled}|(?:{ranks})\.?\s+[a-z]{{3,}}|(?<=the )(?i:{offices}))"
    return tuple(re.compile(pattern.pattern.replace("NAME", name)) for pattern in _ASKED)


def _is_person(name: str, transcript: Transcript) -> bool:
    if is_office(name):
        return not _holds(re.sub(r"^the\s+", "", fold_text(name)), transcript)
    bare = without_titles(name)
    parts = [part for part in bare.split() if len(part) > 1]
    if name.lower().startswith("the ") or {part.lower().rstrip(".") for part in parts} & words("organisations"):
        return False
    if bare != name:
        return not set(titles_of(name).split()) & {"the", "speaker"}
    if len(parts) > 1:
        return not any(part.isupper() for part in parts)
    return bool(parts) and _is_addressed(parts[-1], transcript.raw)


def _is_addressed(surname: str, raw: str) -> bool:
    """Whether the debate speaks of somebody of that surname with a form of address."""
    for match in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", raw):
        before = fold_text(raw[max(0, match.start() - 24) : match.start()])
        if re.search(rf"(?:{any_of('honorifics', 'before', 'rank').pattern})\.?\s+$", before):
            return True
    return False


def _holds(office: str, transcript: Transcript) -> bool:
    """Whether some speaker has an office."""
    concepts = {concept.name for concept in concepts_in(office)} - {"head"}
    if concepts & {"chair", "president"} and any(speaker.is_host for speaker in transcript.speakers):
        return True  # whoever leads the talk may well be called so
    for speaker in transcript.speakers:
        said = fold_text(" ".join((speaker.role, speaker.name, *speaker.aliases)))
        if office in said or concepts & {concept.name for concept in concepts_in(said)}:
            return True
    return False


def _may_be_spelled(name: str, transcript: Transcript) -> bool:
    """Whether a name in Chinese characters may be how a speaker's is written in Chinese: 邓巴 for Dunbar."""
    initial = _sound(pinyin(name))
    words_ = (part for s in transcript.speakers for part in re.findall(r"[a-z]+", fold_text(s.name)))
    return any(_sound(word) == initial for word in words_)


def _sound(word: str) -> str:
    """The class of the first sound of a word; which Chinese character stands for it varies within one."""
    return next((sounds for sounds in _SOUNDS if word[:1] in sounds), word[:1])


def _is_read_so(name: str, transcript: Transcript) -> bool:
    """Whether a part of a name in Latin letters is how a character of a speaker's name is read: Mr Lü, 吕伯."""
    parts = {part.replace("v", "u") for part in fold_text(without_titles(name)).split()}
    for speaker in transcript.speakers:
        syllables = [pinyin(c).replace("v", "u") for c in fold_text(speaker.name) if is_han(c)]
        if parts & {*syllables, "".join(syllables), "".join(syllables[:2]), "".join(syllables[-2:])}:
            return True
    return False


def _asked_in_chinese(question: str, transcript: Transcript) -> list[str]:
    copy = fold_text(question)
    offices = "|".join(sorted((o for o in ways("honorifics")["person"] if is_han(o)), key=len, reverse=True))
    before = r"(?:^|(?<=[\s,，。?？!！、:：那请问和与]))"
    found = []
    for match in re.finditer(rf"{before}(?P<who>(?P<name>[\u4e00-\u9fff]{{0,3}}?)(?:{offices})){_ZH_SAYS}", copy):
        name, who = match["name"], match["who"]
        if (not name and not _holds(who, transcript)) or (name and surname_of(name)):
            found.append(who)
    for match in re.finditer(rf"{before}(?P<who>{_HAN_NAME}?){_ZH_SAYS}", copy):
        who = match["who"]
        # A name that the debate does not know, or one that it addresses: 高盛 and 华尔街 begin with a surname too.
        called = re.search(rf"{who}(?:{any_of('honorifics', 'after').pattern})", transcript.raw)
        if len(who) > 3 or not surname_of(who) or concepts_in(who) or _may_be_spelled(who, transcript):
            continue
        if called or who not in transcript.raw:
            found.append(who)
    return found


@lru_cache(maxsize=256)
def _mention(name: str) -> re.Pattern[str]:
    if is_han(name):
        return re.compile(re.escape(name))
    if is_office(name):
        office = re.sub(r"^the\s+", "", name.strip(), flags=re.IGNORECASE)
        return re.compile(rf"\b{re.escape(office)}\b", re.IGNORECASE)
    bare = without_titles(name)
    surname = re.escape(bare.split()[-1])
    whole = re.escape(bare).replace(r"\ ", r"\s+")
    if bare.split()[-1].lower() in words("everyday"):  # "Rose" begins many a sentence
        lists = ways("honorifics")
        titles = "|".join(re.escape(t) for t in sorted({*lists["before"], *lists["rank"]}, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{whole}(?!\w)|(?i:{titles})\.?\s+{surname}(?!\w))" if " " in bare else
                          rf"(?<!\w)(?i:{titles})\.?\s+{surname}(?!\w)")  # fmt: skip
    return re.compile(rf"(?<!\w)(?:{whole}|{surname})(?!\w)")
