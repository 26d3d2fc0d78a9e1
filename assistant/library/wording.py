"""Our sentences about many debates, in the question's language; each is derived from who spoke where and when."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.library.types import Card, LibraryAnswer
from assistant.wording import join_names, pick, spaced
from corpus.annotations import Language
from corpus.persons import Person
from corpus.types import Quote

_MOST = 6  # debates that are named one by one


def debates(cards: Sequence[Card], language: Language) -> str:
    """ "The toll (2025-03-04) and The ferry (no date)", the first few by name."""
    names = [card.label(language) for card in cards[:_MOST]]
    if len(cards) > _MOST:
        rest = len(cards) - _MOST
        names.append(pick((f"另外{rest}场", f"{rest} more"), language))
    return join_names(names, language)


def lead_find(names: Sequence[str], told: int, asked: int, language: Language, *, sure: bool = True) -> str:
    """Who is quoted, from how many of the debates; unless it is likely to answer, as the closest that was found."""
    who = join_names(names, language)
    if not sure:
        return spaced(pick((
            f"以下是最接近的原话,未必回答了问题。{asked}场辩论中取自{told}场,是{who}的话:",
            f"The closest that was found, which may not answer: the words of {who}, from {told} of {asked} debates:",
        ), language))  # fmt: skip
    return spaced(pick((
        f"{asked}场辩论中有{told}场谈到,引的是{who}的话:",
        f"The words of {who}, from {told} of {asked} debates:",
    ), language))  # fmt: skip


def lead_over_time(names: Sequence[str], cards: Sequence[Card], language: Language) -> str:
    """Whose words follow by date; whether somebody changed is the reader's to see."""
    who = join_names(names, language)
    dated = [card.date for card in cards if card.date]
    span = f"{dated[0]} – {dated[-1]}" if len(set(dated)) > 1 else dated[0] if dated else ""
    if len(cards) == 1:
        return spaced(pick((
            f"只有一场辩论里找到{who}谈这一点的话({span or '日期不详'}),因此看不出变化:",
            f"Only one debate has {who} on this ({span or 'no date'}), so no change can be told:",
        ), language))  # fmt: skip
    return spaced(pick((f"{who}在{len(cards)}场辩论里谈到这一点,按日期排列({span}):",
                        f"{who} on this in {len(cards)} debates, by date ({span}):"), language))  # fmt: skip


def lead_first(name: str, card: Card, undated: int, language: Language) -> str:
    """Who spoke of it in the earliest debate in which it was found."""
    text = pick((f"记录中最早谈到这一点的是{name},见{card.label(language)}。",
                 f"The earliest on record on this is {name}, in {card.label(language)}."), language)  # fmt: skip
    if undated:
        text += pick((f"另有{undated}场没有日期,无法比较。",
                      f" {undated} more without a date cannot be placed."), language)  # fmt: skip
    return spaced(text)


def lead_figures(rows: int, told: int, language: Language) -> str:
    """How many figures were found."""
    return pick((f"找到{rows}句带数字的话,出自{told}场辩论:",
                 f"{rows} sentence{'s' * (rows != 1)} with a figure, from {told} debate{'s' * (told != 1)}:"),
                language)  # fmt: skip


def nothing(asked: int, names: Sequence[str], language: Language) -> str:
    """That nothing close was found anywhere."""
    if names:
        who = join_names(names, language)
        return spaced(pick((f"在{asked}场辩论里没有找到{who}谈这一点的话。",
                            f"In {asked} debates I found nothing by {who} on this."), language))  # fmt: skip
    return pick((f"在{asked}场辩论里没有找到接近的内容。", f"I found nothing close in {asked} debates."), language)


def silent_in(cards: Sequence[Card], language: Language) -> str:
    """In which debates nothing close was found."""
    return pick((f"没有找到接近内容的:{debates(cards, language)}。",
                 f"Nothing close was found in {debates(cards, language)}."), language)  # fmt: skip


def further_in(cards: Sequence[Card], language: Language) -> str:
    """Which debates have something, though nothing as close."""
    return pick((f"也可能有关、但不如以上接近:{debates(cards, language)}。",
                 f"Less close, though perhaps on it too: {debates(cards, language)}."), language)  # fmt: skip


def absent_from(names: Sequence[str], cards: Sequence[Card], language: Language) -> str:
    """In which debates somebody does not take part."""
    who, verb = join_names(names, language), "does" if len(names) == 1 else "do"
    return spaced(pick((f"{who}没有参加:{debates(cards, language)}。",
                        f"{who} {verb} not speak in {debates(cards, language)}."), language))  # fmt: skip


def taken_for_one(person: Person, cards: Sequence[Card], language: Language) -> str:
    """That several speakers are taken for one person, and how to undo it."""
    labels = debates(cards, language)
    return spaced(pick((
        f"{labels}中的{person.name}按同一人处理:姓名一致,身份不矛盾;`debate people --apart` 可以分开。",
        f"{person.name} in {labels} is taken for one person: the names agree and the roles do not contradict; "
        "`debate people --apart` parts them.",
    ), language))  # fmt: skip


def which_one(people: Sequence[tuple[Person, Sequence[Card]]], language: Language) -> str:
    """That a name fits several people, and who they are."""
    told = [f"{p.name}{f' ({p.role})' if p.role else ''} – {debates(cards, language)}" for p, cards in people]
    return spaced(pick((f"这个名字可以指{len(told)}个人,请说明是哪一位:{';'.join(told)}。",
                        f"That name fits {len(told)} people; say which: {'; '.join(told)}."), language))  # fmt: skip


def no_such_date(cards: Sequence[Card], language: Language) -> str:
    """That no debate is of the date asked for."""
    dates = list(dict.fromkeys(card.date for card in cards if card.date))
    told = join_names(dates[:12], language) + ("…" if len(dates) > 12 else "")
    none = pick(("没有一场标有日期", "none has a date"), language)
    return pick((f"没有那个日期的辩论;有记录的日期是:{told or none}。",
                 f"No debate is of that date; the dates on record are {told or none}."), language)  # fmt: skip


def outsider(name: str, asked: int, language: Language) -> str:
    """That somebody speaks in none of the debates."""
    return spaced(pick((f"{name}没有在这{asked}场辩论里发言。",
                        f"{name} speaks in none of these {asked} debates."), language))  # fmt: skip


def lead_about(asked: int, language: Language) -> str:
    """How many debates there are."""
    return pick((f"共{asked}场辩论:", f"{asked} debates:"), language)


COLUMNS = {
    "over_time": (("日期", "Date"), ("辩论", "Debate"), ("发言人", "Speaker"), ("原话", "In their words")),
    "figures": (("日期", "Date"), ("辩论", "Debate"), ("发言人", "Speaker"), ("数字", "Figure"),
                ("原话", "In their words")),
    "about": (("日期", "Date"), ("辩论", "Debate"), ("编号", "Id"), ("发言人", "Speakers")),
}  # fmt: skip


def columns(manner: str, language: Language) -> tuple[str, ...]:
    """Heads of a table."""
    return tuple(pick(head, language) for head in COLUMNS[manner])


def quote_line(card: Card, quote: Quote, language: Language) -> str:
    """A quote with who said it, in which debate, when and where."""
    time = f" {quote.time}" if quote.time else ""
    line = f"  “{quote.text}” — {wording.attribution(quote, language)}, {card.label(language)} [{quote.turn_id}{time}]"
    if language == "en" and quote.gloss:
        line += f"\n    [our translation: {quote.gloss}]"
    return line


def plain_text(answer: LibraryAnswer) -> str:
    """The whole answer as plain text, every quote with its debate and date."""
    language, lines = answer.language, [answer.lead] if answer.lead else []
    if answer.altered:
        lines.insert(0, f"! {'; '.join(answer.altered)}")
    if answer.table is not None:
        lines += [" | ".join(row) for row in (answer.table.columns, *answer.table.rows)]
    else:
        for part in answer.parts:
            told = part.answer
            shown: set[int] = set()
            for claim in told.claims:
                lines += [f"- {claim.text}"] if claim.text else []
                lines += [quote_line(part.debate, told.quotes[at], language) for at in claim.quotes]
                shown |= set(claim.quotes)
            lines += [quote_line(part.debate, q, language) for at, q in enumerate(told.quotes) if at not in shown]
            for trace in told.calculations:
                lines += [trace.summary[told.language], *wording.calculation_lines(trace, told.language)]
    lines += [quote_line(found.debate, found.quote, language) for found in answer.nearest]
    return "\n".join([*lines, *answer.notes])
