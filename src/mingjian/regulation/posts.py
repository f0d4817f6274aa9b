"""The posts a person may hold, as the rules know them."""

from enum import StrEnum


class Post(StrEnum):
    """A post. Stored codes; never reuse one."""

    OPERATOR = "operator"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


ADMINISTRATORS = frozenset({Post.SYSTEM_ADMINISTRATOR, Post.SECURITY_ADMINISTRATOR, Post.AUDIT_ADMINISTRATOR})
