"""Whose rows a connection shows: entered, left, given back after an error, and never left behind by a request."""

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse

from mingjian.people import scope
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Person
from mingjian.regulation.posts import Post

SET = "SELECT set_config('mingjian.scope', %s, false)"


def shown() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('mingjian.scope', true)")
        return str(cursor.fetchone()[0])


def put(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SET, [text])


def acting(post: Post | None, tier: int) -> Acting:
    held = None if post is None else Appointment(post=post.value, tier=tier, body_id="office")
    return Acting(Person(), held, ("lingshui", "kaifaqu"))


@pytest.fixture
def own_connection(transactional_db: None) -> Iterator[None]:
    """Outside a transaction, as a request begins; the next test gets a connection of its own."""
    yield
    connection.close()


@pytest.mark.article("A07.3.1")
@pytest.mark.parametrize(
    ("post", "tier", "told"),
    [
        (Post.PRINCIPAL, 1, "lingshui,kaifaqu|office|principal"),
        (Post.OPERATOR, 2, "lingshui,kaifaqu|office|operator"),
        (Post.OPERATOR, 3, "|office|operator"),
        (None, 0, "lingshui,kaifaqu||"),
    ],
)
def test_scope_is_the_persons_with_campuses_body_and_post(db: None, post: Post | None, tier: int, told: str) -> None:
    who = acting(post, tier)
    with scope.of(who):
        assert shown() == f"{who.person.pk}|{told}"
    assert shown() == "machine"


def test_scope_is_left_after_an_error_and_once(db: None) -> None:
    with pytest.raises(ZeroDivisionError), scope.of(acting(None, 0)):
        raise ZeroDivisionError
    assert shown() == "machine"
    # Not put on by `enter`, so not for `leave` to take off.
    put("of somebody")
    scope.leave()
    assert shown() == "of somebody"


def test_machine_gives_back_the_scope_it_found(db: None) -> None:
    who = acting(Post.OPERATOR, 2)
    with scope.of(who):
        mine = shown()
        with scope.machine():
            assert shown() == "machine"
        assert shown() == mine
        with pytest.raises(ZeroDivisionError), scope.machine():
            raise ZeroDivisionError
        assert shown() == mine
        with pytest.raises(DatabaseError, match="no_such_table"), transaction.atomic(), scope.machine():
            put_nonsense()
        assert shown() == mine


def test_scope_that_was_none_is_none_again(own_connection: None) -> None:
    put("")
    with scope.machine():
        assert shown() == "machine"
    assert shown() == ""


def test_connection_that_never_had_a_scope_has_none_again(
    own_connection: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    # As the web has it: nothing is said of a scope when it connects.
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    with scope.machine():
        assert shown() == "machine"
    assert shown() == ""
    connection.close()


def test_connection_that_is_gone_has_no_scope_to_give_back(own_connection: None) -> None:
    with scope.machine():
        connection.close()
    scope.leave()
    assert connection.connection is None
    with scope.of(acting(None, 0)):
        connection.close()
    assert shown() == "machine"


def test_connection_of_unknown_scope_serves_nobody(own_connection: None) -> None:
    scope.enter(acting(None, 0))
    raw = connection.connection
    with raw.transaction(force_rollback=True):
        raw.execute("SAVEPOINT here")
        with pytest.raises(DatabaseError):
            put_nonsense()
        scope.leave()
        assert connection.connection is None
    assert shown() == "machine"


@pytest.mark.parametrize("answer", [lambda _: HttpResponse("ready"), lambda _: 1 // 0])
def test_request_leaves_no_scope_behind(db: None, answer: Callable[[HttpRequest], HttpResponse]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        scope.enter(acting(Post.OPERATOR, 2))
        return answer(request)

    try:
        assert scope.ScopeOfRequest(view)(HttpRequest()).content == b"ready"
    except ZeroDivisionError:
        pass
    assert shown() == "machine"


def put_nonsense() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
