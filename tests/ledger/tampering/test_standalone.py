"""The two stand-alone verifiers, the Python file and the browser's page, agree with the product on the whole corpus."""

import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest

from mingjian.base.ids import new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.ledger import bundle, checkpoint, rollup
from mingjian.ledger.append import append
from mingjian.ledger.bundle import BundleError, Media, Source
from mingjian.ledger.merkle import root as root_of
from mingjian.ledger.rollup import Line
from mingjian.ledger.verdict import EXIT_CODES, Outcome
from rigs.tampering import CASES, SIZE
from tools.browser import opened_browser

STANDALONE = resources.files("mingjian.ledger").joinpath("standalone")


def source_of(falsified, **changes):
    given = {
        "deployment_id": falsified.ledger.deployment_id,
        "keys": tuple(falsified.ledger.signer.verifier().keys.values()),
        "witnesses": [falsified.sound.witness],
        "kept": [falsified.sound.kept],
    }
    return Source(**(given | changes))


def whole(falsified, path, **changes):
    with falsified.ledger.autocommit("mingjian_ledger") as connection, path.open("wb") as file:
        bundle.write_whole(connection, file, source=source_of(falsified, **changes))
    return path


def proofs(falsified, path, seqs, media=(), **changes):
    with falsified.ledger.autocommit("mingjian_ledger") as connection, path.open("wb") as file:
        bundle.write_proofs(connection, file, source=source_of(falsified, **changes), shard=1, seqs=seqs, media=media)
    return path


def by_python(path, *options):
    command = [sys.executable, "-I", str(STANDALONE / "verify.py"), str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    told = done.stdout.split(" ", 1)[0]
    assert done.returncode == EXIT_CODES[Outcome(told)], done.stdout + done.stderr
    return told


@pytest.fixture(scope="module")
def page():
    with opened_browser() as chromium:
        opened = chromium.new_page()
        opened.goto(Path(str(STANDALONE / "verify.html")).as_uri())
        yield opened


def by_browser(page, path, *, log_key="", witness_key=""):
    page.fill("#log", log_key)
    page.fill("#seers", witness_key)
    page.set_input_files("#bundle", str(path))
    page.click("button")
    page.wait_for_selector("output[data-outcome]", timeout=60_000)
    return page.get_attribute("output", "data-outcome")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_falsified_ledger_gives_the_same_verdict_away_from_us(falsified, case, tmp_path, page):
    falsified.suffer(case)
    path = whole(falsified, tmp_path / "bundle.zip")
    assert by_python(path) == case.outcome.value
    assert by_browser(page, path) == case.outcome.value


def test_entries_are_proved_one_by_one(falsified, tmp_path, page):
    path = proofs(falsified, tmp_path / "bundle.zip", [0, 4711, SIZE - 1])
    assert (
        by_python(path, "--log-key", log_key(falsified), "--witness-key", falsified.sound.witness.text()) == "WITNESSED"
    )
    assert by_browser(page, path, log_key=log_key(falsified), witness_key=falsified.sound.witness.text()) == "WITNESSED"
    alone = proofs(falsified, tmp_path / "alone.zip", [4711], kept=[], witnesses=[])
    assert (by_python(alone), by_browser(page, alone)) == ("UNANCHORED", "UNANCHORED")
    (anchor := tmp_path / "kept.note").write_text(falsified.sound.kept, encoding="utf-8")
    assert by_python(alone, "--anchor", str(anchor)) == "ANCHORED"


def log_key(falsified):
    origin = checkpoint.origin_of(deployment_id=falsified.ledger.deployment_id, shard=1)
    return checkpoint.verifier_key(origin=origin, public_bytes=falsified.ledger.signer.public_bytes)


def changed(path, name, change):
    """The bundle with one part changed, packed anew as it was."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(made, "w") as after:
        for part in before.namelist():
            raw = before.read(part)
            after.writestr(part, change(raw) if part == name else raw)
    target = path.with_name("changed.zip")
    target.write_bytes(made.getvalue())
    return target


def on_entry(change):
    def run(raw):
        entry = json.loads(raw)
        change(entry)
        return json.dumps(entry).encode()

    return run


def on_manifest(change):
    return on_entry(change)


SPOILED = {
    "T21 a proof cut short": ("entries-1.jsonl", on_entry(lambda entry: entry["proof"].pop())),
    "T21 a proof too long": ("entries-1.jsonl", on_entry(lambda entry: entry["proof"].append("0" * 64))),
    "T21 no proof": ("entries-1.jsonl", on_entry(lambda entry: entry["proof"].clear())),
    "T21 another place": ("entries-1.jsonl", on_entry(lambda entry: entry.update(seq=4712))),
    "T21 a place beyond the tree": ("entries-1.jsonl", on_entry(lambda entry: entry.update(seq=2**63))),
    "a place before the tree": ("entries-1.jsonl", on_entry(lambda entry: entry.update(seq=-1))),
    "a hash that is none": ("entries-1.jsonl", on_entry(lambda entry: entry.update(leaf="zz"))),
    "another body": ("entries-1.jsonl", on_entry(lambda entry: entry.update(body="AAAA"))),
    "a line that is no entry": ("entries-1.jsonl", lambda raw: b"[]\n"),
    "T21 a head of size nought": ("bundle.json", lambda raw: raw.replace(b"\\n10000\\n", b"\\n0\\n")),
    "T21 a head of size 2**63": ("bundle.json", lambda raw: raw.replace(b"\\n10000\\n", b"\\n9223372036854775808\\n")),
    "another format": ("bundle.json", lambda raw: raw.replace(b"bundle/2", b"bundle/3")),
    "no shard": ("bundle.json", on_manifest(lambda told: told.update(shards=[]))),
    "another kind": ("bundle.json", on_manifest(lambda told: told.update(kind="other"))),
    "no key": ("bundle.json", on_manifest(lambda told: told.update(log_keys=[]))),
    "another deployment's name": ("bundle.json", on_manifest(lambda told: told.update(deployment=new_id()))),
    "not JSON": ("bundle.json", lambda raw: raw[:-9]),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_bundle_is_invalid(falsified, tmp_path, page, name):
    part, change = SPOILED[name]
    path = changed(proofs(falsified, tmp_path / "bundle.zip", [4711]), part, change)
    assert (by_python(path), by_browser(page, path)) == ("INVALID", "INVALID")


def test_another_deployments_bundle_is_invalid_under_our_key(falsified, tmp_path, page):
    """T26: sound in itself, and by its own key; not by the key that the verifier was given."""
    path = proofs(falsified, tmp_path / "bundle.zip", [4711])
    origin = checkpoint.origin_of(deployment_id=new_id(), shard=1)
    stranger = checkpoint.verifier_key(origin=origin, public_bytes=falsified.sound.witness.public_bytes)
    assert by_python(path, "--log-key", stranger) == "INVALID"
    assert by_browser(page, path, log_key=stranger) == "INVALID"


def test_what_is_no_zip_is_invalid(tmp_path, page):
    (path := tmp_path / "bundle.zip").write_bytes(b"nothing of the kind" * 10)
    assert (by_python(path), by_browser(page, path)) == ("INVALID", "INVALID")


@pytest.fixture
def filmed(falsified, make_entry, tmp_path):
    """A recording of three fragments and an exported file, each named by an entry."""
    fragments = [b"init" * 9, b"one" * 5000, b"two" * 7000]
    root = root_of(sha256(fragment).digest() for fragment in fragments).hex()
    (film := tmp_path / "film.mp4").write_bytes(b"".join(fragments))
    (cut := tmp_path / "cut.mp4").write_bytes(b"cut out")
    with falsified.ledger.connect("mingjian_web") as connection:
        append(connection.cursor(), entry=make_entry(kind="recordings.roots", facts={"roots": [f"rec-1 {root}"]}))
        append(
            connection.cursor(),
            entry=make_entry(kind="recordings.exported", facts={"sha256": sha256(b"cut out").hexdigest()}),
        )
    falsified.ledger.sequence()
    lengths = tuple(len(fragment) for fragment in fragments)
    media = [
        Media("media/film.mp4", film, 1, SIZE, "rec-1", lengths),
        Media("media/cut.mp4", cut, 1, SIZE + 1, "", ()),
    ]
    return proofs(falsified, tmp_path / "bundle.zip", [SIZE, SIZE + 1], media)


def test_files_are_bound_to_their_entries(filmed, page):
    assert (by_python(filmed), by_browser(page, filmed)) == ("UNANCHORED", "UNANCHORED")
    # What the first version of bundles held verifies for ever.
    older = changed(filmed, "bundle.json", lambda raw: raw.replace(b"bundle/2", b"bundle/1"))
    assert (by_python(older), by_browser(page, older)) == ("UNANCHORED", "UNANCHORED")


HOUR = 3600 * TICKS_PER_S


@pytest.fixture
def rolled(falsified, make_entry, tmp_path):
    """A recording among seven of an hour's roll-up, closed before that hour."""
    fragments = [b"init" * 9, b"one" * 5000]
    root = root_of(sha256(fragment).digest() for fragment in fragments).hex()
    (film := tmp_path / "rec-3.mp4").write_bytes(b"".join(fragments))
    lines = [
        Line("cam", "main", "video", f"rec-{n}", HOUR, 2 * HOUR, 2 * HOUR + n, n == 3, root if n == 3 else "ab" * 32)
        for n in range(7)
    ]
    facts = {"files": 7, "root": rollup.root_of(lines), "start_90k": 3 * HOUR, "end_90k": 4 * HOUR}
    with falsified.ledger.connect("mingjian_web") as connection:
        append(connection.cursor(), entry=make_entry(kind=rollup.KIND, facts=facts))
        append(connection.cursor(), entry=make_entry(kind="test.other", facts=facts))
    falsified.ledger.sequence()
    path = rollup.path_of(lines, index=3)
    lengths = tuple(len(fragment) for fragment in fragments)

    def make(seq=SIZE):
        media = Media("media/rec-3.mp4", film, 1, seq, "rec-3", lengths, path)
        return proofs(falsified, tmp_path / "bundle.zip", [SIZE, SIZE + 1], [media])

    return make


def test_a_recording_is_followed_to_the_roll_up_of_its_hour(rolled, page):
    path = rolled()
    told = subprocess.run(
        [sys.executable, "-I", str(STANDALONE / "verify.py"), str(path)], capture_output=True, text=True, check=False
    ).stdout
    assert by_browser(page, path) == "UNANCHORED"
    shown = page.inner_text("output")
    for words in (
        "camera cam, 1970-01-01T01:00:00Z to 1970-01-01T02:00:00Z, closed 1970-01-01T02:00:00Z, late, salvaged",
        f"rolled up in entry {SIZE}",
        "1970-01-01T03:00:00Z to 1970-01-01T04:00:00Z",
    ):
        assert words in told
        assert words in shown


def on_rolled(change):
    return on_manifest(lambda told: change(told["media"][0]["rolled"]))


UNROLLED = {
    "a byte of the file": ("media/rec-3.mp4", lambda raw: raw[:-1] + b"x"),
    "another line": ("bundle.json", on_rolled(lambda told: told.update(line=told["line"].replace("cam", "dam")))),
    "another span": (
        "bundle.json",
        on_rolled(lambda told: told.update(line=told["line"].replace('"start_90k":3', '"start_90k":4'))),
    ),
    "another recording's line": (
        "bundle.json",
        on_manifest(lambda told: told["media"][0].update(recording="rec-4")),
    ),
    "another place": ("bundle.json", on_rolled(lambda told: told.update(index=2))),
    "another size": ("bundle.json", on_rolled(lambda told: told.update(size=8))),
    "a path cut short": ("bundle.json", on_rolled(lambda told: told["proof"].pop())),
    "a path too long": ("bundle.json", on_rolled(lambda told: told["proof"].append("0" * 64))),
    "no path": ("bundle.json", on_rolled(lambda told: told.clear())),
    "a line that is none": ("bundle.json", on_rolled(lambda told: told.update(line="[]"))),
}


@pytest.mark.parametrize("name", UNROLLED)
def test_a_path_to_a_roll_up_that_was_touched_is_invalid(rolled, page, name):
    part, change = UNROLLED[name]
    path = changed(rolled(), part, change)
    assert (by_python(path), by_browser(page, path)) == ("INVALID", "INVALID")


def test_an_entry_that_is_no_roll_up_vouches_for_no_file(rolled, page):
    path = rolled(SIZE + 1)
    assert (by_python(path), by_browser(page, path)) == ("INVALID", "INVALID")


@pytest.mark.parametrize("name", ["media/film.mp4", "media/cut.mp4"])
@pytest.mark.parametrize(
    "change", [lambda raw: bytes([raw[0] ^ 1]) + raw[1:], lambda raw: raw[:-1], lambda raw: raw + b"x"]
)
def test_one_byte_of_a_file_is_told(filmed, page, name, change):
    """T25: changed, cut off, added."""
    path = changed(filmed, name, change)
    assert (by_python(path), by_browser(page, path)) == ("INVALID", "INVALID")


def test_nothing_is_exported_that_is_not_there_or_not_signed(falsified, tmp_path):
    for seqs in ([], [SIZE + 5]):
        with pytest.raises(BundleError):
            proofs(falsified, tmp_path / "bundle.zip", seqs)


def test_the_page_has_no_way_out(page):
    """No network: whatever the page asks for is refused by its own policy."""
    assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'out', () => 'refused')") == "refused"
    text = (STANDALONE / "verify.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "http://" not in text.replace("http-equiv", "")
