"""What public sources tell of vendors' firmware, and the test that shows what becomes of it."""

from typing import NamedTuple


class Quirk(NamedTuple):
    """`test` is a test's file and name below tests/, `row` the camera in the table that does it, if one does."""

    zh: str
    does: str
    test: str
    row: str = ""


_QUIRKS = "media/rtsp/test_quirks.py"
_PACKETS = "media/rtsp/test_depacketizing.py"
_DIALOGUE = f"{_QUIRKS}::test_dialogue_that_leaves_the_standard_is_followed"

QUIRKS = (
    Quirk(
        "画面组边界的多余字节",
        "stray bytes at GOP boundaries",
        f"{_QUIRKS}::test_stray_bytes_between_groups_of_pictures_lose_nothing",
        "stray_bytes",
    ),
    Quirk(
        "分片里带 Annex B 起始码",
        "Annex B inside FU",
        f"{_QUIRKS}::test_annex_b_in_a_fragmented_unit_is_taken_apart",
        "annex_b_in_fragments",
    ),
    Quirk(
        "载荷类型与说明不符",
        "another payload type than described",
        f"{_QUIRKS}::test_payload_type_other_than_described_is_taken_when_nothing_else_comes",
        "other_payload_type",
    ),
    Quirk("RTP-Info 序号为 0", "`RTP-Info` with sequence 0", _DIALOGUE, "sequence_zero"),
    Quirk("Content-Base 缺少协议", "`Content-Base` without scheme", _DIALOGUE, "base_without_scheme"),
    Quirk(
        "结束标记打在 SEI 上",
        "marker on SEI",
        f"{_QUIRKS}::test_marker_on_a_message_does_not_end_the_picture",
        "marker_on_message",
    ),
    Quirk(
        "参数集带着上一幅的时间和标记",
        "parameter sets marked and stamped as the picture before",
        f"{_QUIRKS}::test_parameter_sets_marked_and_stamped_as_the_picture_before_them_split_nothing",
    ),
    Quirk("空分片", "empty fragments", f"{_QUIRKS}::test_empty_fragments_are_passed_over", "empty_fragments"),
    Quirk("旧会话仍在发送", "goes on sending on a stale connection", _DIALOGUE, "stale_media"),
    Quirk(
        "未声明的 B 帧",
        "B-frames that the parameter sets deny",
        f"{_QUIRKS}::test_b_frames_without_a_promise_keep_all_pictures_in_step",
        "times_exchanged",
    ),
    Quirk(
        "码流中途更换参数",
        "parameter sets that change in-band",
        f"{_QUIRKS}::test_format_that_changes_twice_in_one_reading_loses_no_picture",
        "format_change",
    ),
    Quirk(
        "时间戳 13.3 小时回绕",
        "time-stamps wrapping after 13.3 hours",
        f"{_QUIRKS}::test_time_stamps_go_on_over_every_wrap",
    ),
    Quirk(
        "时间戳停住",
        "a clock that stands still",
        f"{_QUIRKS}::test_time_that_stands_still_is_named",
        "times_equal",
    ),
    Quirk(
        "每个切片都打结束标记",
        "marker on every slice",
        f"{_PACKETS}::test_marker_on_every_slice_is_believed_no_more_once_found_out",
        "markers_everywhere",
    ),
    Quirk(
        "随机数过期不声明",
        "a nonce that runs out unannounced",
        f"{_QUIRKS}::test_nonce_that_runs_out_unannounced_is_answered_again",
        "nonce_once",
    ),
)
