"""The table of behaviours as people read it: `docs/hostile-cameras.md` is what this returns."""

from evil import datagrams, jpeg, stream, talk
from evil.behaviour import Behaviour
from evil.quirks import QUIRKS

_OPENING = """# 怪异与恶意的摄像机 · Hostile and broken cameras

摄像机由别人制造，固件有错，也可能被人控制。下表每一行都由 `tests/cameras/evil` 中的一台假摄像机做出来，再由
`tests/recorder/test_hostile_cameras.py` 用真正的录像进程检验：说得出毛病（“记为”一栏，`mingjian status` 可见），旁边的
摄像机一帧不少，内存有界，摄像机恢复后自行恢复录像；每个毛病十秒之内说出。“照录”表示毛病不影响录像；其后的代码是一分钟内可见的提示。

Each row is played by a camera in `tests/cameras/evil` and tried against real workers by
`tests/recorder/test_hostile_cameras.py`: its trouble is named within ten seconds (column "told as", seen in
`mingjian status`), a good camera on the same worker loses no picture, memory stays bounded, and it is recorded again
by itself once it behaves.
"recorded" means that the trouble does not keep it from being recorded; a code behind it is a note kept for a minute.

This file is written by `tests/cameras/evil_camera.py --table` and compared by a test.
"""


def table() -> str:
    """Return the whole paper."""
    parts = [
        _OPENING,
        _section("对话 · In the dialogue", talk.BEHAVIOURS),
        _section("码流 · In the stream", stream.BEHAVIOURS),
        _section("UDP · Over UDP", datagrams.BEHAVIOURS),
        _section("Motion JPEG", jpeg.BEHAVIOURS),
        _quirks(),
    ]
    return "\n".join(parts)


def _section(title: str, behaviours: dict[str, Behaviour]) -> str:
    rows = [f"| `{name}` | {behaviour.does} | {_told(behaviour)} |" for name, behaviour in behaviours.items()]
    return "\n".join(
        [f"## {title}（{len(rows)}）", "", "| 名称 · Name | It … | 记为 · Told as |", "|---|---|---|", *rows, ""]
    )


def _quirks() -> str:
    rows = [
        f"| {quirk.zh} · {quirk.does} | `tests/{quirk.test}` | {f'`{quirk.row}`' if quirk.row else ''} |"
        for quirk in QUIRKS
    ]
    head = [f"## 厂商固件的毛病 · Quirks that public sources tell of vendors（{len(rows)}）", ""]
    return "\n".join([*head, "| 毛病 · Quirk | 测试 · Test | 上表 · Row |", "|---|---|---|", *rows, ""])


def _told(behaviour: Behaviour) -> str:
    if behaviour.code:
        return f"`{behaviour.code}`"
    return f"照录 · recorded, `{behaviour.flaw}`" if behaviour.flaw else "照录 · recorded"
