"""The ledger as a list: newest first, by kind, in pages, with what is signed marked."""

import pytest

from mingjian.ledger.leaves import MAX_LISTED, UNREADABLE_KIND, list_entries


@pytest.fixture
def cursor(ledger):
    ledger.append(3, kind="test.first")
    ledger.append(2, kind="test.second")
    ledger.sequence()
    ledger.append(1, kind="test.first")
    with ledger.connect("mingjian_ledger") as connection:
        connection.execute("SELECT ledger_sequence(1, 10)")
    return ledger.connect("mingjian_web").cursor()


def listed(leaves):
    return [leaf.seq for leaf in leaves]


def test_the_list_is_newest_first(cursor):
    assert listed(list_entries(cursor, before_seq=None, limit=100, kind=None)) == [5, 4, 3, 2, 1, 0]


def test_pages_follow_one_another(cursor):
    assert listed(list_entries(cursor, before_seq=None, limit=4, kind=None)) == [5, 4, 3, 2]
    assert listed(list_entries(cursor, before_seq=2, limit=4, kind=None)) == [1, 0]


def test_a_kind_is_listed_alone(cursor):
    assert listed(list_entries(cursor, before_seq=None, limit=2, kind="test.first")) == [5, 2]
    assert listed(list_entries(cursor, before_seq=2, limit=9, kind="test.first")) == [1, 0]
    assert list_entries(cursor, before_seq=None, limit=9, kind="test.unheard_of") == []


def test_the_list_is_bounded(cursor):
    assert listed(list_entries(cursor, before_seq=None, limit=MAX_LISTED * 9, kind=None)) == [5, 4, 3, 2, 1, 0]
    assert list_entries(cursor, before_seq=None, limit=-1, kind=None) == []


def test_a_leaf_says_what_was_written_who_wrote_and_whether_it_is_signed(cursor):
    newest, older = list_entries(cursor, before_seq=None, limit=2, kind=None)
    assert (newest.is_signed, older.is_signed) == (False, True)
    assert (older.shard, older.writer) == (1, "mingjian_web")
    assert older.received_at_90k > 1_700_000_000 * 90_000
    assert older.entry.actor_name == "王老师"
    assert older.entry.articles == ("A13",)
    assert older.entry.facts == {"number": 1}
    assert older.entry.capacity == "operator@lingshui"


def test_an_act_written_with_a_kind_alone_can_be_listed(ledger):
    with ledger.connect("mingjian_web") as connection:
        connection.execute("SELECT ledger_append(%s)", (b'{"kind":"bare"}',))
    ledger.sequence()
    (leaf,) = list_entries(ledger.connect("mingjian_web").cursor(), before_seq=None, limit=1, kind=None)
    assert (leaf.entry.kind, leaf.entry.actor_id, leaf.entry.articles) == ("bare", "", ())


def test_an_older_shard_is_listed_when_asked_for(ledger):
    ledger.grow(2)
    ledger.append(1)
    ledger.sequence(shard=2)
    cursor = ledger.connect("mingjian_web").cursor()
    assert [(leaf.shard, leaf.seq) for leaf in list_entries(cursor, before_seq=None, limit=9, kind=None)] == [(2, 0)]
    assert listed(list_entries(cursor, before_seq=None, limit=9, kind=None, shard=1)) == [1, 0]


def test_an_empty_ledger_lists_nothing(ledger):
    assert list_entries(ledger.connect("mingjian_web").cursor(), before_seq=None, limit=9, kind=None) == []


@pytest.mark.parametrize(
    "body",
    [
        "x",
        "5",
        '{"entry":{"kind":"a"}}',
        '{"entry":[],"received_at_90k":1,"writer":"w"}',
        '{"entry":{"kind":"a","actor":5},"received_at_90k":1,"writer":"w"}',
    ],
)
def test_a_damaged_row_stays_in_the_list_and_says_so(ledger, body):
    ledger.grow(3)
    ledger.tamper(f"UPDATE ledger_entry SET body = '{body}' WHERE seq = 1")  # noqa: S608 - text of this test
    cursor = ledger.connect("mingjian_web").cursor()
    leaves = list_entries(cursor, before_seq=None, limit=9, kind=None)
    assert [leaf.entry.kind for leaf in leaves] == ["test.happened", UNREADABLE_KIND, "test.happened"]
