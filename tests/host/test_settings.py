"""Secrets, settings kept with a home, and the lines of a log."""

import logging
import os
from pathlib import Path

import pytest

from mingjian.host import kept_settings, logs, secrets
from mingjian.host.database import DatabaseAddress, DatabaseSettingError
from mingjian.host.home import Home
from mingjian.host.kept_settings import KeptSettingsError
from mingjian.host.secrets import SecretError


def test_secret_is_drawn_once_and_closed(tmp_path: Path) -> None:
    first, other = secrets.ensure(tmp_path / "s" / "one"), secrets.ensure(tmp_path / "s" / "other")
    assert len(first) > 40 and first != other
    assert secrets.ensure(tmp_path / "s" / "one") == first
    assert (tmp_path / "s" / "one").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o700


def test_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secrets.ensure(tmp_path / "one")
    (tmp_path / "one").chmod(0o640)
    with pytest.raises(SecretError) as caught:
        secrets.read(tmp_path / "one")
    assert caught.value.code == "host.secret_open"


def test_missing_secret_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretError) as caught:
        secrets.read(tmp_path / "none")
    assert caught.value.code == "host.secret_missing"


def test_kept_settings_reach_the_environment_below_what_it_says(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_settings.keep(home, {"MINGJIAN_TEST_ONE": "kept", "MINGJIAN_TEST_TWO": "kept"})
    monkeypatch.setenv("MINGJIAN_TEST_TWO", "typed")
    monkeypatch.delenv("MINGJIAN_TEST_ONE", raising=False)
    kept_settings.apply(home)
    assert (os.environ.pop("MINGJIAN_TEST_ONE"), os.environ["MINGJIAN_TEST_TWO"]) == ("kept", "typed")


def test_home_is_a_demo_only_when_founded_so(home: Home) -> None:
    assert not kept_settings.is_demo(home)
    kept_settings.keep(home, {kept_settings.DEMO_FLOOR_HOURS: "6"})
    assert kept_settings.is_demo(home)


@pytest.mark.parametrize("text", ["", "[]", '{"A": 1}'])
def test_spoiled_settings_are_refused(home: Home, text: str) -> None:
    (home.root / "settings.json").write_text(text)
    with pytest.raises(KeptSettingsError) as caught:
        kept_settings.read(home)
    assert caught.value.code == "host.settings_damaged"


def test_database_address_names_the_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINGJIAN_PG_USER")
    with pytest.raises(DatabaseSettingError) as caught:
        DatabaseAddress.from_environ()
    assert caught.value.facts["setting"] == "MINGJIAN_PG_USER"


def test_log_line_carries_its_fields_in_civil_time() -> None:
    record = logging.makeLogRecord({"name": "mingjian.x", "msg": "recording", "levelname": "INFO", "camera": "c1"})
    record.created = 0.0
    assert logs.FieldFormatter().format(record) == "1970-01-01T08:00:00.000+08:00 INFO mingjian.x recording camera=c1"
