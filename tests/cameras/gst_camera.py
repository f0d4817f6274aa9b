"""A camera nobody here wrote: Debian's gst-rtsp-server with a moving test picture. Run with /usr/bin/python3.

Prints `ready PORT` when it listens, on the path /stream (TCP interleaved), and serves until its standard input
closes or it is ended. With --user and --password it demands digest (or basic) authentication. `--transport
udp` refuses TCP; `--shared yes` serves one running encoder to every client, as real cameras do.
"""

import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402 - versions must be named first


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one, printed after `ready`")
    parser.add_argument("--codec", choices=["h264", "h265", "mjpeg"], default="h264")
    parser.add_argument("--audio", choices=["pcma", "none"], default="none")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--auth", choices=["digest", "basic"], default="digest")
    parser.add_argument("--pattern", default="ball")
    parser.add_argument("--fps", type=int, default=25)
    parser.add_argument("--gop", type=int, default=25)
    parser.add_argument("--bframes", type=int, default=0)
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=360)
    parser.add_argument("--kbps", type=int, default=800)
    parser.add_argument("--transport", choices=["tcp", "udp"], default="tcp")
    parser.add_argument("--shared", choices=["yes", "no"], default="no")
    return parser.parse_args()


def encoder(options: argparse.Namespace) -> str:
    if options.codec == "mjpeg":
        return "jpegenc quality=75 ! rtpjpegpay name=pay0 pt=26"
    if options.codec == "h264":
        return (
            f"x264enc speed-preset=ultrafast bitrate={options.kbps} key-int-max={options.gop} "
            f"bframes={options.bframes} b-adapt=false threads=1 "
            f"{'tune=zerolatency ' if options.bframes == 0 else ''}! "
            f"video/x-h264,profile={'baseline' if options.bframes == 0 else 'main'} ! "
            "rtph264pay name=pay0 pt=96 config-interval=1"
        )
    extra = f"bframes={options.bframes}:pools=1:frame-threads=1:scenecut=0"
    return (
        f"x265enc speed-preset=ultrafast bitrate={options.kbps} key-int-max={options.gop} "
        f"{'tune=zerolatency ' if options.bframes == 0 else ''}"
        f'option-string="{extra}" ! h265parse ! rtph265pay name=pay0 pt=96 config-interval=1'
    )


def audio(options: argparse.Namespace) -> str:
    if options.audio == "none":
        return ""
    return "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8 "


def authentication(options: argparse.Namespace) -> GstRtspServer.RTSPAuth:
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth = GstRtspServer.RTSPAuth()
    if options.auth == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(options.user, options.password, token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(options.user, options.password), token)
    return auth


def main() -> None:
    options = arguments()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f"( videotestsrc is-live=true pattern={options.pattern} ! "
        f"video/x-raw,format=I420,width={options.width},height={options.height},framerate={options.fps}/1 ! "
        f"queue ! {encoder(options)} {audio(options)})"
    )
    transport = GstRtsp.RTSPLowerTrans
    factory.set_protocols(transport.UDP if options.transport == "udp" else transport.TCP | transport.UDP)
    factory.set_shared(options.shared == "yes")
    if options.user:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
        server.set_auth(authentication(options))
    server.get_mount_points().add_factory("/stream", factory)
    if server.attach(None) == 0:
        sys.exit(f"port {options.port} cannot be listened on")

    loop = GLib.MainLoop()
    channel = GLib.IOChannel.unix_new(sys.stdin.fileno())
    GLib.io_add_watch(channel, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    print(f"ready {server.get_bound_port()}", flush=True)
    loop.run()


main()
