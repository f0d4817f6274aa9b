"""What can be offered for a wish: the stream that suits the browser, the granted window, and what it looks like."""

from dataclasses import dataclass

from mingjian.grants.claims import Grant
from mingjian.media.samples import Codec
from mingjian.recordings.model import Recording, StreamKey, StreamRole
from mingjian.recordings.reader import Library
from mingjian.streaming.choice import choose
from mingjian.streaming.history import Window
from mingjian.streaming.plans import Shelf
from mingjian.streaming.protocol import Mode, Open


@dataclass(frozen=True, slots=True)
class Offer:
    """A stream and its window. `first` is the recording it would begin with, None while there is none."""

    window: Window
    is_transcoded: bool
    first: Recording | None


def offer_for(wish: Open, *, grant: Grant, shelf: Shelf) -> Offer:
    """Look at what is recorded and choose. Blocking."""
    found = {role: _recordings(shelf.library, wish, grant, role) for role in StreamRole}
    codecs = {role: frozenset(Codec(recording.codec) for recording in found[role]) for role in StreamRole}
    choice = choose(wanted=wish.role, main=codecs[StreamRole.MAIN], sub=codecs[StreamRole.SUB], decodable=wish.codecs)
    return Offer(
        window=Window(
            stream=StreamKey(wish.camera_id, choice.role, wish.track),
            start_90k=grant.start_90k,
            end_90k=grant.end_90k,
            planned_since_90k=shelf.planned_since_90k.get(wish.camera_id, grant.start_90k),
        ),
        is_transcoded=choice.is_transcoded,
        first=next(iter(found[choice.role]), None),
    )


def _recordings(library: Library, wish: Open, grant: Grant, role: StreamRole) -> list[Recording]:
    stream = StreamKey(wish.camera_id, role, wish.track)
    if wish.mode is Mode.LIVE:
        growing = library.growing(stream=stream)
        return [] if growing is None else [growing]
    return library.window(stream=stream, start_90k=grant.start_90k, end_90k=grant.end_90k)
