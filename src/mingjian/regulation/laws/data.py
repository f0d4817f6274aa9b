"""National law on personal information, network data, logs, secrets and key targets, as far as it binds this system."""

from mingjian.regulation.laws.titles import figure, place
from mingjian.regulation.terms import Kind, Mechanism, Rule, Standing, Unit

_PIPL_26 = place("PIPL.26", zh="第二十六条", en="Article 26")
PIPL_26 = Rule(
    id="PIPL.26",
    provision=_PIPL_26,
    kind=Kind.BAN,
    mechanism=Mechanism.DECLARE,
    summary_zh="公共场所采集的图像只用于维护公共安全；另作他用须个人单独同意。",
    summary_en="Images taken in public places serve public security only; any other use needs separate consent.",
)

_PIPL_47 = place("PIPL.47", zh="第四十七条", en="Article 47")
PIPL_47 = Rule(
    id="PIPL.47",
    provision=_PIPL_47,
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="目的已实现、同意已撤回或处理违法的，删除个人信息；法定保存期未满的，只保存、不作他用。",
    summary_en=(
        "Personal information is erased once its purpose is achieved, consent withdrawn or its processing unlawful; "
        "while a period of law runs it is only kept."
    ),
)

_NDR_12 = place("NDR.12", zh="第十二条", en="Article 12")
NDR_12 = Rule(
    id="NDR.12",
    provision=_NDR_12,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="向他人提供或委托处理个人信息的，处理情况的记录要保存到期。",
    summary_en="Records of personal information provided or entrusted to others are kept for their time.",
)

_CSL_23_3 = place("CSL.23.3", zh="第二十三条第三项", en="Article 23 item 3")
CSL_23_3 = Rule(
    id="CSL.23.3",
    provision=_CSL_23_3,
    kind=Kind.LIMIT,
    mechanism=Mechanism.RECORD,
    summary_zh="网络运行和安全事件的日志按规定期限留存；本系统的操作日志只增不删。",
    summary_en="Logs of operation and security events are kept for their time; the ledger here only grows.",
    numbers=(
        figure("log_retention", 6, Unit.MONTH, at=_CSL_23_3, zh="日志留存的最短期限", en="shortest retention of logs"),
    ),
)

_SSL_31_3 = place("SSL.31.3", zh="第三十一条第三项", en="Article 31 item 3")
SSL_31_3 = Rule(
    id="SSL.31.3",
    provision=_SSL_31_3,
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="国家秘密不得进入非涉密系统；保密监控系统在此只登记、不接入。",
    summary_en=(
        "State secrets have no place on a system that is not classified: a secrecy system is known here and "
        "never connected."
    ),
)

_CTL_32 = place("CTL.32", zh="第三十二条", en="Article 32")
CTL_32 = Rule(
    id="CTL.32",
    provision=_CTL_32,
    kind=Kind.LIMIT,
    mechanism=Mechanism.DECLARE,
    summary_zh="列为反恐重点目标的单位，视频保存期另有下限；对应点位请按重点部位登记。",
    summary_en="Designated key targets keep video longer; register their points as key locations.",
    numbers=(
        figure(
            "counter_terror_retention",
            90,
            Unit.DAY,
            at=_CTL_32,
            zh="反恐重点目标的最短保存期",
            en="shortest retention at designated key targets",
        ),
    ),
)
