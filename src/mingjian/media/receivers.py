"""Which receiver a described track needs: by NAL units for H.264 and H.265, by pieces of pictures for Motion JPEG."""

from mingjian.media.access_units import AccessUnitBuilder
from mingjian.media.nal import PACKINGS
from mingjian.media.rtp import RtpReceiver
from mingjian.media.rtp_jpeg import JpegReceiver
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import Codec
from mingjian.media.sdp import VideoDescription


def receiver_for(description: VideoDescription) -> RtpReceiver:
    """Return a fresh receiver of this track."""
    if description.codec is Codec.MJPEG:
        return JpegReceiver(payload_type=description.payload_type)
    packing = PACKINGS[description.codec]
    try:
        builder = AccessUnitBuilder(packing=packing, announced=description.parameter_sets)
    except RtspError:
        # Announced sets that cannot be read count for nothing: those in the stream may be better.
        builder = AccessUnitBuilder(packing=packing, announced=())
    return RtpReceiver(packing=packing, payload_type=description.payload_type, builder=builder)
