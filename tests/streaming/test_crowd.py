"""How many may be here at once."""

from mingjian.streaming import crowd
from mingjian.streaming.crowd import Crowd


def test_one_session_cannot_take_every_place():
    here = Crowd(in_all=9, of_one=2)

    with here.admit("a") as first, here.admit("a") as second:
        with here.admit("a") as third, here.admit("b") as other:
            assert (first, second, third, other) == (True, True, False, True)
        with here.admit("b") as other:
            assert other
    with here.admit("a") as again:
        assert again


def test_all_together_are_bounded():
    here = Crowd(in_all=1, of_one=9)

    with here.admit("a"), here.admit("b") as second:
        assert not second


def test_one_address_cannot_hold_every_place_without_a_grant(media, dial):
    silent = [dial() for _ in range(crowd.WAITING_PER_PEER)]
    one_more = dial()
    assert one_more.hear_until(one_more.heard("refused"), within_s=4)
    assert one_more.last("refused")["code"] == "streaming.viewers_bound"

    assert silent[0].hear_until(silent[0].heard("refused"))
    assert silent[0].last("refused")["code"] == "streaming.no_first_message"
