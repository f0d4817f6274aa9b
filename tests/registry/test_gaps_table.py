"""The table of gaps as a page shows it: with a stretch, or with chosen gaps alone."""

from django.template.loader import render_to_string


def test_no_gap_is_said_in_words_where_there_is_no_stretch_to_list() -> None:
    assert "没有缺失" in render_to_string("registry/_gaps.html", {"gaps": (), "stretch": None})
