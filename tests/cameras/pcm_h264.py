"""A few lines of H.264 that any decoder plays: pictures of plain macroblocks, written without an encoder.

Baseline profile; sync samples of uncompressed macroblocks (I_PCM), between them pictures that repeat the last one
(P_Skip). ITU-T H.264 §7.3.2.1, §7.3.2.2, §7.3.3, §7.3.5.
"""

SEI = bytes((0x06, 0x05, 0x11)) + bytes(range(0x10, 0x20)) + b"\x41\x80"


class Bits:
    """A bit string that grows."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0

    def _add(self, text: str) -> "Bits":
        self._text.append(text)
        self._length += len(text)
        return self

    def fixed(self, value: int, count: int) -> "Bits":
        return self._add(f"{value:0{count}b}")

    def octets(self, octets: bytes) -> "Bits":
        return self.fixed(int.from_bytes(octets, "big"), 8 * len(octets))

    def unsigned(self, *values: int) -> "Bits":
        for value in values:
            digits = f"{value + 1:b}"
            self._add("0" * (len(digits) - 1) + digits)
        return self

    def align(self) -> "Bits":
        return self._add("0" * (-self._length % 8))

    def payload(self) -> bytes:
        """Return the bytes with the stop bit and zeros behind."""
        text = "".join(self._text) + "1"
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def nal(header: int, payload: bytes) -> bytes:
    """Return a NAL unit with emulation prevention (§7.4.1)."""
    out, zeros = bytearray((header,)), 0
    for byte in payload:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def sps(columns: int, rows: int) -> bytes:
    """Return a sequence parameter set for a picture of so many macroblocks; order count type 2, one reference."""
    bits = Bits().fixed(66, 8).fixed(0xC0, 8).fixed(30, 8).unsigned(0, 4, 2, 1).fixed(0, 1)
    bits.unsigned(columns - 1, rows - 1).fixed(1, 1).fixed(1, 1).fixed(0, 1).fixed(0, 1)
    return nal(0x67, bits.payload())


def pps() -> bytes:
    """Return a picture parameter set: CAVLC, one slice group, no deblocking control."""
    bits = Bits().unsigned(0, 0).fixed(0, 1).fixed(0, 1).unsigned(0, 0, 0).fixed(0, 3).unsigned(0, 0, 0).fixed(0, 3)
    return nal(0x68, bits.payload())


def sync_picture(columns: int, rows: int, number: int) -> bytes:
    """Return an IDR slice whose brightness follows `number`."""
    bits = Bits().unsigned(0, 7, 0).fixed(0, 8).unsigned(number % 2).fixed(0, 2).unsigned(0)
    for index in range(columns * rows):
        brightness = 16 + (number * 5 + index * 3) % 200
        bits.unsigned(25).align().octets(bytes((brightness,)) * 256 + bytes((128,)) * 128)
    return nal(0x65, bits.payload())


def repeat_picture(columns: int, rows: int, number: int) -> bytes:
    """Return a P slice that shows the last picture again; `number` counts from the sync picture (1, 2, …)."""
    bits = Bits().unsigned(0, 5, 0).fixed(number % 256, 8).fixed(0, 1).fixed(0, 1).fixed(0, 1).unsigned(0)
    bits.unsigned(columns * rows)
    return nal(0x41, bits.payload())
