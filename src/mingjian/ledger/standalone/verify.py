#!/usr/bin/env python3
"""Verify a bundle of the Mingjian ledger: one file, Python 3.8 or newer, nothing else, no network.

核对明鉴操作日志的导出包：只需本文件和 Python 3.8 以上版本，不需要网络和其他软件。

    python3 verify.py bundle.zip [--log-key KEY] [--witness-key KEY] [--anchor FILE]

Written apart from the product's own verifier on purpose: two that agree are worth more than one. Exit codes:
0 WITNESSED, 10 ANCHORED, 11 UNANCHORED, 20 DIVERGED, 21 INVALID. Without keys given, those in the bundle are used: then
compare the fingerprints printed with those you were given by another way.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import time
import zipfile

CODES = {"WITNESSED": 0, "ANCHORED": 10, "UNANCHORED": 11, "DIVERGED": 20, "INVALID": 21}
MEANING = {
    "WITNESSED": "完整，且有外部见证方联署。 Sound, and cosigned by a witness.",
    "ANCHORED": "完整，且与他处留存的检查点一致。 Sound, and agrees with a checkpoint kept elsewhere.",
    "UNANCHORED": "前后一致，但只有出具方自己作证。 Sound, but only the issuer says so.",
    "DIVERGED": "与先前签名的检查点矛盾：历史被改写或丢失。 Contradicts what was signed before: history was rewritten or lost.",
    "INVALID": "校验不通过：内容被改动、缺失或不是本系统的。 Broken: changed, missing, or not this system's.",
}
FORMATS = ("mingjian-ledger-bundle/1", "mingjian-ledger-bundle/2")
ROLLED_UP = "recordings.rolled_up"
MAX_SIZE = 2**53 - 1
ORIGIN = re.compile(r"mingjian/([0-9a-f-]{36})/([1-9][0-9]{0,8})")
NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
LINE = re.compile("\u2014 ([^\\s+]+) ([0-9A-Za-z+/=]+)")
HEX32 = re.compile(r"[0-9a-f]{64}")


class Bad(Exception):
    """The bundle is INVALID, and why."""


# Ed25519, RFC 8032 -------------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def _times(n, point):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = _add(total, point)
        point = _add(point, point)
        n >>= 1
    return total


_BASE = _point(bytes([88]) + bytes([102]) * 31)


def is_signed(key, message, signature):
    """Say whether the Ed25519 signature is good."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = _times(s, _BASE), _add(r, _times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Trees, RFC 9162 ---------------------------------------------------------------------------------------------------


def leaf_hash(body):
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree that keeps its right edge."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, leaf):
        size, node = self.size, leaf
        while size & 1:
            node, size = node_hash(self.peaks.pop(), node), size >> 1
        self.peaks.append(node)
        self.size += 1

    def root(self):
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            node = node_hash(peak, node)
        return node


def is_included(leaf, index, size, proof, root):
    """Check an inclusion proof (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, node = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = node_hash(step, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


# Notes, C2SP signed-note, tlog-checkpoint, tlog-cosignature ----------------------------------------------------------


def key_hash(name, kind, key):
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


class Note:
    """A checkpoint with its signatures, taken apart and checked."""

    def __init__(self, text, log_keys, witness_keys):
        if not isinstance(text, str) or len(text) > 65536 or any(c < " " and c != "\n" for c in text):
            raise Bad("note: text")
        self.text, separator, lines = text.rpartition("\n\n")
        self.text += "\n"
        fields = self.text.split("\n")
        if not separator or not lines.endswith("\n") or len(fields) < 4 or not NUMBER.fullmatch(fields[1]):
            raise Bad("note: form")
        origin = ORIGIN.fullmatch(fields[0])
        self.root, self.size, self.origin = unbase64(fields[2], 32), int(fields[1]), fields[0]
        if origin is None or self.size > MAX_SIZE:
            raise Bad("note: origin or size")
        self.deployment, self.shard = origin.group(1), int(origin.group(2))
        self.is_ours, self.witnesses = False, set()
        for line in lines[:-1].split("\n"):
            found = LINE.fullmatch(line)
            if found is None:
                raise Bad("note: signature line")
            self._take(found.group(1), unbase64(found.group(2), None), log_keys, witness_keys)
        if not self.is_ours:
            raise Bad("note: not signed by the log's key")

    def _take(self, name, blob, log_keys, witness_keys):
        for key in log_keys:
            if name == self.origin and blob[:4] == key_hash(name, b"\x01", key):
                if not is_signed(key, self.text.encode(), blob[4:]):
                    raise Bad("note: the log's signature is wrong")
                self.is_ours = True
        for known, key in witness_keys:
            if name == known and blob[:4] == key_hash(name, b"\x04", key):
                at = int.from_bytes(blob[4:12], "big")
                if not is_signed(key, ("cosignature/v1\ntime %d\n" % at + self.text).encode(), blob[12:]):
                    raise Bad("note: a witness's signature is wrong")
                self.witnesses.add(name)


def unbase64(text, length):
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        raise Bad("not base64") from None
    if base64.b64encode(raw).decode() != text or (length is not None and len(raw) != length):
        raise Bad("not base64 of the right length")
    return raw


def unhex(text):
    if not isinstance(text, str) or not HEX32.fullmatch(text):
        raise Bad("not a hash")
    return bytes.fromhex(text)


def parse_key(text, kind):
    """Return (name, key) of a verifier key "name+hash+base64"."""
    name, _, rest = text.strip().partition("+")
    told, _, encoded = rest.partition("+")
    raw = unbase64(encoded, 33)
    if raw[:1] != kind or key_hash(name, kind, raw[1:]).hex() != told:
        raise Bad("not a key: " + text[:80])
    return name, raw[1:]


# Bundles -----------------------------------------------------------------------------------------------------------


class Bundle:
    """The parts of a bundle by name, each once."""

    def __init__(self, path):
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile):
            raise Bad("not a bundle") from None
        names = self.zip.namelist()
        if len(set(names)) != len(names):
            raise Bad("a name stands in the bundle twice")

    def read(self, name):
        try:
            return self.zip.read(name)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            raise Bad("missing or damaged: " + str(name)[:100]) from None

    def open(self, name):
        try:
            return self.zip.open(name)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            raise Bad("missing or damaged: " + str(name)[:100]) from None


class Verdict:
    """What was found."""

    def __init__(self):
        self.outcome, self.findings, self.facts = "", [], []


def verify(path, log_keys=(), witness_keys=(), anchors=()):
    """Return the Verdict over a bundle. Keys are verifier keys as text; anchors are notes as text."""
    found = Verdict()
    try:
        _verify(Bundle(path), log_keys, witness_keys, anchors, found)
    except Bad as bad:
        found.outcome = "INVALID"
        found.findings.append(str(bad))
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeError, zipfile.BadZipFile) as bad:
        found.outcome = "INVALID"
        found.findings.append("not a bundle: " + type(bad).__name__)
    return found


def _verify(bundle, log_keys, witness_keys, anchors, found):
    told = json.loads(bundle.read("bundle.json").decode("utf-8"))
    if told["format"] not in FORMATS:
        raise Bad("another format: " + str(told["format"])[:60])
    keys = [parse_key(key, b"\x01")[1] for key in log_keys] or [unbase64(key, 32) for key in told["log_keys"]]
    seers = [parse_key(key, b"\x04") for key in (witness_keys or told["witness_keys"])]
    found.facts.append(("deployment", str(told["deployment"])))
    for key in keys:
        found.facts.append(("log key SHA-256", hashlib.sha256(key).hexdigest()))
    for name, key in seers:
        found.facts.append(("witness " + name, hashlib.sha256(key).hexdigest()))
    kept = [Note(text, keys, seers) for text in anchors]
    entries = {}
    newest = None
    for shard in sorted(told["shards"], key=lambda one: one["shard"]):
        newest = _check_shard(bundle, told, shard, keys, seers, kept, entries, found)
    if newest is None:
        raise Bad("no ledger in it")
    _check_media(bundle, told, entries, found)
    _judge(told, newest, kept, found)


def _judge(told, newest, kept, found):
    if found.findings:
        found.outcome = "DIVERGED" if all(text.startswith("diverged") for text in found.findings) else "INVALID"
    elif len(newest["witnesses"]) >= max(1, int(told["quorum"])):
        found.outcome = "WITNESSED"
    else:
        found.outcome = "ANCHORED" if kept or newest["witnesses"] else "UNANCHORED"
    found.facts.append(("leaves", str(newest["size"])))
    found.facts.append(("witnesses", ", ".join(sorted(newest["witnesses"])) or "-"))


def _check_shard(bundle, told, shard, keys, seers, kept, entries, found):
    number = shard["shard"]
    marks = []
    for text in shard["kept"]:
        note = Note(text, keys, seers)
        if (note.deployment, note.shard) != (told["deployment"], number):
            raise Bad("a checkpoint of another ledger")
        marks.append(note)
    for note in kept:
        if note.deployment != told["deployment"]:
            raise Bad("the anchor is of another ledger")
    marks += [note for note in kept if note.shard == number]
    if told["kind"] == "whole":
        size = _check_whole(bundle, told, shard, keys, marks, entries, found)
    elif told["kind"] == "proofs":
        size = _check_proofs(bundle, told, shard, keys, seers, marks, entries, found)
    else:
        raise Bad("another kind of bundle")
    by_head = {}
    for note in marks:
        by_head.setdefault((note.size, note.root), set()).update(note.witnesses)
    best = max((head for head in by_head if by_head[head]), default=None)
    return {"size": size, "witnesses": set() if best is None else by_head[best]}


def _lines(bundle, number):
    with bundle.open("entries-%d.jsonl" % number) as file:
        for line in file:
            yield json.loads(line.decode("utf-8"))


def _check_whole(bundle, told, shard, keys, marks, entries, found):
    number, stored = shard["shard"], {}
    for row in shard["checkpoints"]:
        try:
            note = Note(row["note"], keys, [])
        except Bad:
            found.findings.append("checkpoint forged: size %d" % row["size"])
            continue
        if (note.deployment, note.shard, note.size, note.root) != (
            told["deployment"],
            number,
            row["size"],
            unhex(row["root"]),
        ):
            found.findings.append("checkpoint forged: size %d" % row["size"])
            continue
        stored[note.size] = note.root
    wanted = set(stored) | {note.size for note in marks}
    tree, roots, expected = Tree(), {0: Tree().root()}, 0
    for entry in _lines(bundle, number):
        seq, leaf, body = entry["seq"], unhex(entry["leaf"]), unbase64(entry["body"], None)
        if seq != expected:
            found.findings.append("row %s: %d" % ("missing" if seq > expected else "repeated", min(seq, expected)))
        expected = max(expected, seq + 1)
        _check_entry(number, seq, body, leaf, entries, found)
        tree.add(leaf)
        if tree.size in wanted:
            roots[tree.size] = tree.root()
    for size in sorted(stored):
        if size > tree.size:
            found.findings.append("tail missing: from %d" % tree.size)
            break
        if roots[size] != stored[size]:
            found.findings.append("root differs: size %d" % size)
            break
    for note in marks:
        if roots.get(note.size) != note.root:
            found.findings.append("diverged: size %d" % note.size)
    return tree.size


def _check_proofs(bundle, told, shard, keys, seers, marks, entries, found):
    head = Note(shard["head"], keys, seers)
    if (head.deployment, head.shard) != (told["deployment"], shard["shard"]):
        raise Bad("a checkpoint of another ledger")
    for note in marks:
        if note.size == head.size and note.root != head.root:
            found.findings.append("diverged: size %d" % note.size)
    marks.append(head)
    for entry in _lines(bundle, shard["shard"]):
        leaf, body = unhex(entry["leaf"]), unbase64(entry["body"], None)
        _check_entry(shard["shard"], entry["seq"], body, leaf, entries, found)
        if not is_included(leaf, entry["seq"], head.size, [unhex(step) for step in entry["proof"]], head.root):
            found.findings.append("not proved: %d" % entry["seq"])
    return head.size


def _check_entry(number, seq, body, leaf, entries, found):
    placed = body.rpartition(b',"writer":')[0]
    if leaf_hash(body) != leaf:
        found.findings.append("leaf differs: %d" % seq)
    elif not placed.endswith(b',"seq":%d,"shard":%d' % (seq, number)):
        found.findings.append("row misplaced: %d" % seq)
    else:
        entries[number, seq] = body


def _check_media(bundle, told, entries, found):
    """Hold every file against the hash that an entry of this bundle names, itself or by the root of a roll-up."""
    for item in told["media"]:
        name = str(item["name"])
        body = entries.get((item["shard"], item["seq"]))
        if body is None:
            raise Bad("no entry stands behind " + name[:100])
        entry = json.loads(body.decode("utf-8"))["entry"]
        facts = entry["facts"]
        with bundle.open(name) as file:
            if "fragments" in item:
                root = _root_of(file, item["fragments"])
                if "rolled" in item:
                    is_named = _is_rolled_up(item, root, entry, found)
                else:
                    is_named = str(item["recording"]) + " " + root in facts["roots"]
            else:
                digest = hashlib.sha256()
                for part in iter(lambda: file.read(1 << 20), b""):
                    digest.update(part)
                is_named = digest.hexdigest() == facts["sha256"]
        if not is_named:
            raise Bad("changed: " + name[:100])


def _is_rolled_up(item, root, entry, found):
    """Follow a file's root to the root that a roll-up's entry names, and tell what the entry vouches for."""
    rolled, facts = item["rolled"], entry["facts"]
    raw = rolled["line"].encode("utf-8")
    line = json.loads(rolled["line"])
    proof = [unhex(step) for step in rolled["proof"]]
    if entry["kind"] != ROLLED_UP or (line["recording"], line["root"]) != (item["recording"], root):
        return False
    if rolled["size"] != facts["files"]:
        return False
    if not is_included(leaf_hash(raw), rolled["index"], rolled["size"], proof, unhex(facts["root"])):
        return False
    told = "camera %s, %s to %s, closed %s" % (
        line["camera"],
        instant(line["start_90k"]),
        instant(line["end_90k"]),
        instant(line["closed_at_90k"]),
    )
    if line["closed_at_90k"] < facts["start_90k"]:
        told += ", late"
    if line["salvaged"]:
        told += ", salvaged"
    found.facts.append((str(item["name"]), told))
    found.facts.append(
        ("rolled up in entry %d" % item["seq"], "%s to %s" % (instant(facts["start_90k"]), instant(facts["end_90k"])))
    )
    return True


def instant(ticks):
    """Return ticks of 90 kHz since 1970 UTC as people write them."""
    if not isinstance(ticks, int) or not 0 <= ticks <= MAX_SIZE:
        raise Bad("not an instant")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ticks // 90000))


def _root_of(file, lengths):
    tree = Tree()
    for length in lengths:
        part = file.read(length)
        if len(part) != length:
            raise Bad("a file is too short")
        tree.add(leaf_hash(hashlib.sha256(part).digest()))
    if file.read(1):
        raise Bad("a file is too long")
    return tree.root().hex()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("--log-key", action="append", default=[], help="日志公钥 the log's key, got by another way")
    parser.add_argument("--witness-key", action="append", default=[], help="见证方公钥 a witness's key")
    parser.add_argument("--anchor", action="append", default=[], help="他处留存的检查点 a checkpoint kept elsewhere")
    given = parser.parse_args()
    anchors = []
    for path in given.anchor:
        with open(path, encoding="utf-8") as file:
            anchors.append(file.read())
    found = verify(given.bundle, given.log_key, given.witness_key, anchors)
    print(found.outcome, " ", MEANING[found.outcome])
    for name, value in found.facts:
        print("  %s: %s" % (name, value))
    if not given.log_key:
        print("  公钥取自导出包本身：请与另行取得的指纹核对。 Keys are the bundle's own: compare the fingerprints.")
    for text in found.findings[:50]:
        print("  -", text)
    return CODES[found.outcome]


if __name__ == "__main__":
    sys.exit(main())
