"""A list of leavers (离校名单) that was taken from the drop folder, as a row: what became of it, line by line."""

import uuid

from django.db import models
from django.db.models import Q


class LeaverList(models.Model):
    """One list, known by the hash of its file, which is taken once. `usernames` are those to end, while they wait.

    `state`: "open" while its lines are being carried out, "held" until a person decides, then "done", "declined", or
    "unread" for a file that is no list. `faults` name the lines that were refused: row, column, code and facts.
    """

    OPEN, HELD, DONE, DECLINED, UNREAD = "open", "held", "done", "declined", "unread"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16)
    taken_at_90k = models.BigIntegerField()
    usernames = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    reason = models.CharField(max_length=64, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    to_end = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    gone_already = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    ended_at_90k = models.BigIntegerField(null=True)
    decided_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at_90k = models.BigIntegerField(null=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-taken_at_90k",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("open", "held", "done", "declined", "unread")),
                name="people_leaverlist_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "held")) | Q(usernames=[]),
                name="people_leaverlist_over_keeps_no_names",
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.sha256[:12]}"

    @property
    def is_held(self) -> bool:
        """Whether a person has to decide."""
        return self.state == self.HELD
