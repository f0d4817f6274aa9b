"""Tables of people from the shell: tried, named fault by fault, entered."""

from datetime import datetime
from pathlib import Path
from typing import Any

from mingjian.base import ticks


def test_table_is_tried_named_and_entered(site: Any, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_bytes("用户名,姓名\r\nt1,张三\r\nt2,=1+1\r\n".encode("gb18030"))
    faulty = site.run("person", "import", "people", str(table))
    assert (faulty.returncode, "3 display_name “=1+1”" in faulty.stdout) == (3, True)
    assert "1 faults; nothing was entered" in faulty.stdout

    table.write_text("用户名,姓名\nt1,张三\nt2,李四\n", encoding="utf-8")
    dry = site.run("person", "import", "people", str(table), "--dry-run")
    assert (dry.returncode, "2 rows to enter" in dry.stdout) == (0, True)
    assert "t1" not in {row["username"] for row in site.json("person", "list")}

    assert site.run("person", "import", "people", str(table)).returncode == 0
    assert {"t1", "t2"} <= {row["username"] for row in site.json("person", "list")}
    gone = site.run("person", "import", "people", str(tmp_path / "nothing.csv"))
    assert (gone.returncode, "[cli.file_unreadable]" in gone.stderr) == (1, True)
    table.write_bytes(b"PK\x03\x04")
    refused = site.run("person", "import", "people", str(table))
    assert (refused.returncode, "[people.import_malformed]" in refused.stderr) == (1, True)


def test_leavers_are_closed_by_list_and_one_of_them_opened_again(site: Any, tmp_path: Path) -> None:
    table, leavers = tmp_path / "people.csv", tmp_path / "leavers.csv"
    table.write_text("用户名,姓名\ngone,离校人\nstays,在校人\n", encoding="utf-8")
    assert site.run("person", "import", "people", str(table)).returncode == 0

    leavers.write_text("用户名,离校日期\ngone,2020-01-01\n", encoding="utf-8")
    before = site.run("person", "left", str(leavers))
    assert "The account was opened, or opened again, after that day" in before.stdout
    today = datetime.now(ticks.CIVIL_ZONE).date()
    leavers.write_text(f"用户名,离校日期\ngone,{today}\n", encoding="utf-8")
    taken = site.run("person", "left", str(leavers))
    assert (taken.returncode, "1 of 1 closed" in taken.stdout) == (0, True)
    assert states(site) == {"gone": "closed", "stays": "active"}

    assert "[people.text_missing]" in site.run("person", "reopen", "gone", "--reason", " ").stderr
    assert site.run("person", "reopen", "gone", "--reason", "名单写错").returncode == 0
    assert states(site) == {"gone": "active", "stays": "active"}
    assert "[people.account_as_asked]" in site.run("person", "reopen", "gone", "--reason", "又一次").stderr
    assert "[cli.person_unknown]" in site.run("person", "reopen", "nobody", "--reason", "没有此人").stderr


def states(site: Any) -> dict[str, str]:
    told = {row["username"]: row["state"] for row in site.json("person", "list")}
    return {name: told[name] for name in ("gone", "stays")}
