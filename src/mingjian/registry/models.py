"""Rows of volumes, cameras, holds, plan revisions and the roots of recordings. Instants are ticks since 1970 UTC."""

import uuid

from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Body, Campus
from mingjian.regulation.posts import Tier
from mingjian.regulation.systems import SystemClass

BARE_ADDRESS = r"^rtsp://[^/@?#]+/"
NAME_CHARACTERS = 64
TEXT_CHARACTERS = 200


class Volume(models.Model):
    """A recording volume of this host. `budget_bytes` caps what recordings may take of it (0: the disk decides)."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=1024, unique=True)
    budget_bytes = models.BigIntegerField(default=0)
    created_at_90k = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(budget_bytes__gte=0), name="registry_volume_budget"),)

    def __str__(self) -> str:
        return self.name


class Camera(models.Model):
    """One camera point. Addresses carry no user info; `sealed_credentials` opens on the recorder host only.

    `slot` places the camera on a worker and is reused only after retirement. A retired camera keeps its row, because
    its footage and its ledger entries outlive it. `owner` is a body that answers for the campus (keys over two columns,
    which a migration writes); `owner_tier` is its tier. A point of a secrecy system has no address: it is not recorded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=NAME_CHARACTERS)
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="cameras", db_column="campus")
    building = models.CharField(max_length=NAME_CHARACTERS)
    owner = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="cameras")
    owner_tier = models.PositiveSmallIntegerField()
    system_class = models.CharField(max_length=16)
    purpose = models.CharField(max_length=TEXT_CHARACTERS, blank=True)
    field_of_view = models.CharField(max_length=TEXT_CHARACTERS, blank=True)
    is_key_location = models.BooleanField(default=False)
    main_address = models.CharField(max_length=512, blank=True)
    sub_address = models.CharField(max_length=512, blank=True)
    sealed_credentials = models.TextField(blank=True)
    slot = models.PositiveIntegerField()
    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, related_name="cameras")
    created_at_90k = models.BigIntegerField()
    retired_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("campus", "building", "name")
        constraints = (
            models.UniqueConstraint(
                fields=["slot"], condition=Q(retired_at_90k__isnull=True), name="registry_camera_slot_is_free"
            ),
            models.UniqueConstraint(
                fields=["campus", "name"],
                condition=Q(retired_at_90k__isnull=True),
                name="registry_camera_name_is_unique_on_campus",
            ),
            models.CheckConstraint(
                condition=Q(main_address="") | Q(main_address__regex=BARE_ADDRESS),
                name="registry_camera_main_address_is_bare",
            ),
            models.CheckConstraint(
                condition=Q(sub_address="") | Q(sub_address__regex=BARE_ADDRESS),
                name="registry_camera_sub_address_is_bare",
            ),
            models.CheckConstraint(
                condition=Q(system_class=SystemClass.SCHOOL.value, owner_tier=Tier.SECOND.value)
                | Q(
                    system_class__in=[each.value for each in SystemClass if each.owner_tier is Tier.THIRD],
                    owner_tier=Tier.THIRD.value,
                ),
                name="registry_camera_class_fits_owner",
            ),
            models.CheckConstraint(
                condition=Q(
                    system_class=SystemClass.SECRECY.value, main_address="", sub_address="", sealed_credentials=""
                )
                | (~Q(system_class=SystemClass.SECRECY.value) & ~Q(main_address="")),
                name="registry_camera_secrecy_has_no_address",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Hold(models.Model):
    """Footage that no retention may touch. In force only once its volume acknowledged it; ends only by release.

    A release is done once the volume reported it too (`release_acknowledged_at_90k`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="holds")
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    placed_at_90k = models.BigIntegerField()
    acknowledged_at_90k = models.BigIntegerField(null=True)
    released_at_90k = models.BigIntegerField(null=True)
    release_acknowledged_at_90k = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(start_90k__lt=F("end_90k")), name="registry_hold_span_is_not_empty"),
            models.CheckConstraint(
                condition=Q(release_acknowledged_at_90k__isnull=True) | Q(released_at_90k__isnull=False),
                name="registry_hold_release_is_ordered_before_it_is_done",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class PlanRevision(models.Model):
    """One wish for a new plan, written with the act that caused it; `published_at_90k` once the file says it.

    `confirmed_shrink_from` is the published revision from which a person agreed to drop many cameras at once.
    """

    revision = models.BigAutoField(primary_key=True)
    cause = models.CharField(max_length=64)
    requested_at_90k = models.BigIntegerField()
    published_at_90k = models.BigIntegerField(null=True)
    confirmed_shrink_from = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class ReportCursor(models.Model):
    """How far a volume's outbox has been told to the ledger. A rebuilt index is another series and starts afresh."""

    volume = models.OneToOneField(Volume, on_delete=models.PROTECT, primary_key=True)
    series = models.CharField(max_length=64, blank=True)
    last_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.volume_id}: {self.last_id}"


class Rollup(models.Model):
    """One entry of the ledger over the files that a volume closed: `root` is the Merkle root over their lines.

    `[start_90k, end_90k)` is the hour it was made for; `late` of its `files` had been closed before. Numbers count on
    from 1 per volume, so that one taken away is missed.
    """

    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, related_name="rollups")
    number = models.PositiveIntegerField()
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    made_at_90k = models.BigIntegerField()
    files = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    root = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["volume", "number"], name="registry_rollup_number"),
            models.CheckConstraint(
                condition=Q(files__gte=1) & Q(late__lte=F("files")) & Q(end_90k__gt=F("start_90k")),
                name="registry_rollup_figures",
            ),
        )

    def __str__(self) -> str:
        return f"{self.volume_id}: {self.number}"


class RecordedRoot(models.Model):
    """The root of one recording's file, as its volume reported it; waits for a roll-up until it has one.

    A rebuilt index reports its files again: the pair of recording and root is there once. `camera` is an id alone,
    for a volume may hold footage of cameras that nobody registered here.
    """

    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, related_name="roots")
    recording = models.UUIDField()
    camera = models.UUIDField()
    role = models.CharField(max_length=16)
    track = models.CharField(max_length=16)
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    closed_at_90k = models.BigIntegerField()
    taken_at_90k = models.BigIntegerField()
    is_salvaged = models.BooleanField()
    root = models.BinaryField(max_length=32)
    rollup = models.ForeignKey(Rollup, on_delete=models.PROTECT, related_name="members", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["recording", "root"], name="registry_recorded_root_once"),)
        indexes = (
            models.Index(fields=["volume"], condition=Q(rollup__isnull=True), name="registry_recorded_root_waits"),
        )

    def __str__(self) -> str:
        return str(self.recording)
