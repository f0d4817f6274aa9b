"""What a query or a complaint can be about, looked up for oversight in the rooms that have it."""

from mingjian.base import ids
from mingjian.console import ledger_scope
from mingjian.console.ledger_scope import SEALED_KIND, Scope
from mingjian.ledger.append import Entry
from mingjian.oversight.matters import Matter
from mingjian.people.capacity import Acting
from mingjian.people.models import Body, Person
from mingjian.people.posts import CAMPUS_BODY
from mingjian.viewing import queries as viewing
from mingjian.viewing.models import ViewingApplication


def matter_of(acting: Acting, subject: str) -> Matter | None:
    """Return the matter that `subject` names for who acts, or None.

    "entry:<seq>" is an entry of the newest shard in the ledger's scope, "about:<seq>" the application or session that
    such an entry is about, "own:<ticket>" one's own application.
    """
    kind, _sep, told = subject.partition(":")
    if kind == "own":
        return _own(acting, told)
    # As a form sends it back: with the shard before the number.
    number = told.rpartition("/")[2]
    if kind not in {"entry", "about"} or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    leaf = ledger_scope.read_one(scope=Scope.of(acting), seq=int(number))
    if leaf is None:
        return None
    if kind == "entry":
        entry = leaf.entry
        is_person = entry.actor_id != "" and Person.objects.filter(pk__in=_ids(entry.actor_id)).exists()
        body = "" if entry.kind == SEALED_KIND else _responsible(entry)
        return Matter(f"entry:{leaf.shard}/{leaf.seq}", str(leaf.seq), body, entry.actor_id if is_person else "")
    return _behind(leaf.entry)


def _own(acting: Acting, ticket: str) -> Matter | None:
    year, _sep, number = ticket.partition("-")
    if not (ticket.isascii() and year.isdigit() and number.isdigit() and len(ticket) <= 16):
        return None
    own = viewing.access_own_applications(person=acting.person).filter(year=int(year), number=int(number)).first()
    return None if own is None else _of_application(own)


def _behind(entry: Entry) -> Matter | None:
    """Return the application that an entry is about, or that its session was opened for."""
    kind, _sep, found_id = entry.subject.partition(":")
    known = {"application": "pk", "viewing": "sessions"}
    if kind not in known or not _ids(found_id):
        return None
    found = ViewingApplication.objects.filter(**{known[kind]: found_id}).first()
    return None if found is None else _of_application(found)


def _of_application(application: ViewingApplication) -> Matter:
    return Matter(f"application:{application.pk}", application.ticket, _body_of_campus(application.campus_id), "")


def _responsible(entry: Entry) -> str:
    """Return the body that answers for an act: for whom it was done, or whose campus it was on."""
    _post, _at, body = entry.capacity.partition("@")
    named = body or str(entry.facts.get("body", ""))
    if named and Body.objects.filter(pk=named).exists():
        return named
    return _body_of_campus(str(entry.facts.get("campus", "")))


def _body_of_campus(campus: str) -> str:
    found = Body.objects.filter(tier=CAMPUS_BODY, campuses=campus).first()
    return "" if found is None else found.pk


def _ids(text: str) -> list[str]:
    return [text] if ids.is_id(text) else []
