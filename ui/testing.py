"""Doubles for the doors' tests: an answer made by hand over the real debate, and streams that are terminals."""

from __future__ import annotations

import io

from assistant.calculators.trace import Origin, run
from assistant.types import Abstention, Answer, Claim
from corpus.annotations import Annotations
from corpus.library import Debate
from corpus.quotes import quote_sentences
from corpus.testing import timed_debate
from ui.words import Language


class Terminal(io.StringIO):
    """A stream that says somebody is looking."""

    def isatty(self) -> bool:
        """Always."""
        return True


def sample_answer(debate: Debate, language: Language = "en") -> Answer:
    """Two speakers, three quotes (one relayed, one of two sentences) and a calculation that rests on a quote."""
    transcript, notes = debate.transcript, debate.notes
    quotes = tuple(quote_sentences(transcript, ids, notes) for ids in (["t12.4"], ["t12.2", "t12.3"], ["t11.5"]))
    zh = language == "zh"
    trace = run(
        "useful_life_change",
        {"cost": 100.0, "old_life": 4.0, "new_life": 6.5, "age": 2.0},
        {
            "cost": Origin(kind="user", read="$100bn"),
            "new_life": Origin(kind="quote", quote="平均6.5年", speaker="Rob Li", sentence_id="t11.5"),
        },
    )
    return Answer(
        question="芯片能用几年?" if zh else "How long do chips last?",
        standalone="芯片能用几年?" if zh else "How long do chips last?",
        language=language,
        intent="comparison",
        lead="各自的说法:" if zh else "Side by side:",
        claims=(
            Claim(text="旧芯片仍有用" if zh else "Old chips still work", speaker="Ethan Xu", quotes=(0, 1)),
            Claim(text="年限变长了" if zh else "Lives have grown", speaker="Rob Li", quotes=(2,)),
        ),
        quotes=quotes,
        confidence=0.8,
        calculations=(trace,),
        follow_ups=("那 Bruce 呢?" if zh else "And Bruce?",),
        thread="3f9c2a1b",
        transcript_id=transcript.id,
        transcript_sha256=transcript.sha256,
    )


def timed() -> Debate:
    """Subtitles with times, a recording, words in pieces and a speaker whom nobody knows."""
    return Debate(timed_debate(), Annotations(), None)


def timed_answer(language: Language = "en") -> Answer:
    """Quotes over ``timed``: of several cues, of nobody known, in Chinese."""
    transcript = timed().transcript
    quotes = tuple(quote_sentences(transcript, ids) for ids in (["t3.2", "t3.3"], ["t4.1"], ["t6.1"]))
    question = "谁说了什么?" if language == "zh" else "Who said what?"
    return Answer(
        question=question,
        standalone=question,
        language=language,
        intent="overview",
        claims=tuple(Claim(text="", speaker=quote.speaker, quotes=(at,)) for at, quote in enumerate(quotes)),
        quotes=quotes,
        confidence=0.8,
        transcript_id=transcript.id,
        transcript_sha256=transcript.sha256,
    )


def silent_answer(debate: Debate, language: Language = "en") -> Answer:
    """An abstaining answer with who did speak and the nearest words."""
    answer = sample_answer(debate, language)
    abstention = Abstention(
        reason="speaker_silent",
        message="Yang Ren 没有谈到这一点。" if language == "zh" else "Yang Ren did not speak on this.",
        spoke=("Ethan Xu",),
        nearest=answer.quotes[:1],
    )
    silent = {"lead": "", "claims": (), "quotes": (), "calculations": (), "abstention": abstention}
    return answer.model_copy(update=silent)
