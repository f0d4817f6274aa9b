"""A thread below all others: the processor and the disk serve it when nobody else asks for them."""

import ctypes
import logging
import os
import platform
import threading

_logger = logging.getLogger(__name__)

_libc = ctypes.CDLL(None, use_errno=True)
# ioprio_set(2) has no wrapper in the C library; its number differs from machine to machine.
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30, "riscv64": 30, "loongarch64": 30}
_WHO_PROCESS, _THIS_THREAD = 1, 0
_CLASS_IDLE = 3 << 13
_LEAST_NICE = 19


def enter() -> None:
    """Put the calling thread there. What the kernel refuses is logged: the pace is bounded anyhow."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LEAST_NICE)
    number = _IOPRIO_SET.get(platform.machine())
    if number is None or _libc.syscall(number, _WHO_PROCESS, _THIS_THREAD, _CLASS_IDLE) != 0:
        _logger.warning("disk priority not lowered", extra={"machine": platform.machine()})
