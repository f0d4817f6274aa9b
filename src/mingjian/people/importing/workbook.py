"""The first sheet of an XLSX file as text, read as a stream; what is packed too tightly is not unpacked."""

import io
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl

MOST_UNPACKED = 48 * 1024 * 1024
MOST_PARTS = 200
MOST_COLUMNS = 32
LONGEST_CELL = 1000


class NoWorkbook(Exception):
    """It is no XLSX file that can be read."""


class TooPacked(Exception):
    """Unpacked it would be larger than any table is."""


def rows_of(content: bytes, *, most_rows: int) -> list[tuple[str, ...]]:
    """Return the first rows of the first sheet, empty ones too. Raises NoWorkbook or TooPacked.

    A formula stands as it is written ("=A1+1"), whatever a program once worked out for it.
    """
    _require_bounded(content)
    try:
        with warnings.catch_warnings():
            # About styles and extensions that nobody asked for.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                sheet = book.worksheets[0]
                # What a sheet says of its own size is what somebody wrote there.
                sheet.reset_dimensions()
                rows = sheet.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS, values_only=True)
                return [_filled(row) for row in rows]
            finally:
                book.close()
    except Exception as error:
        # Strangers' bytes meet a reader that says what is wrong with them in any of a dozen exceptions.
        raise NoWorkbook from error


def _filled(row: Sequence[object]) -> tuple[str, ...]:
    """Return the cells up to the last that has anything in it."""
    cells = [_text(value) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _require_bounded(content: bytes) -> None:
    """Ask the archive's directory, which the unpacking itself never oversteps: zipfile cuts off at what it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise NoWorkbook from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooPacked


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            # A number of eight digits is what somebody typed as a user name.
            return str(int(value))
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
    return str(value)[: LONGEST_CELL + 1]
