"""Chapter 6, closing provisions (Articles 21-23): special systems, research systems, interpretation."""

from mingjian.regulation.provisions import PROVISIONS
from mingjian.regulation.terms import Kind, Mechanism, Number, Rule, Source, Standing, Unit

A21_A = Rule(
    id="A21.a",
    provision=PROVISIONS["A21"],
    kind=Kind.ASSIGNMENT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="考试、保密、实验室安全、体育四类专用系统，各由对应的部门建设和维护。",
    summary_en="The four kinds of special systems are built and maintained by the department named for each.",
)
A21_B = Rule(
    id="A21.b",
    provision=PROVISIONS["A21"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="专用系统同样受所在校区二级管理机构监管。",
    summary_en="Special systems are supervised by the tier-2 body of their campus as well.",
)
A22_A = Rule(
    id="A22.a",
    provision=PROVISIONS["A22"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="科研监控先有方案，写清建设、管理、留存和使用；没有方案不受理。",
    summary_en=(
        "A research system begins with a plan for building, managing, keeping and "
        "using; without it nothing is accepted."
    ),
)
A22_B = Rule(
    id="A22.b",
    provision=PROVISIONS["A22"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="科研监控先经本单位同意，再由二级管理机构批准，然后才建。",
    summary_en="A research system is agreed by its unit, then approved by tier 2, and only then built.",
)
A22_C = Rule(
    id="A22.c",
    provision=PROVISIONS["A22"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    standing=Standing.LATER,
    summary_zh="科研监控在使用期间接受二级管理机构监管。",
    summary_en="While it exists, a research system is supervised by tier 2.",
)
A22_D = Rule(
    id="A22.d",
    provision=PROVISIONS["A22"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="研究一结束，需求方就拆除系统并报备；到期不再接收画面。",
    summary_en=(
        "When the research ends its owner dismantles the system and files that; after the end no stream is taken."
    ),
    numbers=(
        Number(
            name="dismantling_period",
            value=30,
            unit=Unit.DAY,
            source=Source.OUR_DEFAULT,
            label_zh="结束后拆除并报备的期限",
            label_en="time to dismantle and file after the end",
        ),
    ),
)
A22_E = Rule(
    id="A22.e",
    provision=PROVISIONS["A22"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    standing=Standing.LATER,
    summary_zh="用不着保留的科研监控数据，当着二级管理机构的面销毁，并留下记录。",
    summary_en="Research footage that need not be kept is destroyed before tier 2, on record.",
)
A23 = Rule(
    id="A23",
    provision=PROVISIONS["A23"],
    kind=Kind.DEFINITION,
    mechanism=Mechanism.ENFORCE,
    summary_zh="本办法何时生效、由谁解释：保卫处的解释按版本登记，可以改变默认做法。",
    summary_en=(
        "When the regulation took effect and who reads it: readings of the Security "
        "Office are versioned and may change a default."
    ),
)
