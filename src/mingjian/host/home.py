"""Where things lie on this machine and which ports it serves. Read once from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from mingjian.base.errors import MingjianError


class HomeError(MingjianError):
    """A setting of the environment cannot be used."""


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder of one deployment and the two addresses it serves."""

    root: Path
    bind: str
    port: int
    media_port: int

    @classmethod
    def from_environ(cls) -> "Home":
        """Read MINGJIAN_HOME, MINGJIAN_BIND, MINGJIAN_PORT and MINGJIAN_MEDIA_PORT.

        Raises HomeError("host.bad_port") for a port that is not 1–65535 or used twice.
        """
        port = _port("MINGJIAN_PORT", 8000)
        media_port = _port("MINGJIAN_MEDIA_PORT", 8001)
        if port == media_port:
            raise HomeError("host.bad_port", setting="MINGJIAN_MEDIA_PORT", value=media_port)
        return cls(
            root=Path(os.environ.get("MINGJIAN_HOME") or "var").absolute(),
            bind=os.environ.get("MINGJIAN_BIND") or "127.0.0.1",
            port=port,
            media_port=media_port,
        )

    @property
    def secrets(self) -> Path:
        """Keys and passwords, 0700: signing keys by purpose, the credential key, database passwords."""
        return self.root / "secrets"

    @property
    def public_keys(self) -> Path:
        """Public halves of the signing keys, readable by every process."""
        return self.root / "keys"

    @property
    def signer(self) -> Path:
        """The ledger's key, the signer's memory and its socket; its own OS user's where it has one, 0700."""
        return self.root / "signer"

    @property
    def signer_socket(self) -> Path:
        """Where the ledger's signer is asked."""
        return self.signer / "s.sock"

    @property
    def ledger(self) -> Path:
        """Checkpoints and cosignatures kept beside the database, and the witnesses we ask."""
        return self.root / "ledger"

    @property
    def sockets(self) -> Path:
        """Unix sockets, locks and live state; emptied at start."""
        return self.root / "run"

    @property
    def plan(self) -> Path:
        """The current plan, replaced by atomic rename."""
        return self.root / "plan" / "plan.json"

    @property
    def postgres(self) -> Path:
        """Cluster of the private PostgreSQL."""
        return self.root / "postgres"

    @property
    def volumes(self) -> Path:
        """Default place of volumes that were not given a path of their own."""
        return self.root / "volumes"

    @property
    def leavers(self) -> Path:
        """Where the university's own system leaves its lists of leavers, or another folder of the operator's choice."""
        return Path(os.environ.get("MINGJIAN_LEAVERS_DIR") or self.root / "leavers")

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.root / "logs"

    def keeper_socket(self, volume_id: str) -> Path:
        """Where a volume's keeper listens to workers."""
        return self.sockets / f"k-{volume_id[:8]}.sock"

    def keeper_memory(self, volume_id: str) -> Path:
        """What this host remembers of a volume, off the volume: how often its keeper opened it."""
        return self.root / "keepers" / f"{volume_id}.json"

    def report_position(self, volume_id: str) -> Path:
        """Where the clerk says up to which report of a volume the ledger was told."""
        return self.root / "reports" / f"{volume_id}.json"

    def worker_state(self, worker: str) -> Path:
        """Where a worker replaces its camera states about once a second (volatile, JSON)."""
        return self.sockets / f"state-{worker}.json"


def _port(setting: str, default: int) -> int:
    text = os.environ.get(setting) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise HomeError("host.bad_port", setting=setting, value=text)
    return int(text)
