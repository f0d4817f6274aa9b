"""The words behind the registry's codes."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from mingjian.console.message_rows import Row

REGISTRY: dict[str, Row] = {
    "registry.address_malformed": (
        _("摄像机地址无法识别（%(reason)s）。"),
        _("请按 rtsp://主机:端口/路径 的形式填写，只用英文字符，不含空格。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.address_scheme": (
        _("摄像机地址不是 rtsp:// 开头，未登记。"),
        _("请填写以 rtsp:// 开头的地址。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.address_user_info": (
        _("摄像机地址中带有用户名或密码，未登记。"),
        _("请从地址中去掉，改填在单独的用户名和密码项中；密码将加密保存，不再显示。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.host_not_found": (
        _("找不到主机“%(host)s”，未登记。"),
        _("请核对主机名，或直接填写 IP 地址。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.network_not_allowed": (
        _("主机“%(host)s”的地址 %(address)s 不在允许的网段（%(allowed)s）内，未登记。"),
        _("请核对地址；确需增加网段的，由平台系统管理员调整设置 MINGJIAN_CAMERA_NETWORKS。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.port_not_allowed": (
        _("端口 %(port)s 不在允许的端口（%(allowed)s）内，未登记。"),
        _("请核对端口；确需增加的，由平台系统管理员调整设置 MINGJIAN_CAMERA_PORTS。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.networks_malformed": (
        _("摄像机网段或端口的设置无法识别（%(networks)s；%(ports)s）。"),
        _("请改正 MINGJIAN_CAMERA_NETWORKS 和 MINGJIAN_CAMERA_PORTS，例如 10.0.0.0/8 和 554,8554。"),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    ),
    "registry.campus_unknown": (
        _("没有名为“%(campus)s”的校区，未登记。"),
        _("请从以下代码中选择：%(known)s。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.name_missing": (
        _("登记项“%(field)s”没有填写，未登记。"),
        _("请补齐名称和楼宇。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.name_too_long": (
        _("登记项“%(field)s”有 %(length)s 个字，最多 %(limit)s 个，未登记。"),
        _("请改短后重试；详细说明可写在用途或视场中。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.name_unprintable": (
        _("登记项“%(field)s”含有看不见的字符（控制符、换行或改变书写方向的符号），未登记。"),
        _("请重新输入，不要从其他文件中粘贴。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.name_taken": (
        _("本校区已有名为“%(name)s”的摄像机，未登记。"),
        _("请换一个名称，或先注销原来的摄像机。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.no_volume": (
        _("没有可用的录像卷，未登记。"),
        _("请先用 mingjian volume add 建立录像卷。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.owner_unknown": (
        _("没有名为“%(owner)s”的机构，未登记。"),
        _("请填写责任机构的代码或全称。本校区的机构有：%(known)s。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.owner_elsewhere": (
        _("机构“%(owner)s”不在校区 %(campus)s，未登记。"),
        _("请从本校区的机构中选择：%(known)s。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.owner_of_class": (
        _("机构“%(owner)s”不能作为这类系统（%(system_class)s）的责任机构，未登记。"),
        _("校建系统由所在校区的二级管理机构负责，自建系统由建设单位负责。请核对类别和责任机构。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.special_owner": (
        _("这类专用系统由“%(named)s”负责，不能登记在“%(owner)s”名下。"),
        _("请改填责任机构；确属本单位普通自建系统的，类别请选 unit。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.secrecy_not_recorded": (
        _("保密监控系统只登记点位，不接入本平台，未登记。"),
        _("请去掉地址、用户名和密码后重试。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.already_there": (
        _("摄像机“%(name)s”已在该校区，未作调整。"),
        _("请核对目标校区。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.volume_taken": (
        _("录像卷“%(name)s”此前已登记。"),
        _("无需重复登记。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.volume_name_taken": (
        _("已有名为“%(name)s”的录像卷，未登记。"),
        _("请换一个名称。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.volume_path_taken": (
        _("路径“%(path)s”已登记为另一个录像卷，未登记。"),
        _("请核对已有录像卷，换一个路径。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.budget_negative": (
        _("录像卷“%(name)s”的容量上限不能小于零（填的是 %(budget_bytes)s），未登记。"),
        _("请填写字节数；填 0 表示以磁盘容量为限。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "registry.camera_retired": (
        _("摄像机“%(name)s”此前已注销。"),
        _("其录像仍按保存期限保留，无需再次操作。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.hold_released": (
        _("这项录像锁定此前已解除。"),
        _("如需继续保留，请重新锁定。"),
        HTTPStatus.CONFLICT,
    ),
    "registry.span_empty": (
        _("锁定时段的结束时间不晚于开始时间，未锁定。"),
        _("请核对起止时间。"),
        HTTPStatus.BAD_REQUEST,
    ),
}
