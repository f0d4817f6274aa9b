"""Rows of shifts. Instants are ticks since 1970 UTC."""

import uuid

from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Body, Campus, Person


class Shift(models.Model):
    """One person's duty for one body on one campus. Open until `ended_at_90k` says otherwise.

    `grant_id` names all live view of the shift, so that its end ends every open picture.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="shifts")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="shifts", db_column="campus")
    started_at_90k = models.BigIntegerField()
    ended_at_90k = models.BigIntegerField(null=True)
    grant_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at_90k__isnull=True), name="duty_shift_one_open_per_person"
            ),
            models.CheckConstraint(
                condition=Q(ended_at_90k__isnull=True) | Q(ended_at_90k__gte=F("started_at_90k")),
                name="duty_shift_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
