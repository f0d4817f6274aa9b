"""Empty tables to fill in: the heading and one example, as CSV that spreadsheets open rightly, or as XLSX."""

import csv
import io

import openpyxl
from openpyxl.styles import Font

from mingjian.people.importing.kinds import COLUMNS, Kind

CSV, XLSX = "csv", "xlsx"
FORMATS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_AS_TEXT = "@"
_PREPARED_ROWS = 500


def template(kind: Kind, *, form: str) -> bytes:
    """Return the file; `form` is one of FORMATS."""
    heading = [column.zh for column in COLUMNS[kind]]
    example = [column.example for column in COLUMNS[kind]]
    return _csv(heading, example) if form == CSV else _xlsx(heading, example)


def _csv(heading: list[str], example: list[str]) -> bytes:
    # Without the mark a spreadsheet on a Chinese desktop takes UTF-8 for GB18030.
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    csv.writer(text).writerows([heading, example])
    return text.getvalue().encode()


def _xlsx(heading: list[str], example: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(heading)
    sheet.append(example)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    # As text a number keeps the zeros it begins with.
    for row in sheet.iter_rows(min_row=2, max_row=_PREPARED_ROWS, max_col=len(heading)):
        for cell in row:
            cell.number_format = _AS_TEXT
    for number, column in enumerate(heading, start=1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width = 12 + 2 * len(column)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
