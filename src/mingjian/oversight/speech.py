"""Two languages side by side in the catalogue, one in front of the reader."""

from django.utils import translation


def spoken(zh: str, en: str) -> str:
    """Return the words in the reader's language."""
    return en if (translation.get_language() or "").startswith("en") else zh
