"""Rows of persons, revoked grants and counted noise. Thin: what must always hold stands as a constraint."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from mingjian.people.workflow import Role, SignInState

ROLE_NAMES = {Role.NONE: _("校内人员"), Role.OPERATOR: _("监控系统操作员")}


class Campus(models.TextChoices):
    """The four campuses of Article 7 (2)."""

    LINGSHUI = "lingshui", _("凌水校区")
    KAIFAQU = "kaifaqu", _("开发区校区")
    SHINEI = "shinei", _("市内校区")
    PANJIN = "panjin", _("盘锦校区")


class Person(models.Model):
    """One human being who can sign in. Instants are ticks since 1970 UTC.

    `campus` is the scope of the appointment and empty for a person without one. Persons are never deleted: the
    ledger names them. `password` is an Argon2id string.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    role = models.CharField(max_length=32, choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    campus = models.CharField(max_length=32, choices=Campus.choices, blank=True)
    password = models.CharField(max_length=256)
    is_active = models.BooleanField(default=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    locked_until_90k = models.BigIntegerField(null=True)
    created_at_90k = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="people_person_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.NONE.value) | ~models.Q(campus=""),
                name="people_person_appointment_has_campus",
            ),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def sign_in_state(self) -> SignInState:
        """Where the lock-out count stands."""
        return SignInState(self.refusals, self.locked_until_90k)

    @property
    def role_name(self) -> str:
        """The appointment in the reader's language."""
        return str(ROLE_NAMES[Role(self.role)])

    @property
    def campus_name(self) -> str:
        """The campus in the reader's language, empty without one."""
        return str(Campus(self.campus).label) if self.campus else ""

    @property
    def capacity_name(self) -> str:
        """The acting capacity (办理身份) in the reader's language: campus and post."""
        return f"{self.campus_name} {self.role_name}".strip()


class GrantRevocation(models.Model):
    """A media grant that serves nobody any more, whatever lease is still running. Read by streaming."""

    grant_id = models.UUIDField(primary_key=True)
    revoked_at_90k = models.BigIntegerField()
    reason = models.CharField(max_length=64)

    class Meta:
        db_table = "media_revocation"

    def __str__(self) -> str:
        return str(self.grant_id)


class SignInNoise(models.Model):
    """Refused sign-ins that name nobody we know, counted by ten-minute bucket until one digest entry tells them."""

    bucket_start_90k = models.BigIntegerField(primary_key=True)
    attempts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.bucket_start_90k}: {self.attempts}"
