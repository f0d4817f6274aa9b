"""What must hold of a point before it enters the registry: its names, its owner and class, its addresses."""

import unicodedata
from dataclasses import dataclass, field

from django.db import IntegrityError
from django.db.models import Q

from mingjian.base.errors import MingjianError
from mingjian.people import queries as people
from mingjian.people.models import Body, SpecialOwner
from mingjian.registry.models import NAME_CHARACTERS, TEXT_CHARACTERS
from mingjian.registry.networks import CameraNetworks, check_address
from mingjian.regulation.posts import Tier
from mingjian.regulation.rules import connecting, owning
from mingjian.regulation.rules.connecting import ConnectingFacts
from mingjian.regulation.rules.owning import OwningFacts
from mingjian.regulation.systems import SystemClass, class_for

NAME_IS_UNIQUE = "registry_camera_name_is_unique_on_campus"


class RegistryError(MingjianError):
    """A registration or a change of it is refused.

    Codes: "registry.campus_unknown", "registry.name_missing", "registry.name_too_long", "registry.name_unprintable",
    "registry.name_taken", "registry.owner_unknown", "registry.owner_elsewhere", "registry.owner_of_class",
    "registry.special_owner", "registry.secrecy_not_recorded", "registry.no_volume", "registry.volume_taken",
    "registry.volume_name_taken", "registry.volume_path_taken", "registry.budget_negative", "registry.camera_retired",
    "registry.already_there", "registry.hold_released", "registry.span_empty".
    """


@dataclass(frozen=True, slots=True)
class CameraPoint:
    """What somebody declares about a camera.

    `owner` is the code or name of a body that answers for the campus; empty, it is the campus's tier-2 body.
    `system_class` None follows the owner's tier. `volume_id` None places the camera on the oldest volume.
    """

    name: str
    campus: str
    building: str
    main_address: str
    owner: str = ""
    system_class: SystemClass | None = None
    purpose: str = ""
    field_of_view: str = ""
    sub_address: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    is_key_location: bool = False
    volume_id: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedPoint:
    """The same, found sound: texts trimmed, owner and class settled, addresses parsed."""

    name: str
    building: str
    owner: Body
    system_class: SystemClass
    purpose: str
    field_of_view: str
    main_address: str
    sub_address: str


def check_point(point: CameraPoint, *, networks: CameraNetworks) -> CheckedPoint:
    """Return the point as it may be entered. Raises AddressError or RegistryError with the reason."""
    name = check_text(point.name, field_name="name", limit=NAME_CHARACTERS)
    building = check_text(point.building, field_name="building", limit=NAME_CHARACTERS)
    check_campus(point.campus)
    owner = find_owner(point.owner, campus=point.campus)
    system_class = point.system_class or class_for(Tier(owner.tier))
    check_owner(owner, system_class=system_class)
    main, sub = _check_addresses(point, system_class=system_class, networks=networks)
    return CheckedPoint(
        name=name,
        building=building,
        owner=owner,
        system_class=system_class,
        purpose=check_text(point.purpose, field_name="purpose", limit=TEXT_CHARACTERS, least=0),
        field_of_view=check_text(point.field_of_view, field_name="field_of_view", limit=TEXT_CHARACTERS, least=0),
        main_address=main,
        sub_address=sub,
    )


def check_text(text: str, *, field_name: str, limit: int, least: int = 1) -> str:
    """Return a text of one line without the space around it.

    Raises RegistryError when it is empty, too long, or holds what cannot be seen: control characters, marks that turn
    the direction of writing, halves of characters. Such a name could pass for another one.
    """
    trimmed = text.strip()
    if len(trimmed) < least:
        raise RegistryError("registry.name_missing", field=field_name)
    if len(trimmed) > limit:
        raise RegistryError("registry.name_too_long", field=field_name, limit=limit, length=len(trimmed))
    if any(unicodedata.category(character)[0] == "C" for character in trimmed) or len(trimmed.splitlines()) > 1:
        raise RegistryError("registry.name_unprintable", field=field_name)
    return trimmed


def check_campus(campus: str) -> None:
    """Raise RegistryError unless the university has the campus."""
    known = list(people.campuses().values_list("pk", flat=True))
    if campus not in known:
        raise RegistryError("registry.campus_unknown", campus=campus, known=", ".join(known))


def find_owner(text: str, *, campus: str) -> Body:
    """Return the body of this code or name that answers for the campus; for an empty text its tier-2 body."""
    text = text.strip()
    here = Body.objects.filter(jurisdiction__campus_id=campus)
    if not text:
        found = here.filter(tier=Tier.SECOND).first()
    else:
        found = here.filter(Q(code=text) | Q(name=text) | Q(name_en=text)).order_by("-tier").first()
    if found is not None:
        return found
    known = ", ".join(here.values_list("code", flat=True))
    if Body.objects.filter(Q(code=text) | Q(name=text) | Q(name_en=text)).exists():
        raise RegistryError("registry.owner_elsewhere", owner=text, campus=campus, known=known)
    raise RegistryError("registry.owner_unknown", owner=text, campus=campus, known=known)


def check_owner(owner: Body, *, system_class: SystemClass) -> None:
    """Raise RegistryError unless the body may own a system of the class (A02, A04.p2, A04.p4, A21.a)."""
    special = SpecialOwner.objects.filter(kind=system_class.value).select_related("body").first()
    named = "" if special is None else special.body_id
    decision = owning.may_own(
        OwningFacts(system_class=system_class, owner=owner.code, owner_tier=Tier(owner.tier), named_owner=named)
    )
    if decision.allowed:
        return
    if owner.tier != system_class.owner_tier:
        raise RegistryError("registry.owner_of_class", owner=owner.code, system_class=system_class.value)
    raise RegistryError("registry.special_owner", owner=owner.code, named=named)


def broken_constraint(error: IntegrityError) -> str:
    """Return the name of the constraint that a row broke, empty when the database named none."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnostics, "constraint_name", None) or "")


def _check_addresses(point: CameraPoint, *, system_class: SystemClass, networks: CameraNetworks) -> tuple[str, str]:
    has_address = bool(point.main_address or point.sub_address or point.user or point.password)
    if not connecting.may_connect(ConnectingFacts(system_class=system_class, has_address=has_address)).allowed:
        raise RegistryError("registry.secrecy_not_recorded", name=point.name)
    if not system_class.is_recorded_here:
        return "", ""
    main = check_address(point.main_address, networks=networks).url
    sub = check_address(point.sub_address, networks=networks).url if point.sub_address else ""
    return main, sub
