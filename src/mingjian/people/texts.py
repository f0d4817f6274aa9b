"""Names and reasons as they are stored: one line, nothing invisible in it, no longer than its column."""

import unicodedata

from mingjian.base.errors import MingjianError

# Controls, formats (a right-to-left override turns a name around), surrogates, private use, line and paragraph ends.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class TextError(MingjianError):
    """A text is not taken: "people.text_missing", "people.text_too_long", "people.text_invisible"."""


def line(text: str, *, field: str, longest: int) -> str:
    """Return the text without surrounding space. Raises TextError."""
    stripped = text.strip()
    if not stripped:
        raise TextError("people.text_missing", field=field)
    if len(stripped) > longest:
        raise TextError("people.text_too_long", field=field, longest=longest)
    if has_invisible(stripped):
        raise TextError("people.text_invisible", field=field)
    return stripped


def has_invisible(text: str) -> bool:
    """Say whether there is a character that nobody sees."""
    return any(unicodedata.category(character) in _INVISIBLE for character in text)
