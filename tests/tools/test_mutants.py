"""The mutation tester, on a room of its own with one door: what it finds, what kills it and what it is called."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.mutants import changes, paper, scope
from tools.mutants.finding import Source

REPOSITORY = Path(__file__).parents[2]
DOOR = '''"""A door that closes."""

CLOSES = 22


def is_open(hour: int) -> bool:
    """Say whether one may enter."""
    return hour < CLOSES
'''
SCOPE = '[group.door]\nmodules = ["mingjian.door"]\ntests = ["tests/test_door.py"]\n'
LOOKS = "assert is_open(21) and not is_open(22)"
LOOKS_AWAY = "assert is_open(3) and not is_open(23)"
ONE_STEP_OFF = "mingjian.door:is_open: hour < CLOSES → hour <= CLOSES"
LATER, EARLIER = "mingjian.door:module: 22 → 23", "mingjian.door:module: 22 → 21"
FORGOTTEN = "mingjian.door:is_open: return hour < CLOSES → return None"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with one module under test; the working directory stands in it."""
    for folder in ("src/mingjian", "tests", "tools/mutants", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "src/mingjian/__init__.py").touch()
    (tmp_path / "src/mingjian/door.py").write_text(DOOR)
    (tmp_path / "tools/mutants/scope.toml").write_text(SCOPE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mutated(room: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in the room, with a test of the door that asserts this."""

    def run(*arguments: str, test: str, bound: str = "is_open") -> subprocess.CompletedProcess[str]:
        body = f"from mingjian.door import {bound}\n\n\ndef test_the_door():\n    {test}\n"
        (room / "tests/test_door.py").write_text(body)
        paths = os.pathsep.join((str(room / "src"), str(REPOSITORY)))
        own = {"PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        surrounding = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
        command = [sys.executable, "-m", "tools.mutants", *arguments]
        return subprocess.run(command, env=surrounding | own, capture_output=True, text=True, timeout=60, check=False)

    return run


def outcomes(room: Path) -> dict[str, str]:
    kept: dict[str, str] = json.loads((room / "var/mutants/door.json").read_text())
    return kept


def test_every_fault_of_a_comparison_is_killed_by_a_test_that_looks_at_its_boundary(room, mutated):
    ran = mutated(test=LOOKS)

    assert outcomes(room) == dict.fromkeys((LATER, EARLIER, FORGOTTEN, ONE_STEP_OFF), "killed"), ran.stdout
    assert ran.returncode == 0


def test_what_no_test_looks_at_survives_and_fails_the_command(room, mutated):
    ran = mutated(test=LOOKS_AWAY)

    assert outcomes(room) == {LATER: "survived", EARLIER: "survived", ONE_STEP_OFF: "survived", FORGOTTEN: "killed"}
    assert ran.returncode == 1
    assert f"  - {ONE_STEP_OFF}" in ran.stdout


def test_survivors_that_are_explained_do_not_fail_the_command(room, mutated):
    rows = (f"| `{name}` | nobody comes at that hour |" for name in (LATER, EARLIER, ONE_STEP_OFF))
    (room / "docs/mutation.md").write_text("\n".join(rows))

    assert mutated(test=LOOKS_AWAY).returncode == 0


def test_only_survivors_of_the_last_time_are_tried_again_when_asked(room, mutated):
    mutated(test=LOOKS_AWAY)

    again = mutated("--survivors", test=LOOKS)

    assert "door: 3 变异 mutants" in again.stdout
    assert set(outcomes(room).values()) == {"killed"}


def test_nothing_is_tried_again_where_nothing_survived(room, mutated):
    mutated(test=LOOKS)

    again = mutated("--survivors", test=LOOKS)

    assert "door: 0 变异 mutants" in again.stdout
    assert (again.returncode, set(outcomes(room).values())) == (0, {"killed"})


def test_a_survivor_whose_code_is_gone_is_forgotten_by_the_next_whole_run(room, mutated):
    mutated(test=LOOKS_AWAY)
    (room / "src/mingjian/door.py").write_text(DOOR.replace("22", "20"))

    mutated(test="assert is_open(19) and not is_open(20)")

    assert LATER not in outcomes(room)
    assert set(outcomes(room).values()) == {"killed"}


def test_a_value_is_exchanged_for_whoever_imported_it_by_name(room, mutated):
    mutated(test="assert CLOSES == 22", bound="CLOSES")

    assert outcomes(room)[LATER] == outcomes(room)[EARLIER] == "killed"


def test_a_module_whose_tests_fail_as_they_are_has_no_figures(room, mutated):
    ran = mutated(test="assert is_open(22)")

    assert outcomes(room) == {}
    assert ran.returncode == 1
    assert "fails as it is" in ran.stdout
    assert "assert is_open(22)" in ran.stdout  # and why


def test_names_outlive_edits_elsewhere_in_the_file(room):
    before = {mutant.name for mutant in Source("mingjian.door").mutants()}
    more = DOOR.replace("CLOSES = 22", "OPENS = 6\nCLOSES = 22") + "\n\ndef is_shut():\n    return not is_open(3)\n"
    (room / "src/mingjian/door.py").write_text(more)

    assert before < {mutant.name for mutant in Source("mingjian.door").mutants()}


def test_the_same_change_at_a_second_place_has_a_number(room):
    (room / "src/mingjian/door.py").write_text("HOURS = {6: 22, 7: 22}\n")

    names = [mutant.name for mutant in Source("mingjian.door").mutants()]

    assert {LATER, f"{LATER} (2)"} < set(names)
    assert len(names) == len(set(names))


def test_an_explanation_may_hold_a_bar_of_a_table(room):
    (room / "docs/mutation.md").write_text("| `mingjian.door:module: A \\| B → A & B` | the same set |\n")

    assert paper.explained() == {"mingjian.door:module: A | B → A & B": "the same set"}


def test_every_explanation_is_of_a_mutant_that_is_there(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    explained = paper.explained()
    modules = sorted({name.partition(":")[0] for name in explained})

    assert explained.keys() <= {mutant.name for module in modules for mutant in Source(module).mutants()}


def test_a_group_of_a_module_that_is_gone_is_a_mistake(room):
    (room / "src/mingjian/door.py").unlink()

    with pytest.raises(ValueError, match="door"):
        scope.groups()


def test_every_group_names_modules_and_tests_that_are_there(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    for group in scope.groups():
        files = [one.partition("::")[0] for one in (*group.tests, *group.first)]
        assert all(Path(one).exists() for one in files), group.name


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("a <= b", {"a < b"}),
        ("a is None", {"a is not None"}),
        ("a and b", {"a or b", "a", "b"}),
        ("a or b or c", {"a and b and c", "b or c", "a or c", "a or b"}),
        ("not a", {"a"}),
        ("a + b", {"a - b"}),
        ("0", {"1"}),
        ("7", {"8", "6"}),
        ("True", {"False"}),
        ("'A15.1.4'", {"'A15.1.X'"}),
        ("'南门'", set()),
        ("('south_gate', '南门', 'south gate')", set()),
        ("(a, b)", {"(b,)", "(a,)"}),
        ("{a: b}", {"{}"}),
        ("f(a=b, label_en=c)", {"f(label_en=c)"}),
        ("f(en='south gate')", set()),
        ("ClosedError(hour=a)", set()),
        ("raise a", {"pass"}),
        ("a.b = c", {"pass"}),
        ("with a: b()", {"if 1:\n    b()"}),
    ],
)
def test_one_place_has_these_faults(code, faults):
    (statement,) = ast.parse(code).body
    node = (
        statement.value if isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Yield) else statement
    )

    assert {ast.unparse(ast.fix_missing_locations(one)) for one in changes.of(node, parent=ast.Module())} == faults


def test_a_bare_condition_is_turned_round():
    (branch,) = ast.parse("if a: b()").body

    assert [ast.unparse(one) for one in changes.of(branch.test, parent=branch)] == ["not a"]
