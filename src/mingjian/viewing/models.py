"""Rows of viewing sessions. Instants are ticks since 1970 UTC."""

import uuid

from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing import workflow


class ViewingSession(models.Model):
    """Permission for one person to play `[start_90k, end_90k)` of the named cameras until `valid_until_90k`.

    `grant_id` is what streaming knows it by. Whoever issued it is never the one who plays (`issued_by` is empty only
    for the shell). `articles` are the rules it was issued under.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="viewing_sessions")
    cameras: "models.ManyToManyField[Camera, models.Model]" = models.ManyToManyField(Camera, related_name="+")
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    purpose = models.CharField(max_length=200)
    articles = models.JSONField()
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at_90k = models.BigIntegerField()
    valid_until_90k = models.BigIntegerField()
    revoked_at_90k = models.BigIntegerField(null=True)
    revocation_reason = models.CharField(max_length=200, blank=True)
    grant_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ("-issued_at_90k",)
        constraints = (
            models.CheckConstraint(condition=Q(start_90k__lt=F("end_90k")), name="viewing_session_window_not_empty"),
            models.CheckConstraint(
                condition=Q(issued_at_90k__lt=F("valid_until_90k")), name="viewing_session_validity_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("person")),
                name="viewing_session_issuer_is_not_holder",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    def status_at(self, *, now_90k: int) -> workflow.Status:
        """Return what the session is at an instant."""
        return workflow.status(
            valid_until_90k=self.valid_until_90k, revoked_at_90k=self.revoked_at_90k, now_90k=now_90k
        )
