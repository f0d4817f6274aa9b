"""The two profiles of rules for passwords: what is taken, what grows old, what comes not back; set by two persons."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import accounts, acts, capacity, governing, password_rules, policy, scope, usecases
from mingjian.people.governing import Proposal
from mingjian.people.models import FormerPassword, Person
from mingjian.people.password_rules import PasswordRules
from mingjian.people.passwords import PasswordError
from mingjian.people.routing import RuleRefused
from mingjian.regulation.policies import ASVS_PASSWORDS, DEFAULTS, GB_PASSWORDS

CLOCK = SystemClock()
DAY_90K = 86_400 * TICKS_PER_S
ASVS = password_rules.rules_of(DEFAULTS)
GB = password_rules.rules_of(DEFAULTS.with_value("password_profile", GB_PASSWORDS))
OLD = "correct horse battery"
NEW = ["Quiet-Lake-41", "Amber_Door_52", "Seven.Mills.63", "Copper!Reed!74", "Night+Ferry+85"]
Hire = Callable[..., Person]


@pytest.fixture
def gb(hire: Hire) -> None:
    """Two persons of tier 1 set the profile `gb`."""
    supervisor, head = (
        hire("chu", "褚监督", ("manager", "security-office")),
        hire("wu", "吴处长", ("principal", "security-office")),
    )
    proposal = Proposal(topic="password_profile", value=GB_PASSWORDS, reason="等级保护测评")
    acting = [capacity.first_capacity(person, now_90k=CLOCK.utc()) for person in (supervisor, head)]
    ruling = governing.propose(proposal=proposal, acting=acting[0], clock=CLOCK)
    # Who proposes does not decide.
    with pytest.raises(RuleRefused):
        governing.confirm(ruling=ruling, remark="", acting=acting[0], clock=CLOCK)
    assert policy.in_force(at_90k=CLOCK.utc()).value("password_profile") == ASVS_PASSWORDS
    governing.confirm(ruling=ruling, remark="", acting=acting[1], clock=CLOCK)


def refusal(password: str, rules: PasswordRules, username: str = "zhang") -> str:
    try:
        password_rules.check(password, username=username, rules=rules)
    except PasswordError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("password", "asvs", "gb"),
    [
        ("correct horse battery", "", "people.password_kinds"),
        ("quiet lake 4 mills", "", ""),
        ("Quiet-Lake-41", "", ""),
        ("QuietLakes", "", "people.password_kinds"),
        ("QuietLake4", "", ""),
        ("安静的湖边四座水磨坊呀", "", "people.password_kinds"),
        ("Quiet-L-4", "people.short_password", "people.short_password"),
        ("x" * 257, "people.short_password", "people.short_password"),
        ("My-Zhang-2026-horse", "people.short_password", "people.short_password"),
        ("Password2026!", "people.password_common", "people.password_common"),
        ("!!!Sunshine!!!", "people.password_common", "people.password_common"),
        ("Mingjian@2026", "people.password_common", "people.password_common"),
        ("1234567890", "people.password_common", "people.password_common"),
        ("abcdefghijkl", "people.password_common", "people.password_common"),
        ("aAaAaAaAaA", "people.password_common", "people.password_common"),
        ("1a1a1a2a2a", "people.password_common", "people.password_common"),
    ],
)
def test_password_is_taken_or_refused_by_the_profile_in_force(password: str, asvs: str, gb: str) -> None:
    assert (refusal(password, ASVS), refusal(password, GB)) == (asvs, gb)


def test_password_grows_old_at_the_very_instant_and_never_under_asvs() -> None:
    ninety = 90 * DAY_90K
    assert not password_rules.is_too_old(set_at_90k=5, rules=GB, now_90k=5 + ninety - 1)
    assert password_rules.is_too_old(set_at_90k=5, rules=GB, now_90k=5 + ninety)
    assert not password_rules.is_too_old(set_at_90k=5, rules=ASVS, now_90k=5 + 100 * ninety)


def sign_in(client: Client, password: str = OLD) -> Any:
    return client.post("/sign-in/", {"username": "zhang", "password": password})


def change(client: Client, old: str, new: str) -> Any:
    return client.post("/password/", {"old": old, "new": new, "again": new})


def aged(person: Person, days: int) -> None:
    """Let the password have been set so many days ago."""
    set_at_90k = CLOCK.utc() - days * DAY_90K
    Person.objects.filter(pk=person.pk).update(password_set_at_90k=set_at_90k)


@pytest.mark.usefixtures("gb")
def test_password_past_its_age_opens_nothing_but_the_page_that_changes_it(operator: Person, client: Client) -> None:
    aged(operator, 90)

    assert sign_in(client)["Location"] == "/password/"
    for page in ("/", "/wall/", "/viewings/", "/sessions/"):
        assert client.get(page)["Location"] == "/password/"
    assert client.get("/api/v1/me/").json()["code"] == "people.password_to_change"
    assert "90 天" in client.get("/password/").content.decode()
    assert change(client, OLD, NEW[0])["Location"] == "/"

    assert client.get("/viewings/").status_code == 200
    assert sign_in(Client(), NEW[0])["Location"] != "/password/"


@pytest.mark.usefixtures("gb")
def test_password_one_day_short_of_its_age_signs_in(operator: Person, client: Client) -> None:
    aged(operator, 89)
    assert sign_in(client)["Location"] == "/"
    # It grows old while its person works: nobody is thrown out of a running session.
    aged(operator, 90)
    assert client.get("/viewings/").status_code == 200
    assert sign_in(Client())["Location"] == "/password/"


@pytest.mark.usefixtures("gb")
def test_age_counts_from_the_account_where_nobody_wrote_down_when_it_was_set(operator: Person, client: Client) -> None:
    long_ago_90k = CLOCK.utc() - 91 * DAY_90K
    Person.objects.filter(pk=operator.pk).update(password_set_at_90k=None, created_at_90k=long_ago_90k)
    assert sign_in(client)["Location"] == "/password/"


def test_password_of_any_age_signs_in_under_asvs(operator: Person, client: Client) -> None:
    aged(operator, 4000)
    assert sign_in(client)["Location"] == "/"


@pytest.mark.usefixtures("gb")
def test_old_password_does_not_come_back_and_no_more_are_kept_than_asked_for(operator: Person, client: Client) -> None:
    sign_in(client)
    current = OLD
    for password in NEW:
        assert change(client, current, password)["Location"] == "/sessions/"
        current = password

    # Five may not come back: today's own and the four before it.
    assert FormerPassword.objects.count() == 4
    for password in NEW[:-1]:
        refused = change(client, current, password)
        assert (refused.status_code, "最近 5 次" in refused.content.decode()) == (400, True)
    assert change(client, current, "Fresh*Water*96").status_code == 302
    assert change(client, "Fresh*Water*96", NEW[0])["Location"] == "/sessions/"


@pytest.mark.usefixtures("gb")
def test_password_given_up_by_a_renewal_does_not_come_back_either(operator: Person, client: Client) -> None:
    sign_in(client)
    change(client, OLD, NEW[0])
    given = accounts.renew_password(person=operator, reason="忘记", actor=acts.SHELL, clock=CLOCK)
    again = Client()
    assert sign_in(again, given)["Location"] == "/password/"

    assert "最近 5 次" in change(again, given, NEW[0]).content.decode()
    assert change(again, given, NEW[1])["Location"] == "/capacity/"
    # What worked once was never the person's own.
    assert FormerPassword.objects.count() == 2


def test_asvs_keeps_no_old_password(operator: Person, client: Client) -> None:
    sign_in(client)
    change(client, OLD, NEW[0])
    assert FormerPassword.objects.count() == 0


@pytest.mark.usefixtures("gb")
def test_going_back_to_asvs_forgets_the_old_ones_with_the_next_change(operator: Person, client: Client) -> None:
    sign_in(client)
    change(client, OLD, NEW[0])
    assert FormerPassword.objects.count() == 1
    person = Person.objects.get(username="zhang")
    accounts.former.keep(person=person, rules=ASVS, at_90k=CLOCK.utc())
    assert FormerPassword.objects.count() == 0


@pytest.mark.usefixtures("gb", "runtime_role")
def test_old_passwords_are_fenced_off_from_everybody(operator: Person) -> None:
    with scope.machine():
        FormerPassword.objects.create(person=operator, stored="x", replaced_at_90k=1)
    with scope.of(capacity.first_capacity(operator, now_90k=CLOCK.utc())), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_formerpassword")
        assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("gb")
def test_account_opened_with_a_password_follows_the_profile(university: None) -> None:
    with pytest.raises(PasswordError) as refused:
        usecases.create_person(username="sun", display_name="孙", password=OLD, actor=acts.SHELL, clock=CLOCK)
    assert refused.value.code == "people.password_kinds"


def test_page_says_what_is_wrong_with_a_new_password(operator: Person, client: Client) -> None:
    sign_in(client)
    page = change(client, OLD, "Password2026!")
    assert (page.status_code, "太常见" in page.content.decode()) == (400, True)
