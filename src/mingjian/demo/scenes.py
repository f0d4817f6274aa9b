"""The eight demo cameras: whose they are, what each looks at, and any picture of its one-minute loop.

The loop is served in step with the wall clock's minute, so the seconds burned into every picture are the true ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from mingjian.demo import backdrops, figures
from mingjian.demo.backdrops import Backdrop
from mingjian.demo.figures import Mover
from mingjian.media.samples import Codec
from mingjian.regulation.systems import SystemClass

LOOP_S = 60
FPS = 10
PICTURES = LOOP_S * FPS

_RED, _BLUE, _GREEN = (190, 60, 58), (56, 92, 160), (60, 130, 90)
_AMBER, _GREY, _WHITE = (214, 150, 50), (150, 152, 156), (245, 245, 245)


@dataclass(frozen=True, slots=True)
class Scene:
    """One demo camera. `label` is burned in, in Latin letters, because a bare machine has no Chinese font.

    `owner` is the code of a unit, or empty for the campus's tier-2 body.
    """

    key: str
    name: str
    label: str
    building: str
    owner: str
    system_class: SystemClass
    purpose: str
    field_of_view: str
    is_key_location: bool
    codec: Codec
    backdrop: Backdrop
    movers: tuple[Mover, ...]


SCENES = (
    Scene(
        key="gate",
        name="北门",
        label="NORTH GATE",
        building="北门",
        owner="",
        system_class=SystemClass.SCHOOL,
        purpose="出入口安全",
        field_of_view="大门内外各约二十米",
        is_key_location=True,
        codec=Codec.H264,
        backdrop=backdrops.gate,
        movers=(
            Mover(figures.person, ((-30, 262), (670, 262)), 20, 0.1, 70, _BLUE),
            Mover(figures.car, ((-140, 318), (780, 318)), 15, 0.6, 62, _RED),
            Mover(figures.person, ((680, 344), (-40, 344)), 30, 0.3, 96, _GREEN),
        ),
    ),
    Scene(
        key="corridor",
        name="第一教学楼三层走廊",
        label="TEACHING 1 / F3",
        building="第一教学楼",
        owner="",
        system_class=SystemClass.SCHOOL,
        purpose="公共走廊安全",
        field_of_view="三层走廊全长",
        is_key_location=False,
        codec=Codec.H264,
        backdrop=backdrops.corridor,
        movers=(
            Mover(figures.person, ((290, 190), (180, 350), (290, 190)), 20, 0.0, 110, _AMBER),
            Mover(figures.person, ((350, 196), (430, 340), (350, 196)), 30, 0.5, 120, _BLUE),
        ),
    ),
    Scene(
        key="bicycles",
        name="二号学生公寓车棚",
        label="DORM 2 BICYCLES",
        building="二号学生公寓",
        owner="",
        system_class=SystemClass.SCHOOL,
        purpose="防盗",
        field_of_view="车棚出入口和停车位",
        is_key_location=False,
        codec=Codec.H264,
        backdrop=backdrops.bicycle_shed,
        movers=(
            Mover(figures.bicycle, ((-60, 300), (700, 300)), 12, 0.2, 84, _RED),
            Mover(figures.bicycle, ((700, 345), (-60, 345)), 20, 0.7, 104, _GREEN),
            Mover(figures.person, ((100, 260), (540, 260), (100, 260)), 30, 0.0, 70, _GREY),
        ),
    ),
    Scene(
        key="library",
        name="图书馆二层阅览室",
        label="LIBRARY / F2",
        building="图书馆",
        owner="library",
        system_class=SystemClass.UNIT,
        purpose="阅览秩序和防盗",
        field_of_view="二层阅览区，不含桌面屏幕",
        is_key_location=False,
        codec=Codec.H264,
        backdrop=backdrops.library,
        movers=(
            Mover(figures.person, ((80, 292), (560, 292), (80, 292)), 60, 0.2, 112, _GREEN),
            Mover(figures.person, ((660, 350), (-20, 350)), 30, 0.6, 140, _BLUE),
        ),
    ),
    Scene(
        key="laboratory",
        name="化学实验室 B205",
        label="CHEMISTRY B205",
        building="化工实验楼",
        owner="laboratory-management",
        system_class=SystemClass.LABORATORY,
        purpose="实验室安全",
        field_of_view="通风橱和安全通道",
        is_key_location=True,
        codec=Codec.H265,
        backdrop=backdrops.laboratory,
        movers=(
            Mover(figures.person, ((60, 330), (400, 320), (560, 330), (60, 330)), 60, 0.0, 140, (236, 238, 240)),
            Mover(figures.person, ((500, 300), (240, 300), (500, 300)), 30, 0.4, 120, (226, 230, 236)),
        ),
    ),
    Scene(
        key="canteen",
        name="第三食堂大厅",
        label="CANTEEN 3",
        building="第三食堂",
        owner="",
        system_class=SystemClass.SCHOOL,
        purpose="人员密集场所安全",
        field_of_view="就餐区和取餐口",
        is_key_location=False,
        codec=Codec.H264,
        backdrop=backdrops.canteen,
        movers=(
            Mover(figures.person, ((-20, 210), (660, 210)), 20, 0.0, 80, _RED),
            Mover(figures.person, ((-20, 210), (660, 210)), 20, 0.25, 80, _AMBER),
            Mover(figures.person, ((660, 276), (-20, 276)), 30, 0.5, 104, _BLUE),
            Mover(figures.person, ((200, 350), (480, 350), (200, 350)), 15, 0.1, 130, _GREEN),
        ),
    ),
    Scene(
        key="playground",
        name="田径场东侧",
        label="PLAYGROUND EAST",
        building="田径场",
        owner="physical-education",
        system_class=SystemClass.SPORTS,
        purpose="体育教学与测试",
        field_of_view="东侧跑道",
        is_key_location=False,
        codec=Codec.H264,
        backdrop=backdrops.playground,
        movers=(
            Mover(figures.ball, ((200, 320), (430, 260), (300, 230), (200, 320)), 12, 0.0, 14, _WHITE),
            Mover(figures.person, ((20, 240), (320, 170), (620, 240), (320, 356), (20, 240)), 20, 0.0, 60, _RED),
            Mover(figures.person, ((20, 240), (320, 170), (620, 240), (320, 356), (20, 240)), 30, 0.5, 60, _BLUE),
            Mover(figures.person, ((220, 300), (420, 280), (220, 300)), 10, 0.3, 66, _AMBER),
        ),
    ),
    Scene(
        key="carpark",
        name="行政楼停车场",
        label="CAR PARK ADMIN",
        building="行政楼",
        owner="",
        system_class=SystemClass.SCHOOL,
        purpose="停车场安全",
        field_of_view="车辆出入口",
        is_key_location=False,
        codec=Codec.H264,
        backdrop=backdrops.car_park,
        movers=(
            Mover(figures.car, ((-120, 282), (760, 282)), 12, 0.0, 56, _BLUE),
            Mover(figures.car, ((780, 346), (-140, 346)), 20, 0.5, 68, _GREY),
            Mover(figures.person, ((60, 240), (580, 226), (60, 240)), 60, 0.3, 64, _RED),
        ),
    ),
)


def pictures(scene: Scene) -> Iterator[Image.Image]:
    """Draw the loop picture by picture, all of one size."""
    backdrop = scene.backdrop()
    font, small = ImageFont.load_default(20), ImageFont.load_default(14)
    for number in range(PICTURES):
        image = backdrop.copy()
        draw = ImageDraw.Draw(image)
        _draw_movers(draw, scene, number / FPS)
        draw.rectangle((0, 0, backdrops.WIDTH, 30), fill=(16, 18, 22))
        draw.text((10, 4), f"DEMO  {scene.label}", font=font, fill=(236, 238, 240))
        draw.text((470, 9), f"{number:03d}", font=small, fill=(150, 156, 164))
        draw.text((520, 4), f"--:--:{number // FPS:02d}.{number % FPS}", font=font, fill=(255, 214, 120))
        yield image


def _draw_movers(draw: ImageDraw.ImageDraw, scene: Scene, second: float) -> None:
    """Draw the nearer figures over the farther ones."""
    placed = [(mover.place(second), mover) for mover in scene.movers]
    for place, mover in sorted(placed, key=lambda item: item[0][1]):
        mover.draw(draw, place, mover.size, mover.colour, second)
