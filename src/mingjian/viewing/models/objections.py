"""The one objection to a refusal (申请复核), and what somebody other than the first decider found."""

import uuid

from django.db import models
from django.db.models import F, Q

from mingjian.people.models import Person, named
from mingjian.viewing.models.applications import ApplicationDecision, ViewingApplication
from mingjian.viewing.words import ReviewOutcome


class Objection(models.Model):
    """An applicant's objection to the refusal of an application. There is one at most, and it is answered once.

    `first_decider` is who refused, which a foreign key over the refusal holds to; that person neither answers it nor
    decides anew. `on_behalf_of` is whose post the reviewer held by delegation, if any. `answer` and `article` are the
    words and the rule of who did answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(ViewingApplication, on_delete=models.PROTECT, related_name="objection")
    refusal = models.OneToOneField(ApplicationDecision, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    first_decider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    filed_at_90k = models.BigIntegerField()
    policy_version = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=16, choices=ReviewOutcome.choices, blank=True)
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=128, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    article = models.CharField(max_length=16, blank=True)
    answered_at_90k = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            # What a decision anew points at, so that it bars the one who refused and no other.
            models.UniqueConstraint(
                fields=["id", "application", "first_decider"], name="viewing_objection_and_first_decider"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="viewing_objection_says_why"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("first_decider")) & ~Q(reviewer=F("applicant")),
                name="viewing_objection_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True)
                | ~Q(on_behalf_of=F("first_decider")) & ~Q(on_behalf_of=F("applicant")),
                name="viewing_objection_not_for_who_refused",
            ),
            models.CheckConstraint(
                condition=(
                    Q(outcome="", reviewer__isnull=True, answered_at_90k__isnull=True, answer="", article="")
                    | Q(reviewer__isnull=False, answered_at_90k__gte=F("filed_at_90k"))
                    & ~Q(answer="")
                    & (Q(outcome=ReviewOutcome.REOPENED) | Q(outcome=ReviewOutcome.UPHELD) & ~Q(article=""))
                ),
                name="viewing_objection_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"

    @property
    def answered_by(self) -> str:
        """Who answered, and on whose behalf; empty before."""
        return "" if self.reviewer is None else named(self.reviewer, on_behalf_of=self.on_behalf_of)
