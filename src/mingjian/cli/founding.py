"""The first start: folders, identity, secrets and keys. Safe to repeat: what stands is left as it is."""

import os

from mingjian.grants import sealing, signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import database, deployment, placement, secrets
from mingjian.host.database import Role
from mingjian.host.deployment import Deployment
from mingjian.host.home import Home


def found(home: Home) -> Deployment:
    """Make the home ready for its processes and return who it is. No password or key is ever the same twice."""
    make_root(home)
    for folder in (home.secrets, home.volumes, home.logs, home.plan.parent):
        secrets.make_private_folder(folder)
    secrets.make_private_folder(home.sockets)
    secrets.make_private_folder(home.signer)
    _hand_key_to_signer(home)
    home.public_keys.mkdir(exist_ok=True)
    home.leavers.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets.ensure(home.secrets / "django.key")
    for role in Role:
        secrets.ensure(database.password_file(home, role))
    for purpose in KeyPurpose:
        if not signing.has_key(home, purpose=purpose):
            signing.generate(home, purpose=purpose)
    if not (home.secrets / sealing.KEY_FILE).exists():
        sealing.generate_key(home)
    return deployment.found(home)


def _hand_key_to_signer(home: Home) -> None:
    """Move the ledger's key to where its signer keeps it; homes founded before lay it among the other secrets."""
    for path in home.secrets.glob(f"{KeyPurpose.LEDGER.value}-*.key"):
        path.rename(home.signer / path.name)


def make_root(home: Home) -> None:
    """Create the data folder: closed to others, except that the database's borrowed user may pass through."""
    home.root.mkdir(parents=True, exist_ok=True)
    home.root.chmod(placement.PASSAGE if os.geteuid() == 0 else placement.CLOSED)


def sweep_run_folder(home: Home) -> None:
    """Remove the live state of an earlier run. The list of processes stays: the supervisor ends what it names."""
    for leftover in home.sockets.iterdir():
        if leftover.name != "processes.json" and not leftover.is_dir():
            leftover.unlink()
