"""What a rule function answers: allowed or refused, and always why. A refusal is a result, not an error."""

from collections.abc import Sequence
from dataclasses import dataclass

from mingjian.regulation.articles import Rule, Source


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision. `code` is stable; the texts say what holds, or what was refused and what to do instead.

    `source` tells whether the text itself says so or our reading of an open point does (待保卫处解释).
    """

    rule: Rule
    code: str
    text_zh: str
    text_en: str
    source: Source = Source.REGULATION

    @property
    def cited_zh(self) -> str:
        """The text with its article, as a person reads it."""
        return f"{self.text_zh}（{self.rule.provision.cited_zh}）"

    @property
    def cited_en(self) -> str:
        """The same in English."""
        return f"{self.text_en} ({self.rule.provision.citation_en})"


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed on these grounds, or refused for these reasons; never without one."""

    allowed: bool
    reasons: tuple[Reason, ...]

    @property
    def articles(self) -> tuple[str, ...]:
        """Ids of the rules it rests on, each once, in order; what a grant and a ledger entry carry."""
        return tuple(dict.fromkeys(reason.rule.id for reason in self.reasons))


def decide(*, grounds: Sequence[Reason], obstacles: Sequence[Reason]) -> Decision:
    """Weigh what speaks for and against: one obstacle refuses, whatever the grounds.

    A rule function that finds neither has forgotten a case; no rule means no, so that is a bug (ValueError).
    """
    if obstacles:
        return Decision(allowed=False, reasons=tuple(obstacles))
    if not grounds:
        raise ValueError("a decision needs a ground or an obstacle")
    return Decision(allowed=True, reasons=tuple(grounds))
