"""Turns of phrase put into the plain words that declarations know: "had oil stayed" → "if oil had stayed".

Inversions, contractions and everyday paraphrases of a question, never its figures; every character keeps its place.

    >>> from assistant.numeric.numerals import normalized
    >>> plain(normalized("how many rigs had oil stayed at $95")).text
    'how many rigs if oil had stayed at $95'
"""

from __future__ import annotations

import re

from assistant.numeric.spelling import replaced
from corpus.normalize import Folded

_STAYED = r"(?:been|stayed|held|remained|hovered|gone|risen|fallen|dropped|grown|never|not|only|cost|earned|used|kept)"
_HOURLY = (
    r"(?=(?:about |only |around )?\$?[\d.]+ ?(?:dollars? |bucks? )?(?:an |per |/ ?)(?:gpu[ -])?(?:hour|hr|h)(?![a-z]))"
)
_SUM = r"(?:\$|[\d.]+ ?(?:bn|billion|tn|trillion|mn|million)|half a)[^,.;?]{0,40}?"

_TURNS: tuple[tuple[str, str], ...] = (
    # suppositions without "if"
    (rf"(?<![a-z])(?<!if )had ((?:the |our |its )?[a-z]+(?: [a-z]+)?) (?={_STAYED}(?![a-z]))", r"if \1 had "),
    (r"(?<![a-z])were ((?:the |our |its )?[a-z]+(?: [a-z]+)?) to (?=[a-z])", r"if \1 were to "),
    (r"(?<=had )(?:held|remained|hovered|been kept|kept)(?: steady| flat| up)? at(?![a-z])", "stayed at"),
    (r"(?<=and )(?:held|remained|been kept)(?: steady| flat| up)? at(?![a-z])", "stayed at"),
    (r"(?<![a-z])oil(?= (?:prices? )?(?:fall|fell|rise|rose|drop|crash|plunge|slump|tumble|climb|lose|lost|gain|move))",
     "oil price"),
    # what goes up may burst
    (r"(?<=bubble )(?:pops?|popping|popped|blows? up|implodes?|deflates?|collapses?|goes pop)(?![a-z])", "bursts"),
    (r"(?<=% )(?:risk|chance|probability|likelihood)(?: of [a-z ]{1,16})? (?:each|every|per|a|in any) year", "hazard"),
    (r"(?<=% )(?:annual|yearly) (?:risk|chance|probability)", "hazard"),
    (r"每年的?风险率?|年风险率?", "每年概率"),
    # what a machine earns, and when it no longer does
    (rf"(?<![a-z])(?:earn(?:s|ing)?|mak(?:es?|ing)|bring(?:s|ing)? in|generat(?:es?|ing)|fetch(?:es|ing)?"
     rf"|leas(?:es?|ing)(?: out)?(?: at| for)?|lets? (?:out )?for|hir(?:es?|ing) out (?:at|for)|goes? for) {_HOURLY}",
     "rents at "),
    (r"(?<![a-z])(?:lease|hire|hiring) (?:rates?|prices?|fees?)(?![a-z])", "rents"),
    (r"(?:not|n't|no longer|stops? being) worth (?:it to )?(?:run|plug|power|switch|turn|keep|electricity|"
     r"the (?:electr|power))"
     r"[a-z]*(?: (?:in|on|up|it|them))*(?![a-z])", "uneconomic"),
    (r"(?<=how long )(?:can|could|should|would|do) (?:you|i|we|they|one) (?:keep )?(?:run|running)(?![a-z])",
     "until it is uneconomic to run"),
    (r"(?<![a-z])stays? (?:in business|viable|profitable|economic|alive|worth running)(?![a-z])", "is not uneconomic"),
    # accounts
    (r"(?<=declining balance) (?:at|of) (?=\d)", ", declining rate "),
    (r"(?<![a-z])((?:decid|conclud|realis|realiz|find)[a-z]* (?:[a-z]+ ){0,6}?)(?:they|it)(?:'ll|"
     r" will)(?: really)? last(?![a-z])",
     r"\1useful life changed to"),
    (r"(?<![a-z])(?<=[a-z] )expens(?:e|ed|ing) (?=(?:each|every|per|in|a) year|over |across )", "depreciation "),
    (r"(?<![a-z])(?:written|writing|writes|write) off (?=over |across |evenly |in equal )", "depreciated "),
    (r"(?<![a-z])(?:full|complete) bonus(?![a-z])|(?<![a-z])bonus[ -]depreciated|writ(?:e|ing|ten) (?:it |"
     r"them )?(?:all )?off "
     r"(?:immediately|straight away|right away|up ?front|in one go|at a stroke)", "fully expensed"),
    (r"(?<![a-z])tax (?:do|does|would|will|can|could) (?:i|we|you|they|it|one) save(?![a-z])|"
     r"(?<![a-z])tax(?:es)? saved",
     "tax saving"),
    (rf"(?<![a-z])((?:spend|spent|invest|pour|commit)[a-z]* {_SUM}) over (?=[\d]|[a-z]+ years)", r"\1 spread over "),
    (rf"(?<![a-z0-9])({_SUM} (?:goes?|gets?|is|are|was|will be) (?:in|out|spent|invested|"
     rf"deployed)) over (?=[\d]|[a-z]+ years)",
     r"\1 spread over "),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), plainly) for pattern, plainly in _TURNS)
_WRITTEN_OFF = re.compile(r"writ(?:e|ing|ten|es) off|expens|deduct")
_AT_ONCE = re.compile(r"(?<![a-z])(?:immediately|straight away|right away|all at once|in one go)(?![a-z])")
# One life in place of another, the new one named first.
_LIFE = re.compile(
    r"depreciat|writ(?:e|ing|ten|es) (?:it |them )?off|useful li|book life|amorti[sz]|spread|折旧|摊销|年限"
)
_INSTEAD = r"(?:instead of|rather than|not) (?:the |over )?"
_NOT = r"[,\uff0c]?(?:而不是|而非|不是)按?"
_NEW_LIFE = re.compile(
    rf"(?<![a-z])(?:over|across|at|on|by|using|with|for) (?=[\d.]+[ -]?(?:years?|yrs?|y)?,? {_INSTEAD}\d)"
    rf"|按?(?=[\d.]+年?{_NOT}\d)"
)
_OLD_LIFE = re.compile(rf"(?<=[\dsry]) {_INSTEAD}(?=[\d.]+(?! ?%))|(?<=[\d年]){_NOT}(?=\d)")


def plain(folded: Folded) -> Folded:
    """The same text in plainer words."""
    for pattern, plainly in _PATTERNS:
        folded = replaced(folded, [(*m.span(), m.expand(plainly)) for m in pattern.finditer(folded.text)])
    if _WRITTEN_OFF.search(folded.text):
        folded = replaced(folded, [(*m.span(), "fully expensed") for m in _AT_ONCE.finditer(folded.text)])
    if _LIFE.search(folded.text) and (new := _NEW_LIFE.search(folded.text)):
        chinese = "年" in folded.text[new.end() :]
        folded = replaced(folded, [(*new.span(), "改成" if chinese else "changed to ")])
        folded = replaced(
            folded, [(*m.span(), "原来" if chinese else " originally ") for m in _OLD_LIFE.finditer(folded.text)]
        )
    return folded
