"""For how long a matter can be pursued: the limitation periods that custody follows (A15.2.3)."""

from mingjian.regulation.laws.titles import figure, place
from mingjian.regulation.terms import Kind, Mechanism, Rule, Standing, Unit

_PSAPL_25 = place("PSAPL.25", zh="第二十五条", en="Article 25")
PSAPL_25 = Rule(
    id="PSAPL.25",
    provision=_PSAPL_25,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="治安案件：行为终了后超过期限公安机关未发现的，不再处罚。",
    summary_en="Public-order cases: no penalty once the police have not found out in time after the act.",
    numbers=(
        figure(
            "public_order_limitation",
            6,
            Unit.MONTH,
            at=_PSAPL_25,
            zh="治安案件追究期限",
            en="limitation of public-order cases",
        ),
    ),
)

_APL_36 = place("APL.36", zh="第三十六条", en="Article 36")
APL_36 = Rule(
    id="APL.36",
    provision=_APL_36,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="行政处罚：一般期限之外，涉及生命健康或金融安全且有危害后果的更长。",
    summary_en=(
        "Administrative penalties: a usual period, and a longer one where life, health or financial safety was harmed."
    ),
    numbers=(
        figure(
            "penalty_limitation", 2, Unit.YEAR, at=_APL_36, zh="行政处罚一般期限", en="usual limitation of penalties"
        ),
        figure(
            "grave_penalty_limitation",
            5,
            Unit.YEAR,
            at=_APL_36,
            zh="涉及生命健康、金融安全的期限",
            en="limitation where life, health or finance was harmed",
        ),
    ),
)

_CRL_87 = place("CRL.87", zh="第八十七条", en="Article 87")
CRL_87 = Rule(
    id="CRL.87",
    provision=_CRL_87,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="刑事案件：按法定最高刑分四档，从犯罪之日起算；本数含在“以上”之内。",
    summary_en=(
        "Crimes: four periods by the highest penalty, from the day of the crime; 'and more' includes the figure."
    ),
    numbers=(
        figure("crime_under_5", 5, Unit.YEAR, at=_CRL_87, zh="最高刑不满五年", en="highest penalty under five years"),
        figure(
            "crime_5_to_10", 10, Unit.YEAR, at=_CRL_87, zh="最高刑五年以上不满十年", en="five years and more, under ten"
        ),
        figure("crime_10_up", 15, Unit.YEAR, at=_CRL_87, zh="最高刑十年以上", en="ten years and more"),
        figure("crime_life", 20, Unit.YEAR, at=_CRL_87, zh="最高刑无期徒刑、死刑", en="life or death"),
    ),
)

_CRL_88 = place("CRL.88", zh="第八十八条", en="Article 88")
CRL_88 = Rule(
    id="CRL.88",
    provision=_CRL_88,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="立案后逃避侦查的，或被害人控告应立案而未立案的，不受追诉期限制。",
    summary_en="No limitation once a suspect evades a case that was opened, or a complaint was wrongly not taken up.",
)

_CIV_188 = place("CIV.188", zh="第一百八十八条", en="Article 188")
CIV_188 = Rule(
    id="CIV.188",
    provision=_CIV_188,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="民事权利：自知道受损和义务人起算，另有最长保护期。",
    summary_en="Civil claims: from knowing of the loss and of who owes, with a longest period.",
    numbers=(
        figure("civil_limitation", 3, Unit.YEAR, at=_CIV_188, zh="诉讼时效", en="limitation of civil claims"),
        figure("civil_longest", 20, Unit.YEAR, at=_CIV_188, zh="最长保护期", en="longest protection of civil claims"),
    ),
)

_CIV_191 = place("CIV.191", zh="第一百九十一条", en="Article 191")
CIV_191 = Rule(
    id="CIV.191",
    provision=_CIV_191,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="未成年人遭受性侵害的，时效自其成年之日起算。",
    summary_en="Claims of minors for sexual harm begin to run when they come of age.",
    numbers=(figure("coming_of_age", 18, Unit.YEAR, at=_CIV_191, zh="起算的年龄", en="age at which it begins"),),
)

_LDM_27 = place("LDM.27", zh="第二十七条", en="Article 27")
LDM_27 = Rule(
    id="LDM.27",
    provision=_LDM_27,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="劳动争议：自知道权利被侵害起算的仲裁时效。",
    summary_en="Labour disputes: the period for arbitration, from knowing of the infringement.",
    numbers=(
        figure(
            "labour_limitation", 1, Unit.YEAR, at=_LDM_27, zh="劳动争议仲裁时效", en="limitation of labour arbitration"
        ),
    ),
)

_STU_60 = place("STU.60", zh="第六十条", en="Article 60")
STU_60 = Rule(
    id="STU.60",
    provision=_STU_60,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="学生处分：没有时效的规定；收到决定后可在期限内申诉。",
    summary_en="Student discipline: no limitation is fixed; an appeal may follow within days of the decision.",
    numbers=(
        figure("student_appeal", 10, Unit.DAY, at=_STU_60, zh="学生申诉的期限", en="time for a student to appeal"),
    ),
)

_RTA_37 = place("RTA.37", zh="第三十七条", en="Article 37")
RTA_37 = Rule(
    id="RTA.37",
    provision=_RTA_37,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="交通事故：交警可调取监控记录；期限按所涉责任中最长的计。",
    summary_en=(
        "Traffic accidents: the police may retrieve recordings; the longest period of the liabilities concerned counts."
    ),
)

_ERL_85 = place("ERL.85", zh="第八十五条", en="Article 85")
ERL_85 = Rule(
    id="ERL.85",
    provision=_ERL_85,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="突发事件中取得的个人信息，应对结束后销毁，留作证据的先作评估。",
    summary_en="Personal data gathered in an emergency is destroyed afterwards, or kept as evidence upon assessment.",
)
