"""Rows of training and pledges of confidentiality, and of the warnings told before they lapse."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

LONGEST_TOPIC, LONGEST_DOCUMENT, LONGEST_REASON = 120, 200, 200


class Kind(StrEnum):
    """What somebody has. Stored codes; never reuse one."""

    TRAINING = "training"
    PLEDGE = "pledge"


class Qualification(models.Model):
    """That a person was trained, or signed the pledge of confidentiality, and until when it holds: `[held_on, until)`.

    Entered by another person (empty: the shell) for `body`, on `document`; `topic` is what was taught. How long it
    holds was taken from the values in force then (`policy_version`) and does not change with them. A wrong one is
    withdrawn with a reason and stays as a row; nothing else of it ever changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="qualifications")
    body = models.ForeignKey("people.Body", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    topic = models.CharField(max_length=LONGEST_TOPIC, blank=True)
    document = models.CharField(max_length=LONGEST_DOCUMENT)
    held_on_90k = models.BigIntegerField()
    valid_until_90k = models.BigIntegerField()
    policy_version = models.PositiveIntegerField()
    recorded_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at_90k = models.BigIntegerField()
    withdrawn_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at_90k = models.BigIntegerField(null=True)
    withdrawal_reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        ordering = ("-valid_until_90k", "-recorded_at_90k")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="people_qualification_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until_90k__gt=F("held_on_90k"), held_on_90k__lte=F("recorded_at_90k")),
                name="people_qualification_holds_from_the_past_on",
            ),
            models.CheckConstraint(
                condition=(Q(recorded_by__isnull=True) | ~Q(recorded_by=F("person")))
                & (Q(withdrawn_by__isnull=True) | ~Q(withdrawn_by=F("person"))),
                name="people_qualification_by_another",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at_90k__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at_90k__gte=F("recorded_at_90k")) & ~Q(withdrawal_reason=""),
                name="people_qualification_withdrawn_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class LapseNotice(models.Model):
    """That a coming lapse was told once at one step: `step` days before, 0 for the lapse itself."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="notices")
    body = models.ForeignKey("people.Body", on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()
    told_at_90k = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["qualification", "body", "step"], name="people_lapsenotice_told_once"),
        )

    def __str__(self) -> str:
        return f"{self.qualification_id} {self.step}"
