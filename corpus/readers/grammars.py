"""How a line may say who speaks: the candidate grammars, each with lines that are of it and lines that are not.

A grammar only says what a label *would* be on one line; which grammar a file is written in, and which of its labels are
people, is decided for the whole file (``choice``). Each pattern names its groups: ``name``, and where the form has them
``role``, ``time`` and ``rest`` (the words on the label's own line). All repetitions are bounded: one pass a line.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus.readers.times import TIME, seconds_of

_CLOCK = rf"(?:{TIME})"
_DAY_CLOCK = rf"(?:{_CLOCK}(?:\s?[AaPp]\.?[Mm]\.?)?)"
_STAMP = rf"(?:[\[(<]{_DAY_CLOCK}(?:\s?[-–>]{{1,3}}\s?{_CLOCK})?[\])>]|{_DAY_CLOCK})"
_T = rf"(?P<time>{_STAMP})"
_DATE = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4})"
_DAY = rf"(?:[\[(]?(?:{_DATE}|[Tt]oday|[Yy]esterday|[Hh]eute|[Gg]estern)[,\s]{{1,3}}(?:at\s|um\s)?)?"
# A name holds no colon, bracket or mark of emphasis; what else it may hold is judged over the whole file.
_N = r"(?P<name>[^\W_][^:：*\[\]<>|\t{}()（）【】]{0,58}?)"
# In inline labels an office may follow, which may be long: "Zander, Parl. Staatssekretär beim Bundesminister …".
_N_OFFICE = r"(?P<name>\+?[^\W_][^:：*\[\]<>\t{}()（）【】]{0,100}?)"
_N_BAR = r"(?P<name>\+?[^\W_][^:：*\[\]<>\t{}()（）【】]{0,58}?)"
_ROLE = r"(?:\s{0,2}[(（](?P<role>(?!\s?\d{1,2}:\d{2})[^()（）\n]{1,80})[)）])?"
_REST = r"\s*(?P<rest>.*)$"
_COLON = r"(?:\s{0,2}[:：](?!//))"
_CAPITALS = r"(?P<name>(?:(?:The|Mr|Mrs|Ms|Dr|M|Sr|Sra)\b\.?\s)?[^\Wa-zß-öø-ÿ_][^a-zß-öø-ÿ:：*\[\]<>|\t{}()]{1,58}?)"
_FORM = r"(?:Mr|Mrs|Ms|Miss|Mx|Mme|Mlle|Dr|Prof|Hon|Sen|Rep|Gov|Gen|Col|Capt|Lt|Rev|St|Sr|Sra|On|MM|M)"
_WORD = r"(?:[A-ZÀ-Þ](?:\.|[\w'’-]{1,30})|de|la|van|von|der|di|du|del|dos)"
_TITLED = (
    rf"(?P<name>(?:The\s)?(?:{_FORM}\.?\s){{0,2}}"
    # An office in French: "M. le président", "Mme la ministre des ponts".
    rf"(?:(?<=[\s.])(?:le|la|l['’])\s?[a-zà-ÿ][\w'’-]{{2,30}}(?:\s[a-zà-ÿ'’][\w'’-]{{0,30}}){{0,6}}"
    rf"|(?:{_WORD}\s){{0,4}}(?!{_FORM}\b)[A-ZÀ-Þ][\w'’-]{{1,30}}(?:\s[Pp]ro\s[Tt]empore)?"
    r"(?:\s[Oo]f\s[A-Z]\w{1,20}(?:\s[A-Z]\w{1,20})?)?))"
)


_ASKED = re.compile(r"^[QA]\s[-–—]\s(?=\w)")  # "<Q - Ann Lee>: Why?"
_DASH = re.compile(r"[–—]\s{1,3}(?=\S)")  # "Ann: — Yes."


class Grammar(NamedTuple):
    """One way to write labels."""

    form: str
    pattern: re.Pattern[str]
    marked: bool  # whether the form alone makes it likely that a label is meant (bold, a time, a bracket …)
    needs_blank: bool = False  # believed only where names repeat: the form is that of ordinary lines too
    yes: tuple[str, ...] = ()  # lines of it
    no: tuple[str, ...] = ()  # lines not of it


class Label(NamedTuple):
    """What a line would say in a grammar."""

    name: str  # "" where the form begins a turn without naming anybody
    role: str
    seconds: float | None
    words_at: int  # where the words begin, code points into the line's text; its length when they stand below
    alone: bool  # whether the label stands on a line of its own


def _grammar(form: str, pattern: str, yes: tuple[str, ...], no: tuple[str, ...] = (), **more: bool) -> Grammar:
    compiled = re.compile(pattern, re.DOTALL)
    return Grammar(form, compiled, more.pop("marked", True), more.pop("needs_blank", False), yes, no)


GRAMMARS: tuple[Grammar, ...] = (
    _grammar(
        "bold",
        rf"^(?:[-*•]\s|>\s?)?(?:[\[(]?{_T}[\])]?\s{{0,3}}[-–—]?\s{{0,3}})?(?:\*\*|__)(?:[\[(]?(?P<time2>{_CLOCK})[\])]?\s{{1,3}})?{_N_BAR}"
        rf"{_ROLE}{_COLON}?\s{{0,2}}(?:[\[(]?(?P<time3>{_CLOCK})[\])]?)?{_COLON}?(?:\*\*|__){_ROLE.replace('role', 'role2')}\s{{0,3}}"
        rf"(?:\\?[\[(]?(?P<time4>{_CLOCK})(?![\d.,:;])\\?[\])]?)?\s{{0,3}}(?:[:：](?!//)|$|(?=\s*\S)){_REST}",
        ("**Ann Lee:** Yes.", "**Ann Lee**: Yes.", "**Ann Lee**", "**Ann Lee, CFO:** Yes.", "**Ann** [00:12]: Yes.", "**Ann Lee** 00:01:02"),
        ("This is **bold**: yes.",),
    ),
    _grammar(
        "italic",
        rf"^(?:[-*•]\s|>\s?)?([_*])(?![_*]){_N_BAR}{_ROLE}(?:{_COLON}\1|\1\s?{_COLON}){_REST}",
        ("_Ann Lee_: Yes.", "*Ann Lee:* Yes."),
        ("**Ann Lee:** Yes.", "_Yes_, I say: no."),
    ),
    _grammar(
        "bold without a colon",
        rf"^(?:[-*•]\s|>\s?)?(?:\*\*|__){_N_BAR}{_ROLE}(?:\*\*|__){_ROLE.replace('role', 'role2')}\s{{1,3}}(?P<rest>[^\s:：].*)$",
        ("**Ann Lee** Yes.", "**Ann Lee** (Green) Yes."),
        ("**Ann Lee:** Yes.",),
        marked=False,
    ),
    _grammar(
        "heading",
        rf"^#{{2,6}}\s+(?:{_T}\s{{1,3}})?{_N}{_ROLE}(?:\s{{0,3}}[\[(]?(?P<time2>{_CLOCK})[\])]?)?\s{{0,2}}[:：]?(?P<rest>)$",
        ("### Ann Lee", "## Ann Lee (00:12)"),
        needs_blank=True,
    ),
    _grammar(
        "time and name",
        rf"^(?:\[?{_DATE},?\s{{1,2}})?{_T}\]?\s{{0,8}}[-–—]?\s{{0,8}}(?:From\s{{1,3}})?{_N_BAR}"
        rf"(?:\s{{1,3}}[Tt]o\s{{1,3}}[^:：\n]{{1,60}})?{_ROLE}{_COLON}{_REST}",
        ("[00:12] Ann Lee: Yes.", "00:05:00\tAnn Lee:\tYes.", "[12/03/2025, 10:05:00] Ann: Yes.", "12/03/25, 10:05 - Ann: Yes."),
        ("00:05 Yes.",),
    ),
    _grammar(
        "name and time",
        rf"^{_N_BAR}(?:\s{{0,2}}[(（](?P<role>(?![\d:]{{4,}})[^()（）\n]{{1,80}})[)）])?\s{{0,8}}"
        rf"(?:\\?(?P<time>[\[(]\s?{_DAY_CLOCK}(?:\s?[-–]\s?{_CLOCK})?\s?\\?[\])])\s{{0,3}}[:：]?|(?P<time2>{_CLOCK})\s{{0,2}}[:：]|[:：]\s{{0,3}}\\?(?P<time3>[\[(]?{_CLOCK}\\?[\])]?)(?=\s|$)){_REST}",
        ("Ann Lee (00:00:12):", "Ann Lee [00:12]: Yes.", "Ann Lee: 00:00:08", "Ann Lee: [00:12] Yes."),
        ("Ann Lee: Yes.", "(00:00:31):"),
    ),
    _grammar(
        "name and time on a line",
        rf"^(?:{_N_BAR}{_ROLE}\s{{0,2}}[,，|·•—–-]?\s{{1,12}}(?:at\s)?{_DAY}{_T}\]?(?:\s?[-–>]{{1,3}}\s?{_CLOCK})?(?P<rest>)|{_T.replace('time', 'time2')}(?:\s?[-–>]{{1,3}}\s?{_CLOCK})?\s{{1,12}}(?:[-–—|]\s)?{_N_BAR.replace('name', 'name2')})$",
        ("Ann Lee  0:12", "Ann Lee, [04.03.2025 14:03]", "Ann Lee — Today at 2:03 PM", "00:12 Ann Lee", "说话人 1 00:00", "Ann Lee | 01:02:03", "[00:12] Ann Lee"),
        ("Ann said 3.", "It was at 10:30."),
    ),
    _grammar(
        "brackets",
        rf"^(?:{_T}\s{{0,3}})?(?:[\[【{{]|<[\s@+%&~]?|\\\[)(?P<name>[^\W\d_][^\]】>}}\[【<:：\n]{{0,58}})(?:[\]】>}}]|\\\])\s{{0,3}}(?:\\?[\[(](?P<time2>{_CLOCK})\\?[\])])?\s{{0,2}}[:：]?(?!\(){_REST}",
        ("[Ann Lee] Yes.", "【主持人】好。", "12:03 <ann> yes", "12:03 <@ann> yes", "[Ann Lee] [00:12] Yes.", "[Ann Lee]: Yes."),
        ("[a link](https://example.org)",),
    ),
    _grammar(
        "hashes",
        rf"^#(?P<name>[^\W_][^#:：\n]{{0,40}})#{_COLON}{_REST}",
        ("#Person1#: Yes.",),
        ("# Title",),
    ),
    _grammar(
        "chevrons",
        rf"^>>>?\s{{0,3}}(?:{_N}{_ROLE}{_COLON})?{_REST}",
        (">> ANN: Yes.", ">> Yes."),
        ("> quoted",),
    ),
    _grammar(
        "tab",
        rf"^{_N}\t{{1,4}}(?P<rest>\S.*[^\W\d_]{{2}}.*)$",
        ("ANN LEE\tYes.",),
        ("Ann Lee: Yes.",),
        marked=False,
    ),
    _grammar(
        "capitals",
        rf"^(?:-\s)?(?=[^:：]{{0,60}}[A-ZÀ-Þ]){_CAPITALS}{_ROLE}\s{{0,2}}(?:[:：](?!//)|\s(?:--|[–—])\s){_REST}",
        ("MS. LEE: Yes.", "ANN LEE (reading): Yes.", "CHIEF JUSTICE LEE: Yes."),
        ("Ann Lee: Yes.", "Note: this."),
        marked=False,
    ),
    _grammar(
        "colon",
        rf"^(?:[-–—]\s)?{_N_OFFICE}(?:\s?[(（][^()（）\n:：]{{1,40}}[)）](?=\s?[(（]))?(?:\s{{0,2}}[(（\[](?P<role>(?!\d{{1,2}}:\d{{2}})[^()（）\[\]\n]{{1,80}})[)）\]])?{_COLON}{_REST}",
        ("Ann Lee: Yes.", "Dr. Udo Kern (Grüne): Ja.", "周岚：好。", "Ann Lee:", "Ann [on phone]: Yes."),
        ("see https://example.org",),
        marked=False,
    ),
    _grammar(
        "full stop and dash",
        rf"^{_TITLED}{_ROLE}(?:,\s(?P<role2>[^.:;!?]{{2,90}}?))?\s?\.\s{{0,2}}[–—-]{{1,2}}\s{{1,2}}(?=\S){_REST}",
        ("Maria Arena (S&D). – Merci.", "President. – Order.", "Ann Lee, on behalf of the Greens. – Yes."),
        ("Mr. HALE. I do.",),
    ),
    _grammar(
        "full stop",
        rf"^{_TITLED}{_ROLE}(?:,\s(?P<role2>[^.:;!?]{{2,90}}?))?\s?\.\s{{0,2}}(?=\S)(?!\.){_REST}",
        ("Mr. HALE. I do.", "The CHAIRMAN. Order.", "Senator Cruz. Thank you.", "M. le président. Merci.", "LUCIA FERRI, Ministra. Grazie."),
        ("i thank you. Yes.",),
        marked=False,
        needs_blank=True,
    ),
    _grammar(
        "marks of minutes",
        r"^[○◯◆◎●△▲▽□■〇◇]\s?(?P<name>[^\W_][^\s（）()：:、。]{0,30}(?: [^\s（）()：:、。]{1,12})?)(?:[（(](?P<role>[^（）()\n]{1,60})[)）])?[\u3000\s:：]{1,4}(?P<rest>.*)$",
        ("○議長（佐野一郎君）　開きます。", "◆３番（森花子君）　考えます。", "○위원장 홍길동  시작합니다."),
        ("● 要点。",),
    ),
    _grammar(
        "ideographic space",
        r"^(?:[―—─]{2}\s?|(?P<name>[^\W\d_][^\s:：、。（）()]{0,10})(?:[（(](?P<role>[^（）()\n]{1,40})[)）])?\u3000{1,2})(?P<rest>\S.*)$",
        ("高瀬　はい。", "――なぜですか。"),
        ("高瀬 はい。",),
        marked=False,
    ),
    _grammar(
        "name and dash",
        rf"^{_N}{_ROLE}\s[–—]\s(?P<rest>\S.*)$",
        ("Ann Lee – Yes.",),
        ("Ann Lee: Yes.",),
        marked=False,
        needs_blank=True,
    ),
    _grammar(
        "questions and answers",
        r"^(?P<name>Q|A|问|答|問)(?:\s?[.．:：、]\s{0,8}|\s{2,8}|\t)(?P<rest>\S.*)$",
        ("Q.  Where?", "A.  There.", "问：哪里？"),
        ("A tunnel.",),
    ),
    _grammar(
        "name and role on a line",
        r"^(?P<name>(?:[A-Z]\.\s){0,2}[^\W\d_][^:：*\[\]<>|\t{}()（）,，。.?？!！—–]{1,40}?(?:\s[A-Z]\.\s[^\W\d_][^:：*\[\]<>|\t{}()（）,，。.?？!！—–]{1,30}?)?)"
        r"(?:\s[(（](?P<role2>[^()（）\n]{1,60})[)）](?:\s[(（][^()（）\n]{1,40}[)）])?)?"
        r"(?:\s{0,2}(?:--|[—–-](?=\s)|,|，)\s{0,2}(?P<role>[^\n:：?？!！。]{2,120}))?(?<![a-zà-ÿ]{4}[.…])(?P<rest>)$",
        ("Operator", "Sara Lind -- Chief Executive Officer", "Sara Lind, CEO", "John Q. Public — Analyst", "Ann Lee (Northport) (Ind)"),
        ("It rained.", "Why?"),
        marked=False,
        needs_blank=True,
    ),
)  # fmt: skip


def label_on(grammar: Grammar, text: str) -> Label | None:
    """What a line (without white space at its ends) says in a grammar; None when it is not of that form."""
    match = grammar.pattern.match(text)
    if match is None:
        return None
    found = match.groupdict()
    if grammar.form == "bold" and found["rest"].strip() and not re.search(r"[:：]", text[: match.start("rest")]):
        return None  # emphasis
    name = (found.get("name") or found.get("name2") or "").strip(" \u3000-–—,，")
    name = _ASKED.sub("", name)
    role = (found.get("role") or found.get("role2") or "").strip()
    times = [found[key] for key in ("time", "time2", "time3", "time4") if found.get(key)]
    clock = re.search(TIME, times[0]) if times else None
    rest = found.get("rest") or ""
    at = match.start("rest") if rest.strip() else len(text)
    dash = _DASH.match(rest)
    if dash and rest.strip():
        at += dash.end()
    return Label(name, role, seconds_of(clock[0]) if clock else None, at, not rest.strip())
