"""An article as people cite it."""

from django import template
from django.utils import translation

from mingjian.regulation.articles import provision_of

register = template.Library()


@register.filter
def citation(article: str) -> str:
    """Return the place of a rule in the text, in the reader's language."""
    provision = provision_of(article)
    is_english = (translation.get_language() or "").startswith("en")
    return provision.citation_en if is_english else provision.citation_zh
