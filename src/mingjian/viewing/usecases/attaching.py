"""Files that come with an application, or after it: kept by their hash, told to the ledger by it."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.viewing import attachment_store
from mingjian.viewing.examining import MOST_FILES, Examined
from mingjian.viewing.models import Attachment, ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.stepping import locked
from mingjian.viewing.workflow import TAKES_FILES, Stage


def attach(
    *,
    application: ViewingApplication,
    version: int,
    attachments: Sequence[Examined],
    acting: Acting,
    clock: Clock,
) -> None:
    """Add files to one's application before it is decided; it becomes a new version. Raises ViewingError."""
    actor = acts.of(acting)
    with transaction.atomic(durable=True):
        row = locked(application, version=version)
        if Stage(row.stage) not in TAKES_FILES:
            raise ViewingError("viewing.wrong_stage", ticket=row.ticket, stage=row.stage, step="attach")
        now_90k = clock.utc()
        added = attach_within(row, attachments, by=acting.person, at_90k=now_90k)
        row.version += 1
        row.save(update_fields=["version"])
        acts.record(
            kind="viewing.attachments_added",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={
                "person": str(row.applicant_id),
                "campus": row.campus_id,
                "ticket": row.ticket,
                "attachments": tuple(one.sha256 for one in added),
                "version": row.version,
            },
            at_90k=now_90k,
        )


def attach_within(
    application: ViewingApplication, attachments: Sequence[Examined], *, by: Person, at_90k: int
) -> list[Attachment]:
    """Keep the files and their rows, in the caller's transaction. Raises ViewingError("viewing.attachment_too_many").

    The application's row is new or locked, so that two who add at once count one another.
    """
    taken = application.attachments.count()
    if taken + len(attachments) > MOST_FILES:
        raise ViewingError("viewing.attachment_too_many", most=MOST_FILES)
    for one in attachments:
        attachment_store.keep(settings.HOME, sha256=one.sha256, content=one.content)
    return Attachment.objects.bulk_create(
        Attachment(
            application=application,
            place=place,
            name=one.name,
            kind=one.kind.value,
            size_bytes=len(one.content),
            sha256=one.sha256,
            given_sha256=one.given_sha256,
            added_by=by,
            added_at_90k=at_90k,
        )
        for place, one in enumerate(attachments, start=taken + 1)
    )
