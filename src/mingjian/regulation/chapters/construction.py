"""Chapter 3, building and running (Articles 9-13): money, standards, transmission, unit-built systems, operation."""

from mingjian.regulation.provisions import PROVISIONS
from mingjian.regulation.terms import Kind, Mechanism, Number, Principle, Rule, Source, Standing, Unit

A09 = Rule(
    id="A09",
    provision=PROVISIONS["A09"],
    kind=Kind.ASSIGNMENT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="校建的钱由学校出，自建的钱由单位出；经费来源随项目登记。",
    summary_en=(
        "The school pays for school-built systems and a unit for its own; the source is registered with the project."
    ),
)
A10_A = Rule(
    id="A10.a",
    provision=PROVISIONS["A10"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="建设按三项技术标准进行，验收时逐条留下符合情况。",
    summary_en="Systems are built to three technical standards; conformance is recorded at acceptance.",
)
A10_B = Rule(
    id="A10.b",
    provision=PROVISIONS["A10"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="协议公开、附开发包、留有接口，否则不予验收。",
    summary_en="Protocol, development kit and interface are handed over, or the system is not accepted.",
)
A11_A = Rule(
    id="A11.a",
    provision=PROVISIONS["A11"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="点位既要满足安全需要，又要合法；依法禁装的场所不能登记。",
    summary_en="Points serve security and respect the law; places where cameras are forbidden cannot be registered.",
)
A11_B = Rule(
    id="A11.b",
    provision=PROVISIONS["A11"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="视频走校内光纤网络；网段之外的来源不予接入。",
    summary_en="Pictures travel by the campus fibre network; sources outside its address ranges are not accepted.",
)
A11_C = Rule(
    id="A11.c",
    provision=PROVISIONS["A11"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="外网、无线一类的传输一般不用，例外须事先获批并有期限。",
    summary_en=(
        "External or wireless transmission is as a rule not used; an exception is approved beforehand and expires."
    ),
    principle=Principle(authority_zh="一级管理机构", authority_en="the tier-1 body", source=Source.REGULATION),
)
A11_D = Rule(
    id="A11.d",
    provision=PROVISIONS["A11"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="确实用不了光纤的，先由一级管理机构评估、批准，后建设。",
    summary_en="Where fibre is impossible, tier 1 evaluates and approves before anything is built.",
    numbers=(
        Number(
            name="exception_validity",
            value=12,
            unit=Unit.MONTH,
            source=Source.OUR_DEFAULT,
            label_zh="例外的有效期",
            label_en="validity of an exception",
        ),
    ),
)
A12_A = Rule(
    id="A12.a",
    provision=PROVISIONS["A12"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="单位要建系统，先报所在校区的二级管理机构。",
    summary_en="A unit declares its system to the tier-2 body before building.",
)
A12_B = Rule(
    id="A12.b",
    provision=PROVISIONS["A12"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="没有获批的自建系统不能动工，也不能接入本系统。",
    summary_en="An unapproved system is not built, and not connected here.",
)
A12_C = Rule(
    id="A12.c",
    provision=PROVISIONS["A12"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="单位自己不随意动用最高权限的账号；使用情况定期核对。",
    summary_en="A unit does not use its top-level account at will; its use is checked regularly.",
)
A12_D = Rule(
    id="A12.d",
    provision=PROVISIONS["A12"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="自建系统的本机下载和云端下载都要关掉；是否重新打开由系统核对。",
    summary_en="Local and cloud download of unit-built systems are switched off; the system checks that they stay so.",
)
A12_E = Rule(
    id="A12.e",
    provision=PROVISIONS["A12"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="最高权限的凭据交二级管理机构封存，凭回执才能启用系统。",
    summary_en="Top-level credentials are deposited with tier 2; the receipt is a condition of going into use.",
)
A12_F = Rule(
    id="A12.f",
    provision=PROVISIONS["A12"],
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="二级管理机构可从内网远程查看自建系统，只限日常检查和办案两种用途。",
    summary_en="Tier 2 may reach unit-built systems from the intranet for two purposes only: inspection and cases.",
)
A12_G = Rule(
    id="A12.g",
    provision=PROVISIONS["A12"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    standing=Standing.LATER,
    summary_zh="对二级管理机构的远程查看，单位要给予方便；拒绝会被记下。",
    summary_en="Units support such access by tier 2; a refusal is noticed and recorded.",
)
A13_A = Rule(
    id="A13.a",
    provision=PROVISIONS["A13"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    summary_zh="监控系统昼夜连续运行；每一秒缺失的录像都要有原因可查。",
    summary_en="Systems run day and night; every missing second of footage has a cause on record.",
    numbers=(
        Number(
            name="operation",
            value=24,
            unit=Unit.HOUR_PER_DAY,
            source=Source.REGULATION,
            label_zh="每日运行时间",
            label_en="operation per day",
        ),
    ),
)
A13_B = Rule(
    id="A13.b",
    provision=PROVISIONS["A13"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.BY_DESIGN,
    summary_zh="任何人不能人为停下本地录像；本系统不提供这样的按钮、接口或权限。",
    summary_en="Nobody may pause or close local recording; the product has no button, interface or right for it.",
)
A13_C = Rule(
    id="A13.c",
    provision=PROVISIONS["A13"],
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="录像至少保存三十天。",
    summary_en="Footage is kept for thirty days at least.",
    numbers=(
        Number(
            name="retention_floor",
            value=30,
            unit=Unit.DAY,
            source=Source.REGULATION,
            label_zh="最短保存期",
            label_en="shortest retention",
        ),
        Number(
            name="national_retention_floor",
            value=30,
            unit=Unit.DAY,
            source=Source.NATIONAL_LAW,
            label_zh="国家规定的最短保存期",
            label_en="shortest retention by national law",
            basis_zh="《公共安全视频图像信息系统管理条例》第十七条",
            basis_en="State Council Decree 799 Article 17",
        ),
    ),
)
A13_D = Rule(
    id="A13.d",
    provision=PROVISIONS["A13"],
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="重点部位的录像至少保存九十天。",
    summary_en="Footage of key locations is kept for ninety days at least.",
    numbers=(
        Number(
            name="key_location_retention_floor",
            value=90,
            unit=Unit.DAY,
            source=Source.REGULATION,
            label_zh="重点部位最短保存期",
            label_en="shortest retention at key locations",
        ),
    ),
)
