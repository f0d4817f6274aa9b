"""What an attachment really is: told by its content, never by its name; pictures are drawn anew, so only pixels remain.

A picture that was decoded and encoded again carries no position, no comment and nothing that hid behind it. A PDF is
kept as it came, because a receipt with a signature must stay what it was; it is refused when it could do more than
show pages.
"""

import hashlib
import io
import re
import threading
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

from mingjian.base.errors import MingjianError
from mingjian.viewing.plain import plain_line

# All ours: enough for photographs of a thing and a receipt, little enough to be looked through.
MOST_FILES = 5
LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
LONGEST_SIDE = 4096
_MOST_INFLATED_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 8192
_PIECE_BYTES = 256 * 1024
# A large picture takes a few hundred megabytes while it is drawn anew, so that many at once would have the whole host.
_AT_ONCE = 2
_PATIENCE_S = 30.0
_LONGEST_NAME = 100
_JPEG_QUALITY = 90


class Kind(StrEnum):
    """What an attachment may be. Stored codes."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


MEDIA_TYPES = {Kind.JPEG: "image/jpeg", Kind.PNG: "image/png", Kind.PDF: "application/pdf"}
_ENDINGS = {Kind.JPEG: ".jpg", Kind.PNG: ".png", Kind.PDF: ".pdf"}
_STARTS = {Kind.JPEG: b"\xff\xd8\xff", Kind.PNG: b"\x89PNG\r\n\x1a\n", Kind.PDF: b"%PDF-"}
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
# What makes a PDF act, carry files or stay unread.
_ACTS = (
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "RichMedia",
    "XFA",
    "Rendition",
    "SubmitForm",
    "ImportData",
    "GoToE",
    "Encrypt",
)


def _spelled(name: str) -> str:
    """Return the pattern of a PDF name, any character of which may be written as #xx."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name)


# Looked for as it may be spelled, because spelling out a packed file would take a hundred times its size.
_ACTIVE = re.compile(f"/(?:{'|'.join(map(_spelled, _ACTS))})(?![0-9A-Za-z_])".encode("ascii"))
_LONGEST_ACTIVE = 1 + 3 * max(map(len, _ACTS))
_STREAM = re.compile(rb"stream\r?\n")


class AttachmentError(MingjianError):
    """A file is not taken; `name` says which.

    Codes: "viewing.attachment_too_large", "viewing.attachment_kind", "viewing.attachment_disguised",
    "viewing.attachment_unreadable", "viewing.attachment_active", "viewing.attachment_busy".
    """


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept. `content` is what is stored, `given_sha256` the hash of what was handed in."""

    name: str
    kind: Kind
    content: bytes
    given_sha256: str

    @property
    def sha256(self) -> str:
        """The hash of what is stored: its name on disk, and what the ledger tells."""
        return hashlib.sha256(self.content).hexdigest()


_turns = threading.BoundedSemaphore(_AT_ONCE)


def examine(*, name: str, content: bytes) -> Examined:
    """Return the file as it may be kept; a few at a time, who comes next waits. Raises AttachmentError."""
    called = _name(name)
    if not _turns.acquire(timeout=_PATIENCE_S):
        raise AttachmentError("viewing.attachment_busy", name=called)
    try:
        return _examined(called, content)
    finally:
        _turns.release()


def _examined(called: str, content: bytes) -> Examined:
    if len(content) > LARGEST_BYTES:
        raise AttachmentError("viewing.attachment_too_large", name=called)
    kind = next((kind for kind, start in _STARTS.items() if content.startswith(start)), None)
    if kind is None:
        raise AttachmentError("viewing.attachment_kind", name=called)
    if _is_two_things(content, kind):
        raise AttachmentError("viewing.attachment_disguised", name=called)
    if kind is Kind.PDF:
        _check_pdf(content, called)
    return Examined(
        name=_renamed(called, kind),
        kind=kind,
        content=content if kind is Kind.PDF else _redrawn(content, kind, called),
        given_sha256=hashlib.sha256(content).hexdigest(),
    )


def _is_two_things(content: bytes, kind: Kind) -> bool:
    """Say whether the file would be opened as something else as well: an archive, a page, another document."""
    edges = content[:1024], content[-4096:]
    if zipfile.is_zipfile(io.BytesIO(content)):
        return True
    if any(_MARKUP.search(edge) for edge in edges) and kind is not Kind.PDF:
        return True
    return kind is not Kind.PDF and b"%PDF-" in content[:1024]


def _redrawn(content: bytes, kind: Kind, name: str) -> bytes:
    """Decode within bounds, turn upright, and encode the pixels alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(content), formats=[kind.name])
            if picture.width * picture.height > LARGEST_PIXELS:
                raise AttachmentError("viewing.attachment_too_large", name=name)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            # Small first, then turned: turning makes a copy.
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
        mode = "RGBA" if kind is Kind.PNG and upright.has_transparency_data else "RGB"
        pixels = Image.new(mode, upright.size)
        pixels.paste(upright.convert(mode))
        drawn = io.BytesIO()
        pixels.save(drawn, format=kind.name, quality=_JPEG_QUALITY)
    except AttachmentError:
        raise
    except (OSError, SyntaxError, ValueError, ArithmeticError, Image.DecompressionBombWarning) as error:
        raise AttachmentError("viewing.attachment_unreadable", name=name) from error
    return drawn.getvalue()


def _check_pdf(content: bytes, name: str) -> None:
    """Refuse what is no whole PDF, and what could do more than show pages, also in what is packed inside it."""
    if b"startxref" not in content[-2048:] or b"%%EOF" not in content[-2048:]:
        raise AttachmentError("viewing.attachment_unreadable", name=name)
    if _ACTIVE.search(content):
        raise AttachmentError("viewing.attachment_active", name=name)
    left = _MOST_INFLATED_BYTES
    for found in _STREAM.finditer(content):
        # What is read counts as well, so that many streams within one another cannot make this slow.
        tail = b""
        for inflated, read_bytes in _inflated(content, found.end()):
            left -= len(inflated) + read_bytes
            if left <= 0:
                raise AttachmentError("viewing.attachment_too_large", name=name)
            if _ACTIVE.search(tail + inflated):
                raise AttachmentError("viewing.attachment_active", name=name)
            # A name may begin in one piece and end in the next.
            tail = (tail + inflated)[-_LONGEST_ACTIVE:]


def _inflated(content: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    """Yield what a stream unpacks to, piece by piece, and how much was read for each.

    What is packed in another way gives nothing.
    """
    unpacking = zlib.decompressobj()
    packed = b""
    while not unpacking.eof and (packed or at < len(content)):
        read_bytes = 0
        if not packed:
            packed = content[at : at + _CHUNK_BYTES]
            at, read_bytes = at + len(packed), len(packed)
        try:
            inflated = unpacking.decompress(packed, _PIECE_BYTES)
        except zlib.error:
            yield b"", read_bytes
            return
        packed = unpacking.unconsumed_tail
        yield inflated, read_bytes


def _name(name: str) -> str:
    """Return the name as it may be shown: one line, no folders, no characters that turn text around."""
    last = plain_line(name).replace("\\", "/").rpartition("/")[2].strip()
    return last[-_LONGEST_NAME:] or "?"


def _renamed(name: str, kind: Kind) -> str:
    """Return the name with the ending of what the file is."""
    stem, _dot, ending = name.rpartition(".")
    is_said = f".{ending.lower()}" in {_ENDINGS[kind], ".jpeg"} if stem else False
    return name if is_said else f"{stem or name}{_ENDINGS[kind]}"
