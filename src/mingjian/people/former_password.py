"""Passwords that somebody had before, as rows: hashes, kept only while the rules forbid to have them again."""

from django.db import models


class FormerPassword(models.Model):
    """A password given up at `replaced_at_90k`, as the Argon2id string that it was stored as."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="former_passwords")
    stored = models.CharField(max_length=256)
    replaced_at_90k = models.BigIntegerField()

    class Meta:
        ordering = ("-replaced_at_90k", "-pk")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.replaced_at_90k}"
