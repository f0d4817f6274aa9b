"""Complaints and queries with what was done about them. Rows are fenced: who may not know sees none.

Steps are only ever added. Guards in SQL hold what a constraint of one table cannot: nobody concerned takes a step.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mingjian.oversight.matter_words import Conduct, Finding
from mingjian.oversight.workflow import ComplaintStage, ComplaintStep, InquiryStage, InquiryStep
from mingjian.people.models import Body, Person

OUTSIDE, SCHOOL = 0, 1
LONGEST_TEXT = 1000


class Numbered(models.Model):
    """Something with a number of its year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        abstract = True

    @property
    def ticket(self) -> str:
        """The number people quote."""
        return f"{self.year}-{self.number:04}"


class Complaint(Numbered):
    """What somebody complains about: a body, maybe a person, maybe something handled (`subject`).

    `handler` is the body that deals with it, `handler_tier` its tier: tier 1, or discipline inspection whenever the
    office that is tier 1 is concerned. `named_ids`, once set, are the only handlers who see it; it is a list and no
    table, because the fence of a table would have to ask this one back. `salt` makes the commitment by which the
    ledger can show later who complained, and tells nobody until then.
    """

    complainant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    conduct = models.CharField(max_length=16, choices=Conduct.choices)
    about_body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    about_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=96, blank=True)
    text = models.CharField(max_length=LONGEST_TEXT)
    handler = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    handler_tier = models.PositiveSmallIntegerField()
    concerns_first_office = models.BooleanField()
    named_ids = ArrayField(models.UUIDField(), null=True)
    stage = models.CharField(max_length=16)
    finding = models.CharField(max_length=16, choices=Finding.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    filed_at_90k = models.BigIntegerField()
    due_at_90k = models.BigIntegerField()
    ended_at_90k = models.BigIntegerField(null=True)
    policy_version = models.PositiveIntegerField(default=0)
    salt = models.BinaryField()

    class Meta:
        ordering = ("-filed_at_90k",)
        constraints = (
            models.UniqueConstraint(fields=["year", "number"], name="oversight_complaint_number_is_unique"),
            models.CheckConstraint(
                condition=Q(about_person__isnull=True) | ~Q(about_person=F("complainant")),
                name="oversight_complaint_about_another",
            ),
            models.CheckConstraint(
                condition=Q(concerns_first_office=True, handler_tier=OUTSIDE)
                | Q(concerns_first_office=False, handler_tier=SCHOOL),
                name="oversight_complaint_not_to_the_office_itself",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=sorted(stage.value for stage in ComplaintStage)),
                name="oversight_complaint_stage_is_known",
            ),
            models.CheckConstraint(
                condition=Q(stage=ComplaintStage.ANSWERED, finding__in=Finding.values)
                | ~Q(stage=ComplaintStage.ANSWERED) & Q(finding=""),
                name="oversight_complaint_is_answered_with_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(conduct__in=Conduct.values) & ~Q(text=""), name="oversight_complaint_is_filled_in"
            ),
        )

    def __str__(self) -> str:
        return self.ticket

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.ended_at_90k is None

    def is_overdue(self, *, now_90k: int) -> bool:
        """Say whether its time is over at an instant."""
        return self.is_open and now_90k >= self.due_at_90k


class ComplaintAct(models.Model):
    """One step about a complaint. Never changed; never by whom it is about, and by the complainant only its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="acts")
    step = models.CharField(max_length=16)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=128)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    at_90k = models.BigIntegerField()

    class Meta:
        ordering = ("at_90k",)
        constraints = (
            models.CheckConstraint(
                condition=Q(step__in=sorted(step.value for step in ComplaintStep)),
                name="oversight_complaint_step_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.step}"


class Inquiry(Numbered):
    """A query of the auditor (疑问单) about an entry of the ledger, an application or a session.

    `subject` is "entry:<shard>/<seq>", "application:<id>" or "viewing:<id>", `label` the number people quote of it.
    `addressee` is the body that answers. `concerned` is who acted, if it was a person; about the conduct of whom is of
    the office that is tier 1 discipline inspection answers.
    """

    subject = models.CharField(max_length=96)
    label = models.CharField(max_length=32)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    addressee = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    addressee_tier = models.PositiveSmallIntegerField()
    is_about_conduct = models.BooleanField()
    concerns_first_office = models.BooleanField()
    concerned = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=16)
    version = models.PositiveIntegerField(default=1)
    filed_at_90k = models.BigIntegerField()
    due_at_90k = models.BigIntegerField()
    ended_at_90k = models.BigIntegerField(null=True)
    policy_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-filed_at_90k",)
        constraints = (
            models.UniqueConstraint(fields=["year", "number"], name="oversight_inquiry_number_is_unique"),
            models.CheckConstraint(
                condition=Q(is_about_conduct=False) | Q(concerns_first_office=False) | Q(addressee_tier=OUTSIDE),
                name="oversight_inquiry_not_to_the_office_itself",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=sorted(stage.value for stage in InquiryStage)),
                name="oversight_inquiry_stage_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.ticket

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.ended_at_90k is None

    def is_overdue(self, *, now_90k: int) -> bool:
        """Say whether an answer is owed and its time is over at an instant."""
        return self.stage == InquiryStage.OPEN and now_90k >= self.due_at_90k


class InquiryAct(models.Model):
    """One step about a query. Never changed; no answer is of who asked, or of whose act it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="acts")
    step = models.CharField(max_length=16)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=128)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    at_90k = models.BigIntegerField()

    class Meta:
        ordering = ("at_90k",)
        constraints = (
            models.CheckConstraint(
                condition=Q(step__in=sorted(step.value for step in InquiryStep)),
                name="oversight_inquiry_step_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.step}"
