"""What tier 1 ruled: values set and open points interpreted, proposed by one person and decided by another."""

import uuid

from django.db import models
from django.db.models import F, Q

from mingjian.regulation import articles

OPEN = Q(decided_at_90k__isnull=True)
ACCEPTED = Q(version__isnull=False)
# What founds the university comes with its profile from the shell: nobody proposed it, nobody was there to decide.
FOUNDING = Q(proposed_by__isnull=True, decided_by__isnull=True)
LONGEST_ANSWER, LONGEST_REASON, LONGEST_DOCUMENT = 500, 300, 120


class Ruling(models.Model):
    """One proposal on one topic, a policy's name or a reading's id, and what became of it. A decided one never changes.

    `version` numbers what was accepted, over all topics; it is empty while a proposal is open and for one turned down.
    In force from `effective_at_90k`, which is never before the decision. `value` is a policy's, `answer` a reading's.
    `proposed_for` and `decided_for` are whose post it was, where it was lent. Rows of the profile name no person and
    are versions too (`is_founding`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.CharField(max_length=48)
    value = models.IntegerField(null=True)
    answer = models.CharField(max_length=LONGEST_ANSWER, blank=True)
    document = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    wanted_at_90k = models.BigIntegerField(null=True)
    proposed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_for = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at_90k = models.BigIntegerField()
    decided_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_for = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at_90k = models.BigIntegerField(null=True)
    remark = models.CharField(max_length=LONGEST_REASON, blank=True)
    version = models.PositiveIntegerField(null=True, unique=True)
    effective_at_90k = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-proposed_at_90k",)
        constraints = (
            models.CheckConstraint(
                condition=FOUNDING | OPEN | Q(version__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="people_ruling_by_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True)
                | (Q(proposed_for__isnull=True) | ~Q(decided_by=F("proposed_for")))
                & (Q(decided_for__isnull=True) | ~Q(decided_for=F("proposed_by")))
                & (Q(decided_for__isnull=True) | Q(proposed_for__isnull=True) | ~Q(decided_for=F("proposed_for"))),
                name="people_ruling_not_by_anothers_hand",
            ),
            models.CheckConstraint(
                condition=FOUNDING
                | Q(proposed_by__isnull=False, decided_by__isnull=True, decided_at_90k__isnull=True)
                | Q(proposed_by__isnull=False, decided_by__isnull=False, decided_at_90k__isnull=False),
                name="people_ruling_names_its_people",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True, effective_at_90k__isnull=True)
                | Q(version__gte=1, effective_at_90k__gte=F("decided_at_90k")),
                name="people_ruling_for_the_future_only",
            ),
            models.CheckConstraint(
                condition=Q(topic__regex=r"^Q[0-9]+$", value__isnull=True) & ~Q(answer="") & ~Q(document="")
                | Q(value__isnull=False, answer="") & ~Q(topic__regex=r"^Q[0-9]+$"),
                name="people_ruling_sets_or_interprets",
            ),
            models.CheckConstraint(
                condition=~Q(topic="retention_ordinary", value__lt=articles.A13_C.numbers[0].value)
                & ~Q(topic="retention_key_location", value__lt=articles.A13_D.numbers[0].value),
                name="people_ruling_above_legal_floor",
            ),
            models.UniqueConstraint(fields=["topic"], condition=OPEN, name="people_ruling_one_open_per_topic"),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.version or '-'}"

    @property
    def is_founding(self) -> bool:
        """Whether it came with the university's profile."""
        return self.proposed_by_id is None

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decided_at_90k is None
