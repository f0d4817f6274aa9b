"""Django settings of every control-plane process, read from the environment that the supervisor sets.

Importing this module touches nothing but the environment and two small files; a missing secret shows when it is used.
"""

import os
from pathlib import Path

from mingjian.host import secrets
from mingjian.host.database import SCOPE_SETTING
from mingjian.host.home import Home
from mingjian.host.kept_settings import DEMO_FLOOR_HOURS
from mingjian.people import doors

HOME = Home.from_environ()


def _secret(path: Path) -> str:
    return secrets.read(path) if path.is_file() else ""


def _listed(setting: str, default: str) -> list[str]:
    return [item.strip() for item in (os.environ.get(setting) or default).split(",") if item.strip()]


DEBUG = False
SECRET_KEY = _secret(HOME.secrets / "django.key")
ALLOWED_HOSTS = _listed("MINGJIAN_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "mingjian.people",
    "mingjian.registry",
    "mingjian.viewing",
    "mingjian.duty",
    "mingjian.oversight",
    "mingjian.console",
]

MIDDLEWARE = [
    "mingjian.console.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mingjian.people.scope.ScopeOfRequest",
    "mingjian.console.problems.NamedErrors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mingjian.console.preferences.Language",
    "mingjian.console.body_bounds.BoundedBodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

ROOT_URLCONF = "mingjian.console.urls"
ASGI_APPLICATION = "mingjian.console.asgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "mingjian.console.shell.shell",
            ],
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# A pool only where many short requests share few connections; every other process keeps one plain connection.
_POOL_SIZE = int(os.environ.get("MINGJIAN_PG_POOL_SIZE") or "0")

# Row-level security: a process without a person says so here; what this one does not say, its requests must.
_SCOPE = os.environ.get(SCOPE_SETTING) or ""
_OPTIONS: dict[str, object] = {"options": f"-c mingjian.scope={_SCOPE}"} if _SCOPE else {}
if _POOL_SIZE:
    _OPTIONS["pool"] = {"min_size": 1, "max_size": _POOL_SIZE, "timeout": 5}

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("MINGJIAN_PG_HOST", ""),
        "PORT": os.environ.get("MINGJIAN_PG_PORT", ""),
        "NAME": os.environ.get("MINGJIAN_PG_NAME") or "mingjian",
        "USER": os.environ.get("MINGJIAN_PG_USER") or "mingjian_web",
        "PASSWORD": _secret(Path(os.environ.get("MINGJIAN_PG_PASSWORD_FILE") or os.devnull)),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _OPTIONS,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGIN_URL = "/sign-in/"
# Doors of sign-in beside the local password (people/doors.py); a word that is not set keeps its door away.
SIGN_IN_DOORS = {name: os.environ.get(name, "") for name in doors.SETTINGS}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# The media port is the same host: the browser sends this cookie there too, and a grant is bound to its hash.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "mingjian_session"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# "demanded": certain acts ask everybody for a second factor. "enrolled": only those who have one, as in a demo.
SECOND_FACTOR = os.environ.get("MINGJIAN_SECOND_FACTOR") or (
    "enrolled" if os.environ.get(DEMO_FLOOR_HOURS) else "demanded"
)
# What was just done is told on the next page, whatever the page; it never leaves the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_NAME = "mingjian_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mingjian.console.problems.stale_form"
_IS_TLS = os.environ.get("MINGJIAN_TLS") == "1"
SESSION_COOKIE_SECURE = _IS_TLS
CSRF_COOKIE_SECURE = _IS_TLS

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME.root / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mingjian.console.staticfiles.HtmxFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mingjian.console.staticfiles.HashedStaticFiles"},
}
WHITENOISE_MAX_AGE = 60

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Logs belong to the process (host.logs), not to the framework.
LOGGING_CONFIG = None
