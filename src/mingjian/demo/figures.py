"""Moving figures of the drawn scenes: people, bicycles, cars, a ball. Each returns to its start within the loop."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL.ImageDraw import ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

SKIN: Colour = (214, 170, 140)
DARK: Colour = (40, 42, 48)
GLASS: Colour = (150, 180, 200)


@dataclass(frozen=True, slots=True)
class Mover:
    """A figure on its way along `path` and back to the start in `period_s`, which divides the loop.

    `size` is its height in pixels; `phase` where along the way it is at second 0, from 0 to 1.
    """

    draw: "Figure"
    path: tuple[Point, ...]
    period_s: int
    phase: float
    size: float
    colour: Colour

    def place(self, second: float) -> Point:
        """Return where its feet are at this second of the loop."""
        way = (second / self.period_s + self.phase) % 1.0 * (len(self.path) - 1)
        leg = min(int(way), len(self.path) - 2)
        (from_x, from_y), (to_x, to_y) = self.path[leg], self.path[leg + 1]
        share = way - leg
        return from_x + (to_x - from_x) * share, from_y + (to_y - from_y) * share


Figure = Callable[[ImageDraw, Point, float, Colour, float], None]


def person(draw: ImageDraw, feet: Point, size: float, colour: Colour, second: float) -> None:
    """A walker; legs and arms swing with the seconds."""
    x, y = feet
    swing = math.sin(second * 2 * math.pi * 1.0) * size * 0.16
    hip, shoulder, head = y - size * 0.45, y - size * 0.8, size * 0.1
    width = max(2, int(size * 0.09))
    draw.ellipse((x - size * 0.22, y - size * 0.03, x + size * 0.22, y + size * 0.04), fill=(0, 0, 0))
    draw.line((x, hip, x - swing, y), fill=DARK, width=width)
    draw.line((x, hip, x + swing, y), fill=DARK, width=width)
    draw.line((x, shoulder, x + swing, hip), fill=SKIN, width=max(2, width - 2))
    draw.rounded_rectangle((x - size * 0.13, shoulder, x + size * 0.13, hip + 2), radius=size * 0.06, fill=colour)
    draw.ellipse((x - head, shoulder - 2 * head, x + head, shoulder), fill=SKIN)
    draw.pieslice((x - head, shoulder - 2 * head, x + head, shoulder), 180, 360, fill=DARK)


def bicycle(draw: ImageDraw, feet: Point, size: float, colour: Colour, second: float) -> None:
    """A rider; the spokes turn."""
    x, y = feet
    radius, gap = size * 0.22, size * 0.34
    turn = second * 2 * math.pi
    for wheel in (x - gap, x + gap):
        draw.ellipse((wheel - radius, y - 2 * radius, wheel + radius, y), outline=DARK, width=2)
        for spoke in (turn, turn + math.pi / 2):
            along_x, along_y = math.cos(spoke) * radius, math.sin(spoke) * radius
            draw.line((wheel - along_x, y - radius - along_y, wheel + along_x, y - radius + along_y), fill=(90, 90, 90))
    draw.line((x - gap, y - radius, x, y - size * 0.5, x + gap, y - radius), fill=colour, width=3)
    knee = math.sin(turn) * size * 0.08
    draw.line((x - size * 0.05, y - size * 0.55, x + knee, y - radius + knee), fill=DARK, width=4)
    draw.line((x - size * 0.05, y - size * 0.55, x + size * 0.06, y - size * 0.85), fill=colour, width=8)
    draw.ellipse((x, y - size, x + size * 0.17, y - size * 0.83), fill=SKIN)


def car(draw: ImageDraw, feet: Point, size: float, colour: Colour, second: float) -> None:
    """A car seen from the side."""
    x, y = feet
    length, wheel = size * 1.45, size * 0.2
    draw.rounded_rectangle((x - length, y - size * 0.7, x + length, y - size * 0.12), radius=size * 0.2, fill=colour)
    roof = [(x - length * 0.6, y - size * 0.68), (x - length * 0.35, y - size * 1.1)]
    roof += [(x + length * 0.35, y - size * 1.1), (x + length * 0.65, y - size * 0.68)]
    draw.polygon(roof, fill=GLASS, outline=colour)
    lit = (255, 240, 170) if int(second * 2) % 2 else (230, 200, 120)
    for end in (x - length, x + length - size * 0.14):
        draw.rectangle((end, y - size * 0.52, end + size * 0.14, y - size * 0.4), fill=lit)
    for axle in (x - length * 0.6, x + length * 0.6):
        draw.ellipse((axle - wheel, y - 2 * wheel, axle + wheel, y), fill=DARK)
        turn = second * 2 * math.pi
        hub = (axle + math.cos(turn) * wheel * 0.6, y - wheel + math.sin(turn) * wheel * 0.6)
        draw.line((axle, y - wheel, *hub), fill=(170, 170, 170), width=2)


def ball(draw: ImageDraw, feet: Point, size: float, colour: Colour, second: float) -> None:
    """A bouncing ball with its shadow."""
    x, y = feet
    height = abs(math.sin(second * math.pi * 1.5)) * size * 4
    draw.ellipse((x - size / 2, y - size * 0.15, x + size / 2, y + size * 0.15), fill=(60, 60, 60))
    draw.ellipse((x - size / 2, y - height - size, x + size / 2, y - height), fill=colour, outline=DARK)
