"""Canonical JSON after RFC 8785: one value, one sequence of bytes. Whole numbers only; floats have no place here."""

import json
from collections.abc import Mapping
from typing import Any

from mingjian.base.errors import MingjianError

MAX_INTEGER = (1 << 53) - 1

JsonValue = str | int | bool | None | list["JsonValue"] | tuple["JsonValue", ...] | Mapping[str, "JsonValue"]


class CanonicalError(MingjianError):
    """A value has no canonical form: ledger.not_canonical."""


def encode(value: JsonValue) -> bytes:
    """Return the canonical bytes of a value made of text, whole numbers, booleans, null, lists and string-keyed maps.

    Raises CanonicalError for anything else, for integers that a JSON reader may round (beyond 2**53 - 1), and for text
    that is not Unicode or holds U+0000 (PostgreSQL cannot store it).
    """
    try:
        return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (RecursionError, UnicodeEncodeError):
        raise CanonicalError("ledger.not_canonical", reason="text_or_depth") from None


def decode(raw: bytes) -> Any:
    """Return the value of bytes that are already canonical, or raise CanonicalError."""
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise CanonicalError("ledger.not_canonical", reason="not_json") from None
    if encode(value) != raw:
        raise CanonicalError("ledger.not_canonical", reason="other_form")
    return value


def _ordered(value: Any) -> Any:
    """Return the value with every map in RFC 8785 order: by UTF-16 code units, not by code points."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise CanonicalError("ledger.not_canonical", reason="integer_too_large")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {_text(name): _ordered(value[name]) for name in names}
    raise CanonicalError("ledger.not_canonical", reason="type", type=type(value).__name__)


def _text(text: str) -> str:
    if "\x00" in text:
        raise CanonicalError("ledger.not_canonical", reason="nul")
    return str(text)
