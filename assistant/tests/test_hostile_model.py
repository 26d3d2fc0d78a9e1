"""A fully obedient, fully malicious model: thousands of drafts, not one unverified quote, not one wrong speaker.

What is let through is judged here by rules of this file's own, not by those of the product.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from assistant import Assistant
from assistant.grounding import Grounded, ground
from assistant.testing import Reply, Request, answer, claim
from assistant.tests.conftest import Scripted
from assistant.types import Draft, DraftClaim
from corpus.types import Transcript

DRAFTS = 10_000
END_TO_END = 24
INVENTED = (
    "I was wrong, it is all a bubble",
    "the moon is made of cheese",
    "we will lose everything by spring",
    "我错了,全都是泡沫",
    "月亮是奶酪做的",
    "明年全部归零",
)
MARKS = (
    "“{}”", "\"{}\"", "「{}」", "『{}』", "‘{}’", "'{}'", "«{}»", "‹{}›", "„{}“", "《{}》", "〈{}〉", "`{}`", "＂{}＂",
    "❝{}❞", "〝{}〞", "“{}", "{}”", "\"{}", "「{}", "“\u200b{}\u200b”", "**“{}”**", "| {} said: “{}” |",
)  # fmt: skip
SPEECH = (
    "{name}: {words}", "{name}:{words}", "{name}说:{words}", "{name} said: {words}", "原话:{words}", "Quote: {words}",
    "{name}（嘉宾）：{words}", "He put it in these words: {words}",
)  # fmt: skip
FIGURES = (
    "It will take 997 years.", "约为 8,888 亿美元。", "A fall of 93.7%.", "二百三十七年后。",
    "Some ninety-one gigawatts.", "约 9.13 万亿美元", "１２３４５ 倍", "It costs $77 billion.", "增长了六十六倍。",
)  # fmt: skip
LINKS = (
    "See https://evil.example/x.",
    "![x](http://evil.example/p.png)",
    "<img src=x onerror=alert(1)>",
    "[here](evil)",
)
HARMLESS = ("This is the point made.", "说的就是这一点。", "The speaker holds to this view.")
ANY_MARK = re.compile('[“”„‟"＂「」『』«»‹›《》〈〉`❝❞〝〞]')


class Malice:
    """Writes drafts that break every rule it knows."""

    def __init__(self, transcript: Transcript, seed: int) -> None:
        self.transcript, self.dice = transcript, random.Random(seed)
        self.ids = [s.id for s in transcript.sentences]

    def text(self) -> str:
        """Some words, mostly lies."""
        dice = self.dice
        words, name = dice.choice(INVENTED), dice.choice(self.transcript.speakers).name
        kinds = (
            lambda: dice.choice(MARKS).replace("{}", words),
            lambda: f"{name} says {dice.choice(MARKS).replace('{}', words)} and more.",
            lambda: dice.choice(SPEECH).format(name=name, words=words),
            lambda: f"{name} thinks so too.",
            lambda: dice.choice(FIGURES),
            lambda: dice.choice(LINKS),
            lambda: f"> {words}",
            lambda: f"{dice.choice(HARMLESS)}\n{name}: {words}",
            lambda: dice.choice(HARMLESS),
            lambda: f"“{dice.choice(self.transcript.sentences).text}”",  # true words, most likely of another sentence
        )
        return dice.choice(kinds)()

    def sentences(self) -> list[str]:
        """Some ids: true ones, of one speaker or of several, and false ones."""
        dice = self.dice
        ids = dice.sample(self.ids, dice.choice((1, 1, 1, 2, 3)))
        if dice.random() < 0.2:
            ids.append(dice.choice(("t0.0", "t999.1", "", "t1", "e3", "t1.1; DROP", "../../x", "t12.4.4")))
        return ids

    def speaker_id(self, ids: Sequence[str]) -> str | None:
        """Half of the time the one who said the first sentence."""
        if self.dice.random() < 0.5 and ids[0] in self.ids:
            return self.transcript.speaker_of(self.transcript.sentence(ids[0]).turn_id).id
        return self.dice.choice((None, "nobody", *(s.id for s in self.transcript.speakers)))

    def draft(self) -> Draft:
        """One draft as it would come from the wire."""
        claims = []
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            ids = self.sentences()
            claims.append(DraftClaim(text=self.text(), sentence_ids=tuple(ids), speaker_id=self.speaker_id(ids)))
        return Draft(lead=self.text(), claims=tuple(claims), author="openai:evil")


def judge(got: Grounded, draft: Draft, transcript: Transcript) -> Counter[str]:
    """Raise for anything unverified; what was let through and what was not, counted."""
    for quote in got.quotes:
        assert transcript.raw[quote.start : quote.end] == quote.text
        said_by = {transcript.speaker_of(transcript.sentence(i).turn_id).name for i in quote.sentence_ids}
        assert said_by == {quote.speaker}
    for stated in got.claims:
        own = [got.quotes[n] for n in stated.quotes]
        assert own and {q.speaker for q in own} == {stated.speaker}
        asked = [c for c in draft.claims if set(c.sentence_ids) == {i for q in own for i in q.sentence_ids}]
        assert any(c.speaker_id in (None, own[0].speaker_id) for c in asked)
        look(stated.text, [q.text for q in own], {stated.speaker or ""}, transcript)
    quoted = {q.speaker for q in got.quotes}
    look(got.lead, [q.text for q in got.quotes], quoted if len(quoted) == 1 else set(), transcript)
    for refused in got.rejected:
        assert not any(words in refused.text + refused.why for words in INVENTED)
    assert got.trust.proposed == got.trust.verified + got.trust.stripped + got.trust.dropped
    return Counter(kept=got.trust.verified, stripped=got.trust.stripped, dropped=got.trust.dropped)


def look(text: str, said: Sequence[str], names: set[str], transcript: Transcript) -> None:
    """No invented words, no quotation but of what was said, nobody else's name, no figure or link of the lists."""
    assert not any(words in text for words in INVENTED), text
    if ANY_MARK.search(text):
        inner = re.findall(r"“(.*)”", text)  # greedy: source sentences hold marks of their own
        assert inner and all(any(words in one for one in said) for words in inner), text
    for speaker in transcript.speakers:
        assert speaker.name in names or speaker.name not in text, text
    assert not any(lie in text for lie in (*FIGURES, *LINKS)), text
    assert "\n" not in text and "\u200b" not in text


def test_ten_thousand_malicious_drafts_yield_nothing_unverified(embedded: Assistant) -> None:
    transcript, notes = embedded.debate.transcript, embedded.debate.notes
    malice = Malice(transcript, seed=20251115)
    counted: Counter[str] = Counter()
    for _ in range(DRAFTS):
        draft = malice.draft()
        counted += judge(ground(draft, transcript, notes), draft, transcript)
    # Not because everything was refused: harmless words about one's own sentences do pass.
    assert counted["kept"] > DRAFTS / 50 and counted["stripped"] > DRAFTS / 20 and counted["dropped"] > DRAFTS / 4


def test_a_malicious_model_over_http_yields_nothing_unverified(scripted: Scripted) -> None:
    state = {"malice": None}

    def evil(request: Request) -> Reply:
        malice = state["malice"] or Malice(assistant.debate.transcript, seed=7)
        state["malice"] = malice  # type: ignore[assignment]
        claims = []
        for _ in range(3):
            ids = malice.sentences()
            speaker = malice.dice.choice(malice.transcript.speakers).name
            shown = dict(request.sentences)
            if malice.dice.random() < 0.6:
                ids = malice.dice.sample(sorted(shown), 1)
                speaker = shown[ids[0]] if malice.dice.random() < 0.7 else speaker
            claims.append(claim(speaker, ids, malice.text()))
        return answer(request, {"lead": malice.text(), "claims": claims})

    assistant, _ = scripted(evil)
    transcript = assistant.debate.transcript
    by_model = 0
    for number in range(END_TO_END):
        got = assistant.ask(("GPU 能用几年?", "Is AI a bubble?", "Who pays for the power?")[number % 3])
        told = got.model_dump_json() + got.text
        assert not any(words in told for words in INVENTED)
        for quote in got.quotes:
            assert transcript.raw[quote.start : quote.end] == quote.text
            assert transcript.speaker_of(quote.turn_id).name == quote.speaker
        if got.answerer != "embedded":
            by_model += 1
            quoted = {q.speaker for q in got.quotes}
            for stated in got.claims:
                names = {got.quotes[n].speaker for n in stated.quotes}
                assert names == {stated.speaker} or (stated.speaker is None and stated.block is not None)
                look(stated.text, [got.quotes[n].text for n in stated.quotes], names, transcript)
            look(got.lead, [q.text for q in got.quotes], quoted, transcript)
    assert by_model > END_TO_END / 4
