"""A question wants the words of somebody who does not speak → an abstention that says so and who mentions them.

Where the notes say that a speaker relays that person's claim, the question is answered as ever: the claim is theirs.

    "What did Governor Ames say about bridges?"
    → "Governor Ames does not speak in this debate; Tomas Weil mentions Governor Ames."
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.reading.read import Reading
from assistant.types import DraftAbstention
from assistant.wording import join_names, pick
from corpus.annotations import Language
from corpus.normalize import fold_text
from corpus.outsiders import is_office, mentioned, outsiders
from index.search import PassageIndex
from index.types import Hit

_NEAREST = 3


def absent(
    reading: Reading, index: PassageIndex, found: Sequence[Hit], *, answered: bool = False
) -> DraftAbstention | None:
    """What to say where the person asked about does not speak; None where the question is about somebody else.

    Args:
        reading: the question as understood.
        index: the debate.
        found: what came up for the question, best first; of the sentences that mention the person, these lead.
        answered: whether that seems to answer it; then an office ("the mayor") is taken to be a speaker's who has it,
            though the record does not say so.
    """
    understood = reading.understanding
    if understood.intent in ("small_talk", "out_of_scope", "numeric"):
        return None
    names = outsiders(understood.question, index.transcript)
    if not names or (answered and is_office(names[0])) or _is_relayed(names[0], index):
        return None
    ids = mentioned(index.transcript, names[0])
    ranks = {hit.id: hit.rank for hit in found}
    nearest = sorted(ids, key=lambda i: (ranks.get(i, len(ranks) + 1), index.transcript.position(i)))[:_NEAREST]
    who = [index.transcript.speaker_of(index.transcript.sentence(i).turn_id).name for i in ids]
    message = does_not_speak(names[0], list(dict.fromkeys(who)), understood.language)
    return DraftAbstention(reason="speaker_silent", message=message, nearest=tuple(nearest))


def _is_relayed(name: str, index: PassageIndex) -> bool:
    last = fold_text(name).split()[-1]
    notes = (index.notes.note(sentence.id).originator for sentence in index.transcript.sentences)
    return any(last in fold_text(originator) for originator in notes if originator)


def does_not_speak(who: str, mentioned_by: Sequence[str], language: Language) -> str:
    """That somebody does not speak in the debate, and who mentions them.

    Args:
        who: as the question names them; an office alone ("the mayor") is said of the record, not of the people.
        mentioned_by: names of speakers.
        language: of the sentence.
    """
    who = who if not is_office(who) or language == "zh" or who.lower().startswith("the ") else f"the {who}"
    phrases = ("文稿里没有人以{who}的身份发言", "Nobody in this transcript is named as {who}")
    if not is_office(who):
        phrases = ("{who}没有在这场辩论里发言", "{who} does not speak in this debate")
    message = pick(phrases, language).format(who=who[:60])
    if mentioned_by:
        verb = "mentions" if len(mentioned_by) == 1 else "mention"
        more = pick(("；提到{who}的是{names}", "; {names} {verb} {who}"), language)
        message += more.format(who=who[:60], names=join_names(mentioned_by, language), verb=verb)
    return message + pick(("。", "."), language)
