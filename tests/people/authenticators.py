"""An authenticator without a browser: it makes a key for a site and signs what it is asked."""

import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from mingjian.people.passkeys import Question, Site

USER_PRESENT, WITH_CREDENTIAL = 0x01, 0x40


class Key:
    """An authenticator: one key for one site, signing what it is asked, counting as it is told."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.id = os.urandom(32)
        self._private = ec.generate_private_key(ec.SECP256R1())

    def _asked(self, question: Question, kind: str) -> CollectedClientData:
        challenge = json.loads(question.options)["challenge"]
        return CollectedClientData.create(type=kind, challenge=challenge, origin=self.site.origin)

    def _answer(self, **response: bytes) -> str:
        told = {name: websafe_encode(value) for name, value in response.items()}
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})

    def made(self, question: Question, *, counter: int = 0) -> str:
        """Answer the question for a new key."""
        public = AttestedCredentialData.create(
            Aaguid(bytes(16)), self.id, ES256.from_cryptography_key(self._private.public_key())
        )
        host = sha256(self.site.host.encode()).digest()
        data = AuthenticatorData.create(host, USER_PRESENT | WITH_CREDENTIAL, counter, public)
        return self._answer(
            clientDataJSON=self._asked(question, "webauthn.create"),
            attestationObject=AttestationObject.create("none", data, {}),
        )

    def used(self, question: Question, *, counter: int = 0) -> str:
        """Answer the question for a proof."""
        asked = self._asked(question, "webauthn.get")
        data = AuthenticatorData.create(sha256(self.site.host.encode()).digest(), USER_PRESENT, counter)
        signature = self._private.sign(data + asked.hash, ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=asked, authenticatorData=data, signature=signature)
