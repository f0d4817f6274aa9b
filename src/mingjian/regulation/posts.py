"""The posts a person may hold, the tiers of bodies, and the capacity in which somebody acts, as the rules know them."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Post(StrEnum):
    """A post. Stored codes; never reuse one."""

    PRINCIPAL = "principal"
    ACTING_PRINCIPAL = "acting_principal"
    DUTY_LEADER = "duty_leader"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    OPERATOR = "operator"
    SAFETY_RESPONSIBLE = "safety_responsible"
    MANAGER = "manager"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    DISCIPLINE_INSPECTOR = "discipline_inspector"


class Tier(IntEnum):
    """A tier of Article 7. Stored codes; never reuse one.

    Discipline inspection (纪检) stands outside the three, so that it takes no part in what it inspects.
    """

    OUTSIDE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3


ADMINISTRATORS = frozenset({Post.SYSTEM_ADMINISTRATOR, Post.SECURITY_ADMINISTRATOR, Post.AUDIT_ADMINISTRATOR})
# Who runs the platform, audits it, or inspects its keepers: each apart from every other post, none with a picture.
APART = ADMINISTRATORS | {Post.DISCIPLINE_INSPECTOR}
PRINCIPALS = frozenset({Post.PRINCIPAL, Post.ACTING_PRINCIPAL})
DECIDERS = PRINCIPALS | {Post.REVIEWER, Post.APPROVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The capacity somebody acts in (办理身份): one body, and the posts held there now.

    `tier` is None for a person who acts for no body; `campuses` are those a tier-2 body has charge of, and empty for
    every other. The Security Office acts as tier 1 or as tier 2, never both at once.
    """

    tier: Tier | None
    campuses: frozenset[str]
    posts: frozenset[Post]
