"""Signing in by OpenID Connect: against oidc-provider-mock, and against a provider that lies in every field."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from mingjian.base.clock import SystemClock
from mingjian.people import begun, doors, oidc
from mingjian.people.doors import DoorError, Oidc
from mingjian.people.models import Person

Written = Callable[[], list[dict[str, Any]]]
CLOCK = SystemClock()


@pytest.fixture
def door(settings: Any, oidc_issuer: str, describe: Callable[..., None], tmp_path: Path) -> None:
    secret = tmp_path / "oidc.secret"
    secret.write_text("of-the-client")
    secret.chmod(0o600)
    settings.SIGN_IN_DOORS = {
        "MINGJIAN_OIDC_ISSUER": oidc_issuer,
        "MINGJIAN_OIDC_CLIENT_ID": "mingjian",
        "MINGJIAN_OIDC_SECRET_FILE": str(secret),
    }
    describe("1001", preferred_username="zhang")
    describe("1002", preferred_username="nobody-here")
    describe("1003")


def away(client: Client, browser: Any, *, subject: str = "1001", wanted: str = "/") -> str:
    left = client.get("/sign-in/oidc/", {"next": wanted})
    assert left.status_code == 302, left.content.decode()
    return str(browser.sign_in_at_provider(left["Location"], subject=subject))


@pytest.mark.usefixtures("door")
def test_oidc_signs_in_the_account_of_its_claim_and_tells_the_ledger_by_which_door(
    operator: Person, written: Written, campus_browser: Any
) -> None:
    client = Client()

    page = client.get(away(client, campus_browser, wanted="/sessions/"))

    assert page.status_code == 200, page.content.decode()
    assert 'content="0;url=/sessions/"' in page.content.decode()
    assert client.get("/sessions/").status_code == 200
    (act,) = [act for act in written() if "signed_in" in act["kind"]]
    assert (act["kind"], act["actor"]["id"]) == ("people.signed_in_by_oidc", str(operator.pk))


@pytest.mark.usefixtures("door")
def test_oidc_sends_state_nonce_and_a_challenge_and_no_secret(operator: Person) -> None:
    left = Client().get("/sign-in/oidc/", {"next": "/viewings/?secret=yes"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left["Location"]).query).items()}

    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == "http://testserver/sign-in/oidc/back/"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert "of-the-client" not in left["Location"]
    assert "viewings" not in left["Location"]


@pytest.mark.usefixtures("door")
def test_oidc_code_is_refused_when_it_is_used_again(operator: Person, campus_browser: Any) -> None:
    client = Client()
    back = away(client, campus_browser)
    carried = client.cookies[begun.COOKIE].value
    assert client.get(back).status_code == 200
    thief = Client()
    thief.cookies[begun.COOKIE] = carried

    again = thief.get(back)

    assert again.status_code == 403
    assert "people.door_ticket" in again.content.decode()


@pytest.mark.usefixtures("door")
def test_oidc_state_that_is_forged_or_another_browsers_is_refused(operator: Person, campus_browser: Any) -> None:
    client, victim = Client(), Client()
    back = away(client, campus_browser)

    assert victim.get(back).status_code == 403
    victim.get("/sign-in/oidc/")
    assert "people.door_stale" in victim.get(back).content.decode()
    client.cookies[begun.COOKIE] = client.cookies[begun.COOKIE].value + "x"
    assert client.get(back).status_code == 403
    assert client.get("/sessions/").status_code == 302


@pytest.mark.usefixtures("door")
def test_oidc_makes_no_account(operator: Person, campus_browser: Any) -> None:
    client = Client()
    page = client.get(away(client, campus_browser, subject="1002"))

    assert page.status_code == 403
    assert "people.door_no_account" in page.content.decode()
    assert not Person.objects.filter(username="nobody-here").exists()


@pytest.mark.usefixtures("door")
def test_oidc_subject_without_the_claim_is_nobody(operator: Person, campus_browser: Any) -> None:
    client = Client()
    page = client.get(away(client, campus_browser, subject="1003"))

    assert page.status_code == 502
    assert "people.door_answer" in page.content.decode()


@pytest.mark.usefixtures("door")
def test_oidc_refusal_over_there_is_told_and_its_words_are_not_repeated(operator: Person) -> None:
    client = Client()
    state = parse_qs(urlsplit(client.get("/sign-in/oidc/")["Location"]).query)["state"][0]

    page = client.get("/sign-in/oidc/back/", {"state": state, "error": "access_denied<b>"})

    assert page.status_code == 403
    assert "people.door_declined" in page.content.decode()
    assert "access_denied" not in page.content.decode().partition("<main")[2]


class Liar:
    """A provider on the loopback that says what a test wants it to say."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.foreign = RSAKey.generate_key(2048, {"kid": "one"})
        self.metadata: dict[str, Any] = {}
        self.token: Callable[[dict[str, Any]], str] = lambda claims: jwt.encode(
            {"alg": "RS256", "kid": "one"}, claims, self.key
        )
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.asked: dict[str, list[str]] = {}
        self.issuer = ""

    def answer(self, path: str) -> object:
        now_s = int(time.time())
        match path:
            case "/.well-known/openid-configuration":
                names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")
                told = {name: f"{self.issuer}/{name}" for name in names}
                return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **told, **self.metadata}
            case "/jwks":
                return KeySet([self.key]).as_dict(private=False)
            case "/token_endpoint":
                said = {
                    "iss": self.issuer,
                    "sub": "1001",
                    "aud": "mingjian",
                    "exp": now_s + 300,
                    "iat": now_s,
                    "nonce": "n",
                    "preferred_username": "zhang",
                } | self.claims
                token = self.token({name: value for name, value in said.items() if value is not None})
                return {"access_token": "opaque", "token_type": "Bearer", "id_token": token}
            case _:
                return self.userinfo


@pytest.fixture
def liar() -> Iterator[Liar]:
    told = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(told.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            told.asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.do_GET()

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def door_of(liar: Liar) -> Oidc:
    found = doors.read({"MINGJIAN_OIDC_ISSUER": liar.issuer, "MINGJIAN_OIDC_CLIENT_ID": "mingjian"}).oidc
    assert found is not None
    return found


def username_by(liar: Liar, *, issuer: str = "") -> str:
    left = oidc.Begun("s", "n", "v" * 64, "http://testserver/sign-in/oidc/back/")
    return oidc.username_of(door_of(liar), code="c", issuer=issuer, begun=left, clock=CLOCK)


def test_id_token_as_it_should_be_names_its_person_and_the_code_goes_with_its_verifier(liar: Liar) -> None:
    assert username_by(liar) == "zhang"
    assert (liar.asked["code_verifier"], liar.asked["client_id"]) == (["v" * 64], ["mingjian"])


def test_claim_that_the_id_token_leaves_out_is_asked_for(liar: Liar) -> None:
    liar.claims = {"preferred_username": None}
    liar.userinfo = {"sub": "1001", "preferred_username": "li"}
    assert username_by(liar) == "li"
    liar.userinfo = {"sub": "1002", "preferred_username": "li"}
    with pytest.raises(DoorError, match="subject"):
        username_by(liar)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.test"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["another", "others"]},
        {"aud": ["mingjian", "another"]},
        {"aud": ["mingjian", "another"], "azp": "another"},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 99_999_999_999},
        {"sub": None},
        {"preferred_username": ["zhang"]},
        {"preferred_username": ""},
    ],
)
def test_id_token_with_a_wrong_claim_is_refused(claims: dict[str, Any], liar: Liar) -> None:
    liar.claims = claims
    with pytest.raises(DoorError, match=r"people\.door_answer"):
        username_by(liar)


def _unsigned(claims: dict[str, Any]) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""])


def _with_shared_secret(claims: dict[str, Any], secret: bytes) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "HS256"}, claims))
    signed = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    mark = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


@pytest.mark.parametrize("forgery", ["none", "shared_secret", "foreign_key", "no_token", "rubbish"])
def test_id_token_that_is_not_signed_by_the_provider_is_refused(forgery: str, liar: Liar) -> None:
    match forgery:
        case "none":
            liar.token = _unsigned
        case "shared_secret":
            # The public key taken for a shared secret: the oldest forgery of all.
            public = liar.key.as_pem(private=False)
            liar.token = lambda claims: _with_shared_secret(claims, public)
        case "foreign_key":
            liar.token = lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, liar.foreign)
        case "no_token":
            liar.token = lambda claims: ""
        case _:
            liar.token = lambda claims: "a.b.c"
    with pytest.raises(DoorError, match=r"people\.door_answer"):
        username_by(liar)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "https://evil.test/token"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "file:///etc/passwd"},
        {"token_endpoint": None},
    ],
)
def test_provider_that_points_elsewhere_is_not_followed(metadata: dict[str, Any], liar: Liar) -> None:
    liar.metadata = metadata
    with pytest.raises(DoorError, match=r"people\.door_answer"):
        username_by(liar)


def test_answer_that_names_another_issuer_is_refused(liar: Liar) -> None:
    assert username_by(liar, issuer=liar.issuer) == "zhang"
    with pytest.raises(DoorError, match="issuer"):
        username_by(liar, issuer="https://evil.test")


def test_challenge_is_the_hash_of_the_verifier(liar: Liar) -> None:
    left = oidc.Begun("s", "n", "v" * 64, "http://testserver/")
    asked = parse_qs(urlsplit(oidc.sign_in_url(door_of(liar), begun=left, clock=CLOCK)).query)
    expected = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 64).digest()).rstrip(b"=").decode()
    assert asked["code_challenge"] == [expected]
