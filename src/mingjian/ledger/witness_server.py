"""The witness's door: HTTP with one address to write to, bounded in bytes and time. TLS is a matter of a proxy."""

import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mingjian.ledger.asking import MAX_BYTES
from mingjian.ledger.witness import TEXT, Answer, Witness

_TIMEOUT_S = 10
_log = logging.getLogger(__name__)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness; `shutdown` ends it."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], *, witness: Witness) -> None:
        self.witness = witness
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mingjian-witness"
    sys_version = ""
    timeout = _TIMEOUT_S
    server: WitnessServer

    def do_POST(self) -> None:
        if self.path != "/add-checkpoint":
            return self._answer(Answer(404, TEXT, b"not here\n"))
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_BYTES:
            self.close_connection = True
            return self._answer(Answer(413, TEXT, b"too long\n"))
        return self._answer(self.server.witness.add_checkpoint(self.rfile.read(int(length))))

    def do_GET(self) -> None:
        is_here = self.path in ("/", "/healthz")
        self._answer(Answer(200, TEXT, b"a witness\n") if is_here else Answer(404, TEXT, b"not here\n"))

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        _log.info("asked", extra={"peer": self.client_address[0], "line": format % args})
