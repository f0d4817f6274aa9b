"""What was applied for, the files that came with it, and what others decided on it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Body, Campus, Person, named
from mingjian.registry.models import Camera, Hold
from mingjian.viewing import workflow
from mingjian.viewing.examining import MOST_FILES, Kind
from mingjian.viewing.words import IncidentKind, Outcome, ReviewOutcome
from mingjian.viewing.workflow import STORED_STAGES, Stage


class ViewingApplication(models.Model):
    """One member's wish to be shown `[start_90k, end_90k)` of a place on one campus.

    The applicant names a building; `cameras` are what stands there, and are never shown to the applicant. `version`
    grows with every change, so that nobody decides on what they have not read. `unit` is the tier-3 unit asked to help,
    if any. `staff_capacity` is that of a tier-2 body for whose work it was sent; `drafted_by` a unit's person who began
    it for the applicant, whose own pledge sends it. `holds` keep the footage from the moment of sending; until
    `held_until_90k` they are promised to stay. `named_ids`, once set, are the only persons besides the applicant who
    know of it; a list and no table, because the fence of a table would have to ask this one back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="viewing_applications")
    incident_kind = models.CharField(max_length=16, choices=IncidentKind.choices)
    reason = models.CharField(max_length=500)
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    building = models.CharField(max_length=64)
    cameras: "models.ManyToManyField[Camera, models.Model]" = models.ManyToManyField(Camera, related_name="+")
    holds: "models.ManyToManyField[Hold, models.Model]" = models.ManyToManyField(Hold, related_name="+")
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    phone = models.CharField(max_length=32)
    pledged_at_90k = models.BigIntegerField(null=True)
    staff_capacity = models.CharField(max_length=128, blank=True)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at_90k = models.BigIntegerField(null=True)
    unit = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    forwarded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    forwarded_at_90k = models.BigIntegerField(null=True)
    stage = models.CharField(max_length=16)
    version = models.PositiveIntegerField(default=1)
    named_ids = ArrayField(models.UUIDField(), null=True)
    submitted_at_90k = models.BigIntegerField()
    held_until_90k = models.BigIntegerField()
    ended_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-submitted_at_90k",)
        constraints = (
            models.UniqueConstraint(fields=["year", "number"], name="viewing_application_number_is_unique"),
            # What a decision points at, so that its applicant cannot be another than this row's.
            models.UniqueConstraint(fields=["id", "applicant"], name="viewing_application_and_applicant"),
            models.CheckConstraint(
                condition=Q(start_90k__lt=F("end_90k")), name="viewing_application_window_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(incident_kind__in=IncidentKind.values), name="viewing_application_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=sorted(stage.value for stage in STORED_STAGES)),
                name="viewing_application_stage_is_known",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(phone=""), name="viewing_application_is_filled_in"),
            models.CheckConstraint(
                condition=Q(forwarded_by__isnull=True) | ~Q(forwarded_by=F("applicant")),
                name="viewing_application_forwarder_is_not_applicant",
            ),
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=True) | ~Q(drafted_by=F("applicant")),
                name="viewing_application_drafter_is_not_applicant",
            ),
            models.CheckConstraint(
                condition=Q(pledged_at_90k__isnull=False)
                | Q(drafted_by__isnull=False, stage__in=[Stage.DRAFT, Stage.WITHDRAWN]),
                name="viewing_application_is_sent_with_a_pledge",
            ),
        )

    def __str__(self) -> str:
        return self.ticket

    @property
    def ticket(self) -> str:
        """The number people quote."""
        return f"{self.year}-{self.number:04}"

    @property
    def final_decision(self) -> "ApplicationDecision | None":
        """The approval or refusal that stands, if there is one; uses what was prefetched.

        A refusal that an objection has set aside stands no longer.
        """
        objection = getattr(self, "objection", None)
        is_anew = objection is not None and objection.outcome == ReviewOutcome.REOPENED
        finals = (decision for decision in self.decisions.all() if decision.outcome != Outcome.RETURNED)
        return next((decision for decision in finals if (decision.objection_id is not None) is is_anew), None)

    def stage_at(self, *, now_90k: int) -> Stage:
        """Return where the application stands at an instant."""
        decision = self.final_decision
        valid_until_90k = None if decision is None else decision.valid_until_90k
        return workflow.stage_at(Stage(self.stage), valid_until_90k=valid_until_90k, now_90k=now_90k)


class Attachment(models.Model):
    """A file that came with an application: a receipt, a photograph. Never changed and never lent to anybody else.

    What is stored lies under `sha256` outside the web's folders; `given_sha256` is the hash of what was handed in,
    which differs for pictures, because those are drawn anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(ViewingApplication, on_delete=models.PROTECT, related_name="attachments")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.name) for kind in Kind])
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    given_sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at_90k = models.BigIntegerField()

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=["application", "place"], name="viewing_attachment_place_is_free"),
            models.CheckConstraint(
                condition=Q(place__gte=1) & Q(place__lte=MOST_FILES), name="viewing_attachment_no_sixth"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="viewing_attachment_kind_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it small."""
        return self.kind != Kind.PDF


class ApplicationDecision(models.Model):
    """What a person other than the applicant decided on one version of an application. Never changed.

    `on_behalf_of` is whose post the decider held by delegation, if any: not the applicant, nor who refused before.
    `policy_version` names the values in force then. `article` is the rule a refusal rests on; `valid_until_90k` until
    when an approval may be used. After an objection that set a refusal aside the decision names it, and
    `barred_decider`, who refused and is not asked again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(ViewingApplication, on_delete=models.PROTECT, related_name="decisions")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=128)
    reason = models.CharField(max_length=500, blank=True)
    article = models.CharField(max_length=16, blank=True)
    decided_at_90k = models.BigIntegerField()
    policy_version = models.PositiveIntegerField(default=0)
    valid_until_90k = models.BigIntegerField(null=True)
    objection = models.ForeignKey("viewing.Objection", on_delete=models.PROTECT, null=True, related_name="+")
    barred_decider = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("decided_at_90k",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(decider=F("applicant")), name="viewing_decision_by_another_than_applicant"
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True)
                | ~Q(on_behalf_of=F("applicant"))
                & (Q(barred_decider__isnull=True) | ~Q(on_behalf_of=F("barred_decider"))),
                name="viewing_decision_not_for_the_applicant",
            ),
            models.UniqueConstraint(fields=["application", "version"], name="viewing_decision_one_per_version"),
            models.UniqueConstraint(
                fields=["application", "objection"],
                condition=~Q(outcome=Outcome.RETURNED),
                nulls_distinct=False,
                name="viewing_decision_one_final_per_round",
            ),
            # What an objection points at, so that it cannot name another refusal, applicant or decider.
            models.UniqueConstraint(
                fields=["id", "application", "applicant", "decider"], name="viewing_decision_and_its_people"
            ),
            models.CheckConstraint(
                condition=Q(objection__isnull=True, barred_decider__isnull=True)
                | Q(objection__isnull=False, barred_decider__isnull=False) & ~Q(decider=F("barred_decider")),
                name="viewing_decision_anew_by_another",
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="viewing_decision_outcome_is_known"),
            models.CheckConstraint(
                condition=(
                    Q(outcome=Outcome.APPROVED, valid_until_90k__gt=F("decided_at_90k"))
                    | Q(outcome=Outcome.REFUSED, valid_until_90k__isnull=True) & ~Q(reason="") & ~Q(article="")
                    | Q(outcome=Outcome.RETURNED, valid_until_90k__isnull=True) & ~Q(reason="")
                ),
                name="viewing_decision_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"

    @property
    def decided_by(self) -> str:
        """Who decided, and on whose behalf."""
        return named(self.decider, on_behalf_of=self.on_behalf_of)
