"""Reading parameter sets bit by bit: fixed fields and Exp-Golomb codes over an RBSP, never past its end."""


class BitsEnded(Exception):
    """The bits ran out, or a code is longer than any standard allows. Callers turn it into their own error."""


class BitReader:
    """A cursor over the bits of a raw byte sequence payload, most significant bit first."""

    def __init__(self, payload: bytes) -> None:
        self._value = int.from_bytes(payload, "big")
        self._left = len(payload) * 8

    def bits(self, count: int) -> int:
        """Return `count` bits as an unsigned number (ITU-T H.264 §7.2, u(n))."""
        if count > self._left:
            raise BitsEnded
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def flag(self) -> bool:
        """Return one bit as a truth."""
        return self.bits(1) == 1

    def skip(self, count: int) -> None:
        """Pass over `count` bits."""
        if count > self._left:
            raise BitsEnded
        self._left -= count

    def unsigned(self) -> int:
        """Return an Exp-Golomb code of at most 32 bits (ITU-T H.264 §9.1, ue(v))."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros > 32:
                raise BitsEnded
        return (1 << zeros) - 1 + self.bits(zeros)

    def signed(self) -> int:
        """Return a signed Exp-Golomb code (ITU-T H.264 §9.1.1, se(v))."""
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def raw_payload(nal: bytes, *, header_bytes: int) -> bytes:
    """Return the payload of a NAL unit with its emulation prevention bytes taken out (H.264 §7.3.1, H.265 §7.3.1.1)."""
    payload = nal[header_bytes:]
    if b"\x00\x00\x03" not in payload:
        return payload
    out = bytearray()
    start = 0
    while (found := payload.find(b"\x00\x00\x03", start)) >= 0:
        out += payload[start : found + 2]
        start = found + 3
    return bytes(out + payload[start:])
