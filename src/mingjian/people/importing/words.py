"""The words of faults in both languages."""

from collections.abc import Mapping

from django.utils.translation import get_language

from mingjian.people.importing.kinds import Column, Fault

_WORDS: Mapping[str, tuple[str, str]] = {
    "unknown_column": ("没有这一列。可用的列：{known}。", "There is no such column. Known are: {known}."),
    "column_twice": ("这一列出现了两次。请删去一列。", "The column stands there twice. Remove one."),
    "missing_column": ("缺少这一列。需要的列：{known}。", "The column is missing. Wanted are: {known}."),
    "no_rows": ("标题行下面没有内容。", "There is nothing below the heading."),
    "too_many_cells": (
        "这一行的格子比标题多（标题 {most} 个）。姓名等含逗号的，请加引号。",
        "The row has more cells than the heading ({most}). Put quotes around a value that has a comma.",
    ),
    "missing": ("没有填写。", "It is empty."),
    "too_long": ("太长，至多 {longest} 个字符。", "It is too long; {longest} characters at most."),
    "formula": (
        "以 = + - @ 或制表符开头，表格软件会当作公式执行。请改为普通文字。",
        "It begins with = + - @ or a tab, which a spreadsheet would work out. Write plain text.",
    ),
    "invisible": ("含有看不见的控制字符。请重新输入。", "There is a character in it that nobody sees. Type it again."),
    "twice": ("与第 {first} 行重复。请删去一行。", "It repeats row {first}. Remove one of them."),
    "no_username": (
        "用户名只用字母、数字和 . _ @ -，以字母或数字开头。",
        "A user name has letters, digits and . _ @ - and begins with a letter or a digit.",
    ),
    "no_name": (
        "名称中有不该有的符号。只用文字、数字、空格和常用标点。",
        "There are signs in it that no name has. Use letters, digits, spaces and common punctuation.",
    ),
    "no_code": (
        "代码只用小写字母、数字和连字符，例如 physics-lab。",
        "A code has small letters, digits and hyphens, like physics-lab.",
    ),
    "account_closed": (
        "这个账号已经停用，导入不会重新开立。请由平台系统管理员核对。",
        "That account is closed, and an import opens none again. Ask the system administrator.",
    ),
    "differs_in_case": (
        "已有只差大小写的用户名“{known}”。请核对。",
        "There is the user name {known!r}, which differs in case only. Check it.",
    ),
    "other_name": (
        "这个用户名已属于“{known}”，姓名不同。导入不更改已有的账号。",
        "That user name belongs to {known!r}, another name. An import changes no account that stands.",
    ),
    "body_unknown": ("没有这个机构。请填写代码或全称。", "There is no such body. Write its code or its full name."),
    "campus_unknown": ("没有校区“{campus}”。已有的是：{known}。", "There is no campus {campus!r}. Known are: {known}."),
    "circle": ("上下级成了一个圈：{circle}。", "The units form a circle: {circle}."),
    "parent_of_tier_1": (
        "三级管理机构的上级应是二级管理机构或另一个三级管理机构。",
        "A unit of tier 3 stands below a tier-2 body or another unit.",
    ),
    "no_unit": (
        "这个代码属于一级或二级管理机构，不能由导入更改。",
        "That code is a body's of tier 1 or 2, which no import changes.",
    ),
    "stands_otherwise": (
        "这个单位已有，此项为“{known}”。导入不更改已有的单位。",
        "The unit stands already, and this is {known!r}. An import changes no unit that stands.",
    ),
    "person_unknown": ("没有可用的这个账号。请先建立账号。", "There is no such account in use. Open it first."),
    "post_unknown": ("没有这个职务。可用的是：{known}。", "There is no such post. Known are: {known}."),
    "post_not_at_tier": ("机构“{body}”没有这个职务。", "Body {body!r} has no such post."),
    "no_date": ("不是日期。请写成 2026-09-01。", "It is no date. Write it like 2026-09-01."),
    "in_the_past": (
        "开始日期已经过去，不能补写过去的任命。请留空或改为今后。",
        "That day is past, and no appointment is written afterwards. Leave it empty or take a later day.",
    ),
    "term_empty": (
        "结束日期不晚于开始。请核对。",
        "The term would end before it begins. Check the days.",
    ),
    "overlaps": (
        "此人已有这一任命，任期重叠。请先解除原任命或调整任期。",
        "They hold that post already and the terms overlap. End the one that stands, or change the term.",
    ),
    "overlaps_row": (
        "与第 {first} 行是同一任命，任期重叠。",
        "It is the same appointment as row {first}, and the terms overlap.",
    ),
    "powers_apart": (
        "与“{known}”互斥：平台系统、安全、审计管理员和纪检监察人员互相分设，也不兼任其他职务。",
        "It excludes {known!r}: administrators of the platform and inspectors exclude each other and every other post.",
    ),
    "in_the_future": (
        "离校日期还没有到。到了那天再列入。",
        "That day has not come yet. List them on the day.",
    ),
    "opened_later": (
        "这个账号在离校日期之后才开立或重新开立，没有停用。请核对是否同一人。",
        "The account was opened, or opened again, after that day; it was not closed. Is it the same person?",
    ),
    "other_person": (
        "这个用户名属于“{known}”，姓名不同，没有停用。请核对。",
        "That user name belongs to {known!r}, another name; the account was not closed. Check it.",
    ),
    "refused": ("{zh}", "{en}"),
}


def is_english() -> bool:
    """Say whether the reader's language is English."""
    return (get_language() or "").startswith("en")


def column_name(column: Column) -> str:
    """Return what a heading may say for the column, in the reader's language."""
    return column.code if is_english() else column.zh


def told(fault: Fault) -> tuple[str, str]:
    """Return in Chinese and English what is wrong and what to write instead."""
    zh, en = _WORDS[fault.code]
    return zh.format(**fault.facts), en.format(**fault.facts)
