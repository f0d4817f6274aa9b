"""The national texts that are cited, in the edition that was read, and how a place in one is made."""

from collections.abc import Mapping

from mingjian.regulation.terms import Law, Number, Provision, Source, Unit

_ALL = (
    Law(
        "D799",
        "《公共安全视频图像信息系统管理条例》",
        "Regulations on Public Security Video Image Information Systems (State Council Decree 799)",
        "国务院令第799号，2025-04-01 起施行",
        "in force since 2025-04-01",
    ),
    Law(
        "PIPL",
        "《个人信息保护法》",
        "Personal Information Protection Law",
        "2021-11-01 起施行",
        "in force since 2021-11-01",
    ),
    Law(
        "NDR",
        "《网络数据安全管理条例》",
        "Network Data Security Regulations",
        "2025-01-01 起施行",
        "in force since 2025-01-01",
    ),
    Law("CSL", "《网络安全法》", "Cybersecurity Law", "2025-10-28 修正", "as amended on 2025-10-28"),
    Law("SSL", "《保守国家秘密法》", "State Secrets Law", "2024 年修订", "as revised in 2024"),
    Law(
        "CTL",
        "《反恐怖主义法》",
        "Counter-Terrorism Law",
        "2018 年修正",
        "as amended in 2018",
    ),
    Law(
        "PSAPL",
        "《治安管理处罚法》",
        "Public Security Administration Punishments Law",
        "2025-06-27 修订",
        "as revised on 2025-06-27",
    ),
    Law("APL", "《行政处罚法》", "Administrative Penalty Law", "2021 年修订", "as revised in 2021"),
    Law("CRL", "《刑法》", "Criminal Law", "现行", "current edition"),
    Law("CIV", "《民法典》", "Civil Code", "2021-01-01 起施行", "in force since 2021-01-01"),
    Law(
        "LDM",
        "《劳动争议调解仲裁法》",
        "Labour Dispute Mediation and Arbitration Law",
        "2008-05-01 起施行",
        "in force since 2008-05-01",
    ),
    Law(
        "STU",
        "《普通高等学校学生管理规定》",
        "Provisions on the Administration of Students (Ministry of Education Decree 41)",
        "教育部令第41号",
        "in force since 2017-09-01",
    ),
    Law(
        "RTA",
        "《道路交通事故处理程序规定》",
        "Procedure for Handling Road Traffic Accidents",
        "2018-05-01 起施行",
        "in force since 2018-05-01",
    ),
    Law("ERL", "《突发事件应对法》", "Emergency Response Law", "2024-11-01 起施行", "in force since 2024-11-01"),
)
LAWS: Mapping[str, Law] = {law.id: law for law in _ALL}


def place(rule_id: str, *, zh: str, en: str) -> Provision:
    """Return where a national rule stands: "D799.17" with "第十七条" and "Article 17"."""
    law = LAWS[rule_id.partition(".")[0]]
    return Provision(rule_id, f"{law.title_zh}{zh}", f"{law.title_en} {en}", law)


def figure(name: str, value: int, unit: Unit, *, at: Provision, zh: str, en: str) -> Number:
    """Return a figure that a national text fixes, with its title and article."""
    return Number(
        name=name,
        value=value,
        unit=unit,
        source=Source.NATIONAL_LAW,
        label_zh=zh,
        label_en=en,
        basis_zh=at.citation_zh,
        basis_en=at.citation_en,
    )
