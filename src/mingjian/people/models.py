"""Rows of campuses, bodies, persons and appointments, and of revoked keys and counted noise.

Thin: what must always hold stands as a constraint. What Django cannot say (no overlaps, powers kept apart, the true
tier of a body) is written in SQL in a migration. Instants are ticks since 1970 UTC.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from mingjian.people.former_password import FormerPassword as FormerPassword
from mingjian.people.import_run import ImportRun as ImportRun
from mingjian.people.leaver_list import LeaverList as LeaverList
from mingjian.people.posts import LEVELS, TIERS_OF, post_name
from mingjian.people.qualification import LapseNotice as LapseNotice
from mingjian.people.qualification import Qualification as Qualification
from mingjian.people.ruling import Ruling as Ruling
from mingjian.people.workflow import SignInState
from mingjian.regulation.posts import Post


class Named(models.Model):
    """Something with a Chinese name and an English one; the Chinese stands in where the English is missing."""

    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=96, blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        is_english = (translation.get_language() or "").startswith("en")
        return self.name_en if is_english and self.name_en else self.name


class University(Named):
    """Whose installation this is: one row, as the university's profile names it; it stands on what is printed."""

    place = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(place=1), name="people_university_is_one"),)

    def __str__(self) -> str:
        return self.name


class Campus(Named):
    """A campus of the university. Which ones there are is told by the university's profile."""

    code = models.SlugField(max_length=32, primary_key=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("place", "code")

    def __str__(self) -> str:
        return self.code


class Body(Named):
    """A body of tier 1 or 2, a unit of tier 3 (Article 7), or discipline inspection, outside the tiers (tier 0).

    An office that is tier 1 and tier 2 at once stands here twice, so that an act names the one it was done for;
    `is_first_office` is set on both. Who is of that office is inspected from outside it.
    """

    code = models.SlugField(max_length=48, primary_key=True)
    tier = models.PositiveSmallIntegerField()
    is_first_office = models.BooleanField(default=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    campuses: "models.ManyToManyField[Campus, Jurisdiction]" = models.ManyToManyField(
        Campus, through="Jurisdiction", related_name="bodies"
    )

    class Meta:
        ordering = ("tier", "code")
        constraints = (
            models.CheckConstraint(condition=Q(tier__in=LEVELS), name="people_body_tier_is_known"),
            models.CheckConstraint(condition=Q(tier__lte=1) | Q(parent__isnull=False), name="people_body_has_parent"),
            models.CheckConstraint(
                condition=Q(tier=1, is_first_office=True) | Q(tier=2) | Q(tier__in=[0, 3], is_first_office=False),
                name="people_body_first_office_is_tier_1_or_2",
            ),
            models.UniqueConstraint(fields=["code", "tier"], name="people_body_code_and_tier"),
        )

    def __str__(self) -> str:
        return self.code


class Jurisdiction(models.Model):
    """That a body answers for a campus. A campus has one tier-2 body (constraint); tier 1 has all, unwritten."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT)
    tier = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["body", "campus"], name="people_jurisdiction_once"),
            models.UniqueConstraint(fields=["campus"], condition=Q(tier=2), name="people_campus_has_one_tier_2_body"),
        )

    def __str__(self) -> str:
        return f"{self.body_id}: {self.campus_id}"


class SpecialOwner(Named):
    """Which unit builds and runs a special kind of system: examinations, secrecy, laboratories … (Article 21)."""

    kind = models.SlugField(max_length=32, primary_key=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="special_systems")

    def __str__(self) -> str:
        return f"{self.kind}: {self.body_id}"


class Person(models.Model):
    """One human being who can sign in. Never deleted: the ledger names them. `password` is an Argon2id string.

    `locked_until_90k` is the lock of wrong passwords, `suspended_at_90k` that of an administrator;
    `password_set_at_90k` is empty where nobody wrote it down: then when the account was made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    password = models.CharField(max_length=256)
    is_active = models.BooleanField(default=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    locked_until_90k = models.BigIntegerField(null=True)
    suspended_at_90k = models.BigIntegerField(null=True)
    must_change_password = models.BooleanField(default=False)
    password_set_at_90k = models.BigIntegerField(null=True)
    created_at_90k = models.BigIntegerField()
    reopened_at_90k = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.username

    @property
    def sign_in_state(self) -> SignInState:
        """Where the lock-out count stands."""
        return SignInState(self.refusals, self.locked_until_90k)


# An appointment that nobody has to confirm, or somebody has.
IN_HAND = Q(withheld_at_90k__isnull=True) | Q(confirmed_at_90k__isnull=False)
# One that is not lent, or lent by somebody who could still act under it: a delegation is never wider.
LENDER_STANDS = Q(delegated_from__isnull=True) | Q(
    Q(delegated_from__withheld_at_90k__isnull=True) | Q(delegated_from__confirmed_at_90k__isnull=False),
    delegated_from__person__is_active=True,
    delegated_from__person__suspended_at_90k__isnull=True,
)


class Appointment(models.Model):
    """That a person holds a post in a body during `[since, until)` (Article 8). `until` empty: until further notice.

    `document` refers to the paper it rests on; `appointed_by` is empty for the shell. `tier` is the body's.
    `withheld_at_90k` is when the person was last given a password, by `withheld_by` (empty: the shell): from then on
    nobody acts under the appointment until it is confirmed, never by the giver. `delegated_from` is the appointment of
    whom this one stands in for; it lies within that one's term, body and post (a trigger holds it there).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField(max_length=32)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="appointments")
    tier = models.PositiveSmallIntegerField()
    since_90k = models.BigIntegerField()
    until_90k = models.BigIntegerField(null=True)
    document = models.CharField(max_length=200)
    appointed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    withheld_at_90k = models.BigIntegerField(null=True)
    withheld_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at_90k = models.BigIntegerField(null=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    delegated_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="delegations")

    class Meta:
        ordering = ("tier", "body", "post")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_90k__isnull=True) | Q(until_90k__gte=F("since_90k")),
                name="people_appointment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(*(Q(post=post.value, tier__in=tiers) for post, tiers in TIERS_OF.items()), _connector=Q.OR),
                name="people_appointment_post_exists_at_tier",
            ),
            models.CheckConstraint(
                condition=Q(appointed_by__isnull=True) | ~Q(appointed_by=F("person")),
                name="people_appointment_not_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("person")) & (Q(withheld_by__isnull=True) | ~Q(confirmed_by=F("withheld_by")))),
                name="people_appointment_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at_90k__isnull=True) | Q(confirmed_at_90k__gte=F("withheld_at_90k")),
                name="people_appointment_confirmed_after_gift",
            ),
            models.CheckConstraint(
                condition=Q(delegated_from__isnull=True) | Q(until_90k__isnull=False, appointed_by__isnull=False),
                name="people_appointment_delegated_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.post}@{self.body_id}"

    @property
    def is_withheld(self) -> bool:
        """Whether a password was given since, and nobody has confirmed who holds it."""
        return self.withheld_at_90k is not None and self.confirmed_at_90k is None

    @property
    def label(self) -> str:
        """Body and post in the reader's language, and on whose behalf: the acting capacity (办理身份)."""
        own = f"{self.body.label} {post_name(Post(self.post), tier=self.tier)}"
        if self.delegated_from is None:
            return own
        return _("%(capacity)s（代%(name)s）") % {"capacity": own, "name": self.delegated_from.person.display_name}


def named(person: Person, *, on_behalf_of: Person | None) -> str:
    """Return somebody's name, and for whom they acted where the post was lent."""
    if on_behalf_of is None:
        return person.display_name
    return _("%(name)s（代%(behalf)s）") % {"name": person.display_name, "behalf": on_behalf_of.display_name}


class Console(models.Model):
    """A machine in a control room: on it the live wall keeps a web session from running idle.

    It is known by a cookie, of which the hash stands here. `code_hash` is that of the code which registers the machine,
    and empty once used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=64)
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="consoles")
    code_hash = models.CharField(max_length=64, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    retired_at_90k = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.name


class WebSession(models.Model):
    """A signed-in browser, known by the hash that media grants carry as well.

    `appointment` is the capacity acted in, empty for a member of the university without a post. `seen_at_90k` is the
    last sign of a person, exact to half a minute; `proved_at_90k` when the person last gave a second factor in it.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="web_sessions")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="web_sessions")
    console = models.ForeignKey(Console, on_delete=models.PROTECT, null=True, related_name="web_sessions")
    device = models.CharField(max_length=64)
    begun_at_90k = models.BigIntegerField()
    seen_at_90k = models.BigIntegerField()
    proved_at_90k = models.BigIntegerField(null=True)
    ended_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-seen_at_90k",)

    def __str__(self) -> str:
        return self.key_hash[:8]


class SecondFactor(models.Model):
    """What a person has besides the password: an app that shows codes, or a passkey. Removed ones stay as rows.

    An app's `secret` is sealed under the host's credential key, and `last_used` is the time step of its last code. A
    passkey has its public key in `credential` (empty for an app), belongs to the host name `site`, and `last_used` is
    its counter.
    """

    APP, PASSKEY = "app", "passkey"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="second_factors")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    secret = models.TextField(blank=True)
    site = models.CharField(max_length=253, blank=True)
    credential = models.BinaryField(default=bytes)
    credential_id = models.BinaryField(null=True)
    last_used = models.BigIntegerField(default=0)
    added_at_90k = models.BigIntegerField()
    used_at_90k = models.BigIntegerField(null=True)
    removed_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("added_at_90k", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind="app", credential_id__isnull=True) & ~Q(secret=""))
                | (Q(kind="passkey", credential_id__isnull=False, secret="") & ~Q(site="")),
                name="people_secondfactor_is_whole",
            ),
            models.UniqueConstraint(fields=["credential_id"], name="people_secondfactor_key_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_passkey(self) -> bool:
        """Whether it is a passkey, and not an app."""
        return self.kind == self.PASSKEY


class Revocation(models.Model):
    """A key that opens no media any more, whatever lease is still running: a grant's id or a web session's hash."""

    key = models.CharField(max_length=64, primary_key=True)
    revoked_at_90k = models.BigIntegerField()
    reason = models.CharField(max_length=64)

    class Meta:
        db_table = "media_revocation"

    def __str__(self) -> str:
        return self.key


class SignInNoise(models.Model):
    """Refused sign-ins that name nobody we know, counted by ten-minute bucket until one digest entry tells them."""

    bucket_start_90k = models.BigIntegerField(primary_key=True)
    attempts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.bucket_start_90k}: {self.attempts}"
