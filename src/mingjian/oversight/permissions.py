"""The permission matrix as a page shows it: rows and cells in the reader's language."""

from dataclasses import dataclass

from mingjian.oversight import words
from mingjian.oversight.speech import spoken
from mingjian.regulation.matrix import ROWS, Cell, Row
from mingjian.regulation.roles import COLUMNS


@dataclass(frozen=True, slots=True)
class CellLine:
    """One cell: its word and tone, the rule with its citation, and the condition."""

    role: str
    word: str
    tone: str
    rule_id: str
    citation: str
    condition: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One action with its cells, in the order of the roles."""

    code: str
    name: str
    cells: tuple[CellLine, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The actions that this version offers, or those it does not."""

    is_offered: bool
    rows: tuple[RowLine, ...]


def roles() -> tuple[str, ...]:
    """Return the roles in order."""
    return tuple(spoken(column.name_zh, column.name_en) for column in COLUMNS.values())


def blocks() -> tuple[Block, ...]:
    """Return the whole matrix, what is offered first."""
    return tuple(
        Block(is_offered, tuple(_row(row) for row in ROWS.values() if row.is_offered is is_offered))
        for is_offered in (True, False)
    )


def _row(row: Row) -> RowLine:
    cells = zip(roles(), row.cells.values(), strict=True)
    return RowLine(
        code=row.action.value,
        name=spoken(row.name_zh, row.name_en),
        cells=tuple(_cell(role, cell) for role, cell in cells),
    )


def _cell(role: str, cell: Cell) -> CellLine:
    word, tone = words.VERDICTS[cell.verdict]
    provision = cell.rule.provision
    return CellLine(
        role=role,
        word=str(word),
        tone=tone,
        rule_id=cell.rule.id,
        citation=spoken(provision.citation_zh, provision.citation_en),
        condition=spoken(cell.condition_zh, cell.condition_en),
    )
