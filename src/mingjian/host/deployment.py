"""Who we are: the deployment's id, its epoch, and the name of this host, written once at the first start.

Every paper that crosses from control to media carries them. The epoch grows when a database is restored from a copy.
"""

import json
import os
import platform
from dataclasses import dataclass, replace
from pathlib import Path

from mingjian.base import ids
from mingjian.base.errors import MingjianError
from mingjian.base.ids import DeploymentId
from mingjian.host.home import Home

FIRST_EPOCH = 1


class DeploymentError(MingjianError):
    """The data folder was never founded ("host.not_founded") or its record is damaged ("host.deployment_damaged")."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The identity that plan, grants, volumes and ledger share. `host` is the name grants are issued for."""

    deployment_id: DeploymentId
    epoch: int
    host: str


def found(home: Home) -> Deployment:
    """Return the home's deployment, drawing its id at the first call. Durable before it returns."""
    record = _record(home)
    if record.exists():
        return load(home)
    deployment = Deployment(
        deployment_id=DeploymentId(ids.new_id()), epoch=FIRST_EPOCH, host=platform.node() or "localhost"
    )
    _write(record, deployment)
    return deployment


def begin_epoch(home: Home) -> Deployment:
    """Count the epoch on, after a database was put back from a copy; durable before it returns."""
    known = load(home)
    _write(_record(home), replace(known, epoch=known.epoch + 1))
    return load(home)


def load(home: Home) -> Deployment:
    """Return the home's deployment.

    Raises DeploymentError: "host.not_founded" before the first start, "host.deployment_damaged" for a spoiled record.
    """
    record = _record(home)
    try:
        facts = json.loads(record.read_text(encoding="utf-8"))
        identity, epoch, host = facts["id"], facts["epoch"], facts["host"]
    except FileNotFoundError as error:
        raise DeploymentError("host.not_founded", home=str(home.root)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise DeploymentError("host.deployment_damaged", path=str(record)) from error
    if not (isinstance(identity, str) and ids.is_id(identity) and isinstance(epoch, int) and isinstance(host, str)):
        raise DeploymentError("host.deployment_damaged", path=str(record))
    return Deployment(deployment_id=DeploymentId(identity), epoch=epoch, host=host)


def _write(record: Path, deployment: Deployment) -> None:
    draft = record.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"id": deployment.deployment_id, "epoch": deployment.epoch, "host": deployment.host}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(record)


def _record(home: Home) -> Path:
    return home.root / "deployment.json"
