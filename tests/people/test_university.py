"""The university's profile: read from a file, entered once, and nowhere else in the code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mingjian
from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, appointing, profile, queries, usecases
from mingjian.people.appointing import Term
from mingjian.people.capacity import first_capacity
from mingjian.people.models import Body, Campus, SpecialOwner
from mingjian.people.profile import ProfileError
from mingjian.people.university import load_profile
from mingjian.regulation.posts import ADMINISTRATORS, Post

OURS = sorted(path.stem for path in profile.PROFILES.glob("*.toml"))


@pytest.mark.article("A07.2.0")
def test_default_profile_says_what_article_seven_says(university: None) -> None:
    told = {body.code: {campus.code for campus in body.campuses.all()} for body in Body.objects.filter(tier=2)}
    assert told == {
        "security-office-campus": {"lingshui", "kaifaqu"},
        "city-campus-office": {"shinei"},
        "panjin-general-affairs": {"panjin"},
    }
    assert {owner.kind: owner.body.name for owner in SpecialOwner.objects.all()} == {
        "examination": "教学运行保障中心",
        "secrecy": "保密办公室",
        "laboratory": "资产与实验室管理处",
        "sports": "体育与健康学院",
    }


def test_profile_is_entered_once_with_an_entry_each(
    db: None, clock: SimulatedClock, written: Callable[[], list[dict[str, Any]]]
) -> None:
    told = profile.read()
    count = load_profile(profile=told, actor=acts.SHELL, clock=clock)

    assert count == 1 + len(told.campuses) + len(told.bodies) + len(told.special_systems) == len(written())
    named = queries.university()
    assert named is not None
    assert (named.name, named.name_en) == (told.name, told.name_en)
    assert load_profile(profile=told, actor=acts.SHELL, clock=clock) == 0
    assert len(written()) == count


def test_another_university_works_alike(db: None, clock: SimulatedClock) -> None:
    told = profile.read("beihu")
    load_profile(profile=told, actor=acts.SHELL, clock=clock)
    entry = told.people[0]
    person = usecases.create_person(
        username=entry.username, display_name=entry.name, password="long enough", actor=acts.SHELL, clock=clock
    )
    for post, body in entry.appointments:
        appointing.appoint(
            person=person,
            post=Post(post),
            body=body,
            term=Term(since_90k=0, until_90k=None, document="任命文件"),
            appointed_by=None,
            actor=acts.SHELL,
            clock=clock,
        )

    assert [campus.code for campus in Campus.objects.all()] == ["north-lake", "old-town"]
    assert first_capacity(person, now_90k=1).campuses == ("north-lake", "old-town")


@pytest.mark.parametrize("name", OURS)
def test_no_code_knows_a_campus_or_body_of_a_profile(name: str) -> None:
    told = profile.read(name)
    words = {f'"{entry.code}"' for entry in (*told.campuses, *told.bodies)} | {entry.name for entry in told.campuses}
    package = Path(mingjian.__file__).parent
    # The demo is of one university.
    knowing = {
        str(path.relative_to(package))
        for path in (*package.rglob("*.py"), *package.rglob("*.html"))
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    assert {path for path in knowing if not path.startswith("demo/")} == set()


def test_demo_people_hold_every_post_but_those_of_later() -> None:
    held = {Post(post) for person in profile.read().people for post, _body in person.appointments}
    assert {Post.OPERATOR, Post.REVIEWER, Post.PRINCIPAL, Post.DUTY_LEADER, Post.MANAGER} | ADMINISTRATORS <= held


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "people.profile_missing"),
        ("name = ", "people.profile_malformed"),
        ("name = 'x'", "people.profile_malformed"),
        ("name = 'x'\nname_en = 'x'\ncampus = [{code = 'a'}]\nbody = []", "people.profile_malformed"),
    ],
)
def test_profile_says_what_is_wrong(tmp_path: Path, text: str | None, code: str) -> None:
    path = tmp_path / "here.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as refused:
        profile.read(str(path))
    assert refused.value.code == code
