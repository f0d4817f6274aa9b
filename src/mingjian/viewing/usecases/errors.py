"""What goes wrong in an act of viewing without any rule having been asked."""

from mingjian.base.errors import MingjianError


class ViewingError(MingjianError):
    """An application or a session cannot be made or changed as asked.

    Codes: "viewing.no_camera", "viewing.span_empty", "viewing.span_too_long", "viewing.span_in_future",
    "viewing.validity_empty", "viewing.purpose_missing", "viewing.own_request", "viewing.not_open",
    "viewing.not_a_handler", "viewing.wrong_stage", "viewing.stale", "viewing.already_decided",
    "viewing.already_seated", "viewing.recused_already",
    "viewing.other_footage", "viewing.outside_window", "viewing.article_missing", "viewing.not_supervising",
    "viewing.wrong_phase", "viewing.segment_outside", "viewing.segment_gone", "viewing.too_many_segments",
    "viewing.not_seated", "viewing.reason_missing",
    "viewing.hold_settled", "viewing.hold_reason_missing",
    "viewing.too_many_standing", "viewing.attachment_too_many", "viewing.text_too_long", "viewing.span_too_old".
    """
