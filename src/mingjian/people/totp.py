"""Codes that change every thirty seconds (RFC 6238), as any authenticator app shows them. Pure but for the draw."""

import pyotp
import segno

ISSUER = "明鉴 Mingjian"
STEP_S = 30
# A clock may be one step off, either way (RFC 6238, 5.2).
_DRIFT = (0, -1, 1)


def new_secret() -> str:
    """Return a secret of 160 bits in Base32, as it may be typed in."""
    return pyotp.random_base32()


def step_of(code: str, *, secret: str, at_s: int, after: int) -> int | None:
    """Return the time step that the code belongs to, None when it is wrong or its step is not later than `after`.

    `at_s` is Unix time. A step is good for one use: who read a code over a shoulder comes too late with it.
    """
    typed = code.replace(" ", "")
    totp = pyotp.TOTP(secret, interval=STEP_S)
    for drift in _DRIFT:
        step = at_s // STEP_S + drift
        if step > after and pyotp.utils.strings_equal(typed, totp.generate_otp(step)):
            return step
    return None


def address(*, secret: str, username: str) -> str:
    """Return the otpauth address that an app takes."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=username, issuer_name=ISSUER)


def picture(text: str) -> str:
    """Return a QR code (ISO/IEC 18004) as an SVG element."""
    return segno.make(text, error="m").svg_inline(scale=4, border=4, light="#ffffff", dark="#000000", omitsize=False)
