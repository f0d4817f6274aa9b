"""The matrix as a page: every cell with its rule, in both languages."""

import pytest
from django.test import Client

from mingjian.regulation.matrix import ROWS
from mingjian.regulation.roles import COLUMNS


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_shows_every_cell_with_its_rule(signed_in: Client, language: str) -> None:
    signed_in.cookies["mingjian_language"] = language

    page = signed_in.get("/matrix/").content.decode()

    assert page.count("<td data-label=") == len(ROWS) * len(COLUMNS)
    for row in ROWS.values():
        assert (row.name_en if language == "en" else row.name_zh) in page
        for cell in row.cells.values():
            assert f"/articles/#{cell.rule.id}" in page


def test_articles_page_leads_to_the_matrix(signed_in: Client) -> None:
    assert 'href="/matrix/"' in signed_in.get("/articles/").content.decode()
