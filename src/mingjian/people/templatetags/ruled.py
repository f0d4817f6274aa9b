"""What a rule says to a case, as people read it."""

from django import template
from django.utils import translation

from mingjian.regulation.decision import Reason

register = template.Library()


@register.filter
def told(reason: Reason) -> str:
    """Return the sentence with its article, in the reader's language."""
    is_english = (translation.get_language() or "").startswith("en")
    return reason.cited_en if is_english else reason.cited_zh
