"""The words behind the codes of people."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from mingjian.console.message_rows import Row

PEOPLE: dict[str, Row] = {
    "people.proof_needed": (
        _("这件事需要二次验证，尚未办理。"),
        _("请先提交验证码（POST me/proof/），十分钟内再办理。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.factor_wrong": (
        _("二次验证没有通过。"),
        _("请用新的验证码再试；连续错五次账号会锁定。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.factor_too_many": (
        _("二次验证方式已有 %(most)s 个，没有再添加。"),
        _("请先移除不用的。"),
        HTTPStatus.CONFLICT,
    ),
    "people.factor_known": (
        _("这把安全密钥已经添加过，没有再添加。"),
        _("请换一把密钥。"),
        HTTPStatus.CONFLICT,
    ),
    "people.factor_missing": (
        _("没有这样的二次验证方式，没有改动。"),
        _("可能已被移除，请刷新后核对。"),
        HTTPStatus.CONFLICT,
    ),
    "people.factor_last": (
        _("这是唯一的二次验证方式，没有移除。"),
        _("请先添加另一个，再移除这一个。"),
        HTTPStatus.CONFLICT,
    ),
    "people.username_taken": (
        _("用户名“%(username)s”已被使用，未建立账号。"),
        _("请换一个用户名。"),
        HTTPStatus.CONFLICT,
    ),
    "people.leavers_over": (
        _("这份离校名单已经有了结果，没有再改。"),
        _("请刷新页面核对。"),
        HTTPStatus.CONFLICT,
    ),
    "people.import_empty": (
        _("表格是空的，没有导入。"),
        _("请下载模板，按标题填写后上传。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.import_too_large": (
        _("表格太大，没有读取。"),
        _("请分成几份，每份不超过 %(most_mb)s MB。"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ),
    "people.import_too_many_rows": (
        _("表格的行太多，没有读取。"),
        _("请分成几份，每份不超过 %(most)s 行。"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ),
    "people.import_old_excel": (
        _("这是旧版 Excel（.xls）文件，不能读取。"),
        _("请另存为 .xlsx 或 CSV 后上传。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.import_encoding": (
        _("看不出文件的编码，没有读取。"),
        _("请另存为 CSV UTF-8、GB18030，或 .xlsx 后上传。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.import_malformed": (
        _("不是能读的表格（第 %(row)s 行），没有导入。"),
        _("请用表格软件打开并另存为 CSV 或 .xlsx 后上传；引号要成对。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.import_packed": (
        _("这个 .xlsx 解开后超过 %(most_mb)s MB，没有读取。"),
        _("请删去图片和多余的工作表，或另存为 CSV。"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ),
    "people.import_over": (
        _("这份表格已经导入或清除过，没有再导入。"),
        _("请核对结果；仍要导入的，请重新上传。"),
        HTTPStatus.CONFLICT,
    ),
    "people.import_faulty": (
        _("表格有 %(count)s 处毛病，一行也没有导入。"),
        _("请看试运行的结果，改正后重新上传。"),
        HTTPStatus.CONFLICT,
    ),
    "people.import_crossed": (
        _("另有人同时录入了相同的内容，一行也没有导入。"),
        _("请重新试运行，核对后再导入。"),
        HTTPStatus.CONFLICT,
    ),
    "people.short_password": (
        _("密码太短，或含有用户名，没有采用。"),
        _("请使用至少 %(shortest)s 个字符、不含用户名的密码。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.password_common": (
        _("密码太常见，没有采用。"),
        _("请换几个不相干的词，不要只在常见密码后加数字或年份。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.password_kinds": (
        _("密码的字符种类太少，没有采用。"),
        _("大写字母、小写字母、数字、其他符号中，请至少用 %(kinds)s 类。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.password_used": (
        _("这个密码最近用过，没有采用。"),
        _("请换一个最近 %(history)s 次没有用过的密码。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.topic_unknown": (
        _("没有名称为“%(topic)s”的规定值或待解释事项，或没有填写数值，没有提出。"),
        _("请从列表中选择，并填写一个整数。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.ruling_open": (
        _("这一项已经有提议在等待决定，没有再提出。"),
        _("请先等主要负责人决定，或由提出的人撤回。"),
        HTTPStatus.CONFLICT,
    ),
    "people.ruling_decided": (
        _("这个提议已经有了结果，没有再改。"),
        _("请刷新页面核对；仍要更改的，请重新提出。"),
        HTTPStatus.CONFLICT,
    ),
    "people.ruling_in_the_past": (
        _("生效时间已经过去，没有提出：规定值和解释只对以后有效。"),
        _("请填写以后的时间，或留空，决定后即生效。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.ruling_unchanged": (
        _("所填的数值就是现在的数值，没有提出。"),
        _("请填写不同的数值。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.body_unknown": (
        _("没有代码为“%(body)s”的机构，未任命。"),
        _("请核对机构代码（mingjian body list）。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.post_not_at_tier": (
        _("机构“%(body)s”没有职务“%(post)s”，未任命。"),
        _("请核对职务和机构的级别。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.term_empty": (
        _("任期的结束时间不晚于开始时间，未任命。"),
        _("请核对起止时间。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.document_missing": (
        _("没有写明任命依据的文件，未任命。"),
        _("请写明文号或文件名称。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.own_appointment": (
        _("不能任命自己。"),
        _("请由另一位有权人员办理。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.already_appointed": (
        _("“%(username)s”在机构“%(body)s”已有这一任命，任期重叠，未任命。"),
        _("请先解除原任命，或调整任期。"),
        HTTPStatus.CONFLICT,
    ),
    "people.powers_apart": (
        _("平台系统、安全、审计管理员互相分设，也不兼任其他职务；“%(username)s”未获任命。"),
        _("请先解除原任命，或另选一人。"),
        HTTPStatus.CONFLICT,
    ),
    "people.not_appointed": (
        _("这项任命此前已经结束。"),
        _("无需再次操作。"),
        HTTPStatus.CONFLICT,
    ),
    "people.not_withheld": (
        _("这项任命不在等待确认，或其后又发放过一次性密码，没有确认。"),
        _("请刷新页面后核对；仍需确认的，请再次核实本人。"),
        HTTPStatus.CONFLICT,
    ),
    "people.training_in_the_future": (
        _("日期 %(day)s 还没有到，没有登记。"),
        _("请在培训或签署之后登记。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.training_lapsed_already": (
        _("按现在的期限，这一条到 %(day)s 已经失效，没有登记。"),
        _("请核对日期；需要的，请重新培训或签署后登记。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.training_withdrawn": (
        _("这一条此前已经撤销。"),
        _("无需再次操作。"),
        HTTPStatus.CONFLICT,
    ),
    "people.no_such_capacity": (
        _("您现在没有这项任命，身份没有更换。"),
        _("请从列出的身份中选择；任命有误的，请联系平台系统管理员。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.campus_unknown": (
        _("没有代码为“%(campus)s”的校区。"),
        _("请核对校区代码。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.console_code_wrong": (
        _("登记码不正确、已使用过，或不属于您所在的校区，本机未登记。"),
        _("请核对登记码，或请平台系统管理员另发一个。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.profile_missing": (
        _("没有找到学校资料 %(path)s。"),
        _("请核对名称，或给出以 .toml 结尾的文件路径。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.profile_malformed": (
        _("学校资料 %(path)s 无法识别（%(reason)s）。"),
        _("请对照 dlut.toml 改正。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.password_to_change": (
        _("一次性密码和已到期的密码只能用来更换密码。"),
        _("请先在网页上登录并设置自己的新密码。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.sign_in_busy": (
        _("同时登录的人太多，这次没有核对密码。"),
        _("请稍等几秒再试；这次不计入输错次数。"),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    "people.door_away": (
        _("学校的登录服务（%(door)s）没有应答，没有登录。"),
        _("请稍后再试，或在登录页用明鉴的本地密码登录；一直如此的，请联系网络中心。"),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    "people.door_busy": (
        _("同时经学校登录服务（%(door)s）登录的人太多，这次没有核对。"),
        _("请稍等几秒再试，或用明鉴的本地密码登录。"),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    "people.door_certificate": (
        _("学校登录服务（%(door)s）的证书不可信或已过期，为防冒充没有继续，没有登录。"),
        _("请用明鉴的本地密码登录，并告诉平台系统管理员核对该服务的证书。"),
        HTTPStatus.BAD_GATEWAY,
    ),
    "people.door_answer": (
        _("学校登录服务（%(door)s）的答复不符合约定，没有采用，没有登录。"),
        _("请重新登录一次；仍然如此的，用明鉴的本地密码登录，并告诉平台系统管理员核对设置。"),
        HTTPStatus.BAD_GATEWAY,
    ),
    "people.door_secret": (
        _("本系统与学校登录服务（%(door)s）之间的密钥没有配好，没有登录。"),
        _("请用明鉴的本地密码登录，并告诉平台系统管理员核对密钥文件。"),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    "people.door_ticket": (
        _("登录凭证已用过、已过期，或不是给本系统的（%(door)s），没有登录。"),
        _("请回到登录页重新登录。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.door_stale": (
        _("这次登录（%(door)s）不是在这个浏览器里开始的，或开始后已过十分钟，没有登录。"),
        _("请回到登录页重新登录。不是您本人点开的链接，请关闭。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.door_declined": (
        _("学校登录服务（%(door)s）没有同意这次登录。"),
        _("请回到登录页重新登录，或用明鉴的本地密码登录。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.door_no_account": (
        _("学校登录服务（%(door)s）认得您，但明鉴里没有可用的同名账号，没有登录。"),
        _("账号由平台系统管理员开立，登录不会自动建立。请联系平台系统管理员。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.door_locked": (
        _("学校登录服务（%(door)s）认得您，但您的明鉴账号现在锁定，没有登录。"),
        _("连续输错密码的锁定到时自动解除；急需使用的，请联系平台系统管理员。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.too_many_attempts": (
        _("这个地址输错密码的次数太多，暂不核对。"),
        _("请过 %(minutes)s 分钟再试；急需使用的，请联系平台系统管理员。"),
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    "people.password_wrong": (
        _("现在的密码不正确，密码没有更改。"),
        _("请返回重新输入；连续输错多次，账号会锁定一段时间。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.password_same": (
        _("新密码与现在的密码相同，没有更改。"),
        _("请换一个新密码。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.own_account": (
        _("不能锁定、解锁自己的账号，也不能给自己发一次性密码。"),
        _("请由另一位平台系统管理员办理；更换自己的密码，请到“我的登录”。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.account_as_asked": (
        _("账号“%(username)s”已经是这个状态。"),
        _("无需再次操作。"),
        HTTPStatus.CONFLICT,
    ),
    "people.text_missing": (
        _("有一项没有填写（%(field)s），没有保存。"),
        _("请补齐后再试。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.text_too_long": (
        _("有一项太长（%(field)s），没有保存。"),
        _("请缩短到 %(longest)s 个字符以内。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.text_invisible": (
        _("有一项含有看不见的控制字符（%(field)s），没有保存。"),
        _("请重新输入，不要粘贴带格式的文字。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.text_formula": (
        _("有一项以 = + - @ 或制表符开头（%(field)s），表格软件会当作公式执行，没有保存。"),
        _("请改为普通文字。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.not_signed_in": (
        _("没有登录，或登录已经结束。"),
        _("请先登录，再带上登录凭据（Cookie）调用接口。"),
        HTTPStatus.UNAUTHORIZED,
    ),
}
