"""The streaming process: uvicorn on the media port, with our socket protocol."""

import uvicorn

from mingjian.host.front_door import BoundedHttp
from mingjian.host.home import Home
from mingjian.streaming import app, protocol
from mingjian.streaming.connection import MediaProtocol

BACKLOG = 512
FAREWELL_S = 5


def config(home: Home) -> uvicorn.Config:
    """Return how this home's media port is served."""
    return uvicorn.Config(
        app.create_app(home),
        host=home.bind,
        port=home.media_port,
        http=BoundedHttp,
        ws=MediaProtocol,
        # Coded pictures do not shrink, and a compressor would hold memory per viewer.
        ws_per_message_deflate=False,
        ws_max_size=protocol.MESSAGE_BYTES_MAX,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=FAREWELL_S,
    )


def main(home: Home) -> None:
    """Serve until SIGTERM or SIGINT; open receipts are closed on the way out."""
    uvicorn.Server(config(home)).run()
