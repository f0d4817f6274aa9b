"""One value, one sequence of bytes; what has no canonical form is refused."""

import pytest

from mingjian.ledger import canonical
from mingjian.ledger.append import Entry, encode
from mingjian.ledger.canonical import CanonicalError


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ({"b": 1, "a": [True, False, None, "x"]}, b'{"a":[true,false,null,"x"],"b":1}'),
        ({"中": "明鉴", "é": "\u20ac"}, '{"é":"€","中":"明鉴"}'.encode()),
        ('\x01\x1f\b\t\n\f\r"\\/\x7f', b'"\\u0001\\u001f\\b\\t\\n\\f\\r\\"\\\\/\x7f"'),
        # By UTF-16 code units the surrogate pair of U+1F600 comes before U+FB33 (RFC 8785 section 3.2.3).
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'.encode()),
        (((1, 2), ()), b"[[1,2],[]]"),
        (-canonical.MAX_INTEGER, b"-9007199254740991"),
    ],
)
def test_encode_has_one_form(value, raw):
    assert canonical.encode(value) == raw


@pytest.mark.parametrize(
    "value",
    [1.0, {1: "x"}, b"x", {"a": {1, 2}}, canonical.MAX_INTEGER + 1, "\ud800", "a\x00b", {"a\x00": 1}, object()],
)
def test_encode_refuses_what_has_no_form(value):
    with pytest.raises(CanonicalError, match="not_canonical"):
        canonical.encode(value)


def test_encode_refuses_bottomless_nesting():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(CanonicalError, match="not_canonical"):
        canonical.encode(value)


def test_decode_returns_the_value_of_canonical_bytes():
    assert canonical.decode(b'{"a":[1,"x"]}') == {"a": [1, "x"]}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", b'{"a": 1}', b'{"b":1,"a":2}', b"1.0", b'"\\u0041"', b"[" * 99_999]
)
def test_decode_refuses_any_other_form(raw):
    with pytest.raises(CanonicalError, match="not_canonical"):
        canonical.decode(raw)


def test_an_entry_has_a_fixed_form():
    entry = Entry(
        kind="viewing.session_issued",
        actor_id="p1",
        actor_name="王",
        capacity="operator",
        subject="s1",
        at_90k=90_000,
        via="web",
        articles=("A14.b",),
        facts={"until": 5},
    )
    assert (
        encode(entry)
        == (
            '{"actor":{"capacity":"operator","id":"p1","name":"王"},"articles":["A14.b"],"at_90k":90000,'
            '"facts":{"until":5},"kind":"viewing.session_issued","subject":"s1","v":1,"via":"web"}'
        ).encode()
    )
