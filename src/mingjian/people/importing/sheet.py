"""A file of strangers' bytes → rows of text: CSV in UTF-8 (with or without a mark) or GB18030, or XLSX. Bounded."""

import csv
import io
from dataclasses import dataclass
from hashlib import sha256

from mingjian.base.errors import MingjianError
from mingjian.people.importing import workbook

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 20_000
_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class SheetError(MingjianError):
    """A file is no table that can be read.

    Codes: "people.import_empty", "people.import_too_large", "people.import_too_many_rows", "people.import_old_excel",
    "people.import_encoding", "people.import_malformed", "people.import_packed".
    """


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was written: the text of every cell, rows numbered from 1 as a spreadsheet does."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    sha256: str
    size_bytes: int
    encoding: str


def read(content: bytes) -> Sheet:
    """Return the rows that have anything in them. Raises SheetError."""
    if len(content) > MOST_BYTES:
        raise SheetError("people.import_too_large", most_mb=MOST_BYTES // 1024**2)
    if content.startswith(_XLS):
        raise SheetError("people.import_old_excel")
    encoding, cells = ("xlsx", _of_workbook(content)) if is_workbook(content) else _of_text(content)
    rows = tuple((number, row) for number, row in enumerate(cells, start=1) if any(cell.strip() for cell in row))
    if not rows:
        raise SheetError("people.import_empty")
    # The heading is none of them.
    if len(rows) - 1 > MOST_ROWS:
        raise SheetError("people.import_too_many_rows", most=MOST_ROWS)
    return Sheet(rows=rows, sha256=sha256(content).hexdigest(), size_bytes=len(content), encoding=encoding)


def is_workbook(content: bytes) -> bool:
    """Say whether the bytes are meant as XLSX, and not as text."""
    return content.startswith(_XLSX)


def _of_workbook(content: bytes) -> list[tuple[str, ...]]:
    try:
        return workbook.rows_of(content, most_rows=MOST_ROWS + 2)
    except workbook.TooPacked as error:
        raise SheetError("people.import_packed", most_mb=workbook.MOST_UNPACKED // 1024**2) from error
    except workbook.NoWorkbook as error:
        raise SheetError("people.import_malformed", row=0) from error


def _of_text(content: bytes) -> tuple[str, list[tuple[str, ...]]]:
    encoding, text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    try:
        for row in reader:
            rows.append(tuple(row))
            if len(rows) > MOST_ROWS + 1:
                raise SheetError("people.import_too_many_rows", most=MOST_ROWS)
    except csv.Error as error:
        raise SheetError("people.import_malformed", row=reader.line_num) from error
    return encoding, rows


def _decoded(content: bytes) -> tuple[str, str]:
    if not content.startswith(_UTF16) and b"\x00" not in content:
        # What is UTF-8 by chance is hardly ever meant as GB18030; the other way round it is common.
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return encoding.removesuffix("-sig"), content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise SheetError("people.import_encoding")
