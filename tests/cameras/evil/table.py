"""All behaviours by name: those of the dialogue, then those of the stream."""

from evil import stream, talk
from evil.behaviour import Behaviour

GOOD = Behaviour("behaves; with an account it demands digest authentication")
BEHAVIOURS: dict[str, Behaviour] = talk.BEHAVIOURS | stream.BEHAVIOURS
