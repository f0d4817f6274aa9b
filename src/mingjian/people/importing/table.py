"""Rows of a sheet → rows of known columns: the heading understood, what no cell may have found. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from mingjian.people import texts
from mingjian.people.importing.kinds import Column, Columns, Fault, Row, fault
from mingjian.people.importing.sheet import Sheet

_SPACE = " \t\r\n　\xa0"


def rows_of(sheet: Sheet, *, columns: Columns) -> tuple[list[Row], list[Fault]]:
    """Return the rows below the heading and every fault of their cells as such; a bad heading leaves no rows."""
    (number, heading), *below = sheet.rows
    found = [_column(cell, columns) for cell in heading]
    faults = list(_of_heading(Row(number, {}), heading, found, columns))
    if faults:
        return [], faults
    if not below:
        return [], [Fault(number, "", "no_rows", "", {})]
    rows = []
    for number, cells in below:
        raw = {column.code: cell for column, cell in zip(found, cells, strict=False) if column is not None}
        row = Row(number, {code: cell.strip(_SPACE) for code, cell in raw.items()})
        rows.append(row)
        if any(cell.strip() for cell in cells[len(found) :]):
            faults.append(Fault(number, "", "too_many_cells", "", {"most": len(found)}))
        faults += _of_cells(row, raw, columns)
    return rows, faults


def _column(cell: str, columns: Columns) -> Column | None:
    said = cell.strip(_SPACE)
    return next((column for column in columns if said in (column.code, column.zh)), None)


def _of_heading(row: Row, heading: Sequence[str], found: Sequence[Column | None], columns: Columns) -> Iterator[Fault]:
    known = "、".join(column.zh for column in columns)
    for cell, column in zip(heading, found, strict=True):
        if column is None and cell.strip(_SPACE):
            yield Fault(row.number, cell.strip(_SPACE)[:40], "unknown_column", cell[:40], {"known": known})
    for column in columns:
        times = Counter(found)[column]
        if times > 1:
            yield fault(row, column.code, "column_twice")
        if column.is_wanted and not times:
            yield fault(row, column.code, "missing_column", known=known)


def _of_cells(row: Row, raw: dict[str, str], columns: Columns) -> Iterator[Fault]:
    for column in columns:
        cell = row[column.code]
        if column.is_wanted and not cell:
            yield fault(row, column.code, "missing")
        elif len(cell) > column.longest:
            yield fault(row, column.code, "too_long", longest=column.longest)
        elif texts.begins_formula(raw.get(column.code, "")):
            yield fault(row, column.code, "formula")
        elif texts.has_invisible(cell):
            yield fault(row, column.code, "invisible")
