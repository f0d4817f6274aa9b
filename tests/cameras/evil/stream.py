"""Cameras that misbehave once they play, in packets, NAL units, time-stamps and reports: the table of them.

What they do stands in `pictures`, `packets` and `turns`.
"""

import base64
import struct

from evil import packets, pictures, turns
from evil.behaviour import Behaviour
from evil.connection import Connection, ordinary_media

_TRACK = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n"


def media_after_change(connection: Connection) -> str:
    return _TRACK.replace("H264", "H265") if connection.camera.is_changed else ordinary_media(connection)


def unreadable_h265(connection: Connection) -> str:
    """H.265 whose sequence parameter set promises seven sub-layers and ends."""
    vps, pps = (base64.b64encode(turns.H265[number]).decode() for number in (0, 2))
    sps = base64.b64encode(turns.H265[1][:2] + b"\x0f" + turns.H265[1][3:8]).decode()
    return _TRACK.replace("H264", "H265") + f"a=fmtp:96 sprop-vps={vps};sprop-sps={sps};sprop-pps={pps}\r\n"


_FILLER = b"\x0c" + b"\xff" * 4000 + b"\x80"
_NOISE = struct.pack(">BBH", 0x24, 9, 1000) + bytes(1000)

BEHAVIOURS: dict[str, Behaviour] = {
    "garbage_stream": Behaviour(
        "sends random bytes instead of media", "media.malformed", turn=turns.send_garbage, is_live=True
    ),
    "half_open": Behaviour(
        "stops sending and keeps the connection", "recorder.silent", turn=turns.fall_silent, is_live=True
    ),
    "goodbye": Behaviour(
        "takes its leave in RTCP and goes on reporting", "recorder.silent", turn=turns.report_only, is_live=True
    ),
    "crawling": Behaviour("sends ten bytes a second", "recorder.silent", turn=turns.crawl, is_live=True),
    "closing": Behaviour(
        "closes the connection in the middle of a picture", "media.closed", turn=turns.close_midway, is_live=True
    ),
    "endless_picture": Behaviour(
        "opens a fragment that never ends", "media.oversized", turn=turns.never_end_a_fragment, is_live=True
    ),
    "endless_slices": Behaviour(
        "sends a picture of endlessly many slices", "media.oversized", turn=turns.never_end_a_picture, is_live=True
    ),
    "flood": Behaviour("sends a hundred times as fast", "recorder.flooding", turn=turns.flood, is_live=True),
    "bursts": Behaviour("sends two seconds at once, every two seconds", turn=turns.send_in_bursts),
    "codec_change": Behaviour(
        "goes on with H.265 in the same stream, and describes it from then on",
        "media.unsupported_codec",
        media=media_after_change,
        turn=turns.send_h265,
        is_live=True,
    ),
    "format_change": Behaviour("goes on with a larger picture, told in-band", pictures=pictures.growing, is_live=True),
    "format_storm": Behaviour(
        "changes the size with every picture", "recorder.unsteady", pictures=pictures.shape_shifting, is_live=True
    ),
    "no_parameter_sets": Behaviour(
        "sends pictures without ever telling SPS and PPS",
        "media.no_parameter_sets",
        media=lambda connection: _TRACK,
        pictures=pictures.without_sets,
    ),
    "no_sync_sample": Behaviour("sends no sync sample", "recorder.no_sync_sample", pictures=pictures.never_sync),
    "seldom_sync": Behaviour("sends one sync sample a minute", pictures=pictures.seldom_sync),
    "impossible_size": Behaviour(
        "announces a picture larger than any wall", "media.malformed", pictures=pictures.impossible_size, is_live=True
    ),
    "unreadable_h265": Behaviour(
        "sends H.265 parameter sets that end in the middle",
        "media.no_parameter_sets",
        media=unreadable_h265,
        pictures=lambda connection, number: [turns.H265[3]],
    ),
    "many_sets": Behaviour(
        "tells new parameter sets with every picture", "media.oversized", pictures=pictures.many_sets, is_live=True
    ),
    "large_set": Behaviour(
        "tells a parameter set of five kilobytes",
        "media.oversized",
        pictures=pictures.with_nals(b"\x68" + b"\xce" * 5_000),
        is_live=True,
    ),
    "many_slices": Behaviour("cuts pictures into sixteen slices", pictures=pictures.many_slices, is_live=True),
    "many_messages": Behaviour(
        "sends ten megabytes of messages with every picture",
        "media.oversized",
        pictures=pictures.messages_only,
        is_live=True,
    ),
    "filler": Behaviour("fills up to a constant rate", pictures=pictures.with_nals(_FILLER), is_live=True),
    "undefined_units": Behaviour(
        "sends NAL units of undefined types",
        pictures=pictures.with_nals(b"\x00abc", b"\x1eabc", b"\x1fabc", b"\x0d\xaa"),
        is_live=True,
    ),
    "times_exchanged": Behaviour(
        "reorders pictures that its parameter sets keep in order",
        flaw="media.times_repaired",
        times=pictures.back_and_forth,
        is_live=True,
    ),
    "times_equal": Behaviour(
        "stamps all pictures with one time", "media.malformed", times=lambda number, ordinary: 7, is_live=True
    ),
    "times_random": Behaviour(
        "stamps pictures at random", "recorder.clock_jump", times=pictures.at_random, is_live=True
    ),
    "times_leaping": Behaviour(
        "leaps an hour ahead every two seconds", "recorder.clock_jump", times=pictures.leap, is_live=True
    ),
    "times_fast": Behaviour(
        "counts time four times as fast",
        "recorder.clock_jump",
        times=lambda number, ordinary: 4 * ordinary,
        is_live=True,
    ),
    "lossy": Behaviour(
        "leaves out every fortieth packet", flaw="media.packets_lost", frames=packets.leave_out, is_live=True
    ),
    "exchanged": Behaviour("exchanges neighbouring packets", "recorder.no_sync_sample", frames=packets.exchange),
    "doubled": Behaviour("sends every packet twice", flaw="media.odd_packets", frames=packets.repeat, is_live=True),
    "quirky": Behaviour(
        "keeps to nothing that clients can live without", flaw="media.stray_bytes", frames=packets.quirky
    ),
    "stray_bytes": Behaviour(
        "leaves stray bytes before each sync sample",
        flaw="media.stray_bytes",
        frames=packets.around(before=b"\x00\x24\x07stray$$\x00", only_sync=1),
        is_live=True,
    ),
    "lengths_too_long": Behaviour(
        "announces frames longer than they are",
        "recorder.no_sync_sample",
        frames=packets.changed_frames(packets.overlong),
    ),
    "empty_frames": Behaviour(
        "sends frames without content",
        flaw="media.odd_packets",
        frames=packets.around(before=b"$\0\0\0$\1\0\0"),
        is_live=True,
    ),
    "large_frames": Behaviour(
        "sends frames as large as frames can be", payloads=packets.in_pieces(60_000), is_live=True
    ),
    "crumbs": Behaviour("cuts pictures into crumbs of ten bytes", payloads=packets.in_pieces(10), is_live=True),
    "no_fragment_start": Behaviour(
        "never says where a fragmented unit begins",
        "recorder.no_sync_sample",
        payloads=packets.without_control_bit(0x80),
    ),
    "no_fragment_end": Behaviour(
        "never says where a fragmented unit ends", "recorder.no_sync_sample", payloads=packets.without_control_bit(0x40)
    ),
    "empty_fragments": Behaviour(
        "puts empty pieces between the pieces of a unit", payloads=packets.among_empty(is_fragment=1), is_live=True
    ),
    "empty_packets": Behaviour(
        "puts packets without payload between the others", payloads=packets.among_empty(is_fragment=0), is_live=True
    ),
    "overrunning_aggregates": Behaviour(
        "aggregates more than the packet holds", "recorder.no_sync_sample", payloads=packets.overrunning
    ),
    "empty_members": Behaviour("aggregates units of no length", payloads=packets.with_empty_members, is_live=True),
    "nested": Behaviour(
        "puts a fragment into an aggregate",
        "media.malformed",
        payloads=packets.wrapped(b"\x78\x00\x05\x7c\x85\x00\x00\x00"),
        is_live=True,
    ),
    "interleaved_units": Behaviour(
        "sends units out of decoding order",
        "media.unsupported_codec",
        payloads=packets.wrapped(b"\x79" + bytes(50)),
        is_live=True,
    ),
    "annex_b_in_fragments": Behaviour(
        "leaves Annex B start codes in fragments", payloads=packets.joined_in_fragments, is_live=True
    ),
    "annex_b_in_packets": Behaviour(
        "puts a start code before every unit", payloads=packets.led_by_start_codes, is_live=True
    ),
    "no_markers": Behaviour("never marks the end of a picture", payloads=packets.marked(), is_live=True),
    "marker_on_message": Behaviour(
        "marks a message as the end of a picture", payloads=packets.marked(on_message=1), is_live=True
    ),
    "markers_everywhere": Behaviour(
        "marks every slice as the end of a picture", payloads=packets.marked(always=1), is_live=True
    ),
    "other_payload_type": Behaviour(
        "sends another payload type than it described", flaw="media.payload_type", frames=packets.of_other_type
    ),
    "private_payload_types": Behaviour(
        "mixes in packets of its own payload types", frames=packets.with_private_types, is_live=True
    ),
    "source_changes": Behaviour(
        "changes its source every two seconds", "media.closed", frames=packets.of_other_sources, is_live=True
    ),
    "version_one": Behaviour(
        "sends RTP of version 1",
        "recorder.nothing_usable",
        frames=packets.changed_frames(packets.of_version_one),
        is_live=True,
    ),
    "overpadded": Behaviour(
        "claims more padding than packet",
        "recorder.nothing_usable",
        payloads=packets.in_pieces(200),
        frames=packets.changed_frames(packets.overpadded),
    ),
    "overextended": Behaviour(
        "claims header extensions of 256 kB",
        "recorder.nothing_usable",
        frames=packets.changed_frames(packets.overextended),
    ),
    "other_channels": Behaviour(
        "sends ten times as much on channels nobody asked for", frames=packets.around(before=_NOISE * 10), is_live=True
    ),
    "lying_reports": Behaviour(
        "lies about its clock in RTCP", flaw="media.clock_wrong", frames=packets.lying_reports, is_live=True
    ),
    "tiny_frames": Behaviour(
        "sends nothing but frames of nothing", "media.flooding", turn=turns.send_nothing, is_live=True
    ),
    "unasked_answers": Behaviour(
        "answers what nobody asked while it plays, without end",
        "media.flooding",
        turn=turns.answer_for_ever,
        is_live=True,
    ),
    "many_reports": Behaviour(
        "sends a thousand RTCP packets with every picture",
        frames=packets.around(before=packets.report(ntp=0) * 1_000),
        is_live=True,
    ),
}
