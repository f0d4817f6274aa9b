"""Somebody without any post, signed in, and a clerk who gives acts their place in the ledger."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.people import acts, usecases
from mingjian.people.models import Person

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Gather static files once, as a start does: pages name them by their hashes."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def person(db: None) -> Person:
    return usecases.create_person(
        username="zhao",
        display_name="赵同学",
        password=PASSWORD,
        actor=acts.SHELL,
        clock=SystemClock(),
    )


@pytest.fixture
def signed_in(person: Person, client: Client) -> Client:
    client.post("/sign-in/", {"username": person.username, "password": PASSWORD})
    return client


@pytest.fixture
def sequence(db: None) -> Callable[[], None]:
    """Give pending acts their place, as the clerk does."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")

    return run
