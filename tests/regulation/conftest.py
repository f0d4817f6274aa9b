"""Capacities as the three tiers have them."""

from collections.abc import Callable

import pytest

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
