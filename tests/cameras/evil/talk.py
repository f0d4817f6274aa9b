"""Cameras that misbehave in the dialogue, before the first picture or between pictures: the table of them.

What they answer stands in `answers`.
"""

from evil import answers
from evil.behaviour import Behaviour
from evil.connection import ordinary_media

_OPTIONS_ONLY = answers.says("200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")
_TRACK = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n"

_HEAD = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\n"

BEHAVIOURS: dict[str, Behaviour] = {
    "absent": Behaviour("holds its port and refuses every connection", "media.refused"),
    "unreachable": Behaviour("lets no connection come about", "media.unreachable"),
    "mute": Behaviour("takes the connection and never answers", "media.silent", greet=answers.say_nothing),
    "closing_at_once": Behaviour("takes the connection and closes it", "media.closed", greet=answers.close),
    "resetting": Behaviour("takes the connection and resets it", "media.closed", greet=answers.reset),
    "dribbling": Behaviour("answers a byte at a time, for ever", "media.silent", greet=answers.dribble),
    "slow_describe": Behaviour(
        "takes eight seconds to describe itself", "media.silent", answers={"DESCRIBE": answers.answer_slowly}
    ),
    "half_answer": Behaviour(
        "closes in the middle of an answer", "media.closed", answers={"DESCRIBE": answers.answer_by_half}
    ),
    "garbage": Behaviour("answers with random bytes", "media.malformed", greet=answers.send_garbage),
    "web_server": Behaviour(
        "answers as a web server",
        "media.malformed",
        answers={"*": answers.sends(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>")},
    ),
    "tls_server": Behaviour(
        "answers with an alert of TLS", "media.malformed", answers={"*": answers.sends(b"\x15\x03\x01\x00\x02\x02\x46")}
    ),
    "endless_headers": Behaviour(
        "never ends the headers of its first answer", "media.oversized", answers={"*": answers.never_end_the_headers}
    ),
    "many_headers": Behaviour(
        "answers with a hundred thousand headers",
        "media.oversized",
        answers={"*": answers.sends(b"RTSP/1.0 200 OK\r\n" + b"a:b\r\n" * 100_000 + b"\r\n")},
    ),
    "long_header": Behaviour(
        "answers with a header of a megabyte",
        "media.oversized",
        answers={"*": answers.sends(b"RTSP/1.0 200 OK\r\nX: " + b"x" * (1 << 20) + b"\r\n\r\n")},
    ),
    "endless_body": Behaviour(
        "announces a session description of a gigabyte",
        "media.oversized",
        answers={"DESCRIBE": answers.never_end_the_body},
    ),
    "negative_length": Behaviour(
        "announces a body of less than nothing",
        "media.malformed",
        answers={"DESCRIBE": answers.sends(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: -5\r\n\r\n")},
    ),
    "length_too_short": Behaviour(
        "announces less of a body than it sends",
        "media.no_video",
        answers={"DESCRIBE": answers.sends(_HEAD + b"Content-Length: 5\r\n\r\nv=0\r\nm=video 0 x 96\r\n")},
    ),
    "length_too_long": Behaviour(
        "announces more of a body than it sends",
        "media.silent",
        answers={"DESCRIBE": answers.sends(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 500\r\n\r\nv=0\r\n")},
    ),
    "many_lines": Behaviour(
        "describes itself in thousands of lines", "media.oversized", media=lambda connection: "a=x\r\n" * 5_000
    ),
    "many_tracks": Behaviour(
        "describes a thousand audio tracks", "media.no_video", media=lambda connection: "m=audio 0 x 8\r\n" * 1_000
    ),
    "web_page": Behaviour(
        "describes itself with a web page",
        "media.malformed",
        answers={
            "DESCRIBE": answers.says("200 OK", "Content-Type: text/html\r\n", b"<html><body>Welcome</body></html>")
        },
    ),
    "no_video": Behaviour(
        "describes an audio track only",
        "media.no_video",
        media=lambda connection: "m=audio 0 RTP/AVP 8\r\na=control:audio\r\n",
    ),
    "unsupported": Behaviour(
        "describes MPEG-4 Visual only",
        "media.unsupported_codec",
        media=lambda connection: "m=video 0 RTP/AVP 96\r\na=rtpmap:96 MP4V-ES/90000\r\na=control:video\r\n",
    ),
    "unreadable_sets": Behaviour(
        "describes parameter sets that are none",
        media=lambda connection: f"{_TRACK}a=fmtp:96 sprop-parameter-sets=Z///////////////,aP8=\r\n",
    ),
    "track_elsewhere": Behaviour(
        "describes its track on another host",
        media=lambda connection: ordinary_media(connection).replace("trackID=0", f"{answers.ELSEWHERE}/trackID=0"),
    ),
    "wrong_password": Behaviour(
        "answers every request with a fresh challenge",
        "media.unauthorized",
        answers={
            "OPTIONS": answers.says("200 OK"),
            "*": answers.says("401 Unauthorized", 'WWW-Authenticate: Digest realm="evil", nonce="1"\r\n'),
        },
    ),
    "stale_for_ever": Behaviour(
        "calls every answer to its challenge stale",
        "media.unauthorized",
        answers={"OPTIONS": answers.says("200 OK"), "*": answers.challenge_anew},
    ),
    "unknown_digest": Behaviour(
        "demands a digest that nobody knows",
        "media.unauthorized",
        answers={
            "*": answers.says(
                "401 Unauthorized", 'WWW-Authenticate: Digest realm="e", nonce="1", algorithm=SHA-512-256\r\n'
            )
        },
    ),
    "many_challenges": Behaviour(
        "offers thirty challenges, none of them usable",
        "media.unauthorized",
        answers={"*": answers.says("401 Unauthorized", 'WWW-Authenticate: Digest realm="e", algorithm="x"\r\n' * 30)},
    ),
    "nonce_once": Behaviour(
        "takes each nonce once and does not call the old one stale",
        demands_digest=True,
        answers={"*": answers.take_each_nonce_once},
    ),
    "redirect": Behaviour(
        "sends the client to another host",
        "media.redirected",
        answers={"*": answers.says("302 Moved", f"Location: {answers.ELSEWHERE}\r\n")},
    ),
    "redirect_loop": Behaviour(
        "sends the client back to itself", "media.redirected", answers={"*": answers.send_back_here}
    ),
    "redirect_later": Behaviour(
        "sends the client to another host while it plays",
        "media.redirected",
        answers={"PLAY": answers.redirect_while_playing},
    ),
    "not_found": Behaviour(
        "knows no such stream", "media.not_found", answers={"DESCRIBE": answers.says("404 Not Found")}
    ),
    "broken_server": Behaviour(
        "answers with an error of its own",
        "media.refused",
        answers={"DESCRIBE": answers.says("500 Internal Server Error")},
    ),
    "no_bandwidth": Behaviour(
        "has no bandwidth left", "media.refused", answers={"SETUP": answers.says("453 Not Enough Bandwidth")}
    ),
    "no_tcp": Behaviour(
        "refuses every transport", "media.no_tcp", answers={"SETUP": answers.says("461 Unsupported Transport")}
    ),
    "udp_instead": Behaviour(
        "agrees to UDP ports of its own invention",
        "media.no_tcp",
        answers={"SETUP": answers.says("200 OK", "Session: 1\r\nTransport: RTP/AVP;unicast;client_port=4000-4001\r\n")},
    ),
    "one_channel_for_both": Behaviour(
        "wants media and control on one channel",
        "media.malformed",
        answers={"SETUP": answers.says("200 OK", "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=7-7\r\n")},
    ),
    "no_session": Behaviour("sets up without a session", answers={"SETUP": answers.set_up_without_a_session}),
    "play_refused": Behaviour(
        "refuses to play", "media.refused", answers={"PLAY": answers.says("455 Method Not Valid in This State")}
    ),
    "play_silent": Behaviour(
        "agrees to play and sends nothing",
        "recorder.silent",
        answers={"PLAY": answers.says("200 OK", "Session: 1234\r\n")},
    ),
    "play_unanswered": Behaviour(
        "plays without answering that it does", "media.silent", answers={"PLAY": answers.play_without_an_answer}
    ),
    "session_of_a_second": Behaviour(
        "ends sessions that are not refreshed within a second", answers={"SETUP": answers.end_sessions_soon}
    ),
    "keep_alive_refused": Behaviour(
        "refuses to be kept alive",
        answers={"SETUP": answers.set_up_for_a_second, "GET_PARAMETER": answers.says("405 Method Not Allowed")},
    ),
    "keep_alive_challenged": Behaviour(
        "challenges every sign of life",
        answers={"SETUP": answers.set_up_for_a_second, "GET_PARAMETER": answers.challenge_anew},
    ),
    "session_denied": Behaviour(
        "knows nothing of the session it is playing",
        "media.closed",
        answers={"SETUP": answers.set_up_for_a_second, "GET_PARAMETER": answers.end_the_session_at_keep_alive},
    ),
    "options_only": Behaviour(
        "has no GET_PARAMETER", answers={"OPTIONS": _OPTIONS_ONLY, "SETUP": answers.set_up_for_a_second}
    ),
    "options_refused": Behaviour("does not know OPTIONS", answers={"OPTIONS": answers.says("501 Not Implemented")}),
    "teardown_ignored": Behaviour("goes on after TEARDOWN", answers={"TEARDOWN": answers.ignore_teardown}),
    "talkative": Behaviour("asks and tells things between pictures", answers={"PLAY": answers.talk_between_pictures}),
    "answers_twice": Behaviour("answers what nobody asked", answers={"*": answers.answer_twice}),
    "wrong_number": Behaviour(
        "numbers its answers otherwise", "media.silent", answers={"*": answers.answer_another_number}
    ),
    "no_number": Behaviour("does not number its answers", answers={"*": answers.answer_without_a_number}),
    "bare_line_feeds": Behaviour("ends lines without a return", answers={"*": answers.answer_with_bare_line_feeds}),
    "continue_first": Behaviour("says 100 Continue before it answers", answers={"*": answers.answer_with_continue}),
    "base_without_scheme": Behaviour(
        "leaves the scheme out of Content-Base", answers={"DESCRIBE": answers.leave_out_the_scheme}
    ),
    "header_injection": Behaviour(
        "writes lines of its own into headers we repeat", answers={"*": answers.inject_headers}
    ),
    "sequence_zero": Behaviour(
        "announces sequence 0 in RTP-Info and begins elsewhere", answers={"PLAY": answers.announce_sequence_zero}
    ),
    "answer_flood": Behaviour(
        "answers what nobody asked, without end", "media.oversized", greet=answers.flood_with_answers
    ),
    "media_flood": Behaviour(
        "sends media before anything was agreed, without end", "media.oversized", greet=answers.flood_with_media
    ),
    "stale_media": Behaviour("goes on sending the pictures of a dead session", greet=answers.answer_amid_old_media),
}
