"""Supervised sessions: what may be played, who sat in them, what was marked."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Campus, Person
from mingjian.registry.models import Camera
from mingjian.viewing import workflow
from mingjian.viewing.models.applications import ViewingApplication
from mingjian.viewing.words import IdKind, Result
from mingjian.viewing.workflow import PauseCause, Phase

MOST_VIEWERS = 3


class ViewingSession(models.Model):
    """Permission for one person to play `[start_90k, end_90k)` of the named cameras until `valid_until_90k`.

    It is searched first and shown afterwards (`phase`); what streaming knows of it are its `grants`. `application` is
    the one it was opened for; it is null, as `campus` is, only for a session from the shell. `person` is the operator
    who supervises; applicants sit beside and never play. Whoever issued it is never the one who plays (`issued_by` is
    empty only for the shell). `articles` are the rules it was issued under. `attended_at_90k` is when its operator was
    last seen at the console. `named_ids` are its application's, which a trigger keeps: fences ask it of the row itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    named_ids = ArrayField(models.UUIDField(), null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="viewing_sessions")
    cameras: "models.ManyToManyField[Camera, models.Model]" = models.ManyToManyField(Camera, related_name="+")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(ViewingApplication, on_delete=models.PROTECT, null=True, related_name="sessions")
    phase = models.CharField(max_length=16, default=Phase.SEARCHING.value)
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    purpose = models.CharField(max_length=500)
    articles = models.JSONField()
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at_90k = models.BigIntegerField()
    valid_until_90k = models.BigIntegerField()
    attended_at_90k = models.BigIntegerField(default=0)
    paused_at_90k = models.BigIntegerField(null=True)
    pause_cause = models.CharField(max_length=16, blank=True)
    revoked_at_90k = models.BigIntegerField(null=True)
    revocation_reason = models.CharField(max_length=200, blank=True)
    closed_at_90k = models.BigIntegerField(null=True)
    result = models.CharField(max_length=16, choices=Result.choices, blank=True)
    result_note = models.CharField(max_length=500, blank=True)

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
            models.CheckConstraint(
                condition=Q(closed_at_90k__isnull=True, result="") | Q(closed_at_90k__isnull=False) & ~Q(result=""),
                name="viewing_session_closes_with_result",
            ),
            models.CheckConstraint(
                condition=Q(phase__in=sorted(phase.value for phase in Phase)), name="viewing_session_phase_is_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(paused_at_90k__isnull=True, pause_cause="")
                    | Q(paused_at_90k__isnull=False, pause_cause__in=sorted(cause.value for cause in PauseCause))
                ),
                name="viewing_session_pause_has_a_cause",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def ticket(self) -> str:
        """The number of the application it is held for; empty where somebody was let play alone."""
        return "" if self.application is None else self.application.ticket

    def status_at(self, *, now_90k: int) -> workflow.Status:
        """Return what the session is at an instant."""
        return workflow.status(
            valid_until_90k=self.valid_until_90k,
            revoked_at_90k=self.revoked_at_90k,
            now_90k=now_90k,
            paused_at_90k=self.paused_at_90k,
            closed_at_90k=self.closed_at_90k,
        )


class HeadCountException(models.Model):
    """A principal's consent that more than three sit in one session, because the text says 原则上 (A15.1.4b)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(ViewingSession, on_delete=models.PROTECT, related_name="exception")
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=128)
    limit = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    granted_at_90k = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(limit__gt=MOST_VIEWERS, limit__lte=20), name="viewing_exception_is_above_three"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="viewing_exception_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.limit}"


class SessionViewer(models.Model):
    """One applicant in the room: shown an identity document, pledged, counted.

    Everybody present has a seat of their own, and there is no fourth seat without the principal's exception; so the
    head-count holds however many are let in at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ViewingSession, on_delete=models.PROTECT, related_name="viewers")
    application = models.ForeignKey(ViewingApplication, on_delete=models.PROTECT, related_name="seats")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    admitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField()
    exception = models.ForeignKey(HeadCountException, on_delete=models.PROTECT, null=True, related_name="+")
    id_kind = models.CharField(max_length=16, choices=IdKind.choices)
    id_last4 = models.CharField(max_length=4)
    admitted_at_90k = models.BigIntegerField()
    left_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("admitted_at_90k",)
        constraints = (
            models.UniqueConstraint(
                fields=["session", "seat"], condition=Q(left_at_90k__isnull=True), name="viewing_viewer_seat_is_free"
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(left_at_90k__isnull=True),
                name="viewing_viewer_sits_in_one_session",
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1) & (Q(seat__lte=MOST_VIEWERS) | Q(exception__isnull=False)),
                name="viewing_viewer_no_fourth_without_exception",
            ),
            models.CheckConstraint(condition=~Q(admitted_by=F("applicant")), name="viewing_viewer_is_not_the_operator"),
            models.CheckConstraint(condition=Q(id_kind__in=IdKind.values), name="viewing_viewer_id_kind_is_known"),
            models.CheckConstraint(
                condition=Q(id_last4__regex=r"^[0-9A-Za-z]{4}$"), name="viewing_viewer_id_last4_is_four"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} #{self.seat}"


class Clue(models.Model):
    """An instant of the footage that matters, marked by the operator."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ViewingSession, on_delete=models.PROTECT, related_name="clues")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    at_90k = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    marked_at_90k = models.BigIntegerField()

    class Meta:
        ordering = ("at_90k",)

    def __str__(self) -> str:
        return f"{self.session_id} @ {self.at_90k}"
