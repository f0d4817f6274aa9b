"""People of a real system from the shell: its university, accounts, appointments, consoles."""

from typing import Any


def test_university_stands_after_the_first_start(site: Any) -> None:
    bodies = {body["code"]: body for body in site.json("body", "list")}
    assert bodies["security-office-campus"]["campuses"] == "lingshui,kaifaqu"
    again = site.run("profile", "load", "dlut")
    assert (again.returncode, "0 entered" in again.stdout) == (0, True)


def test_person_is_added_appointed_and_dismissed(site: Any) -> None:
    post = ("--post", "operator", "--body", "security-office-campus")
    added = site.run("person", "add", "ma", "--name", "马值班", *post, typed="a long password\n")
    assert added.returncode == 0, added.stderr
    twice = site.run("person", "appoint", "ma", *post)
    assert (twice.returncode, "[people.already_appointed]" in twice.stderr) == (1, True)
    second = site.run("person", "appoint", "ma", "--post", "audit_administrator", "--body", "security-office")
    assert (second.returncode, "[people.powers_apart]" in second.stderr) == (1, True)

    assert site.run("person", "dismiss", "ma", *post, "--reason", "调离").returncode == 0
    gone = site.run("person", "dismiss", "ma", *post, "--reason", "调离")
    assert (gone.returncode, "[cli.appointment_unknown]" in gone.stderr) == (1, True)


def test_account_is_locked_unlocked_given_a_password_and_listed(site: Any) -> None:
    post = ("--post", "operator", "--body", "panjin-general-affairs")
    site.run("person", "add", "yang", "--name", "杨值班", *post, typed="a long password\n")
    because = ("--reason", "长期离岗")

    def listed() -> dict[str, str]:
        return next(each for each in site.json("person", "list") if each["username"] == "yang")

    assert site.run("person", "suspend", "yang").returncode == 2
    assert site.run("person", "suspend", "yang", *because).returncode == 0
    assert listed() == {
        "username": "yang",
        "name": "杨值班",
        "state": "suspended",
        "posts": "operator@panjin-general-affairs",
    }
    again = site.run("person", "suspend", "yang", *because)
    assert (again.returncode, "[people.account_as_asked]" in again.stderr) == (1, True)
    assert site.run("person", "reinstate", "yang", *because).returncode == 0
    assert listed()["state"] == "active"
    renewed = site.run("person", "renew", "yang", *because)
    assert (renewed.returncode, len(renewed.stdout.rpartition(": ")[2].strip()) >= 12) == (0, True)
    assert listed()["posts"] == "operator@panjin-general-affairs:withheld"
    confirmed = site.run("person", "confirm", "yang", *post, *because)
    assert (confirmed.returncode, listed()["posts"]) == (0, "operator@panjin-general-affairs")
    nobody = site.run("person", "renew", "nobody", *because)
    assert (nobody.returncode, "[cli.person_unknown]" in nobody.stderr) == (1, True)


def test_post_without_body_opens_no_account(site: Any) -> None:
    refused = site.run("person", "add", "niu", "--name", "牛", "--post", "operator", typed="a long password\n")
    assert (refused.returncode, "[cli.post_and_body]" in refused.stderr) == (1, True)


def test_console_is_added_with_its_code(site: Any) -> None:
    added = site.run("console", "add", "主控台", "--campus", "lingshui")
    assert added.returncode == 0, added.stderr
    assert len(added.stdout.rpartition(": ")[2].strip()) == 16
    assert "[people.campus_unknown]" in site.run("console", "add", "主控台", "--campus", "moon").stderr
