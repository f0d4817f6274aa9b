"""How many may be here at once."""

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
