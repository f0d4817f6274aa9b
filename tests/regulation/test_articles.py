"""The catalogue is whole: every rule of the text, both languages, words of our own, and figures with their source."""

import re
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import pytest

from mingjian.regulation import articles
from mingjian.regulation.articles import (
    ARTICLES,
    CATALOGUE,
    CHAPTERS,
    LAWS,
    NATIONAL,
    PROVISIONS,
    RULES,
    Source,
    Unit,
    family,
    provision_of,
)
from mingjian.regulation.laws import titles
from mingjian.regulation.terms import Provision

# Every article, paragraph and numbered item of the text that holds a rule of its own; letters part an item's rules.
ALL_IDS = """
A01 A02 A03.s1 A03.s2 A04.p1 A04.p2 A04.p3 A04.p4 A04.p5s1 A04.p5s2 A04.p5s3 A05 A06
A07.1.1 A07.1.2 A07.1.3a A07.1.3b A07.1.4 A07.2.0 A07.2.1 A07.2.2 A07.2.3 A07.3.1 A07.3.2 A08.a A08.b A08.c A08.d
A09 A10.a A10.b A11.a A11.b A11.c A11.d A12.a A12.b A12.c A12.d A12.e A12.f A12.g A13.a A13.b A13.c A13.d
A14.a A14.b A14.c A14.d A14.e A15.0 A15.1.1a A15.1.1b A15.1.2a A15.1.2b A15.1.3a A15.1.3b A15.1.3c A15.1.4a A15.1.4b
A15.1.5 A15.2.1a A15.2.1b A15.2.2a A15.2.2b A15.2.3a A15.2.3b A15.2.3c
A16.1 A16.2 A16.3 A17.1 A17.2 A17.3 A18.1 A18.2 A18.3 A18.4a A18.4b A19.1 A19.2 A19.3
A20.0 A20.1 A20.2 A20.3 A20.4 A20.5 A20.6 A20.7
A21.a A21.b A22.a A22.b A22.c A22.d A22.e A23
""".split()

# The text itself is not part of the product. What it says twelve signs at a time (punctuation left out) is kept as the
# first six bytes of the SHA-256 of each such stretch, sorted: enough to notice its words, too little to read them.
ECHO_SIGNS = 12
FINGERPRINT_BYTES = 6
FINGERPRINTS = (Path(__file__).parent / "text_fingerprints.bin").read_bytes()


def test_the_catalogue_holds_every_rule_of_the_text_in_its_order():
    assert len(ALL_IDS) == 99
    assert list(RULES) == ALL_IDS


def test_every_constant_is_in_the_catalogue_under_its_own_name():
    constants = {name: value for name, value in vars(articles).items() if isinstance(value, articles.Rule)}
    assert {rule.id for rule in constants.values()} == set(CATALOGUE)
    for name, rule in constants.items():
        assert name == rule.id.replace(".", "_").upper()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_belongs_to_its_provision(rule):
    assert rule.id.startswith(rule.provision.id)
    assert PROVISIONS[rule.provision.id] == rule.provision


# What binds us of national law: the decree's articles for whoever runs cameras, four laws on data and secrets, the
# floor of key targets, and the periods within which a matter can be pursued.
NATIONAL_IDS = """
D799.08 D799.13 D799.14 D799.15 D799.16.2 D799.16.3 D799.17 D799.17b D799.20 D799.21 D799.22 D799.23
PIPL.26 PIPL.47 NDR.12 CSL.23.3 SSL.31.3 CTL.32
PSAPL.25 APL.36 CRL.87 CRL.88 CIV.188 CIV.191 LDM.27 STU.60 RTA.37 ERL.85
""".split()


def test_national_rules_stand_in_the_same_catalogue_under_their_own_ids():
    assert list(NATIONAL) == NATIONAL_IDS
    assert list(CATALOGUE) == ALL_IDS + NATIONAL_IDS
    for rule in NATIONAL.values():
        law = LAWS[rule.id.partition(".")[0]]
        assert rule.provision.law == law
        assert rule.provision.citation_zh.startswith(law.title_zh)
        assert rule.provision.citation_en.startswith(law.title_en)


def test_a_national_place_is_cited_with_the_title_of_its_law():
    law = LAWS["CTL"]
    cited = titles.place("CTL.32", zh="第三十二条", en="Article 32")
    assert cited == Provision("CTL.32", f"{law.title_zh}第三十二条", f"{law.title_en} Article 32", law)


def test_a_figure_of_a_national_text_tells_that_it_is_one_and_where_it_stands():
    cited = titles.place("CTL.32", zh="第三十二条", en="Article 32")
    told = titles.figure("longer", 90, Unit.DAY, at=cited, zh="期限", en="time")
    assert (told.name, told.value, told.unit, told.source) == ("longer", 90, Unit.DAY, Source.NATIONAL_LAW)
    assert (told.label_zh, told.label_en) == ("期限", "time")
    assert (told.basis_zh, told.basis_en) == (cited.citation_zh, cited.citation_en)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_a_rule_speaks_both_languages(rule):
    assert re.search(r"[\u4e00-\u9fff]", rule.summary_zh)
    assert rule.summary_zh.endswith("。")
    assert rule.summary_en.isascii()
    assert rule.summary_en.endswith(".")
    assert "  " not in rule.summary_en


def test_summaries_tell_the_rules_apart():
    assert len({rule.summary_zh for rule in CATALOGUE.values()}) == len(CATALOGUE)
    assert len({rule.summary_en for rule in CATALOGUE.values()}) == len(CATALOGUE)


def test_what_we_say_is_in_our_own_words():
    starts = range(0, len(FINGERPRINTS), FINGERPRINT_BYTES)
    known = {FINGERPRINTS[start : start + FINGERPRINT_BYTES] for start in starts}
    told = [rule.summary_zh for rule in CATALOGUE.values()] + [article.heading_zh for article in ARTICLES]
    assert len(known) > 3000
    assert [echo for words in map(signs, told) for echo in stretches(words) if fingerprint(echo) in known] == []


def stretches(words: str) -> list[str]:
    return [words[start : start + ECHO_SIGNS] for start in range(len(words) - ECHO_SIGNS + 1)]


def fingerprint(stretch: str) -> bytes:
    return sha256(stretch.encode()).digest()[:FINGERPRINT_BYTES]


def signs(text: str) -> str:
    """Leave out spaces and punctuation, so that a comma does not make a sentence ours."""
    return "".join(sign for sign in text if sign.isalnum())


def test_the_23_articles_stand_in_six_chapters_and_each_holds_a_rule():
    assert [article.id for article in ARTICLES] == [f"A{number:02}" for number in range(1, 24)]
    chapters = [chapter for chapter, _ in groupby(article.chapter for article in ARTICLES)]
    assert chapters == list(CHAPTERS)
    assert all(family(article.id) for article in ARTICLES)


def test_figures_are_those_of_the_text():
    of_the_text = [number for number in figures() if number.source is Source.REGULATION]
    assert {number.name: (number.value, number.is_principle) for number in of_the_text} == {
        "tier_2_bodies": (3, False),
        "campuses": (4, False),
        "operation": (24, False),
        "retention_floor": (30, False),
        "key_location_retention_floor": (90, False),
        "viewers_at_once": (3, True),
    }


def test_a_figure_of_national_law_names_title_and_article_and_no_other_does():
    for number in figures():
        is_national = number.source is Source.NATIONAL_LAW
        assert bool(re.search(r"《.+》第.+条", number.basis_zh)) is is_national
        assert bool(re.search(r"Article \d+", number.basis_en)) is is_national


def test_every_figure_has_its_own_name_and_says_what_it_is():
    names = [number.name for number in figures()]
    assert len(names) == len(set(names))
    assert all(number.value > 0 and number.label_zh and number.label_en.isascii() for number in figures())


def test_rules_with_exceptions_name_who_may_except_them():
    excepted = {rule.id: rule.principle.source for rule in RULES.values() if rule.principle}
    assert excepted == {
        "A04.p5s1": Source.OUR_DEFAULT,
        "A11.c": Source.REGULATION,
        "A15.1.4b": Source.OUR_DEFAULT,
        "A15.2.3b": Source.OUR_DEFAULT,
    }


def figures() -> list[articles.Number]:
    return [number for rule in CATALOGUE.values() for number in rule.numbers]


@pytest.mark.parametrize(
    ("cited", "zh", "en"),
    [
        ("A15.1.2a", "第十五条（一）查阅程序与纪律第2项", "Article 15 (1) item 2"),
        ("A15.1.2", "第十五条（一）查阅程序与纪律第2项", "Article 15 (1) item 2"),
        ("A15.2.3c", "第十五条（二）调取程序与纪律第3项", "Article 15 (2) item 3"),
        ("A07.2.0", "第七条（二）", "Article 7 (2)"),
        ("A07.2.3", "第七条（二）第3项", "Article 7 (2) item 3"),
        ("A04.p5s1", "第四条第五款", "Article 4 paragraph 5"),
        ("A10.b", "第十条", "Article 10"),
        ("A20.7", "第二十条（七）", "Article 20 (7)"),
        ("A23", "第二十三条", "Article 23"),
    ],
)
def test_a_rule_and_its_family_are_cited_as_people_do(cited, zh, en):
    assert (provision_of(cited).citation_zh, provision_of(cited).citation_en) == (zh, en)


def test_no_two_places_are_cited_alike():
    assert len({provision.citation_zh for provision in PROVISIONS.values()}) == len(PROVISIONS)
    assert len({provision.citation_en for provision in PROVISIONS.values()}) == len(PROVISIONS)


def test_a_foreign_id_is_refused():
    with pytest.raises(KeyError):
        provision_of("A99")


@pytest.mark.parametrize(
    ("cited", "covered"),
    [
        ("A13", ["A13.a", "A13.b", "A13.c", "A13.d"]),
        ("A15.1.2", ["A15.1.2a", "A15.1.2b"]),
        ("A15.1.2a", ["A15.1.2a"]),
        ("A04.p5", ["A04.p5s1", "A04.p5s2", "A04.p5s3"]),
        ("A23", ["A23"]),
        ("A99", []),
        ("A1", []),
        ("A15.", []),
        ("A15.1.22", []),
        ("A", []),
        ("C", []),
        ("CSL", ["CSL.23.3"]),
        ("D799.16", ["D799.16.2", "D799.16.3"]),
        ("", []),
    ],
)
def test_a_citation_covers_its_rules_in_order(cited, covered):
    assert [rule.id for rule in family(cited)] == covered


@pytest.mark.parametrize(
    ("rule_id", "cited", "covered"),
    [
        ("A23", "A23", True),
        ("A15.1.2a", "A15.1.2", True),
        ("A15.1.2a", "A15.1", True),
        ("A15.1.2a", "A15.1.2b", False),
        ("A15.1.2", "A15.1.2a", False),
        ("A15.1.2a", "", False),
        ("A15.1.22", "A15.1.2", False),
    ],
)
def test_a_rule_is_covered_by_itself_and_by_what_it_stands_in(rule_id, cited, covered):
    assert articles.is_covered(rule_id, by=cited) is covered
