"""The values that callers send, with their limits; the OpenAPI says exactly what is accepted.

>>> from pydantic import ConfigDict, TypeAdapter
>>> TypeAdapter(Question, config=ConfigDict(regex_engine="python-re")).validate_python("为什么?")
'为什么?'
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from assistant.questions import MAX_CHARACTERS

#: With a letter or digit somewhere: ``[^\W_]`` is what ``str.isalnum`` says, by the regex engine "python-re".
Question = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS, pattern=r"[^\W_]")]
ThreadId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
_Whole = BeforeValidator(lambda v: int(v) if isinstance(v, float) and v.is_integer() else v)
#: JSON Schema calls 7.0 an integer too.
WholeNumber = Annotated[int, _Whole]
MessageNumber = Annotated[int, Field(ge=1, le=1_000_000), _Whole]
SpeakerName = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
TurnId = Annotated[str, StringConstraints(pattern=r"^t[1-9][0-9]{0,5}$")]


def event_schema(data: str, *events: str) -> dict[str, Any]:
    """The schema of one server-sent event whose data is JSON; ``data`` says of what."""
    words = {"type": "string", "contentMediaType": "application/json", "description": data}
    kind: dict[str, Any] = {"event": {"type": "string", "enum": list(events)}} if events else {}
    return {"type": "object", "description": "Each event.", "properties": {**kind, "data": words}, "required": ["data"]}
