"""What was decided about the footage that an application holds."""

import uuid

from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Person
from mingjian.registry.models import Hold
from mingjian.viewing.models.applications import ViewingApplication
from mingjian.viewing.words import HoldOutcome


class HoldDecision(models.Model):
    """What somebody of the campus's body decided about one hold of an application that is over. Never changed.

    `keep_until_90k`: when a kept one is looked at again; before that it is not let go, because the applicant was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(ViewingApplication, on_delete=models.PROTECT, related_name="hold_decisions")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=HoldOutcome.choices)
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=128)
    reason = models.CharField(max_length=500)
    decided_at_90k = models.BigIntegerField()
    policy_version = models.PositiveIntegerField(default=0)
    keep_until_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("decided_at_90k",)
        constraints = (
            models.UniqueConstraint(
                fields=["hold"], condition=Q(outcome=HoldOutcome.RELEASED), name="viewing_hold_is_released_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(outcome=HoldOutcome.RELEASED, keep_until_90k__isnull=True)
                    | Q(outcome=HoldOutcome.KEPT, keep_until_90k__gt=F("decided_at_90k"))
                )
                & ~Q(reason=""),
                name="viewing_hold_decision_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.hold_id} {self.outcome}"
