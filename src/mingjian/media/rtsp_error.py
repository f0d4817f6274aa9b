"""The one error of the camera side: a code says which kind of trouble, facts say where."""

from mingjian.base.errors import MingjianError


class RtspError(MingjianError):
    """A camera or its stream cannot be used as it is.

    Codes: `media.bad_address`, `media.address_not_allowed`, `media.unreachable`, `media.refused`,
    `media.unauthorized`, `media.redirected`, `media.no_tcp`, `media.not_found`, `media.no_video`,
    `media.unsupported_codec`, `media.malformed`, `media.oversized`, `media.flooding`, `media.silent`, `media.closed`,
    `media.no_parameter_sets`, `media.format_changed`.
    """
