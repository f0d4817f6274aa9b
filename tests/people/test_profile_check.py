"""Faults of a profile: each named with its line and key, all at once, before anything is entered."""

import argparse
from pathlib import Path

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.cli import persons
from mingjian.host.home import Home
from mingjian.people import acts, policy, profile, profile_words
from mingjian.people.models import Campus, Ruling
from mingjian.people.profile import ProfileError
from mingjian.people.profile_check import faults_of
from mingjian.people.profile_lines import line_of, lines_of
from mingjian.people.university import load_profile

SOUND = (profile.PROFILES / "beihu.toml").read_text(encoding="utf-8")


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "here.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults(tmp_path: Path, text: str) -> list[str]:
    """Return each fault as "LINE KEY", in Chinese, without the path and the words."""
    path = written(tmp_path, text)
    with pytest.raises(ProfileError) as refused:
        profile.read(path)
    assert len(refused.value.faults) == len({zh for zh, _ in refused.value.faults})
    return [zh.partition("：")[0].removeprefix(f"{path}:") for zh, _en in refused.value.faults]


@pytest.mark.parametrize("name", sorted(path.stem for path in profile.PROFILES.glob("*.toml")))
def test_profiles_that_we_ship_have_no_fault(name: str) -> None:
    assert profile.read(name).campuses


def test_lines_are_found_of_tables_and_keys() -> None:
    lines = lines_of(
        'name = "x"\n# no\n[[body]]\ncode = "a"\n\n[[body]]\n  code = """\ntier = 1\n"""\ntier = 2\n[policy]\n"a-b" = 3'
    )
    assert lines == {
        "name": 1,
        "body": 3,
        "body[0]": 3,
        "body[0].code": 4,
        "body[1]": 6,
        "body[1].code": 7,
        "body[1].tier": 10,
        "policy": 11,
        "policy.a-b": 12,
    }
    assert line_of("body[1].campuses", lines=lines) == 6
    assert line_of("body[1].campuses[2]", lines=lines) == 6
    assert line_of("campus", lines=lines) == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('name = "北湖学院"', "name = 7", ["3 name"]),
        ('name = "北湖学院"', 'name = " "', ["3 name"]),
        ('name = "北湖学院"', 'name = "=1+1"', ["3 name"]),
        ('name = "北湖学院"', f'name = "{"湖" * 65}"', ["3 name"]),
        ('name = "北湖学院"', 'name = "北\\u202e湖"', ["3 name"]),
        ('name = "北湖学院"', 'name = "x"\ncolour = "green"', ["4 colour"]),
        ('name_en = "North Lake campus"\n', "", ["6 campus[0]"]),
        (
            'code = "old-town"',
            'code = "north-lake"',
            ["12 campus[1].code", "28 body[1].campuses", "36 body[2].campuses"],
        ),
        (
            'code = "old-town"',
            'code = "Old Town"',
            ["12 campus[1].code", "28 body[1].campuses", "36 body[2].campuses", "12 campus[1].code"],
        ),
        (
            'campuses = ["north-lake", "old-town"]',
            'campuses = ["north-lake", "moon"]',
            ["28 body[1].campuses", "12 campus[1].code"],
        ),
        ('campuses = ["north-lake", "old-town"]', 'campuses = ["north-lake", 5]', ["28 body[1].campuses"]),
        (
            "tier = 1",
            "tier = 4",
            ["16 body", "20 body[0].tier", "16 body[0]", "27 body[1].parent", "59 person[1].appointments"],
        ),
        ("tier = 1\n", 'tier = 1\ncampuses = ["old-town"]\n', ["21 body[0].campuses"]),
        ('parent = "campus-services"', 'parent = "moon"', ["35 body[2].parent"]),
        ('parent = "campus-services"', 'parent = "observatory"', ["35 body[2].parent"]),
        ('parent = "safety-department"', 'parent = "observatory"', ["27 body[1].parent", "27 body[1].parent"]),
        ('owner = "observatory"', 'owner = "campus-services"', ["42 special_system[0].owner"]),
        ('post = "operator"', 'post = "janitor"', ["52 person[0].appointments"]),
        ('post = "operator"', 'post = "audit_administrator"', ["52 person[0].appointments"]),
        ('{ post = "operator", body = "campus-services" }', '"operator"', ["52 person[0].appointments"]),
        (
            '[{ post = "operator", body = "campus-services" }]',
            '[{ post = "operator", body = "campus-services" }, { post = "operator", body = "campus-services" }]',
            ["52 person[0].appointments"],
        ),
        (
            '[{ post = "principal", body = "safety-department" }]',
            '[{ post = "principal", body = "safety-department" }, '
            '{ post = "audit_administrator", body = "safety-department" }]',
            ["59 person[1].appointments"],
        ),
        ('username = "yan"', 'username = "lu"', ["57 person[1].username"]),
        ("retention_ordinary = 60", "retention_ordinary = 29", ["46 policy.retention_ordinary"]),
        ("retention_ordinary = 60", "retention_ordinary = 91", ["46 policy.retention_ordinary"]),
        ("idle_time = 10", "idle_time = 31", ["47 policy.idle_time"]),
        ("idle_time = 10", 'idle_time = "ten"', ["47 policy.idle_time"]),
        ("idle_time = 10", "coffee_time = 10", ["47 policy.coffee_time"]),
    ],
)
def test_each_fault_is_named_with_line_and_key(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert SOUND.count(old) >= 1
    assert faults(tmp_path, SOUND.replace(old, new, 1)) == expected


def test_a_campus_has_one_tier_2_body_and_a_circle_of_bodies_is_told_once(tmp_path: Path) -> None:
    second = '\n[[body]]\ncode = "rival"\nname = "对手"\nname_en = "Rival"\ntier = 2\nparent = "safety-department"\n'
    assert len(faults(tmp_path, SOUND + second + 'campuses = ["old-town"]\n')) == 1
    ring = "".join(
        f'\n[[body]]\ncode = "{code}"\nname = "x"\nname_en = "x"\ntier = 3\n'
        f'parent = "{parent}"\ncampuses = ["old-town"]\n'
        for code, parent in (("a", "c"), ("b", "a"), ("c", "b"))
    )
    (told,) = faults(tmp_path, SOUND + ring)
    assert told.endswith("body[4].parent")


def test_bodies_may_stand_in_any_order(tmp_path: Path) -> None:
    head, *bodies = SOUND.partition("[[special_system]]")[0].split("[[body]]")
    outside = SOUND.rpartition("[[body]]")[2]
    turned = "[[body]]".join([head, *reversed([*bodies, outside])])

    told = profile.read(written(tmp_path, turned))

    assert [body.code for body in told.bodies] == [
        "supervisory-committee",
        "safety-department",
        "campus-services",
        "observatory",
    ]


def test_every_fault_has_words_in_both_languages() -> None:
    told = faults_of({"name": 1, "body": [3], "moon": 1})
    assert len(told) == 5
    for fault in told:
        zh, en = profile_words.told(fault, path="x.toml", lines={})
        assert en.isascii()
        assert zh.startswith("x.toml:1 ")


@pytest.mark.django_db
def test_nothing_of_a_faulty_profile_is_entered(tmp_path: Path) -> None:
    with pytest.raises(ProfileError):
        profile.read(written(tmp_path, SOUND.replace("retention_ordinary = 60", "retention_ordinary = 29")))
    assert not Campus.objects.exists()


@pytest.mark.django_db
def test_values_of_a_profile_are_in_force_from_the_first_day_and_never_again(clock: SimulatedClock) -> None:
    load_profile(profile=profile.read("beihu"), actor=acts.SHELL, clock=clock)
    load_profile(profile=profile.read("beihu"), actor=acts.SHELL, clock=clock)

    book = policy.in_force(at_90k=clock.utc())
    assert {name: book.value(name) for name in ("objection_period", "retention_ordinary", "idle_time")} == {
        "objection_period": 10,
        "retention_ordinary": 60,
        "idle_time": 10,
    }
    assert (book.version, Ruling.objects.count()) == (3, 3)


def test_the_command_names_every_fault_and_fails(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, SOUND.replace("idle_time = 10", "idle_time = 99\ncoffee = 1"))

    assert persons.check_profile(argparse.Namespace(profile=path), home) == 3

    told = capsys.readouterr().out
    assert f"{path}:47 policy.idle_time" in told
    assert f"{path}:48 policy.coffee" in told
    assert "2 faults" in told
    assert persons.check_profile(argparse.Namespace(profile="beihu"), home) == 0


def test_the_command_says_when_there_is_no_file(home: Home) -> None:
    with pytest.raises(ProfileError, match="profile_missing"):
        persons.check_profile(argparse.Namespace(profile="nowhere.toml"), home)
