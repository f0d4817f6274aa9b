"""English catalogues: `./dev messages` collects strings into each room's .po and compiles it; --check only compares.

The msgids are Chinese and the original. Strings are found by Django's own extraction on a copy of the room, so that a
catalogue carries nothing but strings and translations, in the order of the source, and changes only when they do.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOMS = ("people", "registry", "viewing", "duty", "oversight", "console")
SOURCE = Path(__file__).parent.parent / "src" / "mingjian"


def main() -> int:
    """Return 0 when every catalogue is whole, 1 when a string lacks its English."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    is_check = parser.parse_args().check
    troubles = [trouble for room in ROOMS for trouble in (compare(room) if is_check else renew(room))]
    troubles += disagreements()
    print(*troubles, sep="\n", end="\n" if troubles else "")
    return 1 if troubles else 0


def compare(room: str) -> list[str]:
    """Return what the room's catalogue lacks, has too much, or has not compiled."""
    catalogue, found = polib.pofile(str(_folder(room) / "django.po")), _extract(room)
    known, wanted = {_key(entry) for entry in catalogue}, {_key(entry) for entry in found}
    compiled = polib.mofile(str(_folder(room) / "django.mo"))
    troubles = [f"{room}: 缺 missing {text}" for _, text in sorted(wanted - known)]
    troubles += [f"{room}: 多余 unused {text}" for _, text in sorted(known - wanted)]
    troubles += _untranslated(room, catalogue)
    if {(_key(entry), entry.msgstr) for entry in compiled} != {(_key(entry), entry.msgstr) for entry in catalogue}:
        troubles.append(f"{room}: django.mo 已过时 is out of date")
    return troubles


def renew(room: str) -> list[str]:
    """Bring the room's catalogue up to the source and compile it; return what still wants a translator."""
    path = _folder(room) / "django.po"
    catalogue = polib.pofile(str(path))
    known = {_key(entry): entry for entry in catalogue}
    renewed = polib.POFile(wrapwidth=0)
    renewed.header, renewed.metadata = catalogue.header, catalogue.metadata
    for entry in _extract(room):
        renewed.append(known.get(_key(entry)) or polib.POEntry(msgctxt=entry.msgctxt, msgid=entry.msgid))
    renewed.save(str(path))
    renewed.save_as_mofile(str(path.with_suffix(".mo")))
    return _untranslated(room, renewed)


def disagreements() -> list[str]:
    """Return what two rooms say differently: Django merges catalogues, so one of them would not be heard."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    for room in ROOMS:
        for entry in polib.pofile(str(_folder(room) / "django.po")):
            said.setdefault(_key(entry), {})[room] = entry.msgstr
    return [
        f"{text}: 各室译法不同，请统一或加语境 said differently, agree or give a context: {by_room}"
        for (_, text), by_room in said.items()
        if len(set(by_room.values())) > 1
    ]


def _extract(room: str) -> polib.POFile:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / room
        shutil.copytree(SOURCE / room, copy, ignore=shutil.ignore_patterns("locale", "static", "__pycache__"))
        (copy / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale=en", "--no-location", "--verbosity=0"]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=copy, check=True, env=environment)
        return polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))


def _untranslated(room: str, catalogue: polib.POFile) -> list[str]:
    return [f"{room}: 未译 untranslated {entry.msgid}" for entry in catalogue if not entry.translated() or entry.fuzzy]


def _key(entry: polib.POEntry | polib.MOEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _folder(room: str) -> Path:
    return SOURCE / room / "locale" / "en" / "LC_MESSAGES"


if __name__ == "__main__":
    sys.exit(main())
