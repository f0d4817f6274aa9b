"""Tables of people from the shell: tried, named fault by fault, entered."""

from pathlib import Path
from typing import Any


def test_table_is_tried_named_and_entered(site: Any, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_bytes("用户名,姓名\r\nt1,张三\r\nt2,=1+1\r\n".encode("gb18030"))
    faulty = site.run("person", "import", "people", str(table))
    assert (faulty.returncode, "3 display_name “=1+1”" in faulty.stdout) == (3, True)
    assert "2 faults; nothing was entered" in faulty.stdout

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
