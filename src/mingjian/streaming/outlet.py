"""The one place where media leave: checked against the right as it stands, written down, and only then sent."""

from mingjian.streaming import protocol
from mingjian.streaming.footage import Hole, Init, Piece
from mingjian.streaming.journal import Note
from mingjian.streaming.media_socket import MediaSocket
from mingjian.streaming.receipts import Receipts
from mingjian.streaming.served import Served, ServedRanges
from mingjian.streaming.standing import Standing


class Outlet:
    """Sends one viewer's media by one standing and under one receipt."""

    def __init__(self, *, socket: MediaSocket, standing: Standing, receipts: Receipts, note: Note) -> None:
        self._socket, self._standing = socket, standing
        self._receipts, self._note = receipts, note
        self._ranges = ServedRanges()
        self._init: bytes | None = None

    @property
    def served(self) -> Served:
        """What has been handed to the line so far."""
        return self._ranges.sum()

    async def begin(self, init: Init) -> None:
        """Send an initialization segment, unless the player has this one."""
        if init.data == self._init:
            return
        await self._standing.admit()
        self._init = init.data
        self._ranges.add_bytes(len(init.data))
        self._keep()
        words = protocol.init(codec=init.codec_string, width=init.width, height=init.height)
        await self._socket.say(words)
        await self._standing.admit()
        await self._socket.send(init.data)

    def forget_init(self) -> None:
        """Send the next initialization segment in any case."""
        self._init = None

    async def piece(self, piece: Piece) -> None:
        """Send a piece. Raises Stopped when none may leave any more."""
        grant = await self._standing.admit()
        if piece.first_pts_90k < grant.start_90k or piece.last_pts_90k >= grant.end_90k:
            raise AssertionError(f"a piece outside the window was about to leave, receipt {self._note.receipt_id}")
        end_90k = min(piece.end_90k, grant.end_90k)
        self._ranges.add(start_90k=piece.first_pts_90k, end_90k=end_90k, size_bytes=len(piece.data))
        self._standing.note(start_90k=piece.first_pts_90k, end_90k=end_90k, size_bytes=len(piece.data))
        self._keep()
        await self._socket.send(piece.data)

    async def hole(self, hole: Hole) -> None:
        """Tell that nothing was recorded there."""
        await self._socket.say(protocol.hole(start_90k=hole.start_90k, end_90k=hole.end_90k, cause=hole.cause))

    def _keep(self) -> None:
        self._receipts.keep(self._note, self._ranges.sum())
