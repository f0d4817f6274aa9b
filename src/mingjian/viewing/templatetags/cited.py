"""An article as people cite it."""

from django import template
from django.utils import translation

from mingjian.regulation.articles import provision_of
from mingjian.regulation.decision import Reason

register = template.Library()


@register.filter
def citation(article: str) -> str:
    """Return the place of a rule in the text, in the reader's language."""
    provision = provision_of(article)
    is_english = (translation.get_language() or "").startswith("en")
    return provision.citation_en if is_english else provision.citation_zh


@register.filter
def told(reason: Reason) -> str:
    """Return what a rule says to a case, with its article, in the reader's language."""
    is_english = (translation.get_language() or "").startswith("en")
    return reason.cited_en if is_english else reason.cited_zh
