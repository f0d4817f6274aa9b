"""Chapter 1, general (Articles 1-6): purpose, scope, the two classes of systems, what a system and its data are."""

from mingjian.regulation.provisions import PROVISIONS
from mingjian.regulation.terms import Kind, Mechanism, Number, Principle, Rule, Source, Standing, Unit

A01 = Rule(
    id="A01",
    provision=PROVISIONS["A01"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.DECLARE,
    summary_zh="本办法的目的与依据：让监控的建设、使用、管理有章可循，既护师生权益，又保校园平安。",
    summary_en=(
        "Purpose and basis: surveillance is built, used and managed by rule, for people's rights and a safe campus."
    ),
)
A02 = Rule(
    id="A02",
    provision=PROVISIONS["A02"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    summary_zh="每套系统都归属一个校区、一个责任单位和一个管理层级，没有无主的设备。",
    summary_en="Every system belongs to one campus, one responsible unit and one tier; nothing is without an owner.",
)
A03_S1 = Rule(
    id="A03.s1",
    provision=PROVISIONS["A03"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="只管校园里为公共安全而设的监控；登记时要写明属于哪一类。",
    summary_en="Only systems that serve public safety on campus are covered, and each is registered as such.",
)
A03_S2 = Rule(
    id="A03.s2",
    provision=PROVISIONS["A03"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DECLARE,
    summary_zh="师生自用的设备不归本系统管，使用者自行负责，也不能侵害别人。",
    summary_en="Personal devices are outside this system; their owners answer for them and must harm nobody.",
)
A04_P1 = Rule(
    id="A04.p1",
    provision=PROVISIONS["A04.p1"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.BY_DESIGN,
    summary_zh="监控系统只有校建、自建两类，登记时必选其一。",
    summary_en="A system is either school-built or unit-built; registration asks which.",
)
A04_P2 = Rule(
    id="A04.p2",
    provision=PROVISIONS["A04.p2"],
    kind=Kind.ASSIGNMENT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="公共区域、公共楼宇里的校建系统，由所在校区的二级管理机构直接负责。",
    summary_en="School-built systems in public places are run by the tier-2 body of their campus itself.",
)
A04_P3 = Rule(
    id="A04.p3",
    provision=PROVISIONS["A04.p3"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="基建、修缮部门建成校建系统后办理移交，接收的是二级管理机构；移交前不投入使用。",
    summary_en=(
        "School-built systems made by the construction departments pass to tier 2 by a signed handover before use."
    ),
    numbers=(
        Number(
            name="handover_period",
            value=30,
            unit=Unit.DAY,
            source=Source.OUR_DEFAULT,
            label_zh="建成后办理移交的期限",
            label_en="time to hand over after completion",
        ),
    ),
)
A04_P4 = Rule(
    id="A04.p4",
    provision=PROVISIONS["A04.p4"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    summary_zh="单位在自己管理的场所建的是自建系统，考试、保密、科研等专业用途也在其中。",
    summary_en="What a unit builds in the places it manages is unit-built, special purposes such as exams included.",
)
A04_P5S1 = Rule(
    id="A04.p5s1",
    provision=PROVISIONS["A04.p5"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="自建系统一般不接到校建系统上；确需接入的另行报批并留下理由。",
    summary_en=(
        "Unit-built systems are as a rule not attached to school-built ones; an exception is approved with its reason."
    ),
    principle=Principle(authority_zh="一级管理机构", authority_en="the tier-1 body", source=Source.OUR_DEFAULT),
)
A04_P5S2 = Rule(
    id="A04.p5s2",
    provision=PROVISIONS["A04.p5"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="由基建、修缮部门代建的自建系统，完工后整套交给使用单位管理。",
    summary_en="Unit-built systems made by the construction departments pass whole to the unit that uses them.",
)
A04_P5S3 = Rule(
    id="A04.p5s3",
    provision=PROVISIONS["A04.p5"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="一处场所有几家使用单位时，先经协调定下唯一的三级管理机构，再投入使用。",
    summary_en="Where several units share a place, exactly one tier-3 body is settled before the system goes into use.",
)
A05 = Rule(
    id="A05",
    provision=PROVISIONS["A05"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="监控系统不只是摄像机：采集、传输、存储、显示设备，连同杆件和线缆，都列入资产。",
    summary_en="A system is more than cameras: transmission, storage, displays, poles and cables are assets as well.",
)
A06 = Rule(
    id="A06",
    provision=PROVISIONS["A06"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.BY_DESIGN,
    summary_zh="录下的图像、声音、截图及其派生物，一律按监控数据管理，受同样的权限约束。",
    summary_en="Pictures, sound, stills and everything derived from them are footage under the same access rules.",
)
