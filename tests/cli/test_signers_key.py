"""The ledger's key lies with its signer; a home founded before that hands it over at its next start, and keeps it."""

from mingjian.cli import founding
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose


def test_an_older_homes_key_is_handed_to_the_signer_and_stays_the_same(home):
    founding.found(home)
    before = signing.load_signer(home, purpose=KeyPurpose.LEDGER)
    (path,) = home.signer.glob("ledger-*.key")
    path.rename(home.secrets / path.name)
    founding.found(home)
    after = signing.load_signer(home, purpose=KeyPurpose.LEDGER)
    assert (after.kid, list(home.secrets.glob("ledger-*"))) == (before.kid, [])
    assert len(signing.load_verifier(home, purpose=KeyPurpose.LEDGER).keys) == 1
