"""Rows that bound what of a session's window is played: segments marked for showing, and the grant of each turn."""

import uuid

from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing.models.sessions import ViewingSession
from mingjian.viewing.workflow import Phase


class Segment(models.Model):
    """出示片段: `[start_90k, end_90k)` of one camera that the operator found relevant; nothing else is shown.

    One that was taken back stays as a row: it may have been shown already.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ViewingSession, on_delete=models.PROTECT, related_name="segments")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    marked_at_90k = models.BigIntegerField()
    removed_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("start_90k",)
        constraints = (
            models.CheckConstraint(condition=Q(start_90k__lt=F("end_90k")), name="viewing_segment_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.session_id} [{self.start_90k}, {self.end_90k})"


class ViewingGrant(models.Model):
    """One turn of a session under one grant: the whole window while searching, or one segment while showing.

    Its id is what streaming and the receipts know it by. It ends with its turn, and the next turn has another: so
    receipts tell by themselves what was searched and what was shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ViewingSession, on_delete=models.PROTECT, related_name="grants")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, null=True, related_name="grants")
    phase = models.CharField(max_length=16)
    begun_at_90k = models.BigIntegerField()
    ended_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("begun_at_90k",)
        constraints = (
            models.UniqueConstraint(
                fields=["session", "segment"],
                condition=Q(ended_at_90k__isnull=True),
                nulls_distinct=False,
                name="viewing_grant_one_per_turn",
            ),
            models.CheckConstraint(
                condition=Q(phase=Phase.SHOWING.value) | Q(phase=Phase.SEARCHING.value, segment__isnull=True),
                name="viewing_grant_shows_segments",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
