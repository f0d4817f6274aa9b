"""The base of every error: a stable code and the facts; words are looked up at the edge."""


class MingjianError(Exception):
    """Something went wrong. `code` is stable ("recordings.volume_missing"), `facts` name what and where.

    Facts are plain values fit for a log line; never a credential, a token or a URL with user info.
    """

    def __init__(self, code: str, **facts: str | int | float | bool | None) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)

    def __str__(self) -> str:
        named = " ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} {named}".rstrip()
