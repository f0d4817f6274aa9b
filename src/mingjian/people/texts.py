"""Names and reasons as they are stored: one line, nothing invisible in it, no longer than its column."""

import unicodedata

from mingjian.base.errors import MingjianError

# Controls, formats (a right-to-left override turns a name around), surrogates, private use, line and paragraph ends.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# What spreadsheets take for the beginning of a formula, in either width.
_FORMULA = "=+-@＝＋－＠"


class TextError(MingjianError):
    """A text is not taken.

    Codes: "people.text_missing", "people.text_too_long", "people.text_invisible", "people.text_formula".
    """


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


def name(text: str, *, field: str, longest: int) -> str:
    """Return a line that may end up in other people's tables: none that a spreadsheet works out. Raises TextError."""
    if begins_formula(text):
        raise TextError("people.text_formula", field=field)
    return line(text, field=field, longest=longest)


def begins_formula(text: str) -> bool:
    """Say whether a spreadsheet would work out the text instead of showing it."""
    return text[:1] in ("\t", "\r", "\n") or text.strip()[:1] in tuple(_FORMULA)


def has_invisible(text: str) -> bool:
    """Say whether there is a character that nobody sees."""
    return any(unicodedata.category(character) in _INVISIBLE for character in text)
