"""The way in for one viewer: the first message, the grant, the wish, the receipt; then it is shown, and written off."""

import asyncio
import logging
from contextlib import AsyncExitStack

from mingjian.base.errors import MingjianError
from mingjian.grants.claims import Grant
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.regulation import articles
from mingjian.streaming import protocol, refusals
from mingjian.streaming.admission import Visitor, refuse_wish
from mingjian.streaming.blackout import Phase
from mingjian.streaming.journal import Note
from mingjian.streaming.media_socket import CLOSE_ENDED, CLOSE_REFUSED, MediaSocket, PeerGone
from mingjian.streaming.offer import Offer, offer_for
from mingjian.streaming.plans import Shelf
from mingjian.streaming.protocol import EndReason, Mode, Open, Opened, ProtocolError, Refusal
from mingjian.streaming.receipts import Look, Opening
from mingjian.streaming.services import Refused, Services
from mingjian.streaming.showing import Showing
from mingjian.streaming.store import StoreError

_log = logging.getLogger(__name__)

FIRST_MESSAGE_S = 5.0

BLACKOUT = Refusal("streaming.blackout", (articles.A14_C.id,))


async def attend(socket: MediaSocket, *, visitor: Visitor, services: Services) -> None:
    """Serve one accepted socket to its end. Never raises for what the viewer or the line does."""
    try:
        with services.waiting.admit(socket.peer) as has_room:
            if not has_room:
                raise Refused(Refusal("streaming.viewers_bound"))
            wish = await _first_message(socket)
        grant = services.door.grant(wish.token, visitor=visitor)
        if isinstance(grant, Refusal):
            raise Refused(grant)
        services.watch.heard(grant)
        # Only who shows a grant takes a place: anybody can make up a cookie.
        with services.crowd.admit(visitor.session_hash) as has_room:
            if not has_room:
                raise Refused(Refusal("streaming.viewers_bound"))
            await _serve(socket, visitor=visitor, services=services, wish=wish, grant=grant)
        await socket.close(CLOSE_ENDED)
    except Refused as no:
        _log.info("refused", extra={"code": no.refusal.code, "peer": socket.peer})
        await socket.end(words=refusals.told(no.refusal), code=CLOSE_REFUSED)
    except PeerGone:
        return


async def _first_message(socket: MediaSocket) -> Open:
    try:
        async with asyncio.timeout(FIRST_MESSAGE_S):
            message = await socket.listen()
    except TimeoutError:
        raise Refused(Refusal("streaming.no_first_message")) from None
    except ProtocolError as error:
        raise Refused(Refusal(error.code)) from error
    if not isinstance(message, Open):
        raise Refused(Refusal("streaming.malformed_message"))
    return message


async def _serve(socket: MediaSocket, *, visitor: Visitor, services: Services, wish: Open, grant: Grant) -> None:
    refusal = refuse_wish(wish, grant)
    if refusal is not None:
        await _write_refusal(socket, services=services, wish=wish, grant=grant, refusal=refusal)
        raise Refused(refusal)
    if services.watch.control.phase is Phase.BLACKOUT:
        # Nobody can decide on it now, and no receipt can be shown to be durable.
        raise Refused(BLACKOUT)
    shelf = await _shelf(services)
    offer = await services.threads.disk(lambda: offer_for(wish, grant=grant, shelf=shelf))
    async with AsyncExitStack() as stack:
        # Watched before the database is asked: a revocation in between is heard. A camera's own id ends what is open of
        # it, because it moved to another campus.
        cuts = {
            EndReason.REVOKED: stack.enter_context(services.revocations.watch(grant.grant_id, grant.session_hash)),
            EndReason.MOVED: stack.enter_context(services.revocations.watch(wish.camera_id)),
        }
        slot = stack.enter_context(services.slots.one())
        follower = None
        if wish.mode is Mode.LIVE:
            watch = services.recodings.watch if offer.is_transcoded else services.followers.watch
            follower = await stack.enter_async_context(watch(offer.window.stream))
        if offer.is_transcoded and follower is None and not (wish.mode is Mode.HISTORY and slot.hold()):
            raise Refused(Refusal("streaming.transcode_bound"))
        look = Look(grant, offer.window.stream, wish.mode, socket.peer, offer.is_transcoded)
        note = await _open_receipt(services, look)
        showing = Showing(
            socket=socket,
            visitor=visitor,
            services=services,
            wish=wish,
            grant=grant,
            library=shelf.library,
            window=offer.window,
            follower=follower,
            slot=slot,
            note=note,
        )
        reason = EndReason.FAILED
        try:
            await socket.say(protocol.opened(_opened(offer, note)))
            reason = await showing.run(cuts)
            # Told before the receipt is closed: a database that is away must not keep the picture on the screen.
            await socket.say_last(protocol.ended(reason))
        except PeerGone:
            reason = EndReason.CLOSED
            raise
        finally:
            # Shielded: the receipt is closed even while the process is being stopped.
            await asyncio.shield(_close_receipt(services, note, showing, reason))


async def _shelf(services: Services) -> Shelf:
    try:
        return await services.threads.disk(services.plans.shelf)
    except MingjianError as error:
        _log.warning("no plan to serve by", extra={"error": str(error)})
        raise Refused(Refusal("streaming.no_plan")) from error


async def _open_receipt(services: Services, look: Look) -> Note:
    try:
        opening, note = await services.threads.store(lambda: services.receipts.open(look))
    except (StoreError, OSError) as error:
        _log.warning("no receipt, no picture", extra={"error": str(error)})
        raise Refused(Refusal("streaming.no_receipt")) from error
    if opening is Opening.REVOKED:
        raise Refused(Refusal("streaming.revoked", look.grant.articles))
    return note


async def _close_receipt(services: Services, note: Note, showing: Showing, reason: EndReason) -> None:
    await showing.standing.end(reason)
    served, refused = showing.served, showing.refused
    await services.threads.store(
        lambda: services.receipts.close(note, served=served, reason=reason.value, refused=refused)
    )
    _log.info(
        "viewing ended",
        extra={"receipt": note.receipt_id, "reason": reason.value, "size_bytes": served.size_bytes},
    )


async def _write_refusal(
    socket: MediaSocket, *, services: Services, wish: Open, grant: Grant, refusal: Refusal
) -> None:
    stream = StreamKey(wish.camera_id, StreamRole.MAIN, wish.track)
    look = Look(grant, stream, wish.mode, socket.peer, is_transcoded=False)
    try:
        await services.threads.store(lambda: services.receipts.refuse(look, code=refusal.code))
    except StoreError as error:
        _log.warning("a refusal was not written down", extra={"code": refusal.code, "error": str(error)})


def _opened(offer: Offer, note: Note) -> Opened:
    first = None if offer.is_transcoded else offer.first
    return Opened(
        codec=first.codec_string if first else "",
        width=first.width if first else 0,
        height=first.height if first else 0,
        start_90k=offer.window.start_90k,
        end_90k=offer.window.end_90k,
        role=offer.window.stream.role.value,
        is_transcoded=offer.is_transcoded,
        receipt_id=note.receipt_id,
    )
