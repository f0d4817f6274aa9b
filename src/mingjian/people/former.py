"""That a password given up does not come back, where the rules in force forbid it: compared, kept, forgotten.

The hashes are fenced off from every person, whoever acts: only this module looks at them, for the one who has them.
"""

from django.db.models import QuerySet

from mingjian.people import passwords, scope
from mingjian.people.models import FormerPassword, Person
from mingjian.people.password_rules import PasswordRules
from mingjian.people.passwords import PasswordError


def require_new(password: str, *, person: Person, rules: PasswordRules) -> None:
    """Raise PasswordError("people.password_used") for one of the last that the person had."""
    with scope.machine():
        kept = list(_counting(person, rules).values_list("stored", flat=True))
    for stored in kept:
        if passwords.is_right(password, stored=stored):
            raise PasswordError("people.password_used", username=person.username, history=rules.history)


@scope.machine()
def keep(*, person: Person, rules: PasswordRules, at_90k: int) -> None:
    """Keep the password about to be given up and forget those that no rule asks for, within the act's transaction."""
    # One that worked once was never the person's own.
    if rules.history > 1 and not person.must_change_password:
        FormerPassword.objects.create(person=person, stored=person.password, replaced_at_90k=at_90k)
    asked_for = [row.pk for row in _counting(person, rules)]
    person.former_passwords.exclude(pk__in=asked_for).delete()


def _counting(person: Person, rules: PasswordRules) -> QuerySet[FormerPassword]:
    """Return those that count: one less than the rules say, because today's own is one and compared already."""
    return person.former_passwords.all()[: max(rules.history - 1, 0)]
