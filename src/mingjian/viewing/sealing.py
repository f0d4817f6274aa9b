"""Which entries of the ledger are about applications closed to all but the named: for others they say nothing."""

from dataclasses import dataclass

from mingjian.ledger.append import Entry
from mingjian.people import scope
from mingjian.people.models import Person
from mingjian.viewing.models import ViewingApplication, ViewingGrant, ViewingSession


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is closed to one person: how the ledger names it, and under which grants its pictures were opened."""

    subjects: frozenset[str]
    grants: frozenset[str]

    def covers(self, entry: Entry) -> bool:
        """Say whether the entry is about something closed."""
        return entry.subject in self.subjects or str(entry.facts.get("grant", "")) in self.grants


def sealed_from(person: Person) -> Sealed:
    """Return what is closed to the person, in whatever capacity."""
    # What is closed is not seen from the person's own scope, and has to be known to be hidden.
    with scope.machine():
        closed = ViewingApplication.objects.filter(named_ids__isnull=False)
        hidden = closed.exclude(applicant=person).exclude(named_ids__contains=[person.pk])
        applications = list(hidden.values_list("pk", flat=True))
        sessions = list(ViewingSession.objects.filter(application__in=applications).values_list("pk", flat=True))
        grants = list(ViewingGrant.objects.filter(session__in=sessions).values_list("pk", flat=True))
    subjects = {f"application:{found}" for found in applications} | {f"viewing:{found}" for found in sessions}
    return Sealed(frozenset(subjects), frozenset(str(found) for found in grants))
