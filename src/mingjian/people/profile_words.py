"""The words of a profile's faults in both languages, with file, line and key in front."""

from collections.abc import Mapping

from mingjian.people.profile_check import Fault
from mingjian.people.profile_lines import line_of

_WORDS: Mapping[str, tuple[str, str]] = {
    "unknown_key": ("没有这个键。可用的有 {known}。", "There is no such key. Known are {known}."),
    "missing_key": ("缺少“{name}”。请补上。", "{name!r} is missing. Add it."),
    "wrong_type": ("类型不对，应为 {wanted}。", "The type is wrong; a {wanted} is wanted."),
    "wrong_appointment": (
        '任命应写成 {{ post = "…", body = "…" }}。',
        'An appointment is written {{ post = "…", body = "…" }}.',
    ),
    "empty": ("没有内容。请填写。", "It is empty. Fill it in."),
    "formula": (
        "以 = + - @ 或制表符开头，表格软件会当作公式执行。请改为普通文字。",
        "It begins with = + - @ or a tab, which a spreadsheet would work out. Write plain text.",
    ),
    "invisible": ("含有看不见的控制字符。请重新输入。", "There is a character in it that nobody sees. Type it again."),
    "too_long": ("太长，至多 {longest} 个字符。", "It is too long; {longest} characters at most."),
    "malformed_code": (
        "代码“{value}”不可用：小写字母、数字和连字符，至多 {longest} 个。",
        "{value!r} is no code: small letters, digits and hyphens, {longest} at most.",
    ),
    "twice": ("“{value}”出现了两次。请删去一处。", "{value!r} stands here twice. Remove one."),
    "one_tier_1": ("一级管理机构应当正好一个。", "There is exactly one body of tier 1."),
    "one_inspection": (
        "纪检监察机构应当正好一个（tier = 0）：对一级机构的投诉和疑问由它办理。",
        "There is exactly one discipline inspection (tier = 0): what concerns tier 1 goes to it.",
    ),
    "inspection_has_none": ("纪检监察机构不管校区，不写校区。", "Discipline inspection has no campuses; name none."),
    "first_office_at_tier_2": (
        "is_first_office 只写在兼为二级的那个机构上。",
        "is_first_office stands on the tier-2 body of the office that is tier 1 only.",
    ),
    "tier_unknown": (
        "没有第 {value} 级。请填 1、2 或 3；纪检监察机构填 0。",
        "There is no tier {value}. Enter 1, 2 or 3, or 0 for discipline inspection.",
    ),
    "campus_unknown": ("没有校区“{value}”。已有的是 {known}。", "There is no campus {value!r}. Known are {known}."),
    "campus_of_two": (
        "校区“{value}”已有二级管理机构，职权重叠。一个校区只归一个二级管理机构。",
        "Campus {value!r} has a tier-2 body already; powers overlap. A campus has one tier-2 body.",
    ),
    "campus_of_nobody": (
        "校区“{value}”没有二级管理机构。请让一个二级管理机构负责它。",
        "Campus {value!r} has no tier-2 body. Give it to one.",
    ),
    "tier_1_has_all": ("一级管理机构负责全校，不写校区。", "Tier 1 answers for all campuses; name none."),
    "tier_1_has_no_parent": (
        "一级管理机构和纪检监察机构没有上级。",
        "Tier 1 and discipline inspection have no parent.",
    ),
    "no_campus": ("机构“{value}”没有写明校区。", "Body {value!r} names no campus."),
    "parent_unknown": ("没有上级机构“{value}”。", "There is no body {value!r} above it."),
    "parent_below": (
        "“{value}”不能是它的上级：二级归一级，三级归二级或另一个三级。",
        "{value!r} cannot be its parent: tier 2 is under tier 1, tier 3 under tier 2 or another unit.",
    ),
    "cycle": ("上下级成了一个圈：{value}。", "The bodies form a circle: {value}."),
    "owner_is_no_unit": (
        "“{value}”不是三级管理机构，不能负责专用系统。",
        "{value!r} is no tier-3 unit, so it owns no special system.",
    ),
    "post_unknown": ("没有职务“{value}”。", "There is no post {value!r}."),
    "body_unknown": ("没有机构“{value}”。", "There is no body {value!r}."),
    "post_not_at_tier": ("机构“{body}”没有职务“{value}”。", "Body {body!r} has no post {value!r}."),
    "appointed_twice": (
        "同一任命（{value}@{body}）重叠两次。",
        "The same appointment ({value}@{body}) overlaps itself.",
    ),
    "powers_apart": (
        "“{value}”兼任了互斥的职务：平台系统、安全、审计管理员和纪检监察人员各自独立，也不兼任其他职务。",
        "{value!r} holds posts that exclude each other: each administrator and discipline inspection stand alone.",
    ),
    "policy_unknown": ("没有规定值“{value}”（见 mingjian policy）。", "There is no value {value!r} (mingjian policy)."),
    "policy_refused": ("{zh}", "{en}"),
}


def told(fault: Fault, *, path: str, lines: Mapping[str, int]) -> tuple[str, str]:
    """Return a fault in Chinese and English: FILE:LINE KEY: what is wrong and what to write."""
    zh, en = _WORDS[fault.code]
    place = f"{path}:{line_of(fault.key, lines=lines)} {fault.key}"
    return f"{place}：{zh.format(**fault.facts)}", f"{place}: {en.format(**fault.facts)}"
