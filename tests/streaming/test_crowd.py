"""How many may be here at once."""

from mingjian.streaming import crowd


def test_one_session_cannot_take_every_place(monkeypatch):
    monkeypatch.setattr(crowd, "PER_SESSION", 2)
    here = crowd.Crowd()

    with here.admit("a") as first, here.admit("a") as second:
        with here.admit("a") as third, here.admit("b") as other:
            assert (first, second, third, other) == (True, True, False, True)
        with here.admit("b") as other:
            assert other
    with here.admit("a") as again:
        assert again


def test_all_together_are_bounded(monkeypatch):
    monkeypatch.setattr(crowd, "IN_ALL", 1)
    here = crowd.Crowd()

    with here.admit("a"), here.admit("b") as second:
        assert not second
