"""Ending media at once: the row that streaming checks, and the notice that wakes it."""

from django.db import connection

from mingjian.people.models import Revocation

CHANNEL = "mingjian_revocation"


def revoke_grant(*, grant_id: str, reason: str, at_90k: int) -> None:
    """Revoke the grant within the caller's transaction; the notice leaves when that commits. Idempotent."""
    _revoke(grant_id, reason=reason, at_90k=at_90k)


def revoke_session(*, key_hash: str, reason: str, at_90k: int) -> None:
    """Revoke whatever is being served to the web session, under any grant. As `revoke_grant`."""
    _revoke(key_hash, reason=reason, at_90k=at_90k)


def _revoke(key: str, *, reason: str, at_90k: int) -> None:
    if not connection.in_atomic_block:
        raise AssertionError("a revocation commits together with the act that orders it")
    Revocation.objects.get_or_create(key=key, defaults={"revoked_at_90k": at_90k, "reason": reason})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, key])
