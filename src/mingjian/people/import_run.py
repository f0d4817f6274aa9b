"""A table that somebody wants to import, as a row: what a dry run read, until it is entered, put away or forgotten."""

import uuid

from django.db import models
from django.db.models import Q


class ImportRun(models.Model):
    """One table checked by one person, whom alone it is shown to. `rows` are its cells while it is open, then empty.

    `sha256` is the hash of the file; `entered` and `unchanged` count rows once it is entered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    encoding = models.CharField(max_length=16)
    rows = models.JSONField(null=True)
    row_count = models.PositiveIntegerField()
    checked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="import_runs")
    checked_at_90k = models.BigIntegerField()
    entered_at_90k = models.BigIntegerField(null=True)
    entered = models.PositiveIntegerField(null=True)
    unchanged = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-checked_at_90k",)
        constraints = (
            models.CheckConstraint(
                condition=Q(entered_at_90k__isnull=True) | Q(rows__isnull=True, entered__isnull=False),
                name="people_importrun_entered_keeps_no_rows",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be entered."""
        return self.rows is not None
