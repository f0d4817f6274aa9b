"""What a span of time holds of one camera: figures, gaps in words, and a drawing. No picture."""

from dataclasses import dataclass
from typing import Any

from mingjian.base.ticks import TICKS_PER_S
from mingjian.host.home import Home
from mingjian.recordings.model import Gap
from mingjian.registry import footage
from mingjian.registry.drawings import Extras, drawn
from mingjian.registry.models import Camera
from mingjian.registry.words import cause_word

# A table of more gaps than these is read by nobody; the drawing has them all.
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap, worded. `is_open`: it lasts."""

    start_90k: int
    end_90k: int
    seconds: float
    word: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Figures of a span, every gap, and what a timeline draws of it."""

    start_90k: int
    end_90k: int
    recorded_s: float
    missing_s: float
    completeness: float | None
    gaps: tuple[GapLine, ...]
    drawn: dict[str, Any]

    def longest(self, count: int) -> tuple[GapLine, ...]:
        """Return the longest gaps, the longest first."""
        return tuple(sorted(self.gaps, key=lambda gap: -gap.seconds)[:count])

    @property
    def listed(self) -> tuple[GapLine, ...]:
        """The gaps as far as a table lists them: the longest, in order of time."""
        return tuple(sorted(self.longest(MOST_LISTED), key=lambda gap: gap.start_90k))


def stretch_of(
    home: Home, *, camera: Camera, start_90k: int, end_90k: int, extras: Extras | None = None
) -> Stretch | None:
    """Return what a span holds, or None when the recorder's index cannot be read."""
    found = footage.coverage(home, camera=camera, start_90k=start_90k, end_90k=end_90k)
    if found is None:
        return None
    recorded_s = sum(span.end_90k - span.start_90k for span in found.footage) / TICKS_PER_S
    missing_s = sum(gap.end_90k - gap.start_90k for gap in found.gaps) / TICKS_PER_S
    asked_s = recorded_s + missing_s
    return Stretch(
        start_90k=start_90k,
        end_90k=end_90k,
        recorded_s=recorded_s,
        missing_s=missing_s,
        completeness=round(100 * recorded_s / asked_s, 2) if asked_s else None,
        gaps=tuple(_line(gap) for gap in found.gaps),
        drawn=drawn(found, extras=extras or Extras(), start_90k=start_90k, end_90k=end_90k),
    )


def _line(gap: Gap) -> GapLine:
    seconds = (gap.end_90k - gap.start_90k) / TICKS_PER_S
    return GapLine(gap.start_90k, gap.end_90k, seconds, cause_word(gap.cause.value), gap.is_open)
