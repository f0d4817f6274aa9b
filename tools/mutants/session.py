"""A pytest session that stays open: all tests once as they are, then a fork per mutant with the tests that touch it.

Session fixtures (the database, keys, static files) are made once and inherited; a fork never takes them down.
"""

import contextlib
import gc
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tools.mutants import applying
from tools.mutants.finding import AT_IMPORT, Mutant, Source
from tools.mutants.scope import Group

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
NOT_APPLIED = "not applied"
_ENDS = {0: SURVIVED, 1: KILLED, 2: NOT_APPLIED}


@dataclass(slots=True)
class Results:
    """What became of the mutants, by name; `broken` says why the figures of a module mean nothing."""

    outcomes: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


class _AtSession:
    """What the teardown of the last test is told comes next: something of this session, in no module."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def listchain(self) -> list[object]:
        return [self._session]


class Mutating:
    """The plugin of pytest: takes the loop over the tests into its own hands."""

    def __init__(
        self,
        *,
        group: Group,
        only: frozenset[str] | None,
        log: "Log",
        keep: Callable[[dict[str, str]], None] = lambda _: None,
    ) -> None:
        self._group = group
        self._only = only
        self._log = log
        self._keep = keep
        self._touching: dict[str, dict[int, set[str]]] = {}
        self._seconds: dict[str, float] = {}
        self._items: dict[str, pytest.Item] = {}
        self._alive: dict[str, applying.Alive] = {}
        self.results = Results()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run everything once, then every mutant."""
        self._items = {item.nodeid: item for item in session.items}
        sources = [Source(module) for module in self._group.modules]
        for source in sources:
            _ = source.tree  # read now: whoever edits meanwhile changes nothing of this run
        failed = self._run_as_they_are(session, sources)
        if failed:
            self.results.broken += [f"{name} 未改动即失败 fails as it is" for name in failed]
            return True
        # What the module's claims are held against at its end is the whole of its tests; a fork runs a part.
        session.config.option.keyword = "part"
        _leave_database()
        # Before the freeze, after which nothing is found any more.
        self._alive = {source.module: applying.alive_functions(source) for source in sources}
        # What a fork only reads it then shares.
        gc.collect()
        gc.freeze()
        for source in sources:
            self._run_mutants_of(source, session)
        return True

    def _run_as_they_are(self, session: pytest.Session, sources: list[Source]) -> list[str]:
        files = [str(source.path.resolve()) for source in sources]
        measured = coverage.Coverage(data_file=None, include=files, config_file=False)
        measured.set_option("run:disable_warnings", ["no-data-collected"])  # modules may be tables from end to end
        failed = []
        items = list(self._items.values())
        measured.start()
        for item, following in zip(items, [*items[1:], _AtSession(session)], strict=True):
            measured.switch_context(item.nodeid)
            began_s = time.monotonic()
            if failures := _failures(item, following):
                failed.append(item.nodeid)
                self._log.say_why(item, failures)
            self._seconds[item.nodeid] = time.monotonic() - began_s
        measured.stop()
        data = measured.get_data()
        for source, file in zip(sources, files, strict=True):
            by_line: dict[int, set[str]] = defaultdict(set)
            for line, contexts in data.contexts_by_lineno(file).items():
                by_line[line] = {context for context in contexts if context}
            self._touching[source.module] = by_line
        return failed

    def _run_mutants_of(self, source: Source, session: pytest.Session) -> None:
        """Try the faults of one module; before and after, the tests that were asked are run without a fault.

        What came of them is kept then, whatever becomes of the modules after it.
        """
        everything = self._ordered(set().union(*self._touching[source.module].values()), module=source.module)
        tried = [mutant for mutant in source.mutants() if self._is_tried(mutant)]
        if not tried:
            return
        asked = set().union(*(self._tests_of(mutant, everything) for mutant in tried))
        controls = [item for item in self._items.values() if item in asked]
        if self._fork(None, source, controls, session) != SURVIVED:
            self.results.broken.append(f"{source.module}: 未改动时没有全部通过 the control is not green")
            return
        for mutant in tried:
            tests = self._tests_of(mutant, everything)
            outcome = self._fork(mutant, source, tests, session) if tests else SURVIVED
            if outcome == NOT_APPLIED:
                self.results.broken.append(f"{mutant.name}: 没有放进去 could not be put in")
                continue
            self.results.outcomes[mutant.name] = outcome
            self._log.say(mutant, outcome=outcome, tests=len(tests))
        if self._fork(None, source, controls, session) != SURVIVED:
            self.results.broken.append(f"{source.module}: 事后未改动的也不通过 the control is not green afterwards")
            return
        self._keep(self.results.outcomes)

    def _is_tried(self, mutant: Mutant) -> bool:
        return not self._group.leaves_out(mutant) and (self._only is None or mutant.name in self._only)

    def _tests_of(self, mutant: Mutant, everything: list[pytest.Item]) -> list[pytest.Item]:
        """Return the tests that run the changed line: the group's first, those named after the module, quick ones.

        For what runs at import they are those of the module.
        """
        by_line = self._touching[mutant.module]
        names = set().union(*(by_line.get(line, set()) for line in mutant.lines))
        if names and mutant.function != AT_IMPORT:
            return self._ordered(names, module=mutant.module)[: self._group.most_tests]
        first = self._first()
        return list(dict.fromkeys([*first, *everything, *self._items.values()]))[: self._group.most_tests]

    def _first(self) -> list[pytest.Item]:
        return [item for name, item in self._items.items() if name.startswith(self._group.first)]

    def _ordered(self, names: Iterable[str], *, module: str) -> list[pytest.Item]:
        own = f"/test_{module.rpartition('.')[2]}.py::"

        def asked(name: str) -> tuple[bool, bool, float]:
            return not name.startswith(self._group.first), own not in name, self._seconds[name]

        return [self._items[name] for name in sorted(names, key=asked) if name in self._items]

    def _fork(self, mutant: Mutant | None, source: Source, tests: list[pytest.Item], session: pytest.Session) -> str:
        patience_s = 20.0 + 10.0 * sum(self._seconds[item.nodeid] for item in tests)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            self._be_the_mutant(mutant, source, tests, session)
        return _wait(child, patience_s)

    def _be_the_mutant(
        self, mutant: Mutant | None, source: Source, tests: list[pytest.Item], session: pytest.Session
    ) -> None:
        """Run the tests with the fault in place and leave at the first that notices; never returns."""
        try:
            os.setpgid(0, 0)
            quiet = os.open(os.devnull, os.O_RDWR)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            applying.apply(
                mutant, source=source, alive=self._alive[source.module], renews_tables=self._group.renews_tables
            )
            for item, following in zip(tests, [*tests[1:], _AtSession(session)], strict=True):
                if not _passes(item, following):
                    os._exit(1)
            os._exit(0)
        except applying.DoesNotApplyError:
            os._exit(2)
        except BaseException:  # whatever it breaks is noticed
            os._exit(1)


def _passes(item: pytest.Item, following: object) -> bool:
    return not _failures(item, following)


def _failures(item: pytest.Item, following: object) -> list[str]:
    reports = runtestprotocol(item, log=False, nextitem=following)  # type: ignore[arg-type]  # asked for its chain only
    return [report.longreprtext for report in reports if not (report.passed or report.skipped)]


def _wait(child: int, patience_s: float) -> str:
    until_s = time.monotonic() + patience_s
    pause_s = 0.001
    while time.monotonic() < until_s:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return _ENDS.get(os.waitstatus_to_exitcode(status), KILLED)
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, 0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMED_OUT


def _leave_database() -> None:
    """Close what a fork must not share; where no test asked for Django there is nothing to close."""
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()


class Log:
    """What is said while it goes on: a dot per kill, a line per survivor."""

    def __init__(self) -> None:
        self._said = 0

    def say_why(self, item: pytest.Item, failures: list[str]) -> None:
        """Tell of one test that fails without any fault."""
        print(f"\n{item.nodeid}", *failures, sep="\n", flush=True)

    def say(self, mutant: Mutant, *, outcome: str, tests: int) -> None:
        """Tell of one mutant."""
        if outcome == SURVIVED:
            print(f"\n{mutant.name}  [{tests}]", flush=True)
        else:
            self._said += 1
            print("." if outcome == KILLED else "T", end="" if self._said % 100 else "\n", flush=True)
