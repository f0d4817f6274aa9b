"""A seeded mutator, for machines without a coverage-guided one and for the quick slice of the tests."""

import random
from collections.abc import Iterator, Sequence

_TELLING = (
    b"\0",
    b"\xff",
    b"$",
    b"\r\n",
    b"\r\n\r\n",
    b":",
    b";",
    b",",
    b"=",
    b'"',
    b"\0\0\1",
    b"\x7f\xff",
    b"99999999",
    b"-1",
)


def mutations(seeds: Sequence[bytes], *, seed: int, count: int) -> Iterator[bytes]:
    """Yield so many inputs made from the seeds by one to eight changes each; the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - not a secret
    for _ in range(count):
        data = bytearray(source.choice(seeds))
        for _ in range(source.randint(1, 8)):
            at = source.randrange(len(data) + 1)
            match source.randrange(7):
                case 0:
                    data[at : at + 1] = bytes((source.randrange(256),))
                case 1:
                    data[at:at] = source.choice(_TELLING)
                case 2:
                    data[at : at + source.randint(1, 40)] = b""
                case 3:
                    data[at:at] = data[at : at + source.randint(1, 400)] * source.randint(1, 4)
                case 4:
                    data[at : at + 4] = source.randrange(1 << 32).to_bytes(4, "big")
                case 5:
                    other = source.choice(seeds)
                    data[at:] = other[source.randrange(len(other) + 1) :]
                case _:
                    for bit in range(at, min(at + 2, len(data))):
                        data[bit] ^= 1 << source.randrange(8)
        yield bytes(data[: 64 << 10])
