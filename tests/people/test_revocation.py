"""A revoked grant: its row at once, its notice with the commit and not before."""

import uuid

import psycopg
import pytest
from django.db import connection, transaction

from mingjian.people import queries
from mingjian.people.revocation import CHANNEL, revoke_grant


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
def test_revocation_outside_a_transaction_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        revoke_grant(grant_id=str(uuid.uuid4()), reason="test", at_90k=1)
