"""Examples in the OpenAPI, made from the product's own types, so that they change with them and their quotes verify."""

from __future__ import annotations

import json
from typing import Any

from assistant.calculators.trace import run
from assistant.types import Answer, Claim
from corpus.types import Quote

_SHA256 = "a1195c42f186fc936c3e147b886354beade938711453739afdd737cfe5c1b35e"
_QUOTE = Quote(
    sentence_ids=("t12.4",),
    turn_id="t12",
    speaker_id="ethan-xu",
    speaker="Ethan Xu",
    start=4463,
    end=4496,
    text="我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。",
    mode="relays",
    originator="Google",
    gloss="I even heard Google say publicly at a conference that its TPUs from 7 years ago are still running at full "
    "load today.",
)
_ANSWER = Answer(
    question="Ethan 怎么看旧芯片还能不能用?",
    standalone="Ethan 怎么看旧芯片还能不能用?",
    language="zh",
    intent="position",
    speaker_ids=("ethan-xu",),
    lead="Ethan Xu 在辩论中是这样说的:",
    claims=(Claim(text="", speaker="Ethan Xu", quotes=(0,)),),
    quotes=(_QUOTE,),
    confidence=0.96,
    thread="3f9c2a1b",
    transcript_id="ai-bubble-2025-11-15",
    transcript_sha256=_SHA256,
)

ANSWER: dict[str, Any] = _ANSWER.model_dump(mode="json")
CALCULATION: dict[str, Any] = run(
    "useful_life_change", {"cost": 300.0, "old_life": 5.0, "new_life": 7.0, "age": 2.0}
).model_dump(mode="json")
STREAM = (
    "event: retrieved\n"
    'data: [{"sentence_id":"t12.4","speaker":"Ethan Xu","score":0.23,"rank":1,"lexical":1.0,"dense":0.65}]\n\n'
    "event: claim\n"
    f"data: {json.dumps({'claim': ANSWER['claims'][0], 'quotes': ANSWER['quotes']}, ensure_ascii=False)}\n\n"
    "event: answer\n"
    f"data: {json.dumps(ANSWER, ensure_ascii=False)}\n\n"
)
EXPORT = (
    "# Ethan 怎么看旧芯片还能不能用?\n\n…\n\n"
    f"> “{_QUOTE.text}”\n>\n> — EX Ethan Xu, 转述 Google · t12.4\n>\n> `[t12.4] 4463:4496 sha256:{_SHA256}`\n\n…\n"
)
