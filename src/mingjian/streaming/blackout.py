"""Whether control lives, and which look may go on while it does not: pure, from what was asked and answered, and when.

    controlled → doubted (one question without an answer) → blackout (none answered for two seconds) → controlled

A look goes on past its lease only while control itself does not answer, never because its page brought no lease. A
lease issued after the first unanswered question proves that control lives, whatever this process can reach.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from mingjian.base.ticks import TICKS_PER_S

CONFIRM_90K = 2 * TICKS_PER_S
ANSWERS_IN_A_ROW = 2
# Whoever went on must show a fresh lease this long after control answers again: the bound of every other ending.
REJOIN_90K = 7 * TICKS_PER_S
# Whoever brought no lease while control answered so often brings none at all: more than coming back takes, at one
# question a second. So nobody lives on a control that somebody keeps stumbling.
ANSWERS_WITHOUT_LEASE = 12
# Our default, half of the longest shift: after that nobody knows any more who sits in front of the screen.
LONGEST_90K = 12 * 3600 * TICKS_PER_S


class Phase(StrEnum):
    """How control stands. Told to players; never reuse one."""

    CONTROLLED = "controlled"
    DOUBTED = "doubted"
    BLACKOUT = "blackout"


class Cause(StrEnum):
    """What does not answer. Stored in records; without its database the web cannot answer either."""

    DATABASE = "database"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Sight:
    """One round of questions: monotonic and UTC instants of its end, and who answered."""

    now_90k: int
    utc_90k: int
    database: bool
    web: bool

    @property
    def is_alive(self) -> bool:
        """Say whether a lease could be decided and minted now."""
        return self.database and self.web


@dataclass(frozen=True, slots=True)
class Control:
    """Control as seen so far. Instants are monotonic, but for `began_at_90k`: UTC, of the first silence of the newest
    trouble, which with its cause stays known after control is back. `answers` are those in a row, `signs` all signs of
    life there ever were.
    """

    phase: Phase
    since_90k: int
    began_at_90k: int = 0
    cause: Cause | None = None
    answers: int = 0
    rejoin_until_90k: int = 0
    signs: int = 0


def unseen(*, now_90k: int) -> Control:
    """Return how a process begins: nothing is wrong until a question stays without an answer."""
    return Control(Phase.CONTROLLED, since_90k=now_90k)


def seen(control: Control, sight: Sight) -> Control:
    """Return how control stands after one more round of questions."""
    if sight.is_alive:
        return _answered(replace(control, signs=control.signs + 1), sight)
    cause = Cause.WEB if sight.database else Cause.DATABASE
    match control.phase:
        case Phase.CONTROLLED:
            doubted = Control(Phase.DOUBTED, since_90k=sight.now_90k, began_at_90k=sight.utc_90k, cause=cause)
            return replace(doubted, signs=control.signs)
        case Phase.DOUBTED if sight.now_90k - control.since_90k >= CONFIRM_90K:
            return replace(control, phase=Phase.BLACKOUT, since_90k=sight.now_90k, cause=cause)
    return replace(control, cause=cause, answers=0)


def proven(control: Control, *, issued_at_90k: int, now_90k: int) -> Control:
    """Return how control stands after a verified lease issued at that instant (UTC)."""
    if control.phase is Phase.CONTROLLED or issued_at_90k <= control.began_at_90k:
        return control
    return _back(replace(control, signs=control.signs + 1), now_90k)


def _answered(control: Control, sight: Sight) -> Control:
    if control.phase is Phase.CONTROLLED:
        return control
    if control.phase is Phase.BLACKOUT and control.answers + 1 < ANSWERS_IN_A_ROW:
        return replace(control, answers=control.answers + 1)
    return _back(control, sight.now_90k)


def _back(control: Control, now_90k: int) -> Control:
    rejoin_until_90k = now_90k + REJOIN_90K
    return replace(control, phase=Phase.CONTROLLED, since_90k=now_90k, answers=0, rejoin_until_90k=rejoin_until_90k)


class Passage(StrEnum):
    """By what right the next byte of a look may leave, or why none may."""

    LEASE = "lease"
    SPOOL = "spool"
    LAPSED = "lapsed"
    WINDOW_OVER = "window_over"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Right:
    """What a look has in its hand: when its newest lease lapses (monotonic), when its window ends (UTC), and how many
    signs of life control had given when that lease was found lapsed.
    """

    is_duty_live: bool
    lapses_at_90k: int
    ends_at_90k: int
    signs: int = 0


def passage(right: Right, *, control: Control, now_90k: int, utc_90k: int) -> Passage:
    """Decide on the next byte (A18.2, A14.c).

    Only duty live goes on without a lease, only while control does not answer and shortly after, never past the grant's
    window (the shift), nor longer than `LONGEST_90K` after its last lease, nor past `ANSWERS_WITHOUT_LEASE` signs of
    life, however often control comes and goes.
    """
    if now_90k < right.lapses_at_90k:
        return Passage.LEASE
    if not right.is_duty_live:
        return Passage.LAPSED
    if utc_90k >= right.ends_at_90k:
        return Passage.WINDOW_OVER
    if now_90k - right.lapses_at_90k >= LONGEST_90K:
        return Passage.TOO_LONG
    if control.signs - right.signs >= ANSWERS_WITHOUT_LEASE:
        return Passage.LAPSED
    if control.phase is not Phase.CONTROLLED or now_90k < control.rejoin_until_90k:
        return Passage.SPOOL
    return Passage.LAPSED
