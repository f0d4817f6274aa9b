"""CAS 3.0: where the browser is sent, and who a ticket says it is. One ticket, one question, never a second.

See the CAS Protocol 3.0 Specification, §2.1 (/login) and §2.8 (/p3/serviceValidate).
"""

from urllib.parse import urlencode
from xml.etree import ElementTree

from mingjian.people import fetching
from mingjian.people.doors import Cas, Door, DoorError
from mingjian.people.fetching import Ask

LONGEST_TICKET = 512
_NAMESPACE = "{http://www.yale.edu/tp/cas}"
# Said of the ticket, not of us or of the server: a new sign-in mends it.
_OF_THE_TICKET = frozenset({"INVALID_TICKET", "INVALID_TICKET_SPEC", "INVALID_SERVICE"})


def sign_in_url(cas: Cas, *, service: str) -> str:
    """Return where the browser is sent; it comes back to `service` with a ticket."""
    return f"{cas.url}login?{urlencode({'service': service})}"


def username_of(cas: Cas, *, ticket: str, service: str) -> str:
    """Return whom the ticket names, by the attribute of the settings. Raises DoorError."""
    if not 0 < len(ticket) <= LONGEST_TICKET or not ticket.isascii() or not ticket.isprintable():
        raise _error("people.door_ticket", "ticket_form")
    url = f"{cas.url}p3/serviceValidate?{urlencode({'service': service, 'ticket': ticket})}"
    answer = fetching.fetch(Ask(Door.CAS, url, frozenset({cas.host}), cas.ca_file))
    if answer.status >= 500:
        raise _error("people.door_away", f"status_{answer.status}")
    if answer.status != 200:
        raise _error("people.door_answer", f"status_{answer.status}")
    return _username_in(answer.body, attribute=cas.attribute)


def _username_in(body: bytes, *, attribute: str) -> str:
    # No CAS answer has a document type; what is defined in one could only be meant to swell or to reach out.
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise _error("people.door_answer", "document_type")
    try:
        # Bounded in length, without a document type, and from the host that the settings name.
        root = ElementTree.fromstring(body)  # noqa: S314
    except ElementTree.ParseError as error:
        raise _error("people.door_answer", "no_xml") from error
    failure, success = (root.find(f"{_NAMESPACE}authentication{outcome}") for outcome in ("Failure", "Success"))
    if root.tag != f"{_NAMESPACE}serviceResponse" or (failure is None) == (success is None):
        raise _error("people.door_answer", "no_outcome")
    if success is None:
        code = (failure.get("code", "") if failure is not None else "").upper()
        raise _error("people.door_ticket" if code in _OF_THE_TICKET else "people.door_answer", code[:32])
    if success.find(f"{_NAMESPACE}proxies") is not None:
        raise _error("people.door_answer", "proxied")
    place = f"{_NAMESPACE}attributes/{_NAMESPACE}{attribute}" if attribute else f"{_NAMESPACE}user"
    named = [(found.text or "").strip() for found in success.findall(place)]
    if len(named) != 1 or not named[0]:
        raise _error("people.door_answer", "no_one_name")
    return named[0]


def _error(code: str, reason: str) -> DoorError:
    return DoorError(code, door=Door.CAS, reason=reason)
