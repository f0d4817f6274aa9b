"""Answers to challenges, against the worked examples of the RFCs."""

import pytest

from mingjian.media.rtsp_address import Credentials
from mingjian.media.rtsp_auth import Authenticator, strongest_challenge
from mingjian.media.rtsp_error import RtspError

MUFASA = Credentials("Mufasa", "Circle of Life")
RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


def rfc_client(credentials: Credentials) -> Authenticator:
    return Authenticator(credentials=credentials, client_nonce=lambda: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_with_quality_is_that_of_rfc_7616(algorithm: str, response: str) -> None:
    client = rfc_client(MUFASA)

    assert client.meet([RFC_7616.format(algorithm)])
    header = client.header(method="GET", url="/dir/index.html")

    assert header is not None
    assert f'response="{response}"' in header
    assert "qop=auth, nc=00000001" in header
    assert f"algorithm={algorithm}" in header
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in header


def test_digest_without_quality_is_that_of_rfc_2069() -> None:
    """The erratum of RFC 2069 §2.4 gives this answer."""
    client = Authenticator(credentials=Credentials("Mufasa", "CircleOfLife"))
    client.meet(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'])

    header = client.header(method="GET", url="/dir/index.html")

    assert header is not None
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in header
    assert "cnonce" not in header and "algorithm" not in header


def test_basic_is_that_of_rfc_7617() -> None:
    client = Authenticator(credentials=Credentials("Aladdin", "open sesame"))

    assert client.header(method="DESCRIBE", url="rtsp://h/") is None
    client.meet(['Basic realm="WallyWorld"'])

    assert client.header(method="DESCRIBE", url="rtsp://h/") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_strongest_challenge_is_chosen() -> None:
    values = ['Basic realm="a"', 'Digest realm="b", nonce="1"', 'Digest realm="c", nonce="2", algorithm=SHA-256']

    chosen = strongest_challenge(values)
    joined = strongest_challenge([", ".join(values[:2])])

    assert chosen is not None and (chosen.realm, chosen.algorithm) == ("c", "sha256")
    assert joined is not None and (joined.realm, joined.algorithm) == ("b", "md5")


def test_the_same_refusal_twice_ends_it_but_a_stale_nonce_does_not() -> None:
    client = Authenticator(credentials=MUFASA)

    assert client.meet(['Digest realm="r", nonce="1"'])
    assert client.meet(['Digest realm="r", nonce="2", stale=TRUE'])
    assert not client.meet(['Digest realm="r", nonce="3"'])


@pytest.mark.parametrize(
    ("credentials", "values", "reason"),
    [
        (None, ['Digest realm="r", nonce="1"'], "no_credentials"),
        (MUFASA, [], "unknown_scheme"),
        (MUFASA, ["Negotiate"], "unknown_scheme"),
        (MUFASA, ['Digest realm="r", nonce="1", algorithm=SHA-512-256'], "unknown_scheme"),
        (MUFASA, ['Digest realm="r", nonce="1", qop="auth-int"'], "unknown_scheme"),
        (MUFASA, ['Digest realm="r"'], "unknown_scheme"),
    ],
)
def test_challenge_is_refused_with_its_reason(credentials: Credentials | None, values: list[str], reason: str) -> None:
    with pytest.raises(RtspError) as caught:
        Authenticator(credentials=credentials).meet(values)

    assert (caught.value.code, caught.value.facts["reason"]) == ("media.unauthorized", reason)


def test_quotes_in_names_stay_inside_their_quotes() -> None:
    client = Authenticator(credentials=Credentials('a"b\\', "p"))
    client.meet([r'Digest realm="say \"hi\"", nonce="n"'])

    header = client.header(method="PLAY", url="rtsp://h/")

    assert header is not None
    assert r'username="a\"b\\"' in header and r'realm="say \"hi\""' in header
