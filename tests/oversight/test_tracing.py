"""Where a rule is at work is read from source: of a package made here, and of the installed product."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import mingjian
from mingjian.oversight import tracing
from mingjian.oversight.source_text import parsed
from mingjian.oversight.tracing import Place, folder_of_tests, marked_tests, trace_package, traces
from mingjian.regulation.articles import CATALOGUE

SOURCES = {
    "regulation/articles.py": "",
    "regulation/rules/asking.py": """
from mingjian.regulation import articles
from mingjian.regulation.rules import shared

def may_ask(facts):
    return _REFUSED if facts else shared.OPEN

def may_wait():
    return None

_REFUSED = [articles.A15_1_2A]
""",
    "regulation/rules/shared.py": """
from mingjian.regulation.articles import A14_B

OPEN: list = [A14_B]
""",
    "desk/usecases.py": """
from mingjian.regulation import articles as law
from mingjian.regulation.rules.asking import may_ask

class Desk:
    def open(self):
        return may_ask(self)

def close():
    return law.A18_1
""",
    "desk/pages.py": """
import mingjian.regulation.rules.asking as rules

def show(may_ask):
    local = may_ask
    rules.may_wait()
    return rules.may_ask(local)
""",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small product with two rule functions and a room that asks one of them."""
    for name, text in SOURCES.items():
        file = tmp_path / "src" / "mingjian" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip(), encoding="utf-8")
    return tmp_path / "src" / "mingjian"


def test_a_rule_is_traced_through_its_function_to_the_callers(package: Path) -> None:
    trace = trace_package(package)["A15.1.2a"]

    assert trace.decided == (Place("mingjian/regulation/rules/asking.py", 4, "may_ask"),)
    assert trace.called == (
        Place("mingjian/desk/pages.py", 6, "show"),
        Place("mingjian/desk/usecases.py", 6, "Desk"),
    )


def test_a_rule_is_traced_through_what_rule_modules_share(package: Path) -> None:
    assert [place.name for place in trace_package(package)["A14.b"].decided] == ["may_ask"]


def test_a_rule_that_a_room_cites_itself_is_traced_without_a_function(package: Path) -> None:
    trace = trace_package(package)["A18.1"]

    assert (trace.decided, trace.called) == ((), (Place("mingjian/desk/usecases.py", 9, "close"),))


def test_every_rule_has_a_trace_and_most_lead_nowhere_in_a_small_product(package: Path) -> None:
    found = trace_package(package)

    assert list(found) == list(CATALOGUE)
    assert (found["A23"].decided, found["A23"].called) == ((), ())


def test_marked_tests_are_found_by_rule_and_by_family(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_desk.py").write_text(
        "import pytest\n\n"
        '@pytest.mark.article("A15.1.2")\n@pytest.mark.parametrize("x", [1])\ndef test_family(x): ...\n\n'
        '@pytest.mark.article("A15.1.2b")\nasync def test_other(): ...\n\n'
        '@pytest.mark.article("A15.1.2a", "A13")\nclass TestBoth: ...\n',
        encoding="utf-8",
    )

    assert [place.name for place in marked_tests("A15.1.2a", tests=tests)] == ["test_family", "TestBoth"]
    assert marked_tests("A13.b", tests=tests) == (Place("tests/test_desk.py", 11, "TestBoth"),)
    assert marked_tests("A23", tests=tests) == ()


def test_the_installed_product_leads_to_code_that_exists() -> None:
    live = traces()["A18.2"]

    assert [place.name for place in live.decided] == ["may_watch_live"]
    assert "mingjian/duty/live.py" in {place.path for place in live.called}
    root = Path(mingjian.__file__).parent.parent
    for trace in traces().values():
        for place in (*trace.decided, *trace.called):
            lines = (root / place.path).read_text(encoding="utf-8").splitlines()
            assert lines[place.line - 1].strip()


def test_every_rule_function_has_tests_marked_with_each_rule_it_weighs() -> None:
    tests = folder_of_tests()
    assert tests is not None
    for rule_id, trace in traces().items():
        if trace.decided:
            assert marked_tests(rule_id, tests=tests), rule_id


def test_tests_are_not_looked_for_where_only_the_product_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tracing.mingjian, "__file__", str(tmp_path / "site-packages" / "mingjian" / "__init__.py"))

    assert folder_of_tests() is None


def test_modules_are_parsed_by_many_threads_at_once() -> None:
    source = b"x = " + b"(" * 60 + b"1" + b")" * 60 + b"\n" + b"y = [[[[[1]]]]]\n" * 400
    with ThreadPoolExecutor(4) as threads:
        trees = list(threads.map(lambda number: parsed(source, name=str(number)), range(40)))
    assert {len(tree.body) for tree in trees} == {401}
