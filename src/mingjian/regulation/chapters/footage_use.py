"""Chapter 4, use of footage (Articles 14 and 15): purpose and secrecy, viewing, retrieval."""

from mingjian.regulation.provisions import PROVISIONS
from mingjian.regulation.terms import Kind, Mechanism, Number, Principle, Rule, Source, Standing, Unit

A14_A = Rule(
    id="A14.a",
    provision=PROVISIONS["A14"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.BY_DESIGN,
    summary_zh="监控数据是学校的内部资料，默认不对外公开。",
    summary_en="Footage is internal material of the university and closed by default.",
)
A14_B = Rule(
    id="A14.b",
    provision=PROVISIONS["A14"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="监控数据只为安全保卫部门处理案（事）件而用，没有说明用途就不出示。",
    summary_en="Footage serves the security departments' work on incidents only; no purpose, no picture.",
)
A14_C = Rule(
    id="A14.c",
    provision=PROVISIONS["A14"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="查阅与调取先登记、经审批，并守保密要求；没有有效的批准就看不到画面。",
    summary_en="Viewing and retrieval are registered and approved first; no picture without a valid approval.",
)
A14_D = Rule(
    id="A14.d",
    provision=PROVISIONS["A14"],
    kind=Kind.BAN,
    mechanism=Mechanism.DECLARE,
    summary_zh="未获许可不得拷贝、翻拍或截取画面；本系统不给下载，翻拍只能告诫与追溯。",
    summary_en="No unapproved copies: there is no download; photographing the screen can only be warned of and traced.",
)
A14_E = Rule(
    id="A14.e",
    provision=PROVISIONS["A14"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.BY_DESIGN,
    summary_zh="画面不上互联网，也不挪作他用；本系统没有公开链接和对外分享。",
    summary_en="Footage is not put on the internet or to other uses; there are no public links and no sharing.",
)
A15_0 = Rule(
    id="A15.0",
    provision=PROVISIONS["A15"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.BY_DESIGN,
    summary_zh="使用监控数据只有两条路：查阅和调取，没有第三种。",
    summary_en="There are two ways to use footage, viewing and retrieval, and no third.",
)
A15_1_1A = Rule(
    id="A15.1.1a",
    provision=PROVISIONS["A15.1.1"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    summary_zh="校内人员说明事由后提出申请，由二级管理机构按需要出示相关内容。",
    summary_en="A member of the university applies with a reason; the tier-2 body shows what is relevant, as needed.",
)
A15_1_1B = Rule(
    id="A15.1.1b",
    provision=PROVISIONS["A15.1.1"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    summary_zh="校外人员要查阅，须先由公安或司法机关受理，有执法人员同来，并得到二级管理机构同意。",
    summary_en=(
        "Outsiders view only once police or a judicial organ has accepted the matter, "
        "with officers present and tier 2 agreeing."
    ),
)
A15_1_2A = Rule(
    id="A15.1.2a",
    provision=PROVISIONS["A15.1.2"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="查阅申请一律由二级管理机构受理；三级单位只告知流程、协助提出。",
    summary_en="Only tier 2 accepts applications for viewing; a tier-3 unit explains and assists.",
)
A15_1_2B = Rule(
    id="A15.1.2b",
    provision=PROVISIONS["A15.1.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="三级单位遇到有人要查阅，讲清流程，帮他把申请转到二级管理机构。",
    summary_en="A tier-3 unit that is asked explains the procedure and forwards the person's application to tier 2.",
)
A15_1_3A = Rule(
    id="A15.1.3a",
    provision=PROVISIONS["A15.1.3"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="查阅人要出示有效证件，操作员核对并登记后才能开始。",
    summary_en=(
        "The viewer shows a valid identity document; the operator checks and registers it before anything begins."
    ),
)
A15_1_3B = Rule(
    id="A15.1.3b",
    provision=PROVISIONS["A15.1.3"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="查阅须有操作员在场监督。",
    summary_en="Viewing takes place under an operator's supervision.",
)
A15_1_3C = Rule(
    id="A15.1.3c",
    provision=PROVISIONS["A15.1.3"],
    kind=Kind.BAN,
    mechanism=Mechanism.DECLARE,
    summary_zh="查阅时在场的人都不许拍照、录音或摄像；系统告诫并登记，手机由人管住。",
    summary_en=(
        "Nobody present takes photographs, sound or video; the system warns and registers, people watch the phones."
    ),
)
A15_1_4A = Rule(
    id="A15.1.4a",
    provision=PROVISIONS["A15.1.4"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="只有获准的本人可以查阅，不能代看或转给他人。",
    summary_en="Only the person permitted may view; nobody stands in for another.",
)
A15_1_4B = Rule(
    id="A15.1.4b",
    provision=PROVISIONS["A15.1.4"],
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="同一内容同时查阅的人数，一般以三人为限。",
    summary_en="As a rule at most three people view the same footage together.",
    numbers=(
        Number(
            name="viewers_at_once",
            value=3,
            unit=Unit.PERSON,
            source=Source.REGULATION,
            label_zh="同时查阅人数上限",
            label_en="viewers at once",
            is_principle=True,
        ),
    ),
    principle=Principle(
        authority_zh="二级管理机构主要负责人", authority_en="the head of the tier-2 body", source=Source.OUR_DEFAULT
    ),
)
A15_1_5 = Rule(
    id="A15.1.5",
    provision=PROVISIONS["A15.1.5"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="突发事件需要立即查阅时，由一级或二级管理机构的主要负责人同意。",
    summary_en="In an emergency, immediate viewing needs the consent of the head of a tier-1 or tier-2 body.",
    numbers=(
        Number(
            name="consent_confirmation",
            value=24,
            unit=Unit.HOUR,
            source=Source.OUR_DEFAULT,
            label_zh="口头同意补办确认的期限",
            label_en="time to confirm an oral consent",
        ),
    ),
)
A15_2_1A = Rule(
    id="A15.2.1a",
    provision=PROVISIONS["A15.2.1"],
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="二级管理机构因办案和安全工作需要，可以下载、复制本校区的录像。",
    summary_en="For cases and safety work the tier-2 body may download and copy footage of its campus.",
)
A15_2_1B = Rule(
    id="A15.2.1b",
    provision=PROVISIONS["A15.2.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="二级管理机构调取时，有关单位予以协助。",
    summary_en="Units assist the tier-2 body when it retrieves footage.",
)
A15_2_2A = Rule(
    id="A15.2.2a",
    provision=PROVISIONS["A15.2.2"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="机关和校内单位凭公函申请调取，写明用途、人员和方式，由二级管理机构审批；个人不能调取。",
    summary_en=(
        "Organs and units ask by official letter with purpose, persons and method; "
        "tier 2 decides; individuals cannot retrieve."
    ),
    numbers=(
        Number(
            name="provision_record",
            value=3,
            unit=Unit.YEAR,
            source=Source.NATIONAL_LAW,
            label_zh="对外提供记录的保存期",
            label_en="records of provision are kept",
            basis_zh="《网络数据安全管理条例》第十二条",
            basis_en="Network Data Security Regulations Article 12",
        ),
    ),
)
A15_2_2B = Rule(
    id="A15.2.2b",
    provision=PROVISIONS["A15.2.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DECLARE,
    standing=Standing.LATER,
    summary_zh="领取录像的单位负责保管和保密。",
    summary_en="Whoever receives footage keeps it safe and secret.",
)
A15_2_3A = Rule(
    id="A15.2.3a",
    provision=PROVISIONS["A15.2.3"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="调取出来的录像集中存放在二级管理机构。",
    summary_en="Retrieved footage is kept in one place, with the tier-2 body.",
)
A15_2_3B = Rule(
    id="A15.2.3b",
    provision=PROVISIONS["A15.2.3"],
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="调取的录像一般保存到案（事）件依法不再追究为止；性质未定的先行保留、定期复核。",
    summary_en=(
        "Retrieved footage is as a rule kept until the matter can no longer be "
        "pursued; unclassified matters stay on review."
    ),
    numbers=(
        Number(
            name="unclassified_review",
            value=180,
            unit=Unit.DAY,
            source=Source.OUR_DEFAULT,
            label_zh="性质未定时的复核周期",
            label_en="review of unclassified matters",
        ),
    ),
    principle=Principle(
        authority_zh="二级管理机构主要负责人（只能延长）",
        authority_en="the head of the tier-2 body (to extend only)",
        source=Source.OUR_DEFAULT,
    ),
)
A15_2_3C = Rule(
    id="A15.2.3c",
    provision=PROVISIONS["A15.2.3"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="保存期没满，谁都删不掉调取的录像。",
    summary_en="Before its time has passed nobody can delete retrieved footage.",
)
