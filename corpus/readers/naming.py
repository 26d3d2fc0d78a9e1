"""A label as a file writes it → the name in it, and what else it says: role, abbreviation, another spelling.

Knows the shapes that labels have (``Sara Lind, CEO``, ``議長（佐野一郎君）``) and the lists of ``roles``; knows nothing
of the rest of the file but whether it is Japanese. A label that names a kind of speaker stays as it is.

    >>> read_label("Pia Koch -- North Bank -- Analyst")
    Named(name='Pia Koch', role='North Bank, Analyst', also=())
    >>> read_label("CFO Omar Reyes").role, read_label("The CHAIRMAN").name, read_label("Ines Braga | Port").also
    ('CFO', 'The CHAIRMAN', ('Ines Braga',))
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from corpus.normalize import fold_text
from corpus.readers.lexicon import words
from corpus.readers.metadata import is_full_name
from corpus.readers.roles import any_of, begins_with_role, concepts, concepts_in, is_role, ways

_PARTED = re.compile(r"\s*[,，;；]\s*|(?<=[\u3400-\u9fff])、|\s+(?:--|[-–—])\s+")
_BRACKETS = re.compile(r"^(?P<head>.*?)\s*(?:[(（\[［](?P<inner>[^()（）\[\]［］]*)[)）\]］])$")
_LEFT_OF = re.compile(r"\s*[|｜/@]\s*")
_DASHES = re.compile(r"\s+(?:--|—|–)\s+")
_MARKS = "○◯●◎◆◇■□▲△▼★☆•·※>*_#【】〔〕［］<>《》 \t"
_END = re.compile(r"[\s:：,，;；.。、\-–—]+$")
_DEVICE = re.compile(r"^(?P<name>.+?)(?:[’']s |(?=的))(?P<device>.+)$")
_HAN = re.compile(r"[\u3400-\u9fff々]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_NUMBER = re.compile(r"\d{1,3}\s*番|第?\d{1,3}\s*号?")


class Named(NamedTuple):
    """What a label says."""

    name: str
    role: str = ""
    also: tuple[str, ...] = ()  # other ways to name the same person that stand in the label


def cleaned(label: str) -> str:
    """A label without invisible characters, odd white space, list marks and final punctuation."""
    shown = "".join(c for c in label if unicodedata.category(c) != "Cf")
    shown = bare = " ".join(shown.split())
    while (inner := _END.sub("", bare).strip(_MARKS)) != bare:
        bare = inner
    # The full stop of "Jr." and of an initial is part of the name.
    stopped = f"{bare}." in shown and re.search(r"\b(?:\w|[A-Za-z]{2})$", bare)
    return f"{bare}." if stopped else bare


def is_generic(label: str) -> bool:
    """Whether a label names a kind of speaker and nobody: "Speaker 1", "SPEAKER_00", "说话人 1", "Q"."""
    folded = re.sub(r"^the\s|[\s_#.\-]*(?:\d{1,3}|[a-z])$", "", fold_text(label).strip()).strip(" _-#:")
    return folded in ways("labels")["generic"] or fold_text(label).strip() in ways("labels")["generic"]


@lru_cache(maxsize=4096)
def names_nobody(label: str) -> bool:
    """Whether a label holds no name: a kind of speaker, an office ("M. le président", "Presidente da Comissão")."""
    bare = without_titles(label)
    if is_generic(label) or is_unknown(label) or is_role(bare) or re.match(r"the\s", bare, re.IGNORECASE):
        return True
    office = begins_with_role(bare)
    return bool(office) and re.match(r"\s+(?:of|da|do|de|du|des|der|del|della)\s", bare[len(office) :]) is not None


def owner_of(label: str) -> str:
    """Whose device a label names: Ann of "Ann's iPad"; empty where it names none."""
    match = _DEVICE.match(label)
    return match["name"] if match and fold_text(match["device"]) in ways("labels")["devices"] else ""


def is_unknown(label: str) -> bool:
    """Whether a label says that nobody knows who spoke."""
    return fold_text(label).strip(" []()<>:.") in ways("labels")["unknown"]


def is_han(text: str) -> bool:
    """Whether a text is written in Chinese characters alone."""
    return bool(_HAN.fullmatch(text))


def surname_of(name: str) -> str:
    """The surname that a name in Chinese characters begins with; empty where it begins with none that we know."""
    found, name = _surnames(), fold_text(name)
    return name[:2] if name[:2] in found and len(name) > 2 else name[:1] if name[:1] in found else ""


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(word.split("=")[0] for word in words("surnames"))


@lru_cache(maxsize=4096)
def read_label(label: str, japanese: bool = False, role: str = "") -> Named:
    """Take a label apart.

    Args:
        label: as it stands in the file.
        japanese: whether the file is; then 君, 氏 and さん after a name are no part of it.
        role: what its reader took for a role beside the label; it may be the name of who has the role.
    """
    head = cleaned(label)
    roles: list[str] = []
    also: list[str] = []
    if role.strip():
        head = _bracketed(head, _DASHES.sub(", ", cleaned(role)), roles, also)
    if not head or is_generic(head):
        return Named(head or label, ", ".join(roles), tuple(also))
    for _ in range(3):
        match = _BRACKETS.match(head)
        if match is None or not match["head"]:
            break
        head = _bracketed(match["head"], match["inner"].strip(), roles, also)
    if names_nobody(head):
        return Named(head, ", ".join(roles), tuple(also))
    if owner := owner_of(head):
        return Named(head, "", (*also, owner))
    left = _LEFT_OF.split(head, maxsplit=1)
    if len(left) == 2 and len(left[0]) > 1:
        return Named(head, ", ".join(roles), (*also, left[0]))
    head = _parted(head, roles)
    head = _with_role(head, roles)
    if japanese and is_han(head):
        roles.append(_office_behind(head))
        head = without_honorific(head)
    return Named(head, ", ".join(dict.fromkeys(role for role in roles if role)), tuple(also))


def without_honorific(name: str) -> str:
    """A Japanese name without 君, 氏, さん after it."""
    for mark in sorted(ways("honorifics")["left"], key=len, reverse=True):
        if name.endswith(mark) and len(name) - len(mark) >= 2:
            return name[: -len(mark)]
    return name


def _office_behind(name: str) -> str:
    """The office that a Japanese name ends in: 委員長 of 佐久間委員長."""
    folded = fold_text(name)
    found = max((way for way in _han_ways() if folded.endswith(way) and len(way) < len(name)), key=len, default="")
    return name[len(name) - len(found) :] if found else ""


def without_titles(name: str) -> str:
    """A name without Mr, Dr, Senator before it; as it is where nothing would be left."""
    rest = name
    while match := _title().match(rest):
        rest = rest[match.end() :]
    return rest or name


def titles_of(name: str) -> str:
    """The forms of address and offices that a name begins with, folded."""
    return fold_text(name[: len(name) - len(without_titles(name))]).replace(".", "").strip()


@lru_cache(maxsize=1)
def _title() -> re.Pattern[str]:
    lists = ways("honorifics")
    every = sorted({*lists["before"], *lists["rank"]}, key=len, reverse=True)
    spelled = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in every)
    # The list is folded, names are not: vowels may carry their marks.
    for plain, marked in (("a", "[aäáà]"), ("o", "[oöóô]"), ("u", "[uüú]"), ("e", "[eéèê]"), ("n", "[nñ]")):
        spelled = re.sub(rf"(?<!\\){plain}", marked, spelled)
    # Before a small letter it is no form of address: "Presidente da Comissão".
    return re.compile(rf"(?i:{spelled})(?:\.\s*|\s+)(?=[^\sa-zß-ÿ]|(?:le|la)\s)")


def _bracketed(head: str, inner: str, roles: list[str], also: list[str]) -> str:
    """The name of ``head (inner)``; what the brackets say goes where it belongs."""
    folded = fold_text(inner)
    if not inner or folded in ways("labels")["pronouns"] or any_of("labels", "aside").match(folded):
        return head
    if is_generic(head) and not is_role(inner) and not is_generic(inner):
        also.append(head)
        return inner
    if _is_office(without_titles(head)) and is_full_name(inner) and not concepts_in(inner):
        roles.append(without_titles(head))
        return inner
    if (is_role(without_titles(head)) or _NUMBER.fullmatch(unicodedata.normalize("NFKC", head))) and not is_role(inner):
        roles.append(without_titles(head))
        return inner
    if is_abbreviation(inner, head) or _is_other_script(inner, head):
        also.append(inner)
    else:
        roles.append(inner)
    return head


def _is_office(head: str) -> bool:
    """Whether words are an office and no name: "The Minister for Ferries", "CONSEJERA DE OBRAS"."""
    bare = re.sub(r"^[Tt]he ", "", head)
    role = begins_with_role(bare)
    rest = bare[len(role) :].strip()
    return bool(role and rest) and (rest.isupper() or rest.split()[0] in ("for", "of"))


def is_abbreviation(short: str, name: str) -> bool:
    """Whether capitals are made of a name: MFK of Maren Falk."""
    parts = [fold_text(part) for part in without_titles(name).split()]
    if not re.fullmatch(r"[A-Z]{2,4}", short) or len(parts) < 2 or is_role(short):
        return False
    letters = fold_text(short)
    return letters[0] == parts[0][0] and any(part[0] in letters[1:] for part in parts[1:])


def _is_other_script(inner: str, head: str) -> bool:
    """Whether brackets hold the same name in other characters: 周明 (Zhou Ming)."""
    if is_han(inner) and not is_han(head):
        return 2 <= len(inner) <= 4 and bool(surname_of(inner)) and not concepts_in(inner)
    return is_han(head) and bool(re.fullmatch(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+){1,2}", inner)) and not concepts_in(inner)


def _parted(head: str, roles: list[str]) -> str:
    """The name of ``Sara Lind, CEO`` and ``Sara Lind -- CEO``, also of ``Weil, Tomas``."""
    match = _PARTED.search(head)
    if match is None or not match.start():
        return head
    first, rest = head[: match.start()], head[match.end() :].strip()
    following, *more = _PARTED.split(rest, maxsplit=1)
    if fold_text(following).strip(".") in ways("honorifics")["suffix"]:
        roles.extend(more)
        return head[: match.end()] + following
    if is_role(first) and not is_role(following):
        roles.extend([first, *more])
        return following
    one_word = len(without_titles(first).split()) == 1 and not is_han(first)
    if one_word and "," in match[0] and _is_given(following) and not concepts_in(rest):
        roles.extend(more)
        return f"{following} {first}"
    roles.insert(0, _DASHES.sub(", ", rest))
    return first


def _is_given(text: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*)?", text)) and text[0].isupper()


def _with_role(head: str, roles: list[str]) -> str:
    """The name of ``CFO Omar Reyes`` and ``主持人陈茜``; an office before a surname alone stays with it."""
    tokens = head.split()
    if len(tokens) == 2 and all(_HANGUL.fullmatch(token) for token in tokens):
        first, last = (bool(concepts_in(token)) for token in tokens)
        if first != last:
            roles.insert(0, tokens[0] if first else tokens[1])
            return tokens[1] if first else tokens[0]
    for at in range(len(tokens) - 1, 0, -1):
        before, after = " ".join(tokens[:at]), " ".join(tokens[at:])
        if is_role(before) and not is_role(after) and not after[0].islower():
            roles.insert(0, before)
            named = without_titles(after)
            return after if len(named.split()) > 1 or is_han(named) else head
        if is_role(after) and not is_role(before) and (at > 1 or is_han(before)):
            roles.insert(0, after)
            return before
    return _behind_role(head, roles) if is_han(head) else head


def _behind_role(head: str, roles: list[str]) -> str:
    """The name of 主持人陈茜 and 街道主任温言: two to four characters with a surname behind words for a role."""
    for size in (4, 3, 2):
        role, name = head[:-size], head[-size:]
        behind = role and surname_of(name) and any(fold_text(role).endswith(way) for way in _han_ways())
        if behind and not concepts_in(name):
            roles.insert(0, role)
            return name
    return head


@lru_cache(maxsize=1)
def _han_ways() -> tuple[str, ...]:
    return tuple(way for concept in concepts() for way in concept.ways if is_han(way))
