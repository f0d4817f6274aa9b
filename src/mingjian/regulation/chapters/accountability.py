"""Chapter 5 (Articles 16-20): duties of responsible persons, managers, operators and viewers; what is answered for."""

from mingjian.regulation.provisions import PROVISIONS
from mingjian.regulation.terms import Kind, Mechanism, Number, Rule, Source, Standing, Unit

A16_1 = Rule(
    id="A16.1",
    provision=PROVISIONS["A16.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="安全责任人落实主体责任，订出本单位的实施细则。",
    summary_en="The safety-responsible person carries the main responsibility and sets the unit's detailed rules.",
    numbers=(
        Number(
            name="rules_review",
            value=12,
            unit=Unit.MONTH,
            source=Source.OUR_DEFAULT,
            label_zh="细则复核周期",
            label_en="review of the detailed rules",
        ),
    ),
)
A16_2 = Rule(
    id="A16.2",
    provision=PROVISIONS["A16.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="安全责任人组织业务与保密培训，让数据用得安全、存得安全。",
    summary_en=(
        "The safety-responsible person has the staff trained in their work and in secrecy, so that footage is safe."
    ),
)
A16_3 = Rule(
    id="A16.3",
    provision=PROVISIONS["A16.3"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="安全责任人把好查阅审批关，保证所记内容真实。",
    summary_en="The safety-responsible person sees that viewing is strictly approved and what is recorded is true.",
)
A17_1 = Rule(
    id="A17.1",
    provision=PROVISIONS["A17.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="管理员督促操作员按点位、按时段巡查，漏查会被提示。",
    summary_en="Managers see to it that operators patrol the key places at the key times; missed patrols show.",
)
A17_2 = Rule(
    id="A17.2",
    provision=PROVISIONS["A17.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="管理员发现涉及公共安全或违法犯罪的可疑情况，尽快上报。",
    summary_en="Managers report suspicious matters of public safety or crime without delay.",
    numbers=(
        Number(
            name="report_time",
            value=10,
            unit=Unit.MINUTE,
            source=Source.OUR_DEFAULT,
            label_zh="发现到上报的时限",
            label_en="from discovery to report",
        ),
    ),
)
A17_3 = Rule(
    id="A17.3",
    provision=PROVISIONS["A17.3"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="管理员抽查操作员的操作是否安全、规范。",
    summary_en="Managers check that operators work safely and by the book.",
)
A18_1 = Rule(
    id="A18.1",
    provision=PROVISIONS["A18.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    summary_zh="操作员的每次使用都详细登记；台账由系统自动写成，只增不改。",
    summary_en="Every use by an operator is registered in detail; the system writes the register and only adds to it.",
)
A18_2 = Rule(
    id="A18.2",
    provision=PROVISIONS["A18.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="操作员当班时用实时画面巡查重点部位。",
    summary_en="Operators on duty patrol key places by live video.",
)
A18_3 = Rule(
    id="A18.3",
    provision=PROVISIONS["A18.3"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="操作员按规程操作，发现故障及时报修，使系统保持正常。",
    summary_en="Operators follow procedure and have faults repaired, so that systems keep running.",
)
A18_4A = Rule(
    id="A18.4a",
    provision=PROVISIONS["A18.4"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    summary_zh="操作员按班次在岗，离岗须有交接。",
    summary_en="Operators keep to their shifts and leave the post only by handing over.",
)
A18_4B = Rule(
    id="A18.4b",
    provision=PROVISIONS["A18.4"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="监控室谁进谁出，都要登记。",
    summary_en="Whoever enters or leaves the control room is registered.",
)
A19_1 = Rule(
    id="A19.1",
    provision=PROVISIONS["A19.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DECLARE,
    summary_zh="查阅人和调取人遵守规定和监控室的要求，听从工作人员引导。",
    summary_en="Viewers and recipients keep the rules of the control room and follow its staff.",
)
A19_2 = Rule(
    id="A19.2",
    provision=PROVISIONS["A19.2"],
    kind=Kind.BAN,
    mechanism=Mechanism.DECLARE,
    summary_zh="查阅、调取时不许偷偷拍摄或录制；发现即终止并登记。",
    summary_en="No secret pictures or recordings while viewing or retrieving; if noticed, it ends and is registered.",
)
A19_3 = Rule(
    id="A19.3",
    provision=PROVISIONS["A19.3"],
    kind=Kind.BAN,
    mechanism=Mechanism.DECLARE,
    summary_zh="看到的、拿到的内容不外传；系统告诫，外泄后凭水印和台账追查。",
    summary_en=(
        "What was seen or received is not passed on; the system warns, and a leak is traced by watermark and register."
    ),
)
A20_0 = Rule(
    id="A20.0",
    provision=PROVISIONS["A20"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="违规按轻重追责，从通报到纪律处分；涉嫌犯罪的交公安。",
    summary_en="Breaches are answered for by their gravity, from censure to discipline; crimes go to the police.",
)
A20_1 = Rule(
    id="A20.1",
    provision=PROVISIONS["A20.1"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    summary_zh="公共区域里未获批准就装监控，要被追责。",
    summary_en="Installing cameras in public places without approval is answered for.",
)
A20_2 = Rule(
    id="A20.2",
    provision=PROVISIONS["A20.2"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="存心不让二级管理机构查阅或调取，要被追责。",
    summary_en="Wilfully hindering the tier-2 body in viewing or retrieving is answered for.",
)
A20_3 = Rule(
    id="A20.3",
    provision=PROVISIONS["A20.3"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="擅动、遮挡、关停、毁坏设备或其线路，要被追责。",
    summary_en="Moving, covering, closing or damaging a device or its lines without permission is answered for.",
)
A20_4 = Rule(
    id="A20.4",
    provision=PROVISIONS["A20.4"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="离岗、失管，或者不守查阅与调取的纪律，要被追责。",
    summary_en="Leaving the post, lax management or breaking the discipline of viewing is answered for.",
)
A20_5 = Rule(
    id="A20.5",
    provision=PROVISIONS["A20.5"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="擅自关闭系统、改变其用途或范围，或疏于检查致其长期失效，要被追责。",
    summary_en="Closing a system, changing its purpose or range, or letting it fail for long is answered for.",
    numbers=(
        Number(
            name="fault_open",
            value=7,
            unit=Unit.DAY,
            source=Source.OUR_DEFAULT,
            label_zh="故障视为长期的天数",
            label_en="days after which a fault counts as long",
        ),
    ),
)
A20_6 = Rule(
    id="A20.6",
    provision=PROVISIONS["A20.6"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    summary_zh="泄露画面或不当使用而有后果的，要被追责。",
    summary_en="Leaking footage or misusing it with consequences is answered for.",
)
A20_7 = Rule(
    id="A20.7",
    provision=PROVISIONS["A20.7"],
    kind=Kind.BAN,
    mechanism=Mechanism.RECORD,
    summary_zh="违反规定的其他行为造成损失的，同样登记、追责。",
    summary_en="Any other breach that causes loss is registered and answered for alike.",
)
