"""Open readings: what the text leaves open, and the default until it is interpreted (待保卫处解释)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One open point: the question, the default in force, the rules it concerns.

    `policies` are the values through which the program follows an interpretation at once; without any, an
    interpretation is registered and told, and what the program does stays as it is until a version follows it.
    """

    id: str
    question_zh: str
    question_en: str
    default_zh: str
    default_en: str
    rules: tuple[str, ...]
    policies: tuple[str, ...] = ()


_ALL = (
    Reading(
        id="Q01",
        question_zh="三级管理机构能否回放自建系统的录像作技术核查",
        question_en="May tier 3 play back its own recordings for a technical check?",
        default_zh="不能：三级只看实时巡查画面，回放须经二级批准的查阅。",
        default_en="No: tier 3 sees live patrol only; playback needs a viewing that tier 2 approved.",
        rules=(
            "A07.3.1",
            "A15.1.2a",
        ),
    ),
    Reading(
        id="Q02",
        question_zh="重点部位由谁列出，学校是否属于反恐重点目标",
        question_en="Who lists key locations, and is the school a key target against terrorism?",
        default_zh="由管理机构登记时注明；是否反恐重点目标由学校确认，确认前按点位各自的下限。",
        default_en=(
            "The managing body marks them at registration; until the school says that it is "
            "a target, each point has its own floor."
        ),
        rules=(
            "A13.d",
            "CTL.32",
        ),
        policies=(
            "retention_ordinary",
            "retention_key_location",
        ),
    ),
    Reading(
        id="Q03",
        question_zh="录像最长保存多久",
        question_en="What is the upper limit of retention?",
        default_zh="不设自动清除的上限，空间不足时从最早的过期录像清除。",
        default_en="None is enforced; when room is short the oldest footage beyond its floor goes first.",
        rules=(
            "A13.c",
            "D799.17",
        ),
        policies=("retention_margin",),
    ),
    Reading(
        id="Q04",
        question_zh="哪些人算校内人员（外包、校友、家属等）",
        question_en="Who is a member of the university (outsourced staff, alumni, dependants)?",
        default_zh="有本系统账号的人是校内人员；其他人按校外人员办理。",
        default_en="Whoever has an account here is; everybody else counts as an outsider.",
        rules=(
            "A15.1.1a",
            "A15.1.1b",
        ),
    ),
    Reading(
        id="Q05",
        question_zh="没有报案的家长、当事人能否依条例第二十一条查看",
        question_en="May parents or persons concerned view without police, as Decree 799 Article 21 allows?",
        default_zh="不向其出示；由值班人员依职权查看后告知结果。",
        default_en="Nothing is shown to them; staff look and tell the outcome.",
        rules=(
            "A15.1.1b",
            "D799.21",
        ),
    ),
    Reading(
        id="Q06",
        question_zh="个人能否要求复制自己的影像",
        question_en="May individuals have a copy of pictures of themselves?",
        default_zh="不提供复制；只能查阅。",
        default_en="No copy is given; they may view.",
        rules=("A15.2.2a",),
    ),
    Reading(
        id="Q07",
        question_zh="专用系统自身的业务使用和二十四小时运行",
        question_en="The own use of special systems, and must they run day and night?",
        default_zh="同样按自建系统办理，昼夜录像。",
        default_en="They are treated as unit-built systems and record day and night.",
        rules=(
            "A21.a",
            "A13.a",
        ),
    ),
    Reading(
        id="Q08",
        question_zh="可以调取的机关包括哪些",
        question_en="Which organs may retrieve footage?",
        default_zh="本版本不办理调取；列入后以名单为准，名单外的报一级。",
        default_en="This version retrieves nothing; later a list will say, and others go to tier 1.",
        rules=("A15.2.2a",),
    ),
    Reading(
        id="Q09",
        question_zh="什么是突发事件，口头同意是否有效",
        question_en="What is an emergency, and does oral consent count?",
        default_zh="本版本不办理即时查阅；口头同意须在期限内补办确认。",
        default_en=("This version has no viewing at once; an oral consent will have to be confirmed in time."),
        rules=("A15.1.5",),
        policies=("consent_confirmation",),
    ),
    Reading(
        id="Q10",
        question_zh="夜间能否由代理主要负责人同意",
        question_en="May an acting head consent at night?",
        default_zh="能：有任命文件的代理主要负责人与主要负责人相同。",
        default_en="Yes: an acting head appointed on record counts as the head.",
        rules=(
            "A15.1.5",
            "A15.1.4b",
        ),
    ),
    Reading(
        id="Q11",
        question_zh="本平台登记自建系统是否算接入校建系统",
        question_en="Is knowing a unit's system on this platform an access to the school's?",
        default_zh="不算：登记和台账统一管理，画面仍归各自的系统。",
        default_en="No: registers are common, pictures stay in their own system.",
        rules=("A04.p5s1",),
    ),
    Reading(
        id="Q12",
        question_zh="交换机到摄像机的网线是否符合光纤要求",
        question_en="Does copper from switch to camera meet the demand for fibre?",
        default_zh="符合：主干为校内光纤即可；无线和外网属于例外。",
        default_en="Yes, with campus fibre behind it; wireless and outside networks are exceptions.",
        rules=("A11.b",),
        policies=("exception_validity",),
    ),
    Reading(
        id="Q13",
        question_zh="能否录音",
        question_en="May sound be recorded?",
        default_zh="不录音；需要的另行批准。",
        default_en="It is not; where needed, it is approved separately.",
        rules=("A06",),
    ),
    Reading(
        id="Q14",
        question_zh="省政府令第211号是否仍然适用",
        question_en="Does the provincial decree 211 still apply?",
        default_zh="按不适用处理，备案以国务院令第799号为准。",
        default_en="It is treated as not applying; filing follows Decree 799.",
        rules=("D799.14",),
    ),
    Reading(
        id="Q15",
        question_zh="本系统的网络安全等级",
        question_en="The graded-protection level of this system",
        default_zh="按二级配置，较易做到的按三级。",
        default_en="Level 2, with items of level 3 where they are cheap.",
        rules=(
            "D799.15",
            "CSL.23.3",
        ),
        policies=(
            "idle_time",
            "lock_out_after",
            "lock_out_time",
            "sessions_at_once",
        ),
    ),
    Reading(
        id="Q16",
        question_zh="保卫处既监督又办理，是否另设审计",
        question_en="The Security Office supervises and acts: is there an independent auditor?",
        default_zh="一级与二级身份分开办理；审计管理员看全部操作日志并可提出疑问单；涉及保卫处自身的投诉和疑问由纪检监察机构办理。",
        default_en="Tier 1 and tier 2 are two capacities; the audit administrator reads the whole ledger and puts "
        "queries; what concerns the office itself goes to discipline inspection.",
        rules=("A07.1.3b",),
        policies=("complaint_answer", "inquiry_answer"),
    ),
)
READINGS: Mapping[str, Reading] = {reading.id: reading for reading in _ALL}
