"""Who has a part in an application and stands back from it, or that it is against the body itself."""

import uuid

from django.db import models
from django.db.models import Q

from mingjian.people.models import Person
from mingjian.regulation.rules.conflicts import DECLARED, Tie
from mingjian.viewing.models.applications import ViewingApplication

_OF_PERSONS = [tie.value for tie in DECLARED]


class Concern(models.Model):
    """One tie of a decider, by that person's own word, or by the applicant's that it is against the body.

    `person` is empty for the body's. Never changed: who stood back once stays out of that application.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(ViewingApplication, on_delete=models.PROTECT, related_name="concerns")
    tie = models.CharField(max_length=16)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    declared_at_90k = models.BigIntegerField()

    class Meta:
        ordering = ("declared_at_90k",)
        constraints = (
            models.UniqueConstraint(
                fields=["application", "person"], nulls_distinct=False, name="viewing_concern_said_once"
            ),
            models.CheckConstraint(
                condition=Q(tie__in=_OF_PERSONS, person__isnull=False)
                | Q(tie=Tie.OF_THE_BODY.value, person__isnull=True),
                name="viewing_concern_names_whom",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="viewing_concern_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.tie}"
