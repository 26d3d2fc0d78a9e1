"""What may be asked: 1 to 4,000 characters of Unicode text with a letter or digit in it."""

from __future__ import annotations

from assistant.errors import QuestionError

MAX_CHARACTERS = 4_000


def checked_question(text: str) -> str:
    """The question without the white space around it.

    Raises:
        QuestionError: It holds no letter or digit, is longer than 4,000 characters, or holds lone surrogates.
    """
    question = text.strip().removeprefix("\ufeff").strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question is empty; ask something, such as: who disagreed?")
    if len(question) > MAX_CHARACTERS:
        raise QuestionError(f"The question is longer than {MAX_CHARACTERS:,} characters; shorten it.")
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question is not valid Unicode text (it holds a lone surrogate); send it as UTF-8.")
    return question
