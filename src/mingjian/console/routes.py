"""The table of every door of this product: pages, sockets, and the media port. Tests walk it."""

from dataclasses import dataclass

from mingjian.console import leases, urls
from mingjian.people.routing import Proof, facts_of
from mingjian.streaming.app import ROUTES as MEDIA_ROUTES


@dataclass(frozen=True, slots=True)
class Door:
    """One door: where, how, the rule that opens it and the proof it asks for. `port` is "web" or "media"."""

    port: str
    kind: str
    path: str
    methods: tuple[str, ...]
    rule: str
    proof: Proof = Proof.NONE


class UndeclaredRoute(AssertionError):
    """A URL pattern that went around `people.routing`."""


def all_routes() -> list[Door]:
    """Return every door. Raises UndeclaredRoute for a page without a rule."""
    doors = []
    for pattern in urls.urlpatterns:
        facts = facts_of(pattern)
        if facts is None:
            raise UndeclaredRoute(str(pattern.pattern))
        doors.append(Door("web", "http", f"/{pattern.pattern}", facts.methods, facts.rule, facts.proof))
    doors.append(Door("web", "websocket", leases.PATH, (), leases.RULE))
    doors.extend(Door("media", kind, path, (), rule) for kind, path, rule in MEDIA_ROUTES)
    return doors
