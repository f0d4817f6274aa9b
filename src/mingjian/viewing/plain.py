"""Text as people wrote it, without what cannot be seen: no control characters, nothing that turns the line around."""

import unicodedata

# Directional overrides and isolates: they make a printed line read otherwise than it is stored.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_KEPT = frozenset("\n\t")


def plain_text(text: str) -> str:
    """Return the text in composed form with its lines, without control characters and directional marks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in unicodedata.normalize("NFC", lines) if sign in _KEPT or not _is_unseen(sign))
    return "".join(kept).strip()


def plain_line(text: str) -> str:
    """Return the same as one line."""
    return " ".join(plain_text(text).split())


def _is_unseen(sign: str) -> bool:
    return sign in _TURNING or unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}
