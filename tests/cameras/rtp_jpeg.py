"""Motion JPEG as a camera sends it: pictures of Pillow taken apart into RTP payloads (RFC 2435)."""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageDraw

PAYLOAD_TYPE = 26
SENT_QUALITY = 255
ROOM = 1_400


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A whole file of Pillow, and what of it travels: both quantization tables and the coded data."""

    file: bytes
    width: int
    height: int
    sampling: int
    restart_interval: int
    tables: bytes
    scan: bytes

    def pixels(self) -> bytes:
        return pixels(self.file)


def drawn(
    number: int, *, width: int = 64, height: int = 48, quality: int = 75, sampling: int = 1, restarts: int = 0
) -> Jpeg:
    """Return the n-th picture of a bar that moves; `sampling` 0 is 4:2:2, 1 is 4:2:0, as RTP numbers them."""
    image = Image.new("RGB", (width, height), (20 + number % 200, 60, 90))
    ImageDraw.Draw(image).rectangle((number * 5 % width, 8, number * 5 % width + 12, height - 8), fill=(200, 230, 40))
    file = io.BytesIO()
    image.save(file, "jpeg", quality=quality, subsampling=1 + sampling, restart_marker_blocks=restarts)
    return apart(file.getvalue())


def apart(file: bytes) -> Jpeg:
    """Take a baseline JPEG file with the usual Huffman tables apart."""
    tables, width, height, sampling, restarts, at = b"", 0, 0, 0, 0, 2
    while True:
        marker, size = struct.unpack_from(">xBH", file, at)
        content = file[at + 4 : at + 2 + size]
        at += 2 + size
        if marker == 0xDB:
            tables += content[1:65] + content[66:]
        elif marker == 0xDD:
            restarts = int.from_bytes(content, "big")
        elif marker == 0xC0:
            height, width = struct.unpack_from(">HH", content, 1)
            sampling = int(content[7] == 0x22)
        elif marker == 0xDA:
            return Jpeg(file, width, height, sampling, restarts, tables, file[at:].removesuffix(b"\xff\xd9"))


def payloads(
    picture: Jpeg, *, quality: int = SENT_QUALITY, tables: bytes | None = None, room: int = ROOM
) -> list[tuple[bytes, int]]:
    """Return the RTP payloads of a picture with their markers; `tables` None sends its own where quality wants any."""
    kind = picture.sampling + (64 if picture.restart_interval else 0)
    found: list[tuple[bytes, int]] = []
    for offset in range(0, len(picture.scan), room):
        head = offset.to_bytes(4, "big") + bytes((kind, quality, picture.width // 8, picture.height // 8))
        if picture.restart_interval:
            head += struct.pack(">HH", picture.restart_interval, 0xFFFF)
        if quality >= 128 and offset == 0:
            sent = picture.tables if tables is None else tables
            head += struct.pack(">BBH", 0, 0, len(sent)) + sent
        piece = picture.scan[offset : offset + room]
        found.append((head + piece, int(offset + len(piece) == len(picture.scan))))
    return found


def pixels(file: bytes) -> bytes:
    """Return what a picture looks like."""
    with Image.open(io.BytesIO(file)) as image:
        return image.convert("RGB").tobytes()
