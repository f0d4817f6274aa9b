"""The places in the text: 6 chapters, 23 articles, and every paragraph and item that a rule stands in."""

from collections.abc import Mapping

from mingjian.regulation.terms import Article, Provision

CHAPTERS: Mapping[int, tuple[str, str]] = {
    1: ("第一章　总则", "Chapter 1: General"),
    2: ("第二章　管理职责", "Chapter 2: Bodies and duties"),
    3: ("第三章　建设运行", "Chapter 3: Building and running"),
    4: ("第四章　数据管理", "Chapter 4: Footage"),
    5: ("第五章　责任追究", "Chapter 5: Accountability"),
    6: ("第六章　附则", "Chapter 6: Closing provisions"),
}

ARTICLES = (
    Article("A01", 1, "目的和依据", "Purpose and basis"),
    Article("A02", 1, "管理原则", "Principles"),
    Article("A03", 1, "适用范围", "Scope"),
    Article("A04", 1, "校建与自建", "School-built and unit-built systems"),
    Article("A05", 1, "什么是监控系统", "What a system is"),
    Article("A06", 1, "什么是监控数据", "What footage is"),
    Article("A07", 2, "三级管理机构", "The three tiers"),
    Article("A08", 2, "安全责任人、管理员、操作员", "Responsible persons, managers, operators"),
    Article("A09", 3, "经费", "Who pays"),
    Article("A10", 3, "技术标准与开放", "Standards and openness"),
    Article("A11", 3, "点位与传输", "Points and transmission"),
    Article("A12", 3, "自建系统的申报与管控", "Declaring and controlling unit-built systems"),
    Article("A13", 3, "不间断运行与保存期", "Operation and retention"),
    Article("A14", 4, "用途与保密", "Purpose and secrecy"),
    Article("A15", 4, "查阅与调取", "Viewing and retrieval"),
    Article("A16", 5, "安全责任人的职责", "Duties of responsible persons"),
    Article("A17", 5, "管理员的职责", "Duties of managers"),
    Article("A18", 5, "操作员的职责", "Duties of operators"),
    Article("A19", 5, "查阅人、调取人的义务", "Duties of viewers and recipients"),
    Article("A20", 5, "追责情形", "What is answered for"),
    Article("A21", 6, "专用系统", "Special systems"),
    Article("A22", 6, "科研系统", "Research systems"),
    Article("A23", 6, "施行与解释", "Entry into force and interpretation"),
)

_NUMERALS = "〇一二三四五六七八九"
_VIEWING = "查阅程序与纪律"
_RETRIEVAL = "调取程序与纪律"


def _numeral(number: int) -> str:
    """Return 1 to 29 as the text writes it: 三, 十, 十五, 二十, 二十三."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return lead + (_NUMERALS[ones] if ones else "")


def _article(number: int) -> Provision:
    return Provision(f"A{number:02}", f"第{_numeral(number)}条", f"Article {number}")


def _paragraph(number: int, paragraph: int) -> Provision:
    whole = _article(number)
    return Provision(
        f"{whole.id}.p{paragraph}",
        f"{whole.citation_zh}第{_numeral(paragraph)}款",
        f"{whole.citation_en} paragraph {paragraph}",
    )


def _section(number: int, section: int, title_zh: str = "") -> Provision:
    whole = _article(number)
    return Provision(
        f"{whole.id}.{section}",
        f"{whole.citation_zh}（{_numeral(section)}）{title_zh}",
        f"{whole.citation_en} ({section})",
    )


def _items(section: Provision, count: int) -> tuple[Provision, ...]:
    return tuple(
        Provision(f"{section.id}.{item}", f"{section.citation_zh}第{item}项", f"{section.citation_en} item {item}")
        for item in range(1, count + 1)
    )


def _sections(number: int, count: int) -> tuple[Provision, ...]:
    return tuple(_section(number, section) for section in range(1, count + 1))


def _with_items(section: Provision, count: int) -> tuple[Provision, ...]:
    return (section, *_items(section, count))


_PROVISIONS = (
    *(_article(number) for number in range(1, len(ARTICLES) + 1)),
    *(_paragraph(4, paragraph) for paragraph in range(1, 6)),
    *_with_items(_section(7, 1), 4),
    *_with_items(_section(7, 2), 3),
    *_with_items(_section(7, 3), 2),
    *_with_items(_section(15, 1, _VIEWING), 5),
    *_with_items(_section(15, 2, _RETRIEVAL), 3),
    *_sections(16, 3),
    *_sections(17, 3),
    *_sections(18, 4),
    *_sections(19, 3),
    *_sections(20, 7),
)

PROVISIONS: Mapping[str, Provision] = {provision.id: provision for provision in _PROVISIONS}
