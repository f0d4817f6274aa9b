"""Ending a media grant at once: the row that streaming checks, and the notice that wakes it."""

from django.db import connection

from mingjian.people.models import GrantRevocation

CHANNEL = "mingjian_revocation"


def revoke_grant(*, grant_id: str, reason: str, at_90k: int) -> None:
    """Revoke the grant within the caller's transaction; the notice leaves when that commits. Idempotent."""
    if not connection.in_atomic_block:
        raise AssertionError("a revocation commits together with the act that orders it")
    GrantRevocation.objects.get_or_create(grant_id=grant_id, defaults={"revoked_at_90k": at_90k, "reason": reason})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, grant_id])
