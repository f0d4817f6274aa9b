"""Which recorded stream a viewer gets, and whether it must be re-coded for the browser at hand."""

from collections.abc import Set
from dataclasses import dataclass, replace

from mingjian.media.samples import Codec
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.streaming.protocol import Role


@dataclass(frozen=True, slots=True)
class Choice:
    """The stream to serve. `is_transcoded` when no recorded form of it suits the browser."""

    role: StreamRole
    is_transcoded: bool


def choose(*, wanted: Role, main: Set[Codec], sub: Set[Codec], decodable: Set[Codec]) -> Choice:
    """Return the recorded stream that suits best; `main` and `sub` are the codings found in them (empty: nothing).

    The wished one comes first, then the other one, then the wished one re-coded. An explicit main stays main.
    """
    found = {StreamRole.MAIN: main, StreamRole.SUB: sub}
    order = [StreamRole.SUB, StreamRole.MAIN] if wanted is Role.SUB else [StreamRole.MAIN, StreamRole.SUB]
    present = [role for role in order if found[role]]
    if wanted is Role.MAIN or not present:
        return Choice(order[0], is_transcoded=not found[order[0]] <= decodable)
    for role in present:
        if found[role] <= decodable:
            return Choice(role, is_transcoded=False)
    return Choice(present[0], is_transcoded=True)


def alternatives_to(stream: StreamKey, *, wanted: Role) -> tuple[StreamKey, ...]:
    """Return the other streams of the camera that `choose` would take for the wish if this one were not there."""
    if wanted is Role.MAIN:
        return ()
    return tuple(replace(stream, role=role) for role in StreamRole if role is not stream.role)
