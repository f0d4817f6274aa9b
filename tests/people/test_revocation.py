"""A revoked grant: its row at once, its notice with the commit and not before."""

import uuid

import psycopg
import pytest
from django.db import connection, transaction

from mingjian.people import queries
from mingjian.people.models import Revocation
from mingjian.people.revocation import CHANNEL, cut_camera, revoke_grant, revoke_session


@pytest.mark.django_db(transaction=True)
def test_revocation_is_told_with_the_commit_and_not_before() -> None:
    grant_id = str(uuid.uuid4())
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with transaction.atomic():
            revoke_grant(grant_id=grant_id, reason="test", at_90k=1)
            revoke_grant(grant_id=grant_id, reason="again", at_90k=2)
            assert not list(listener.notifies(timeout=0.1))
        (notice,) = listener.notifies(timeout=5, stop_after=1)

    assert notice.payload == grant_id
    assert queries.is_revoked(key=grant_id)


@pytest.mark.django_db(transaction=True)
def test_session_is_revoked_once_and_a_camera_only_cut() -> None:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with transaction.atomic():
            revoke_session(key_hash="f" * 64, reason="signed_out", at_90k=1)
            revoke_session(key_hash="f" * 64, reason="again", at_90k=2)
            cut_camera(camera_id="camera")
        told = [notice.payload for notice in listener.notifies(timeout=5, stop_after=2)]

    assert told == ["f" * 64, "camera"]
    (row,) = Revocation.objects.all()
    assert (row.key, row.reason, row.revoked_at_90k) == ("f" * 64, "signed_out", 1)


@pytest.mark.django_db(transaction=True)
def test_revocation_outside_a_transaction_is_a_bug_and_writes_nothing() -> None:
    for order in (
        lambda: revoke_grant(grant_id=str(uuid.uuid4()), reason="test", at_90k=1),
        lambda: revoke_session(key_hash="f" * 64, reason="test", at_90k=1),
        lambda: cut_camera(camera_id="camera"),
    ):
        with pytest.raises(AssertionError):
            order()
    assert not Revocation.objects.exists()
