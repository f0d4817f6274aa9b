"""What an attachment really is: content decides, disguises are named, pictures lose everything but their pixels."""

import io
import threading
import tracemalloc
import zipfile
import zlib

import pytest
from PIL import Image

from mingjian.viewing import examining
from mingjian.viewing.examining import LARGEST_BYTES, AttachmentError, Kind, examine
from mingjian.viewing.plain import plain_line, plain_text

GPS_IFD = 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **extra: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(drawn, format=kind, **extra)
    return drawn.getvalue()


def photograph() -> bytes:
    """A photograph taken upright, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(GPS_IFD)[2] = (38.0, 52.0, 30.0)
    return picture(exif=exif)


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("a.exe", b"MZ")
    return packed.getvalue()


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\nstartxref\n9\n%%EOF\n"


def packed(inside: bytes) -> bytes:
    body = zlib.compress(inside)
    return (
        pdf()
        + b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n"
        + body
        + b"\nendstream\nstartxref\n9\n%%EOF"
    )


def refused(name: str, content: bytes) -> str:
    with pytest.raises(AttachmentError) as caught:
        examine(name=name, content=content)
    assert caught.value.facts["name"] == plain_line(name)
    return caught.value.code


def test_photograph_is_upright_and_no_longer_says_where_it_was_taken() -> None:
    given = photograph()
    assert Image.open(io.BytesIO(given)).getexif().get_ifd(GPS_IFD)

    kept = examine(name="车.jpg", content=given)

    drawn = Image.open(io.BytesIO(kept.content))
    assert (drawn.size, dict(drawn.getexif()), "exif" in drawn.info) == ((20, 40), {}, False)
    assert (kept.kind, kept.name) == (Kind.JPEG, "车.jpg")
    assert kept.sha256 != kept.given_sha256


def test_name_gets_the_ending_of_what_the_file_is() -> None:
    assert examine(name="C:\\照片\\a.jpg", content=picture("PNG")).name == "a.png"
    assert examine(name="../../etc/passwd", content=picture()).name == "passwd.jpg"
    assert examine(name="回执\u202efdp.gpj\x07", content=pdf()).name == "回执fdp.pdf"
    assert len(examine(name="长" * 500, content=picture()).name) <= 104


def test_pdf_is_kept_as_it_came() -> None:
    assert examine(name="回执.pdf", content=pdf()).content == pdf()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><script>alert(1)</script>", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "kind"),
        (archive(), "kind"),
        (b"MZ\x90\x00" + b"\0" * 100, "kind"),
        (b"GIF89a" + b"\0" * 100, "kind"),
        (b"", "kind"),
        (picture() + archive(), "disguised"),
        (picture("PNG") + b"<script>alert(1)</script>", "disguised"),
        (picture(comment=b"%PDF-1.4 and a document"), "disguised"),
        (pdf() + archive(), "disguised"),
        (picture()[:200], "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "unreadable"),
        (b"%PDF-1.7 and no end", "unreadable"),
        (pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"), "active"),
        (pdf(b"/AA << /S /#4Ca#75nch >>"), "active"),
        (pdf(b"/Names << /EmbeddedFiles 3 0 R >>"), "active"),
        (pdf(b"/Encrypt 4 0 R"), "active"),
        (packed(b"5 0 << /S /JavaScript >>"), "active"),
        (packed(b"5 0 << /S /#4a#61#76aScript#20 >>"), "active"),
        (packed(bytes(256 * 1024 - 5) + b"/JavaScript "), "active"),
        (packed(b"\0" * (65 * 1024 * 1024)), "too_large"),
        (b"\xff\xd8\xff" + b"\0" * LARGEST_BYTES, "too_large"),
        (picture("PNG", (9000, 9000)), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_disguised_file_is_refused_by_name(content: bytes, code: str) -> None:
    assert refused("照片.jpg", content) == f"viewing.attachment_{code}"


def test_largest_picture_is_taken_and_drawn_smaller() -> None:
    kept = examine(name="a.png", content=picture("PNG", (8000, 5000)))
    assert max(Image.open(io.BytesIO(kept.content)).size) == 4096


def test_streams_within_one_another_are_not_read_for_ever() -> None:
    assert refused("a.pdf", pdf() + b"stream\n\x78\x9c" * 400_000 + b"startxref %%EOF") == (
        "viewing.attachment_too_large"
    )


def test_packed_file_full_of_escapes_costs_neither_memory_nor_time() -> None:
    content = packed(b"#41" * 10_000_000)
    tracemalloc.start()
    try:
        assert examine(name="a.pdf", content=content).kind is Kind.PDF
        _now, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(content) < 64 * 1024
    assert peak_bytes < 8 * 1024 * 1024


def test_who_waits_too_long_for_a_turn_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "_PATIENCE_S", 0.01)
    monkeypatch.setattr(examining, "_turns", threading.BoundedSemaphore(1))
    with examining._turns:
        assert refused("a.pdf", pdf()) == "viewing.attachment_busy"

    assert refused("a.pdf", b"") == "viewing.attachment_kind"
    assert examine(name="a.pdf", content=pdf()).kind is Kind.PDF


def test_text_loses_what_cannot_be_seen() -> None:
    assert plain_text(" 一\r\n二\x00\x1b[31m\u202e三\u2066 ") == "一\n二[31m三"
    assert plain_line("甲\n\t乙") == "甲 乙"
