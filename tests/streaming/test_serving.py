"""A granted window over a real socket: exactly it, under a receipt, at its pace."""

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S

S = TICKS_PER_S


def test_window_is_served_and_nothing_beside_it(media, ledger, dial):
    begun = SystemClock().utc() // S * S - 600 * S
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=30, film="h264-b")
    grant = media.grant(camera, start_90k=begun + 5 * S + 4321, end_90k=begun + 9 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=4)
    assert player.hear_until(player.heard("ended")), player.said

    pts = player.pts()
    assert min(pts) == begun + 6 * S
    assert max(pts) < begun + 9 * S
    print(player.said)
