"""A browser in two words, from what it says of itself: enough to tell one's own machines apart, proof of nothing."""

# The first that matches counts: most browsers also name those they resemble.
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
SHOWN_CHARACTERS = 40


def words_of(user_agent: str) -> str:
    """Return browser and system; if neither is known, what was said, shortened."""
    found = [next((word for mark, word in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or user_agent[:SHOWN_CHARACTERS]
