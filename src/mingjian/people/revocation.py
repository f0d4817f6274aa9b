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


def cut_camera(*, camera_id: str) -> None:
    """End every picture of the camera that is open when the caller's transaction commits; nothing stays revoked.

    Who may still see it opens it anew. Where the notice is not heard, pictures end with their lease.
    """
    _notify(camera_id)


def _revoke(key: str, *, reason: str, at_90k: int) -> None:
    if not connection.in_atomic_block:
        raise AssertionError("a revocation commits together with the act that orders it")
    Revocation.objects.get_or_create(key=key, defaults={"revoked_at_90k": at_90k, "reason": reason})
    _notify(key)


def _notify(key: str) -> None:
    if not connection.in_atomic_block:
        raise AssertionError("a notice leaves together with the act that causes it")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, key])
