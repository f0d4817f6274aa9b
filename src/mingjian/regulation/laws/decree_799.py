"""State Council Decree 799, Articles 8, 13-17 and 20-23: what it asks of whoever runs cameras in public places."""

from mingjian.regulation.laws.titles import figure, place
from mingjian.regulation.terms import Kind, Mechanism, Rule, Standing, Unit

_D799_08 = place("D799.08", zh="第八条", en="Article 8")
D799_08 = Rule(
    id="D799.08",
    provision=_D799_08,
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="宿舍居室、浴室、卫生间、更衣室等私密处所一律不得安装；发现已装的，立即报公安机关。",
    summary_en=(
        "No camera in dormitory rooms, baths, toilets, changing rooms or other private places; one that is "
        "found is reported to the police at once."
    ),
)

_D799_13 = place("D799.13", zh="第十三条", en="Article 13")
D799_13 = Rule(
    id="D799.13",
    provision=_D799_13,
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="点位、角度和范围以公共安全确有需要为限，并在醒目处设标识。",
    summary_en="Place, angle and range keep to what public security needs, and a sign tells of the camera.",
)

_D799_14 = place("D799.14", zh="第十四条", en="Article 14")
D799_14 = Rule(
    id="D799.14",
    provision=_D799_14,
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="系统投入使用后按期向县级公安机关备案，内容变了及时更新。",
    summary_en="A system is filed with the county police in time after it goes into use, and changes are filed too.",
    numbers=(
        figure(
            "police_filing",
            30,
            Unit.DAY,
            at=_D799_14,
            zh="投入使用后备案的期限",
            en="time to file after going into use",
        ),
    ),
)

_D799_15 = place("D799.15", zh="第十五条", en="Article 15")
D799_15 = Rule(
    id="D799.15",
    provision=_D799_15,
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    summary_zh="防入侵、防篡改、防泄露，录像保持原样完整；对不上的，核查时能看出来。",
    summary_en=(
        "Intrusion, tampering and leaks are guarded against and footage stays whole; what no longer agrees "
        "shows when checked."
    ),
)

_D799_16_2 = place("D799.16.2", zh="第十六条第二款第二项", en="Article 16 paragraph 2 item 2")
D799_16_2 = Rule(
    id="D799.16.2",
    provision=_D799_16_2,
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.BY_DESIGN,
    summary_zh="内部人员按授权使用，没有相应权限的进不去。",
    summary_en="Staff use the system by authorisation only; without it nothing opens.",
)

_D799_16_3 = place("D799.16.3", zh="第十六条第二款第三项", en="Article 16 paragraph 2 item 3")
D799_16_3 = Rule(
    id="D799.16.3",
    provision=_D799_16_3,
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    summary_zh="每次查阅、调取都如实登记：事由、内容，以及是谁、哪个单位的。",
    summary_en="Every viewing and retrieval is registered truthfully: why, what, who and of which unit.",
)

_D799_17 = place("D799.17", zh="第十七条", en="Article 17")
D799_17 = Rule(
    id="D799.17",
    provision=_D799_17,
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="保存期有全国统一的下限，学校不能缩短。",
    summary_en="Retention has a floor of national law, which no school may shorten.",
)

D799_17B = Rule(
    id="D799.17b",
    provision=_D799_17,
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="期满且目的已经达到的录像，应当清除，不长期留着。",
    summary_en="Footage whose time is over and whose purpose is served is deleted and not kept for long.",
)

_D799_20 = place("D799.20", zh="第二十条", en="Article 20")
D799_20 = Rule(
    id="D799.20",
    provision=_D799_20,
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="国家机关依法定权限和程序查阅、调取，以必要为限。",
    summary_en="Organs of state view and retrieve by their lawful powers and procedure, within what is necessary.",
)

_D799_21 = place("D799.21", zh="第二十一条", en="Article 21")
D799_21 = Rule(
    id="D799.21",
    provision=_D799_21,
    kind=Kind.PERMISSION,
    mechanism=Mechanism.DECLARE,
    summary_zh="为保护生命、健康、财产，本人和亲属等经管理单位同意可看相关录像；看到的不得外泄。",
    summary_en=(
        "To protect life, health or property, the person concerned and relatives may see footage if the "
        "managing unit agrees, and tell nobody else."
    ),
)

_D799_22 = place("D799.22", zh="第二十二条", en="Article 22")
D799_22 = Rule(
    id="D799.22",
    provision=_D799_22,
    kind=Kind.DUTY,
    mechanism=Mechanism.DECLARE,
    summary_zh="依法公开传播的画面，人脸、车牌和单位名称要妥善遮护；本系统不提供公开的途径。",
    summary_en=(
        "What is lawfully published protects faces, plates and names of organisations; this product publishes nothing."
    ),
)

_D799_23 = place("D799.23", zh="第二十三条", en="Article 23")
D799_23 = Rule(
    id="D799.23",
    provision=_D799_23,
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="任何人不得非法提供、公开、侵入、控制，也不得删改数据或动遮设备。",
    summary_en=(
        "Nobody unlawfully provides, publishes, intrudes or controls, nor changes data or moves and covers devices."
    ),
)
