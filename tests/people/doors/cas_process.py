"""A CAS server nobody here wrote (django-cas-server), in a process of its own: PORT, a folder, NAME:PASSWORD ….

Only this file names the package, and nothing of the product imports this file.
"""

import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

port, folder, *accounts = sys.argv[1:]
settings.configure(
    SECRET_KEY="of a test",
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/cas.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "cas_server",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.locale.LocaleMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    STATIC_URL="/static/",
    USE_TZ=True,
)
django.setup()
urlpatterns = [path("cas/", include("cas_server.urls", namespace="cas_server"))]


class Server(ThreadingMixIn, WSGIServer):
    """Answers several at once."""

    daemon_threads = True


def main() -> None:
    """Enter the accounts and one service, then answer."""
    from cas_server.models import ReplaceAttributName, ServicePattern
    from django.contrib.auth.models import User
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    for account in accounts:
        name, _, password = account.partition(":")
        User.objects.create_user(name, password=password, email=f"{name}@mail.test")
    ours = ServicePattern.objects.create(pos=1, name="ours", pattern=r"^http://(testserver|127\.0\.0\.1:\d+)/.*$")
    ReplaceAttributName.objects.create(name="email", replace="mail", service_pattern=ours)
    ServicePattern.objects.create(pos=2, name="another", pattern=r"^http://another\.test/.*$")
    with make_server("127.0.0.1", int(port), get_wsgi_application(), server_class=Server) as server:
        print("ready", flush=True)
        server.serve_forever()


main()
