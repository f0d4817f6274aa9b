"""Whether the kernel believes its wall clock to be disciplined by NTP (adjtimex(2))."""

import ctypes

_TIMEX_BYTES = 208  # struct timex of 64-bit Linux; `modes` = 0 only reads
_STATUS_OFFSET = 40
_STA_UNSYNC = 0x0040
_TIME_ERROR = 5


def is_synchronised() -> bool:
    """Say whether the kernel's clock is synchronised now; an unanswered question counts as no."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    state = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    status = int.from_bytes(timex.raw[_STATUS_OFFSET : _STATUS_OFFSET + 4], "little")
    return state not in (-1, _TIME_ERROR) and not status & _STA_UNSYNC
