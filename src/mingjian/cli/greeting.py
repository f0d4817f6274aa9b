"""What a newcomer reads when the demo is ready."""

from mingjian.cli.commands import page_address
from mingjian.demo import cast
from mingjian.host.home import Home


def of_demo(home: Home) -> str:
    """Return the address, the accounts and what to try."""
    address = page_address(home)
    hours = cast.FLOOR_HOURS
    lines = [
        "",
        f"  明鉴演示已就绪：{address}",
        f"  The Mingjian demo is ready: {address}",
        "",
        f"  演示账号（口令都是 {cast.PASSWORD}） demo accounts, all with this password:",
    ]
    for account in cast.ACCOUNTS:
        lines.append(f"    {account.username:<7}{account.name}  {account.task_zh} / {account.task_en}")
    lines += [
        "",
        "  可以试试 what to try:",
        "    · 用 zhang 登录看实时画面墙，再用 li 登录：看不到。",
        "      Sign in as zhang and see the wall; then as li: nothing.",
        "    · 用 wang 登录，播放获准的一段，拖到时段之外：被拒绝；操作日志里有每一次查看。",
        "      Sign in as wang, play the permitted span, seek outside it: refused; the ledger has every look.",
        "    · 另开终端 in another terminal: .venv/bin/mingjian status · check · ledger verify",
        "",
        f"  演示录像只保证保存 {hours} 小时（正式系统依规定 30/90 天），总量不超过 5 GB，都在 {home.root}。",
        f"  Demo footage is kept for {hours} hours at least (30/90 days for real), 5 GB at most, in {home.root}.",
        "  按 Ctrl-C 停止。 Ctrl-C stops everything.",
        "",
    ]
    return "\n".join(lines)
