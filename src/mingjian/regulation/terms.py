"""What the catalogue is made of: kinds, mechanisms, sources of figures, places in the text, and the rule itself."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a rule is."""

    DEFINITION = "definition"
    ASSIGNMENT = "assignment"
    PERMISSION = "permission"
    DUTY = "duty"
    BAN = "ban"
    LIMIT = "limit"
    PROCEDURE = "procedure"


class Mechanism(StrEnum):
    """What the software mainly does about a rule: prevent a breach, notice it, write it down, or only warn."""

    ENFORCE = "enforce"
    DETECT = "detect"
    RECORD = "record"
    DECLARE = "declare"


class Standing(StrEnum):
    """Whether this version does what the mechanism says. Nothing is called enforced that no code weighs.

    IN_FORCE: a rule function decides it and a room asks (enforce), or a room notices, writes down or says it (others).
    BY_DESIGN: the product has no way to break it, so that nothing is weighed; tests prove the absence.
    LATER: no room does it yet; whoever is bound by the rule is bound all the same.
    """

    IN_FORCE = "in_force"
    BY_DESIGN = "by_design"
    LATER = "later"


class Source(StrEnum):
    """Where a number or a reading comes from. Our defaults may be changed by tier 1, never below a legal floor."""

    REGULATION = "regulation"
    NATIONAL_LAW = "national_law"
    OUR_DEFAULT = "our_default"


class Unit(StrEnum):
    """What a figure counts."""

    MINUTE = "minute"
    HOUR = "hour"
    HOUR_PER_DAY = "h/day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    PERSON = "person"
    BODY = "body"
    CAMPUS = "campus"
    TIMES = "times"
    SWITCH = "switch"
    CHOICE = "choice"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Article:
    """One of the articles of the text: its id ("A15"), its chapter (1 to 6) and what it is about, in our words."""

    id: str
    chapter: int
    heading_zh: str
    heading_en: str


@dataclass(frozen=True, slots=True)
class Law:
    """A national law or regulation of which some articles bind this system: its title and the edition that was read."""

    id: str
    title_zh: str
    title_en: str
    edition_zh: str
    edition_en: str


@dataclass(frozen=True, slots=True)
class Provision:
    """A place in a text, as people cite it. Without a law it is a place in the university's regulation."""

    id: str
    citation_zh: str
    citation_en: str
    law: Law | None = None

    @property
    def cited_zh(self) -> str:
        """The citation with the text it stands in."""
        return f"《办法》{self.citation_zh}" if self.law is None else self.citation_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A figure that belongs to a rule. `is_principle`: the text says 原则上, so a named authority may except it.

    The basis names title and article of a national law, and is empty for figures from elsewhere.
    """

    name: str
    value: int
    unit: Unit
    source: Source
    label_zh: str
    label_en: str
    is_principle: bool = False
    basis_zh: str = ""
    basis_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """That a rule holds 原则上 (as a rule), and who may except it. `source` says where the authority comes from."""

    authority_zh: str
    authority_en: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a provision. `principle` is None for a rule without exception."""

    id: str
    provision: Provision
    kind: Kind
    mechanism: Mechanism
    summary_zh: str
    summary_en: str
    numbers: tuple[Number, ...] = ()
    principle: Principle | None = None
    standing: Standing = Standing.IN_FORCE
