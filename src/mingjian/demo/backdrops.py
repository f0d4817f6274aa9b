"""What stands still in the drawn scenes: eight places of a campus, drawn once per clip."""

from collections.abc import Callable

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 360

Backdrop = Callable[[], Image.Image]

_SKY, _GRASS, _ASPHALT, _STONE = (150, 185, 215), (96, 138, 86), (108, 110, 114), (190, 186, 178)
_BRICK, _WOOD, _WALL, _WHITE = (158, 96, 78), (140, 104, 72), (216, 210, 196), (238, 238, 234)


def gate() -> Image.Image:
    """A main gate with a barrier and a guard's house."""
    image, draw = _outdoors(horizon=170)
    draw.polygon([(180, 360), (460, 360), (370, 190), (270, 190)], fill=_ASPHALT)
    for left in (120, 480):
        draw.rectangle((left, 70, left + 40, 240), fill=_STONE, outline=(120, 116, 108))
    draw.rectangle((100, 40, 540, 78), fill=_BRICK)
    draw.rectangle((24, 170, 104, 250), fill=_WALL, outline=(120, 116, 108))
    draw.rectangle((38, 188, 90, 220), fill=(120, 160, 180))
    for stripe in range(8):
        colour = (200, 40, 40) if stripe % 2 else _WHITE
        draw.rectangle((180 + stripe * 30, 232, 210 + stripe * 30, 240), fill=colour)
    return image


def corridor() -> Image.Image:
    """A corridor of a teaching building, seen along its length."""
    image, draw = _blank(_WALL)
    draw.polygon([(0, 360), (640, 360), (400, 180), (240, 180)], fill=(168, 160, 146))
    draw.polygon([(0, 0), (640, 0), (400, 90), (240, 90)], fill=_WHITE)
    draw.rectangle((240, 90, 400, 180), fill=(186, 200, 206))
    for step, (near, far) in enumerate(((20, 70), (110, 150), (178, 206))):
        top, bottom = 60 + step * 22, 340 - step * 55
        for left, right in ((near, far), (640 - far, 640 - near)):
            draw.polygon([(left, top), (right, top + 6), (right, bottom - 20), (left, bottom)], fill=_WOOD)
    for lamp in range(3):
        draw.ellipse((300, 14 + lamp * 28, 340, 22 + lamp * 26), fill=(255, 252, 220))
    return image


def bicycle_shed() -> Image.Image:
    """A bicycle shed with a long roof and a row of racks."""
    image, draw = _outdoors(horizon=150)
    draw.rectangle((0, 230, 640, 360), fill=_ASPHALT)
    draw.polygon([(40, 90), (600, 90), (640, 130), (0, 130)], fill=(80, 120, 150))
    for post in range(6):
        draw.rectangle((60 + post * 104, 130, 66 + post * 104, 240), fill=(90, 94, 98))
    for rack in range(18):
        left = 70 + rack * 28
        draw.arc((left, 196, left + 22, 240), 180, 360, fill=(60, 62, 66), width=3)
        draw.ellipse((left - 4, 214, left + 18, 240), outline=(50, 52, 58), width=2)
    return image


def library() -> Image.Image:
    """A reading room between shelves."""
    image, draw = _blank((222, 214, 198))
    draw.rectangle((0, 250, 640, 360), fill=(150, 122, 92))
    for shelf in range(5):
        left = 16 + shelf * 126
        draw.rectangle((left, 40, left + 104, 244), fill=_WOOD)
        for row in range(5):
            for book in range(12):
                tint = (90 + book * 37 % 120, 60 + row * 53 % 110, 70 + (book + row) * 29 % 120)
                x, y = left + 6 + book * 8, 50 + row * 39
                draw.rectangle((x, y + book * 5 % 9, x + 6, y + 32), fill=tint)
    for table in (60, 380):
        draw.polygon([(table, 300), (table + 200, 300), (table + 224, 340), (table - 24, 340)], fill=(186, 150, 110))
    return image


def laboratory() -> Image.Image:
    """A laboratory with benches, a fume cupboard and bottles."""
    image, draw = _blank((206, 216, 220))
    draw.rectangle((0, 240, 640, 360), fill=(176, 184, 188))
    draw.rectangle((430, 40, 620, 240), fill=_WHITE, outline=(130, 140, 146))
    draw.rectangle((446, 70, 604, 170), fill=(150, 186, 196))
    for bench in (20, 230):
        draw.rectangle((bench, 190, bench + 180, 206), fill=(60, 70, 76))
        draw.rectangle((bench + 8, 206, bench + 172, 262), fill=(232, 234, 236), outline=(150, 156, 160))
        for bottle in range(6):
            x = bench + 16 + bottle * 27
            draw.rectangle((x, 168 - bottle % 3 * 6, x + 12, 190), fill=(60 + bottle * 30, 150, 190 - bottle * 20))
    return image


def canteen() -> Image.Image:
    """A canteen with a serving counter and rows of tables."""
    image, draw = _blank((226, 216, 196))
    draw.rectangle((0, 190, 640, 360), fill=(196, 180, 158))
    draw.rectangle((40, 60, 600, 150), fill=(120, 70, 56))
    for window in range(5):
        left = 56 + window * 110
        draw.rectangle((left, 74, left + 92, 128), fill=(255, 226, 168))
    draw.rectangle((30, 144, 610, 176), fill=(210, 212, 214))
    for row, y in enumerate((220, 290)):
        for column in range(4):
            left = 30 + column * 160 - row * 20
            draw.rectangle((left, y, left + 110 + row * 20, y + 16), fill=(220, 150, 70))
            draw.rectangle((left + 50, y + 16, left + 58, y + 44), fill=(90, 90, 94))
    return image


def playground() -> Image.Image:
    """A running track round a football field."""
    image, draw = _outdoors(horizon=110)
    draw.ellipse((-60, 130, 700, 420), fill=(178, 84, 62))
    for lane in range(4):
        inset = lane * 16
        draw.ellipse((-60 + inset * 2, 130 + inset, 700 - inset * 2, 420 - inset), outline=(226, 206, 196), width=1)
    draw.ellipse((80, 196, 560, 356), fill=_GRASS)
    draw.line((320, 196, 320, 356), fill=_WHITE, width=2)
    draw.ellipse((282, 254, 358, 298), outline=_WHITE, width=2)
    for goal in (96, 520):
        draw.rectangle((goal, 240, goal + 24, 290), outline=_WHITE, width=2)
    return image


def car_park() -> Image.Image:
    """A car park with marked places and a few parked cars."""
    image, draw = _outdoors(horizon=100)
    draw.rectangle((0, 130, 640, 360), fill=_ASPHALT)
    for place in range(9):
        x = 30 + place * 72
        draw.line((x, 140, x - 10, 210), fill=_WHITE, width=3)
    for place, tint in ((0, (170, 60, 60)), (2, (70, 90, 140)), (3, (210, 210, 206)), (6, (60, 64, 70))):
        x = 36 + place * 72
        draw.rounded_rectangle((x, 150, x + 52, 202), radius=10, fill=tint)
        draw.rectangle((x + 8, 158, x + 44, 172), fill=(160, 186, 200))
    draw.line((0, 300, 640, 300), fill=(226, 206, 110), width=3)
    return image


def _blank(colour: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, HEIGHT), colour)
    return image, ImageDraw.Draw(image)


def _outdoors(*, horizon: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image, draw = _blank(_GRASS)
    for row in range(horizon):
        shade = row * 40 // horizon
        draw.line((0, row, WIDTH, row), fill=(_SKY[0] + shade, _SKY[1] + shade // 2, _SKY[2]))
    for tree in range(9):
        x = 20 + tree * 78
        draw.rectangle((x + 10, horizon - 26, x + 16, horizon + 6), fill=(92, 70, 52))
        draw.ellipse((x - 10, horizon - 66, x + 36, horizon - 16), fill=(70, 108 + tree * 11 % 30, 66))
    return image, draw
