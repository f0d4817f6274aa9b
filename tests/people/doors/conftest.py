"""Servers of sign-in that nobody here wrote, each in a process of its own on a free port of the loopback."""

import datetime
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mingjian.people import oidc

PATIENCE_S = 60.0
CAMPUS_PASSWORD = "campus horse battery"
SERVICE_DN, SERVICE_PASSWORD = "cn=service,dc=campus,dc=test", "service horse battery"


@dataclass
class CampusBrowser:
    """A browser at the university's own pages: follows them, and stops at the first address that is not theirs."""

    opener: Any = field(init=False)
    left_for: str = ""

    def __post_init__(self) -> None:
        browser = self

        class Stop(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
                if urllib.parse.urlsplit(newurl).netloc != req.host:
                    browser.left_for = newurl
                    return None
                return super().redirect_request(req, fp, code, msg, headers, newurl)

        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()), Stop
        )

    def open(self, url: str, form: dict[str, str] | None = None) -> str:
        """Return the page, empty where it leads away."""
        body = None if form is None else urllib.parse.urlencode(form).encode()
        asked = urllib.request.Request(url, data=body, headers={"Referer": url})  # noqa: S310 - of the loopback
        try:
            with self.opener.open(asked, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            if error.code in (301, 302, 303, 307) and self.left_for:
                return ""
            raise

    def sign_in_at_cas(self, url: str, *, username: str, password: str = CAMPUS_PASSWORD) -> str:
        """Fill the CAS's form in; return where it sends the browser."""
        inputs = re.findall(r"<input[^>]*>", self.open(url))
        form = {}
        for written in inputs:
            name, value = (re.search(rf'{word}="([^"]*)"', written) for word in ("name", "value"))
            if name is not None and 'type="checkbox"' not in written:
                form[unescape(name[1])] = "" if value is None else unescape(value[1])
        self.open(url, form | {"username": username, "password": password})
        return self.left_for

    def sign_in_at_provider(self, url: str, *, subject: str) -> str:
        """Fill the OpenID provider's form in; return where it sends the browser."""
        self.open(url, {"sub": subject})
        return self.left_for


@pytest.fixture
def campus_browser() -> CampusBrowser:
    return CampusBrowser()


@pytest.fixture(scope="session")
def cas_url() -> Iterator[str]:
    """A CAS with the accounts zhang, nobody-here and "li" (of whom we know none by that name)."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="mj-cas-") as folder:
        accounts = [f"{name}:{CAMPUS_PASSWORD}" for name in ("zhang", "nobody-here", "li")]
        command = [sys.executable, "-W", "ignore", str(Path(__file__).parent / "cas_process.py"), str(port), folder]
        with _running([*command, *accounts], port):
            yield f"http://127.0.0.1:{port}/cas"


@pytest.fixture(scope="session")
def oidc_issuer() -> Iterator[str]:
    """An OpenID provider for whoever asks; its users say of themselves what `describe` has told it."""
    port = _free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    with _running(command, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def describe(oidc_issuer: str) -> Callable[..., None]:
    """Tell the provider what to say of a subject: describe("1001", preferred_username="zhang")."""

    def tell(subject: str, **claims: object) -> None:
        port = urllib.parse.urlsplit(oidc_issuer).port or 0
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        line.request("PUT", f"/users/{subject}", body=json.dumps(claims), headers={"Content-Type": "application/json"})
        assert line.getresponse().status in (200, 201, 204)
        line.close()

    return tell


@pytest.fixture
def free_port() -> int:
    """A TCP port that was free a moment ago."""
    return _free_port()


@pytest.fixture(autouse=True)
def fresh_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's provider said of itself is not remembered in the next."""
    monkeypatch.setattr(oidc, "_known", {})


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the campus."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"

    def certify(self, name: str, *, days: int = 30) -> tuple[Path, Path]:
        """Return certificate and key of a server at `localhost`; negative `days`: it ended so many days ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.UTC)
        issued = (
            x509.CertificateBuilder()
            .subject_name(_name("localhost"))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        certificate, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(issued.public_bytes(serialization.Encoding.PEM))
        secret.write_bytes(_pem(key))
        return certificate, secret


@pytest.fixture(scope="session")
def authority() -> Iterator[Authority]:
    with tempfile.TemporaryDirectory(prefix="mj-ca-") as folder:
        yield _authority(Path(folder))


def _authority(folder: Path) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name("Campus authority"))
        .issuer_name(_name("Campus authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=90))
        .not_valid_after(now + datetime.timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, certificate)


@dataclass(frozen=True)
class Directory:
    """A running slapd: `plain_port` with StartTLS, `tls_port` with TLS at once."""

    plain_port: int
    tls_port: int


@pytest.fixture
def saying() -> Callable[..., Any]:
    """A small server that says one thing: `with saying(body, status=200, tls=(certificate, key)) as url`."""
    return _saying


@contextmanager
def _saying(
    body: bytes,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    tls: tuple[Path, Path] | None = None,
) -> Iterator[str]:
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def get_request(self) -> tuple[socket.socket, Any]:
            accepted, address = super().get_request()
            if context is None:
                return accepted, address
            # The handshake comes with the first read, in the thread that closes the socket whatever becomes of it.
            return context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *about: object) -> None:
            """A client that hangs up over a certificate is what some tests want."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            port = server.server_address[1]
            yield f"http://127.0.0.1:{port}" if tls is None else f"https://localhost:{port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def running_directory(authority: Authority) -> Iterator[Directory]:
    """Debian's slapd with zhang, an entry of two names, and one whose name means something in a filter."""
    with _slapd(authority, *authority.certify("directory")) as running:
        yield running


@pytest.fixture(scope="session")
def expired_directory(authority: Authority) -> Iterator[Directory]:
    """The same with a certificate that ended three days ago."""
    with _slapd(authority, *authority.certify("expired", days=-3)) as running:
        yield running


@pytest.fixture
def service_secret(tmp_path: Path) -> Path:
    """The file with the directory's service password, for the owner alone."""
    path = tmp_path / "ldap.secret"
    path.write_text(SERVICE_PASSWORD)
    path.chmod(0o600)
    return path


ENTRIES = f"""\
dn: dc=campus,dc=test
objectClass: dcObject
objectClass: organization
o: Campus
dc: campus

dn: {SERVICE_DN}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: service
userPassword: {SERVICE_PASSWORD}

dn: uid=zhang,dc=campus,dc=test
objectClass: inetOrgPerson
uid: zhang
cn: Zhang
sn: Zhang
userPassword: {CAMPUS_PASSWORD}

dn: uid=nobody-here,dc=campus,dc=test
objectClass: inetOrgPerson
uid: nobody-here
cn: Nobody
sn: Nobody
userPassword: {CAMPUS_PASSWORD}

dn: cn=Twin A,dc=campus,dc=test
objectClass: inetOrgPerson
uid: twin
cn: Twin A
sn: A
userPassword: {CAMPUS_PASSWORD}

dn: cn=Twin B,dc=campus,dc=test
objectClass: inetOrgPerson
uid: twin
cn: Twin B
sn: B
userPassword: {CAMPUS_PASSWORD}
"""


class _slapd:
    def __init__(self, authority: Authority, certificate: Path, key: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mj-ldap-"))
        (self._folder / "data").mkdir()
        settings = [
            "include /etc/ldap/schema/core.schema",
            "include /etc/ldap/schema/cosine.schema",
            "include /etc/ldap/schema/inetorgperson.schema",
            "modulepath /usr/lib/ldap",
            "moduleload back_mdb",
            f"pidfile {self._folder}/slapd.pid",
            f"TLSCACertificateFile {authority.file}",
            f"TLSCertificateFile {certificate}",
            f"TLSCertificateKeyFile {key}",
            # No word in the clear, and nobody reads without the service's account.
            "security simple_bind=112",
            "database mdb",
            'suffix "dc=campus,dc=test"',
            f"directory {self._folder}/data",
            "access to attrs=userPassword by anonymous auth by * none",
            f'access to * by dn.exact="{SERVICE_DN}" read by * none',
        ]
        (self._folder / "slapd.conf").write_text("\n".join(settings) + "\n")
        (self._folder / "entries.ldif").write_text(ENTRIES)

    def __enter__(self) -> Directory:
        configured = ["-f", str(self._folder / "slapd.conf")]
        subprocess.run(
            ["/usr/sbin/slapadd", *configured, "-l", str(self._folder / "entries.ldif")],
            check=True,
            capture_output=True,
        )
        ports = _free_port(), _free_port()
        urls = f"ldap://127.0.0.1:{ports[0]} ldaps://127.0.0.1:{ports[1]}"
        self._around = _running(["/usr/sbin/slapd", *configured, "-h", urls, "-d", "0"], ports[1])
        self._around.__enter__()
        return Directory(*ports)

    def __exit__(self, *raised: object) -> None:
        self._around.__exit__(*raised)
        shutil.rmtree(self._folder)


class _running:
    """A server's process, until the block ends."""

    def __init__(self, command: list[str], port: int) -> None:
        self._command, self._port = command, port

    def __enter__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINGJIAN_", "DJANGO_"))}
        self._process = subprocess.Popen(
            self._command, env=kept, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        deadline_s = time.monotonic() + PATIENCE_S
        while not _listens(self._port):
            if self._process.poll() is not None:
                assert self._process.stderr is not None
                raise AssertionError(self._process.stderr.read().decode())
            assert time.monotonic() < deadline_s, "the server does not come up"
            time.sleep(0.05)

    def __exit__(self, *raised: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)


def _free_port() -> int:
    """Return a TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
