"""What a name, a user name and a code of an imported table may be made of. Pure.

A name is made of what names are made of: what else there is in it, SQL or HTML, says that it is none.
"""

import re
import unicodedata

from mingjian.people import texts

_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OF_NAMES = frozenset(" ·•.'’-()（）、，,/&—《》“”〔〕")


def is_username(text: str) -> bool:
    """Say whether the text may be a user name: letters, digits and . _ @ - behind the first."""
    return _USERNAME.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """Say whether the text may be the code of a body."""
    return _CODE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Say whether the text may be the name of a person or a unit, in whatever script."""
    return not texts.has_invisible(text) and all(
        character in _OF_NAMES or unicodedata.category(character)[0] in "LM" or character.isdecimal()
        for character in text
    )
