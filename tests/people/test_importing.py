"""Tables of people, units and appointments: each bad row with its column and why; all of it entered, or nothing."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.hashers import is_password_usable
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.base.ticks import TICKS_PER_S, parse_iso
from mingjian.people import acts, capacity, scope
from mingjian.people.capacity import Acting
from mingjian.people.importing import sheet, templates, usecases, words, workbook
from mingjian.people.importing.kinds import COLUMNS, Kind
from mingjian.people.importing.plan import Plan
from mingjian.people.importing.sheet import SheetError
from mingjian.people.importing.usecases import ImportingError
from mingjian.people.models import Appointment, Body, ImportRun, Person

CLOCK = SystemClock()
NOW_90K = parse_iso("2026-11-22T08:00:00+08:00")
PASSWORD = "correct horse battery"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]
Table = Sequence[Sequence[str]]

PEOPLE = ("用户名", "姓名")
UNITS = ("单位代码", "单位名称", "英文名称", "上级机构", "校区")
POSTS = ("用户名", "职务", "机构", "开始日期", "结束日期", "任命文件")
PAPER = "物理学院〔2026〕8号"
CAMPUS_BODY, INSPECTION = "security-office-campus", "discipline-inspection"


def csv_of(heading: Sequence[str], *rows: Sequence[str], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *rows])
    return text.getvalue().encode(encoding)


def xlsx_of(heading: Sequence[object], *rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in (heading, *rows):
        book.worksheets[0].append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def tried(kind: Kind, content: bytes, *, acting: Acting | None = None) -> Plan:
    return usecases.plan(sheet.read(content), kind=kind, acting=acting, now_90k=NOW_90K)


def faults(plan: Plan) -> list[tuple[int, str, str]]:
    for one in plan.faults:
        assert all(words.told(one))
    return [(one.row, one.column, one.code) for one in plan.faults]


@pytest.fixture
def keeper(hire: Hire) -> Person:
    return hire("keeper", "系统管理员", ("system_administrator", "security-office"))


@pytest.fixture
def head(hire: Hire) -> Person:
    return hire("head", "保卫处长", ("principal", "security-office"))


@pytest.fixture
def campus_head(hire: Hire) -> Person:
    return hire("qian", "钱主任", ("principal", CAMPUS_BODY))


def acting_of(person: Person) -> Acting:
    return capacity.first_capacity(person, now_90k=NOW_90K)


# Reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_table_is_read_in_each_encoding_that_desktops_write(encoding: str) -> None:
    read = sheet.read(csv_of(PEOPLE, ("s1", "张𠮷"), encoding=encoding))
    assert read.rows == ((1, PEOPLE), (2, ("s1", "张𠮷")))
    assert read.encoding == encoding.removesuffix("-sig")


def test_workbook_is_read_as_text_and_a_formula_stays_a_formula() -> None:
    read = sheet.read(xlsx_of(PEOPLE, (20260001, "张三"), (None, None), ("s2", "=1+1"), (3.0, True)))
    assert read.rows == ((1, PEOPLE), (2, ("20260001", "张三")), (4, ("s2", "=1+1")), (5, ("3", "TRUE")))


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _lying(content: bytes) -> bytes:
    """Say in the archive's directory that its parts unpack to ten bytes each."""
    told = bytearray(content)
    at = -1
    while (at := told.find(b"PK\x01\x02", at + 1)) >= 0:
        told[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(told)


def _strangers() -> Iterator[tuple[bytes, str]]:
    bomb = _packed({f"xl/worksheets/sheet{number}.xml": b" " * (60 << 20) for number in range(1)})
    yield b"", "people.import_empty"
    yield b"\n,,\n", "people.import_empty"
    yield b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "people.import_old_excel"
    yield "用户名\n".encode("utf-16"), "people.import_encoding"
    yield b"a\x00b", "people.import_encoding"
    yield b"\xff\xff\xff", "people.import_encoding"
    yield b'"a,b\n', "people.import_malformed"
    yield b'a"b"c,"d"e\n', "people.import_malformed"
    yield b"x" * (sheet.MOST_BYTES + 1), "people.import_too_large"
    yield b"a\n" * (sheet.MOST_ROWS + 2), "people.import_too_many_rows"
    yield bomb, "people.import_packed"
    yield _lying(bomb), "people.import_malformed"
    yield _packed({f"x{number}": b"" for number in range(workbook.MOST_PARTS + 1)}), "people.import_packed"
    yield b"PK\x03\x04 and nothing more", "people.import_malformed"
    yield _packed({"[Content_Types].xml": b"<x/>"}), "people.import_malformed"


@pytest.mark.parametrize(("content", "code"), list(_strangers()))
def test_file_that_is_no_table_is_refused_by_name(content: bytes, code: str) -> None:
    with pytest.raises(SheetError) as refused:
        sheet.read(content)
    assert refused.value.code == code


def test_workbook_with_entities_is_not_unfolded() -> None:
    content = io.BytesIO(xlsx_of(PEOPLE, ("s1", "张三")))
    laughs = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(content) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in parts:
        at = parts[name].find(b"?>") + 2 if parts[name].startswith(b"<?xml") else 0
        hostile = parts[name][:at] + laughs + parts[name][at:].replace(b"s1", b"&b;")
        try:
            rows = sheet.read(_packed({**parts, name: hostile})).rows
        except SheetError as refused:
            assert refused.code == "people.import_malformed"
        else:
            # A part that nobody reads, or whose entities stay what they are.
            assert "sheet1" not in name and rows[1] == (2, ("s1", "张三"))


def test_workbook_that_claims_to_be_huge_is_read_no_further_than_any_table() -> None:
    content = io.BytesIO(xlsx_of(PEOPLE, ("s1", "张三")))
    with zipfile.ZipFile(content) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"').replace(b'r="2"', b'r="1048576"')
    assert sheet.read(_packed(parts)).rows[0] == (1, PEOPLE)


@pytest.mark.parametrize("form", [templates.CSV, templates.XLSX])
@pytest.mark.parametrize("kind", list(Kind))
def test_template_is_a_table_that_is_read_again(kind: Kind, form: str) -> None:
    (_number, heading), (_second, example) = sheet.read(templates.template(kind, form=form)).rows
    assert heading == tuple(column.zh for column in COLUMNS[kind])
    assert example == tuple(column.example for column in COLUMNS[kind])


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (("用户名",), [(1, "display_name", "missing_column")]),
        (("用户名", "姓名", "密码"), [(1, "密码", "unknown_column")]),
        (("用户名", "姓名", "username"), [(1, "username", "column_twice")]),
    ],
)
@pytest.mark.django_db
def test_heading_names_every_column_once(heading: Sequence[str], expected: object) -> None:
    assert faults(tried(Kind.PEOPLE, csv_of(heading, ("x",) * len(heading)))) == expected


@pytest.mark.django_db
def test_table_without_rows_says_so() -> None:
    assert faults(tried(Kind.PEOPLE, csv_of(PEOPLE))) == [(1, "", "no_rows")]


# People ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("s1", "张三"), None),
        (("a.b_c@dlut.edu-cn", "Nur·Aisha O'Brien（外协）"), None),
        (("", "张三"), ("username", "missing")),
        (("s1", " "), ("display_name", "missing")),
        (("=cmd|' /C calc'!A0", "张三"), ("username", "formula")),
        (("s1", "=HYPERLINK(1)"), ("display_name", "formula")),
        (("s1", "+1"), ("display_name", "formula")),
        (("s1", "-1"), ("display_name", "formula")),
        (("s1", "@SUM(A1)"), ("display_name", "formula")),
        (("s1", "\t=1"), ("display_name", "formula")),
        (("s1", "\r张三"), ("display_name", "formula")),
        (("s1", "＝1＋1"), ("display_name", "formula")),
        (("s1", "张\u202e三"), ("display_name", "invisible")),
        (("s1", "张" * 65), ("display_name", "too_long")),
        (("x'; DROP TABLE people_person;--", "张三"), ("username", "no_username")),
        (("s1", "Robert'); DROP TABLE people_person;--"), ("display_name", "no_name")),
        (("s1", "' OR '1'='1"), ("display_name", "no_name")),
        (("s1", "<script>alert(1)</script>"), ("display_name", "no_name")),
        (("张三", "张三"), ("username", "no_username")),
        (("zhang", "张工"), None),
        (("zhang", "别人"), ("display_name", "other_name")),
        (("Zhang", "张工"), ("username", "differs_in_case")),
        (("gone", "走了"), ("username", "account_closed")),
    ],
)
def test_row_of_people_is_taken_or_named_with_its_column(hire: Hire, row: Sequence[str], expected: object) -> None:
    hire("zhang", "张工")
    Person.objects.filter(pk=hire("gone", "走了").pk).update(is_active=False)
    found = [(column, code) for _row, column, code in faults(tried(Kind.PEOPLE, csv_of(PEOPLE, row)))]
    assert expected is None or expected in found
    assert bool(found) == (expected is not None)


@pytest.mark.django_db
def test_row_that_repeats_another_is_named_with_the_first_one() -> None:
    plan = tried(Kind.PEOPLE, csv_of(PEOPLE, ("s1", "张三"), ("", ""), ("S1", "李四"), ("s2", "王五", "多")))
    assert faults(plan) == [(4, "username", "twice"), (5, "", "too_many_cells")]
    assert plan.faults[0].facts["first"] == 2


def test_table_is_entered_whole_with_a_leaf_for_each_and_one_for_the_table(university: None, written: Written) -> None:
    content = csv_of(PEOPLE, ("s1", "张三"), ("s2", "李四"))
    read = sheet.read(content)
    usecases.enter_sheet(read, kind=Kind.PEOPLE, actor=acts.SHELL, clock=CLOCK)
    told = [act for act in written() if act["kind"] in {"people.person_created", "people.imported"}]

    assert [act["kind"] for act in told] == ["people.person_created"] * 2 + ["people.imported"]
    facts = told[-1]["facts"]
    assert (facts["table"], facts["rows"], facts["entered"], facts["unchanged"]) == ("people", 2, 2, 0)
    assert (facts["sha256"], told[-1]["subject"]) == (read.sha256, f"import:{read.sha256}")
    # Nobody can type the password of an account that nobody gave one.
    assert not any(is_password_usable(person.password) for person in Person.objects.filter(username__in=("s1", "s2")))
    page = Client().post("/sign-in/", {"username": "s1", "password": "!"})
    assert page.status_code == 403


def test_table_entered_again_changes_nothing(university: None, written: Written) -> None:
    read = sheet.read(csv_of(PEOPLE, ("s1", "张三")))
    usecases.enter_sheet(read, kind=Kind.PEOPLE, actor=acts.SHELL, clock=CLOCK)
    before = written()
    again = usecases.enter_sheet(read, kind=Kind.PEOPLE, actor=acts.SHELL, clock=CLOCK)
    assert (len(again.new), again.unchanged) == (0, 1)
    assert [act["kind"] for act in written()[len(before) :]] == ["people.imported"]


def test_nothing_is_entered_of_a_table_with_one_bad_row(university: None, written: Written) -> None:
    count = Person.objects.count()
    told = written()
    with pytest.raises(ImportingError) as refused:
        read = sheet.read(csv_of(PEOPLE, ("s1", "张三"), ("s2", "=1")))
        usecases.enter_sheet(read, kind=Kind.PEOPLE, actor=acts.SHELL, clock=CLOCK)
    assert refused.value.code == "people.import_faulty"
    assert (Person.objects.count(), written()) == (count, told)


# Units -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("physics", "物理学院", "Physics", CAMPUS_BODY, "凌水校区、开发区校区")], []),
        # A child may stand before its parent, and name it by its name.
        ([("lab", "物理实验室", "", "物理学院", "lingshui"), ("physics", "物理学院", "", CAMPUS_BODY, "凌水校区")], []),
        (
            [
                ("a1", "甲", "", "b1", "凌水校区"),
                ("b1", "乙", "", "c1", "凌水校区"),
                ("c1", "丙", "", "a1", "凌水校区"),
            ],
            [(2, "parent", "circle"), (3, "parent", "circle"), (4, "parent", "circle")],
        ),
        ([("a1", "甲", "", "a1", "凌水校区")], [(2, "parent", "circle")]),
        ([("a1", "甲", "", CAMPUS_BODY, "月球校区")], [(2, "campuses", "campus_unknown")]),
        ([("a1", "甲", "", CAMPUS_BODY, "")], [(2, "campuses", "missing")]),
        ([("a1", "甲", "", "nowhere", "凌水校区")], [(2, "parent", "body_unknown")]),
        ([("a1", "甲", "", "security-office", "凌水校区")], [(2, "parent", "parent_of_tier_1")]),
        ([("a1", "甲", "", INSPECTION, "凌水校区")], [(2, "parent", "parent_of_tier_1")]),
        ([("A 1", "甲", "", CAMPUS_BODY, "凌水校区")], [(2, "code", "no_code")]),
        ([("a1", "=甲", "", CAMPUS_BODY, "凌水校区")], [(2, "name", "formula")]),
        ([("a1", "甲", "<b>", CAMPUS_BODY, "凌水校区")], [(2, "name_en", "no_name")]),
        ([("library", "图书馆分馆", "", CAMPUS_BODY, "凌水校区")], [(2, "name", "stands_otherwise")]),
        ([(CAMPUS_BODY, "甲", "", CAMPUS_BODY, "凌水校区")], [(2, "parent", "circle")]),
        ([("security-office", "甲", "", CAMPUS_BODY, "凌水校区")], [(2, "code", "no_unit")]),
        (
            [("a1", "甲", "", CAMPUS_BODY, "凌水校区"), ("a1", "乙", "", CAMPUS_BODY, "凌水校区")],
            [(3, "code", "twice")],
        ),
    ],
)
def test_units_are_taken_or_named_with_row_and_column(university: None, rows: Table, expected: object) -> None:
    assert faults(tried(Kind.UNITS, csv_of(UNITS, *rows))) == expected


@pytest.mark.article("A07.2.0", shows=("allowed", "refused"))
def test_head_of_a_campus_enters_units_below_their_own_body_and_nowhere_else(
    campus_head: Person, hire: Hire, head: Person
) -> None:
    own = ("physics", "物理学院", "", CAMPUS_BODY, "凌水校区")
    foreign = ("ocean", "海洋学院", "", "panjin-general-affairs", "盘锦校区")
    table = csv_of(UNITS, own, foreign, ("lab", "实验室", "", CAMPUS_BODY, "盘锦校区"))
    mine = tried(Kind.UNITS, table, acting=acting_of(campus_head))

    assert faults(mine) == [(3, "parent", "refused"), (4, "parent", "refused")]
    assert {decision.reasons[0].rule.id for decision in mine.refused} == {"A07.2.0"}
    assert tried(Kind.UNITS, table, acting=acting_of(head)).is_sound
    dean = hire("dean", "馆长", ("principal", "library"))
    assert usecases.kinds_of(acting_of(dean)) == (Kind.APPOINTMENTS,)
    assert [code for *_place, code in faults(tried(Kind.UNITS, csv_of(UNITS, own), acting=acting_of(dean)))] == [
        "refused"
    ]


def test_units_are_entered_every_parent_before_its_children(university: None, written: Written) -> None:
    rows = [
        ("lab", "物理实验室", "", "物理学院", "lingshui"),
        ("physics", "物理学院", "", CAMPUS_BODY, "凌水校区 开发区校区"),
    ]
    usecases.enter_sheet(sheet.read(csv_of(UNITS, *rows)), kind=Kind.UNITS, actor=acts.SHELL, clock=CLOCK)

    lab, physics = Body.objects.get(pk="lab"), Body.objects.get(pk="physics")
    assert (lab.parent, lab.tier, physics.parent_id) == (physics, 3, CAMPUS_BODY)
    assert physics.campuses.count() == 2
    told = [act for act in written() if act["kind"] == "people.body_entered"][-2:]
    assert [act["subject"] for act in told] == ["body:physics", "body:lab"]


# Appointments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("s1", "监控系统操作员", "图书馆", "", "", PAPER)], []),
        ([("s1", "operator", "library", "2026/12/1", "20271130", PAPER)], []),
        ([("s1", "Surveillance operator", "library", "2026年12月1日", "", PAPER)], [(2, "post", "post_unknown")]),
        ([("nobody", "operator", "library", "", "", PAPER)], [(2, "username", "person_unknown")]),
        ([("s1", "operator", "moon", "", "", PAPER)], [(2, "body", "body_unknown")]),
        ([("s1", "approver", "library", "", "", PAPER)], [(2, "post", "post_not_at_tier")]),
        ([("s1", "operator", "library", "", "", "")], [(2, "document", "missing")]),
        ([("s1", "operator", "library", "2026-02-30", "", PAPER)], [(2, "since", "no_date")]),
        ([("s1", "operator", "library", "2026-11-21", "", PAPER)], [(2, "since", "in_the_past")]),
        ([("s1", "operator", "library", "2026-11-22", "2026-11-22", PAPER)], []),
        ([("s1", "operator", "library", "2026-12-02", "2026-12-01", PAPER)], [(2, "until", "term_empty")]),
        ([("s1", "operator", "library", "", "2026-11-21", PAPER)], [(2, "until", "term_empty")]),
        (
            [
                ("s1", "operator", "library", "", "2027-01-31", PAPER),
                ("s1", "operator", "library", "2027-01-31", "", PAPER),
            ],
            [(3, "post", "overlaps_row")],
        ),
        (
            [
                ("s1", "operator", "library", "", "2027-01-31", PAPER),
                ("s1", "operator", "library", "2027-02-01", "", PAPER),
            ],
            [],
        ),
        ([("busy", "operator", "library", "", "", PAPER)], [(2, "post", "overlaps")]),
        ([("busy", "audit_administrator", "security-office", "", "", PAPER)], [(2, "post", "powers_apart")]),
        ([("busy", "纪检监察人员", INSPECTION, "", "", PAPER)], [(2, "post", "powers_apart")]),
        ([("busy", "manager", "library", "", "", PAPER)], []),
        (
            [
                ("s1", "audit_administrator", "security-office", "", "", PAPER),
                ("s1", "system_administrator", "security-office", "", "", PAPER),
            ],
            [(3, "post", "powers_apart")],
        ),
    ],
)
@pytest.mark.article("A08.b", shows=("allowed", "refused"))
def test_appointments_are_taken_or_named_with_row_and_column(hire: Hire, rows: Table, expected: object) -> None:
    hire("s1", "张三")
    hire("busy", "忙人", ("operator", "library"))
    assert faults(tried(Kind.APPOINTMENTS, csv_of(POSTS, *rows))) == expected


@pytest.mark.article("A08.b", shows=("allowed", "refused"))
def test_appointer_without_the_power_is_told_row_by_row(hire: Hire, campus_head: Person) -> None:
    hire("s1", "张三")
    dean = hire("dean", "馆长", ("safety_responsible", "library"))
    rows = [
        ("s1", "operator", "library", "", "", PAPER),
        ("s1", "principal", "library", "", "", PAPER),
        ("s1", "manager", "chemical-engineering", "", "", PAPER),
        ("dean", "manager", "library", "", "", PAPER),
    ]
    found = tried(Kind.APPOINTMENTS, csv_of(POSTS, *rows), acting=acting_of(dean))

    assert faults(found) == [(3, "post", "refused"), (4, "post", "refused"), (5, "post", "refused")]
    assert {decision.reasons[0].code for decision in found.refused} == {
        "appointing.managers_and_operators",
        "appointing.other_body",
        "appointing.oneself",
    }
    assert "第八条" in words.told(found.faults[0])[0]


def test_appointments_are_entered_for_now_or_for_later(hire: Hire, written: Written) -> None:
    hire("s1", "张三")
    clock = SimulatedClock(NOW_90K)
    rows = [
        ("s1", "operator", "library", "", "", PAPER),
        ("s1", "manager", "library", "2026-12-01", "2026-12-31", PAPER),
    ]
    usecases.enter_sheet(sheet.read(csv_of(POSTS, *rows)), kind=Kind.APPOINTMENTS, actor=acts.SHELL, clock=clock)

    now, later = Appointment.objects.filter(person__username="s1").order_by("since_90k")
    assert (now.since_90k, now.until_90k) == (NOW_90K, None)
    assert later.since_90k == parse_iso("2026-12-01T00:00:00+08:00")
    assert later.until_90k == parse_iso("2027-01-01T00:00:00+08:00")
    assert [act["kind"] for act in written()][-3:] == ["people.appointed", "people.appointed", "people.imported"]


# Pages -------------------------------------------------------------------------------------------------------------


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client


def send(client: Client, kind: str, content: bytes) -> Any:
    return client.post(f"/people/import/{kind}/", {"table": SimpleUploadedFile("t.csv", content)})


def test_table_is_tried_on_the_page_and_entered_from_there(keeper: Person, written: Written) -> None:
    client = signed_in("keeper")
    tried_at = send(client, "people", csv_of(PEOPLE, ("s1", "张三")))["Location"]
    assert "将新录入 1 行" in client.get(tried_at).content.decode()
    assert not Person.objects.filter(username="s1").exists()

    assert client.post(f"{tried_at}enter/")["Location"] == tried_at

    assert Person.objects.get(username="s1").display_name == "张三"
    assert "新录入 1 行" in client.get(tried_at).content.decode()
    run = ImportRun.objects.get()
    assert (run.rows, run.entered, run.unchanged) == (None, 1, 0)
    imported = written()[-1]
    assert (imported["actor"]["name"], imported["via"]) == ("系统管理员", "web")
    # What is entered is not entered once more.
    assert client.post(f"{tried_at}enter/").status_code == 409


def test_page_names_row_column_and_why_and_nothing_of_it_runs(keeper: Person) -> None:
    client = signed_in("keeper")
    address = send(client, "people", csv_of(PEOPLE, ("s1", "<script>alert(1)</script>"), ("=x", "李四")))["Location"]
    page = client.get(address).content.decode()

    assert "第 2 行" in page and "第 3 行" in page and "姓名" in page and "会当作公式执行" in page
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "enter/" not in page
    assert client.post(f"{address}enter/").status_code == 409
    assert not Person.objects.filter(username="s1").exists()
    client.cookies["mingjian_language"] = "en"
    assert "a spreadsheet would work out" in client.get(address).content.decode()


def test_refusal_by_a_rule_in_a_dry_run_is_in_the_ledger_with_its_article(
    campus_head: Person, written: Written
) -> None:
    rows = [
        ("x1", "甲", "", "panjin-general-affairs", "盘锦校区"),
        ("x2", "乙", "", "panjin-general-affairs", "盘锦校区"),
    ]
    send(signed_in("qian"), "units", csv_of(UNITS, *rows))
    refused = [act for act in written() if act["kind"] == "people.refused"]
    assert [act["articles"] for act in refused] == [["A07.2.0"]]


@pytest.mark.parametrize(
    ("username", "kinds"),
    [
        ("keeper", {"people"}),
        ("head", {"units", "appointments"}),
        ("qian", {"units", "appointments"}),
        ("zhang", set()),
    ],
)
def test_each_capacity_meets_its_own_tables(
    keeper: Person, head: Person, campus_head: Person, operator: Person, username: str, kinds: set[str]
) -> None:
    client = signed_in(username)
    page = client.get("/people/import/")
    assert page.status_code == (200 if kinds else 404)
    for kind in Kind:
        is_own = kind.value in kinds
        assert client.get(f"/people/import-templates/{kind.value}.csv").status_code == (200 if is_own else 404)
        assert (f'/people/import/{kind.value}/"' in page.content.decode()) == is_own
        assert send(client, kind.value, csv_of(PEOPLE)).status_code == (302 if is_own else 404)


def test_table_of_somebody_else_does_not_exist(keeper: Person, hire: Hire) -> None:
    hire("other", "另一位", ("system_administrator", "security-office"))
    address = send(signed_in("keeper"), "people", csv_of(PEOPLE, ("s1", "张三")))["Location"]
    client = signed_in("other")
    assert client.get(address).status_code == 404
    assert client.post(f"{address}enter/").status_code == 404


def test_table_waits_an_hour_and_is_forgotten(keeper: Person) -> None:
    clock = SimulatedClock(NOW_90K)
    run = usecases.attempt(
        content=csv_of(PEOPLE, ("s1", "张三")), kind=Kind.PEOPLE, acting=acting_of(keeper), clock=clock
    )
    clock.advance(3600 * TICKS_PER_S - 1)
    assert usecases.forget_stale(clock=clock) == 0
    clock.advance(1)
    assert usecases.forget_stale(clock=clock) == 1
    with pytest.raises(ImportingError) as over:
        usecases.enter_run(run=run, acting=acting_of(keeper), clock=clock)
    assert over.value.code == "people.import_over"


def test_table_put_away_is_forgotten_at_once(keeper: Person) -> None:
    client = signed_in("keeper")
    address = send(client, "people", csv_of(PEOPLE, ("s1", "张三")))["Location"]
    assert client.post(f"{address}put-away/").status_code == 302
    assert ImportRun.objects.get().rows is None
    assert "内容已清除" in client.get(address).content.decode()


def test_form_without_a_file_says_so(keeper: Person) -> None:
    page = signed_in("keeper").post("/people/import/people/", {})
    assert (page.status_code, "请选择一个文件" in page.content.decode()) == (400, True)


def test_upload_that_is_no_table_is_told_in_words(keeper: Person) -> None:
    page = send(signed_in("keeper"), "people", b"PK\x03\x04")
    assert (page.status_code, "另存为" in page.content.decode()) == (400, True)


@pytest.mark.usefixtures("runtime_role")
def test_tables_are_fenced_off_from_everybody_else(keeper: Person, campus_head: Person) -> None:
    with scope.of(acting_of(keeper)):
        usecases.attempt(
            content=csv_of(PEOPLE, ("s1", "张三")), kind=Kind.PEOPLE, acting=acting_of(keeper), clock=CLOCK
        )
        assert ImportRun.objects.count() == 1
    with scope.of(acting_of(campus_head)):
        assert ImportRun.objects.count() == 0
