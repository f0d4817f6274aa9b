"""Files of an application: kept by hash for this account alone, read by applicant and decider, refused by name."""

import hashlib
import io
import stat
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from mingjian.viewing import usecases
from mingjian.viewing.examining import MOST_FILES, Examined, examine
from mingjian.viewing.models import Attachment, ViewingApplication
from mingjian.viewing.usecases import ViewingError

PDF = b"%PDF-1.7 startxref 0 %%EOF"


def photograph() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), (10, 90, 200)).save(drawn, format="JPEG")
    return drawn.getvalue()


def receipt(number: int = 0) -> Examined:
    return examine(name=f"回执{number}.pdf", content=PDF + str(number).encode())


def sent(walk: Any, *attachments: Examined) -> ViewingApplication:
    return usecases.submit(acting=walk.acting("student"), wish=walk.wish(), attachments=attachments, clock=walk.clock)


def days_ago(days: int, *, minute: int = 0) -> str:
    """Return a time of that day as a page's field takes it."""
    day = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=days)
    return day.strftime(f"%Y-%m-%dT10:{minute:02}")


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": "correct horse battery"})
    return client


def answers(**changes: Any) -> dict[str, Any]:
    told = {
        "step": "4",
        "go": "next",
        "incident_kind": "theft",
        "reason": "<script>alert(1)</script> 自行车失窃",
        "place": "lingshui|校门",
        "start": days_ago(2),
        "end": days_ago(2, minute=59),
        "phone": "138",
        "unit": "",
        "is_true": "on",
        "is_pledged": "on",
    }
    return told | changes


def test_file_lies_under_its_hash_for_this_account_alone(walk: Any, written: Any) -> None:
    application = sent(walk, receipt())

    attachment = application.attachments.get()
    path = settings.HOME.root / "attachments" / attachment.sha256[:2] / attachment.sha256
    assert hashlib.sha256(path.read_bytes()).hexdigest() == attachment.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    submission = next(act for act in written() if act["kind"] == "viewing.application_submitted")
    assert submission["facts"]["attachments"] == [attachment.sha256]


def test_sixth_file_is_not_taken_and_nothing_is_sent(walk: Any) -> None:
    with pytest.raises(ViewingError) as refused:
        sent(walk, *(receipt(number) for number in range(MOST_FILES + 1)))

    assert refused.value.code == "viewing.attachment_too_many"
    assert not ViewingApplication.objects.exists()


def test_file_added_later_makes_a_new_version_to_read(walk: Any, written: Any) -> None:
    application = sent(walk)
    add = {"application": application, "acting": walk.acting("student"), "clock": walk.clock}
    usecases.attach(version=1, attachments=[receipt()], **add)

    with pytest.raises(ViewingError) as stale:
        walk.decide(application, version=1)
    assert stale.value.code == "viewing.stale"
    assert written()[-1]["kind"] == "viewing.attachments_added"
    decided = walk.decide(application)
    with pytest.raises(ViewingError) as late:
        usecases.attach(version=decided.version, attachments=[receipt(2)], **add)
    assert late.value.code == "viewing.wrong_stage"
    assert Attachment.objects.count() == 1


@pytest.mark.article("A14.c")
def test_only_applicant_and_decider_of_the_campus_read_a_file(walk: Any) -> None:
    application = sent(walk, examine(name='a"\r\n<b>.jpg', content=photograph()))
    attachment = application.attachments.get()
    own = f"/viewings/{application.pk}/attachments/{attachment.pk}/"
    desk = f"/viewing-desk/{application.pk}/attachments/{attachment.pk}/"
    met = {
        name: (signed_in(name).get(own).status_code, signed_in(name).get(desk).status_code)
        for name in ("student", "friend", "reviewer", "principal", "other_reviewer", "unit_manager", "tier_1", "zhang")
    }

    assert {name for name, codes in met.items() if 200 in codes} == {"student", "reviewer", "principal"}
    assert met["student"] == (200, 404)
    answer = signed_in("reviewer").get(desk)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")


def test_changed_file_is_not_handed_out(walk: Any) -> None:
    attachment = sent(walk, receipt(7)).attachments.get()
    path = settings.HOME.root / "attachments" / attachment.sha256[:2] / attachment.sha256
    path.write_bytes(b"other")

    answer = signed_in("student").get(f"/viewings/{attachment.application_id}/attachments/{attachment.pk}/")

    assert (answer.status_code, "已经损坏" in answer.content.decode()) == (500, True)
    path.unlink()


def test_refused_file_is_named_and_what_was_typed_comes_back(walk: Any) -> None:
    client = signed_in("student")
    bad = SimpleUploadedFile("<b>照片</b>.jpg", b"<html><script>alert(1)</script>", content_type="image/jpeg")
    good = SimpleUploadedFile("车.jpg", photograph(), content_type="image/jpeg")

    answer = client.post("/viewings/apply/", answers(attachments=[good, bad]))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "附件“b&gt;.jpg”不是 JPEG" in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt; 自行车失窃"' in page
    assert "<script>alert" not in page
    assert not ViewingApplication.objects.exists()

    good.seek(0)
    client.post("/viewings/apply/", answers(attachments=[good]))
    assert ViewingApplication.objects.get().attachments.get().name == "车.jpg"
