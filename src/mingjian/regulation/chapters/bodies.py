"""Chapter 2, bodies and people (Articles 7 and 8): the three tiers, their powers, and who answers within a unit."""

from mingjian.regulation.provisions import PROVISIONS
from mingjian.regulation.terms import Kind, Mechanism, Number, Rule, Source, Standing, Unit

A07_1_1 = Rule(
    id="A07.1.1",
    provision=PROVISIONS["A07.1.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="一级管理机构是全校监控的归口部门，规章的制定、版本和解释由它负责。",
    summary_en="The tier-1 body owns the field for the whole university: rules, their versions and readings.",
)
A07_1_2 = Rule(
    id="A07.1.2",
    provision=PROVISIONS["A07.1.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="一级管理机构对两类系统都给予技术上的帮助。",
    summary_en="The tier-1 body gives technical help to both classes of systems.",
)
A07_1_3A = Rule(
    id="A07.1.3a",
    provision=PROVISIONS["A07.1.3"],
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="建设和使用监控系统，由一级管理机构审批。",
    summary_en="Building and using a system is approved by the tier-1 body.",
)
A07_1_3B = Rule(
    id="A07.1.3b",
    provision=PROVISIONS["A07.1.3"],
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    summary_zh="一级管理机构监督查阅与调取：可以看全部台账、叫停，但不以一级身份代为批准。",
    summary_en=(
        "Tier 1 oversees viewing and retrieval: it reads every register and may halt, but does not approve as tier 1."
    ),
)
A07_1_4 = Rule(
    id="A07.1.4",
    provision=PROVISIONS["A07.1.4"],
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    summary_zh="发现违反规定的行为，由一级管理机构责令改正并作出处理。",
    summary_en="Breaches are corrected and dealt with by the tier-1 body.",
)
A07_2_0 = Rule(
    id="A07.2.0",
    provision=PROVISIONS["A07.2"],
    kind=Kind.ASSIGNMENT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="三个二级管理机构各管各的校区，不得越区行使职权。",
    summary_en="Each of the three tier-2 bodies has its own campuses and no power over the others.",
    numbers=(
        Number(
            name="tier_2_bodies",
            value=3,
            unit=Unit.BODY,
            source=Source.REGULATION,
            label_zh="二级管理机构",
            label_en="tier-2 bodies",
        ),
        Number(
            name="campuses",
            value=4,
            unit=Unit.CAMPUS,
            source=Source.REGULATION,
            label_zh="校区",
            label_en="campuses",
        ),
    ),
)
A07_2_1 = Rule(
    id="A07.2.1",
    provision=PROVISIONS["A07.2.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    summary_zh="校区内校建系统从规划、施工到日常维护，都是二级管理机构的事。",
    summary_en="Planning, building and maintaining school-built systems is the work of the tier-2 body of the campus.",
)
A07_2_2 = Rule(
    id="A07.2.2",
    provision=PROVISIONS["A07.2.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="校区内的自建系统怎样使用和管理，由二级管理机构指导。",
    summary_en="The tier-2 body guides how the unit-built systems of its campus are used and managed.",
)
A07_2_3 = Rule(
    id="A07.2.3",
    provision=PROVISIONS["A07.2.3"],
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    summary_zh="对本校区的监控数据，查阅权与调取权属于二级管理机构。",
    summary_en="The right to view and to retrieve a campus's footage belongs to its tier-2 body.",
)
A07_3_1 = Rule(
    id="A07.3.1",
    provision=PROVISIONS["A07.3.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="三级管理机构建好、管好、维护好自己的系统；这不含查阅和调取的决定权。",
    summary_en="A tier-3 body builds, manages and maintains its own system; deciding on viewing is not part of that.",
)
A07_3_2 = Rule(
    id="A07.3.2",
    provision=PROVISIONS["A07.3.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="三级管理机构在自己的管理区域内配合监控系统的安全管理。",
    summary_en="A tier-3 body helps to keep the systems in its area safe.",
)
A08_A = Rule(
    id="A08.a",
    provision=PROVISIONS["A08"],
    kind=Kind.ASSIGNMENT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="单位的主要负责人就是安全责任人，须有任命记录。",
    summary_en="The head of a unit is its safety-responsible person, by an appointment on record.",
)
A08_B = Rule(
    id="A08.b",
    provision=PROVISIONS["A08"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="安全责任人指定管理员和操作员，可以兼职；没有指定的系统不能启用。",
    summary_en=(
        "The safety-responsible person names managers and operators, part-time allowed; without them no system starts."
    ),
)
A08_C = Rule(
    id="A08.c",
    provision=PROVISIONS["A08"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="单位要有运行维护、安全检查和应急处置三项制度，并照此执行。",
    summary_en="A unit has, and follows, its rules for maintenance, inspection and emergencies.",
)
A08_D = Rule(
    id="A08.d",
    provision=PROVISIONS["A08"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="有关人员要受操作和法规两方面的培训，并在有效期内。",
    summary_en="The people concerned are trained in procedures and in the law, and the training is still valid.",
    numbers=(
        Number(
            name="training_validity",
            value=12,
            unit=Unit.MONTH,
            source=Source.OUR_DEFAULT,
            label_zh="培训有效期",
            label_en="validity of training",
        ),
    ),
)
