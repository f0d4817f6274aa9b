"""The posts a person may hold, as the rules know them."""

from enum import StrEnum


class Post(StrEnum):
    """A post. Stored codes; never reuse one."""

    PRINCIPAL = "principal"
    ACTING_PRINCIPAL = "acting_principal"
    DUTY_LEADER = "duty_leader"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    SAFETY_RESPONSIBLE = "safety_responsible"
    MANAGER = "manager"
    OPERATOR = "operator"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


ADMINISTRATORS = frozenset({Post.SYSTEM_ADMINISTRATOR, Post.SECURITY_ADMINISTRATOR, Post.AUDIT_ADMINISTRATOR})
