"""What the addresses of this room ask."""

from dataclasses import dataclass

from django.http import Http404

from mingjian.people import personnel
from mingjian.people.capacity import Acting
from mingjian.people.importing import usecases as importing
from mingjian.regulation.decision import Decision


@dataclass(frozen=True, slots=True)
class AccountKeeper:
    """The platform's system administrator. For others the page does not exist."""

    name: str = "account_keeper"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not personnel.keeps_accounts(acting):
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class Appointer:
    """Who gives posts: heads of bodies and safety-responsible persons. For others the page does not exist."""

    name: str = "appointer"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not personnel.appoints(acting):
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class Importer:
    """Whose business one of the tables of people, units or appointments is. For others the page does not exist."""

    name: str = "importer"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not importing.kinds_of(acting):
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class Personnel:
    """Who keeps accounts or gives posts."""

    name: str = "personnel"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not (personnel.keeps_accounts(acting) or personnel.appoints(acting)):
            raise Http404
        return None
