"""The plan as a signed file: written by the registry, refused by readers when it is not for them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from mingjian.base.ids import CameraId, DeploymentId, HoldId, VolumeId, is_id
from mingjian.base.ticks import Ticks90k
from mingjian.grants.signing import Signer, Verifier
from mingjian.recordings import durable
from mingjian.recordings.disk import SYSTEM, Disk
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import Hold, StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream

PAPER_KIND = "plan"
# The floor of the law for main pictures; a plan of a demo is marked as such and may say less.
LEGAL_FLOOR_DAYS = 30
# A plan that drops more cameras than this at once waits for a person's word.
SHRINKS_FREELY = 3

_READABLE_VERSIONS = (PLAN_VERSION,)
_Part = TypeVar("_Part")
_Fields = dict[str, object]


def encode(plan: Plan, *, signer: Signer) -> bytes:
    """Return the paper. Raises RecordingsError("recordings.plan_floor_too_low") for a plan no reader would take."""
    _require_legal_floors(plan)
    payload = json.dumps(asdict(plan), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return signer.sign_paper(kind=PAPER_KIND, payload=payload.encode("utf-8"))


def decode(paper: bytes, *, verifier: Verifier, deployment_id: DeploymentId) -> Plan:
    """Return the plan of a paper whose signature is good.

    Raises grants' PaperError for the signature, RecordingsError `recordings.plan_malformed`, `.plan_foreign` for
    another deployment's, `.plan_floor_too_low`.
    """
    payload = verifier.open_paper(kind=PAPER_KIND, paper=paper)
    try:
        plan = _plan(_object(json.loads(payload)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordingsError("recordings.plan_malformed", reason=f"{type(error).__name__}: {error}") from error
    if plan.deployment_id != deployment_id:
        raise RecordingsError("recordings.plan_foreign", found_deployment=plan.deployment_id)
    _require_legal_floors(plan)
    return plan


def require_successor(*, current: Plan | None, candidate: Plan) -> None:
    """Check that a candidate may take the place of the plan in use.

    Raises RecordingsError `recordings.plan_older` for an earlier epoch or revision, `.plan_shrinks` when more than a
    few cameras vanish and `confirmed_shrink_from` does not name the plan in use.
    """
    if current is None:
        return
    if (candidate.epoch, candidate.revision) < (current.epoch, current.revision):
        raise RecordingsError(
            "recordings.plan_older",
            epoch=candidate.epoch,
            revision=candidate.revision,
            current_epoch=current.epoch,
            current_revision=current.revision,
        )
    kept = {camera.camera_id for camera in candidate.cameras}
    dropped = sum(camera.camera_id not in kept for camera in current.cameras)
    if dropped > SHRINKS_FREELY and candidate.confirmed_shrink_from != current.revision:
        raise RecordingsError("recordings.plan_shrinks", dropped=dropped, current_revision=current.revision)


def write_atomically(path: Path, paper: bytes, *, disk: Disk = SYSTEM) -> None:
    """Put the paper at its place, whole or not at all, durable on return. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(path, paper, disk=disk)


def read(path: Path, *, verifier: Verifier, deployment_id: DeploymentId) -> Plan:
    """Return the plan of a file. Raises FileNotFoundError, and what `decode` raises."""
    return decode(path.read_bytes(), verifier=verifier, deployment_id=deployment_id)


def _require_legal_floors(plan: Plan) -> None:
    if plan.is_demo:
        return
    for camera in plan.cameras:
        if camera.floor_days < LEGAL_FLOOR_DAYS:
            raise RecordingsError(
                "recordings.plan_floor_too_low", camera=camera.camera_id, floor_days=camera.floor_days
            )


def _plan(told: _Fields) -> Plan:
    version = _integer(told["version"])
    if version not in _READABLE_VERSIONS:
        raise ValueError(f"version {version}")
    ceiling_days = told["purge_ceiling_days"]
    shrink_from = told.get("confirmed_shrink_from")
    return Plan(
        version=version,
        deployment_id=DeploymentId(_id(told["deployment_id"])),
        epoch=_integer(told["epoch"]),
        revision=_integer(told["revision"]),
        issued_at_90k=Ticks90k(_integer(told["issued_at_90k"])),
        cameras=_each(told["cameras"], _camera),
        volumes=_each(told["volumes"], _volume),
        holds=_each(told["holds"], _hold),
        released_holds=_each(told["released_holds"], _text),
        allowed_networks=_each(told["allowed_networks"], _text),
        allowed_ports=_each(told["allowed_ports"], _port_range),
        is_demo=_truth(told["is_demo"]),
        purge_ceiling_days=None if ceiling_days is None else _days(ceiling_days),
        confirmed_shrink_from=None if shrink_from is None else _integer(shrink_from),
    )


def _camera(told: object) -> PlannedCamera:
    fields = _object(told)
    return PlannedCamera(
        camera_id=CameraId(_id(fields["camera_id"])),
        name=_text(fields["name"]),
        campus=_text(fields["campus"]),
        slot=_integer(fields["slot"]),
        volume_id=VolumeId(_id(fields["volume_id"])),
        streams=_each(fields["streams"], _stream),
        floor_days=_days(fields["floor_days"]),
        sub_floor_days=_days(fields["sub_floor_days"]),
        since_90k=Ticks90k(_integer(fields["since_90k"])),
        is_audio_on=_truth(fields["is_audio_on"]),
    )


def _stream(told: object) -> RtspStream:
    fields = _object(told)
    if fields["kind"] != "rtsp":
        raise ValueError("a stream of a kind this version cannot record")
    return RtspStream(
        role=StreamRole(_text(fields["role"])),
        address=_text(fields["address"]),
        credentials=_text(fields["credentials"]),
    )


def _volume(told: object) -> PlannedVolume:
    fields = _object(told)
    return PlannedVolume(
        volume_id=VolumeId(_id(fields["volume_id"])),
        path=_text(fields["path"]),
        budget_bytes=_integer(fields["budget_bytes"]),
    )


def _hold(told: object) -> Hold:
    fields = _object(told)
    start_90k, end_90k = _integer(fields["start_90k"]), _integer(fields["end_90k"])
    if end_90k <= start_90k:
        raise ValueError("a hold ends before it begins")
    return Hold(
        hold_id=HoldId(_id(fields["hold_id"])),
        camera_id=CameraId(_id(fields["camera_id"])),
        start_90k=Ticks90k(start_90k),
        end_90k=Ticks90k(end_90k),
        reason=_text(fields["reason"]),
    )


def _port_range(told: object) -> tuple[int, int]:
    first, last = _each(told, _integer)
    if not 0 < first <= last < 65_536:
        raise ValueError("a port range that is none")
    return first, last


def _each(told: object, parse: Callable[[object], _Part]) -> tuple[_Part, ...]:
    if not isinstance(told, list):
        raise TypeError("not a list")
    return tuple(parse(part) for part in told)


def _object(told: object) -> _Fields:
    if not isinstance(told, dict):
        raise TypeError("not an object")
    return told


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError("not a text")
    return told


def _id(told: object) -> str:
    text = _text(told)
    if not is_id(text):
        raise ValueError("not an id")
    return text


def _integer(told: object) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        raise TypeError("not a whole number")
    return told


def _days(told: object) -> float:
    if not isinstance(told, int | float) or isinstance(told, bool) or not 0 <= told <= 36_500:
        raise TypeError("not a number of days")
    return float(told)


def _truth(told: object) -> bool:
    if not isinstance(told, bool):
        raise TypeError("not a truth value")
    return told
