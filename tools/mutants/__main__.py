"""`./dev mutants [--survivors] [GROUP|MODULE …]`: tries the faults; fails when one survives unexplained."""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tools.mutants import paper, scope
from tools.mutants.scope import Group
from tools.mutants.session import SURVIVED, TIMED_OUT, Log, Mutating

_KEPT = Path("var/mutants")


def main() -> int:
    """Run the groups asked for, one pytest session each."""
    asked = argparse.ArgumentParser(prog="./dev mutants", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="GROUP|MODULE", help="such as regulation, or people.capacity")
    asked.add_argument("--survivors", action="store_true", help="only those that survived the last time")
    said = asked.parse_args()
    chosen = [group for one in scope.groups() if (group := _narrowed(one, said.names)).modules]
    if not chosen:
        asked.error("没有这样的组或模块 no such group or module")
    return max([_run(group, only_survivors=said.survivors) for group in chosen])


def _narrowed(group: Group, names: list[str]) -> Group:
    if not names or group.name in names:
        return group
    wanted = {f"mingjian.{name.removeprefix('mingjian.')}" for name in names}
    return replace(group, modules=tuple(module for module in group.modules if module in wanted))


def _run(group: Group, *, only_survivors: bool) -> int:
    known = _last(group)
    survivors = frozenset(name for name, outcome in known.items() if outcome == SURVIVED)
    mutating = Mutating(
        group=group,
        only=survivors if only_survivors else None,
        log=Log(),
        keep=lambda outcomes: _keep(group, known, outcomes),
    )
    began_s = time.monotonic()
    pytest.main(["-p", "no:cacheprovider", "-q", "--no-header", *group.tests], plugins=[mutating])
    results = mutating.results
    _keep(group, known if only_survivors else _of_others(group, known), results.outcomes)
    explained = paper.explained()
    survived = [name for name, outcome in results.outcomes.items() if outcome == SURVIVED]
    unexplained = [name for name in survived if name not in explained]
    timed_out = sum(outcome == TIMED_OUT for outcome in results.outcomes.values())
    print(f"\n\n{group.name}: {len(results.outcomes)} 变异 mutants, {time.monotonic() - began_s:.0f} s")
    print(f"  杀死 killed {len(results.outcomes) - len(survived)} (其中超时 timed out {timed_out})")
    print(f"  存活 survived {len(survived)}, 未解释 unexplained {len(unexplained)}")
    for line in (*unexplained, *results.broken):
        print(f"  - {line}")
    # Nothing to try again is well; a whole run that tried nothing is not.
    tried_nothing = not results.outcomes and not only_survivors
    return 1 if unexplained or results.broken or tried_nothing else 0


def _last(group: Group) -> dict[str, str]:
    file = _KEPT / f"{group.name}.json"
    return json.loads(file.read_text()) if file.exists() else {}


def _of_others(group: Group, known: dict[str, str]) -> dict[str, str]:
    """What is known of modules that are not run this time; of the others a whole run says everything anew."""
    return {name: outcome for name, outcome in known.items() if name.partition(":")[0] not in group.modules}


def _keep(group: Group, known: dict[str, str], outcomes: dict[str, str]) -> None:
    _KEPT.mkdir(parents=True, exist_ok=True)
    (_KEPT / f"{group.name}.json").write_text(json.dumps(known | outcomes, ensure_ascii=False, indent=1))


sys.exit(main())
