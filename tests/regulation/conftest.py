"""Capacities as the three tiers have them."""

from collections.abc import Callable, Iterator

import pytest

from mingjian.regulation.decision import Decision, Reason
from mingjian.regulation.posts import Capacity, Post, Tier

OWN_CAMPUSES = frozenset({"lingshui", "kaifaqu"})


@pytest.fixture
def tier_1() -> Callable[..., Capacity]:
    """Return a maker of tier-1 capacities with these posts."""
    return lambda *posts: Capacity(tier=Tier.FIRST, campuses=frozenset(), posts=frozenset(posts))


@pytest.fixture
def tier_2() -> Callable[..., Capacity]:
    """Return a maker of capacities in the tier-2 body of two campuses."""
    return lambda *posts: Capacity(tier=Tier.SECOND, campuses=OWN_CAMPUSES, posts=frozenset(posts))


@pytest.fixture
def tier_3() -> Callable[..., Capacity]:
    """Return a maker of tier-3 capacities: the posts of a unit with a system of its own."""
    return lambda *posts: Capacity(tier=Tier.THIRD, campuses=frozenset(), posts=frozenset(posts or {Post.MANAGER}))


@pytest.fixture
def nobody() -> Capacity:
    """Somebody who acts for no body."""
    return Capacity(tier=None, campuses=frozenset(), posts=frozenset())


Seen = dict[tuple[str, str], set[str]]


@pytest.fixture(scope="module")
def seen_of_module(request: pytest.FixtureRequest) -> Iterator[Seen]:
    """What the module's tests showed of the rules they claim, by test and id; held against the claims at its end."""
    seen: Seen = {}
    yield seen
    if request.config.option.keyword or any("[" in argument for argument in request.config.args):
        return  # a part of a table shows a part of what the table claims
    for item in request.session.items:
        if item.path == request.path:
            for cited, claimed in _claims(item):
                shown = seen.get((item.originalname, cited), set())  # type: ignore[attr-defined]  # a test function
                assert claimed <= shown, f"{item.name}: {cited} is claimed {sorted(claimed)}, seen {sorted(shown)}"


@pytest.fixture(autouse=True)
def noted_decisions(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, seen_of_module: Seen
) -> Iterator[None]:
    """Note what the decisions of a test show of the rules it is marked with.

    "refused" is a refusal that cites the rule; "allowed" is any permission, because what needs no exception cites none.
    """
    made: list[tuple[bool, tuple[str, ...]]] = []
    build = Decision.__init__

    def note(self: Decision, allowed: bool, reasons: tuple[Reason, ...]) -> None:  # noqa: FBT001 - Decision's own order
        build(self, allowed, reasons)
        made.append((allowed, self.articles))

    monkeypatch.setattr(Decision, "__init__", note)
    yield
    for cited, _claimed in _claims(request.node):
        shown = seen_of_module.setdefault((request.node.originalname, cited), set())
        shown |= {"allowed" for allowed, _ in made if allowed}
        shown |= {"refused" for allowed, articles in made if not allowed and cited in articles}


def _claims(item: pytest.Item) -> Iterator[tuple[str, set[str]]]:
    for mark in item.iter_markers("article"):
        shows = mark.kwargs.get("shows", ())
        for cited in mark.args if shows else ():
            yield cited, {shows} if isinstance(shows, str) else set(shows)
