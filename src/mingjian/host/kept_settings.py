"""Settings that belong to the data folder, so that every process and every terminal sees the same ones.

They stand below the environment: a variable that is set there wins. A demo home is told by them, for ever.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.host.home import Home

DEMO_FLOOR_HOURS = "MINGJIAN_DEMO_FLOOR_HOURS"


class KeptSettingsError(MingjianError):
    """The home is of the other kind ("host.home_is_demo", "host.home_is_real"), or its note is spoiled."""


def keep(home: Home, settings: Mapping[str, str]) -> None:
    """Write the settings of a home, replacing those it had."""
    path = _path(home)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(dict(settings), indent=1), encoding="utf-8")
    draft.replace(path)


def read(home: Home) -> dict[str, str]:
    """Return the home's settings, none before the first start. Raises KeptSettingsError("host.settings_damaged")."""
    path = _path(home)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise KeptSettingsError("host.settings_damaged", path=str(path)) from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise KeptSettingsError("host.settings_damaged", path=str(path))
    return found


def apply(home: Home) -> None:
    """Put the home's settings into this process's environment where it does not say otherwise."""
    for name, value in read(home).items():
        os.environ.setdefault(name, value)


def is_demo(home: Home) -> bool:
    """Say whether this home was founded as a demo."""
    return DEMO_FLOOR_HOURS in read(home)


def _path(home: Home) -> Path:
    return home.root / "settings.json"
