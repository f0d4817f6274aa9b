"""All behaviours by name: those of the dialogue, of the stream, and of cameras that know only UDP or JPEG."""

from evil import datagrams, jpeg, stream, talk
from evil.behaviour import Behaviour

GOOD = Behaviour("behaves; with an account it demands digest authentication")
BEHAVIOURS: dict[str, Behaviour] = talk.BEHAVIOURS | stream.BEHAVIOURS | datagrams.BEHAVIOURS | jpeg.BEHAVIOURS
