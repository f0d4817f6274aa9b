"""Messages of the host, the recorder and the recordings: (Chinese, English), facts in braces."""

TABLE: dict[str, tuple[str, str]] = {
    "host.bad_port": (
        "设置 {setting} 的值“{value}”不是可用的端口。请改为 1–65535 之间、且两个端口互不相同的数。",
        "{setting} is {value!r}, which is no port to use. Set it to 1–65535; the two ports must differ.",
    ),
    "host.port_taken": (
        "{bind} 的端口 {port} 已被别的程序占用，没有启动任何进程。请停掉那个程序，或用设置 {setting} 换一个端口。",
        "Port {port} of {bind} is taken by another program; nothing was started. Stop it, or change {setting}.",
    ),
    "host.port_forbidden": (
        "没有权限监听端口 {port}。请用设置 {setting} 换一个 1024 以上的端口。",
        "No permission to listen on port {port}. Set {setting} to a port above 1023.",
    ),
    "host.bad_bind": (
        "设置 {setting} 的值“{bind}”不是本机的地址。请改为本机的一个 IP 地址。",
        "{setting} is {bind!r}, not an address of this machine. Set it to one of its IP addresses.",
    ),
    "host.already_running": (
        "数据目录 {home} 自 {since} 起由进程 {pid} 使用，没有启动第二个。请先停掉它，或用 MINGJIAN_HOME 另选目录。",
        "{home} is in use by process {pid} since {since}; no second one was started. Stop it, or set MINGJIAN_HOME.",
    ),
    "host.home_is_demo": (
        "{home} 是演示数据，不能当作正式系统启动。请用 mingjian demo，或用 MINGJIAN_HOME 另选目录。",
        "{home} holds a demo and cannot serve for real. Use `mingjian demo`, or set MINGJIAN_HOME.",
    ),
    "host.home_is_real": (
        "{home} 是正式系统的数据，不能加入演示账号。请用 mingjian up，或用 MINGJIAN_HOME 另选目录。",
        "{home} is a real system's and takes no demo accounts. Use `mingjian up`, or set MINGJIAN_HOME.",
    ),
    "host.settings_damaged": (
        "{path} 的内容已损坏。请从备份恢复它。",
        "{path} is damaged. Restore it from a copy.",
    ),
    "ledger.key_malformed": (
        "“{key}”不是一把公钥。请完整复制“名称+八位+密文”那一行。",
        "{key!r} is no public key. Copy the whole line: name+hash+key.",
    ),
    "ledger.witness_present": (
        "{folder} 里已有一个见证。请另选目录，或直接运行 mingjian witness serve。",
        "There is a witness in {folder} already. Choose another folder, or run `mingjian witness serve`.",
    ),
    "ledger.witness_absent": (
        "{folder} 里没有见证，或其密钥已损坏。请先运行 mingjian witness init。",
        "There is no witness in {folder}, or its key is damaged. Run `mingjian witness init` first.",
    ),
    "ledger.witness_busy": (
        "{folder} 里的见证已在运行，没有启动第二个。",
        "The witness in {folder} is running already; no second one was started.",
    ),
    "ledger.heads_rolled_back": (
        "{folder} 的记录比它自己的流水旧，像是从旧副本恢复的，因此不再签名。请不要删除流水，联系审计管理员核对。",
        "{folder} is older than its own journal, as if put back from a copy, and signs nothing more. Keep the journal,"
        " and ask the auditor.",
    ),
    "ledger.note_forged": (
        "给出的检查点签名不对，不能作为证据。请向留存它的人重新索取。",
        "The checkpoint's signature is wrong: it is no evidence. Ask whoever kept it for another copy.",
    ),
    "ledger.note_unsigned": (
        "给出的检查点没有本系统的签名，不能作为证据。请核对是否取错了文件。",
        "The checkpoint is not signed by our key: it is no evidence. See whether it is the right file.",
    ),
    "ledger.note_foreign": (
        "给出的检查点是另一个系统的（{origin}），不能作为证据。请核对是否取错了文件。",
        "The checkpoint is another deployment's ({origin}). See whether it is the right file.",
    ),
    "ledger.note_malformed": (
        "给出的文件不是检查点。请核对是否取错了文件，或内容被改动过。",
        "The file is no checkpoint. See whether it is the right file, and unchanged.",
    ),
    "cli.bad_address": (
        "“{address}”不能用作地址。请写成 http://主机:端口 或 https://主机。",
        "{address!r} is no address to use. Write http://host:port or https://host.",
    ),
    "cli.not_in_ledger": (
        "操作日志里没有写明 {file} 的摘要。正在写的文件要等写完约一分钟；也可能文件已被改动。",
        "No entry of the ledger names the hash of {file}. It was changed, or is still being written.",
    ),
    "cli.not_rolled_up": (
        "{file} 的摘要已经上报，还没有汇总进操作日志。每小时的汇总在整点过后约两分钟写入，请到时再试。",
        "The hash of {file} was reported and waits for its hour's roll-up, two minutes past the hour. Try again then.",
    ),
    "ledger.bundle_empty": (
        "没有这条记录，什么也没有导出。请用 mingjian ledger list 查看序号。",
        "There is no such entry; nothing was exported. See `mingjian ledger list`.",
    ),
    "ledger.not_signed_yet": (
        "第 {seq} 条还没有签名。请过几秒再试；如果仍是这样，请运行 mingjian ledger verify。",
        "Entry {seq} is not signed yet. Try again in some seconds; if that goes on, run `mingjian ledger verify`.",
    ),
    "cli.erasure_refused": (
        "第 {seq} 条的文字没有清除。{reasons_zh}",
        "The words of entry {seq} were not erased. {reasons_en}",
    ),
    "people.no_text": (
        "第 {seq} 条没有可清除的文字：没有这一条，或其中没有人填写的文字。",
        "Entry {seq} has no text to erase: there is no such entry, or nobody wrote words of their own in it.",
    ),
    "cli.no_witness": (
        "没有名为“{name}”的见证方。请用 mingjian ledger witness list 查看。",
        "There is no witness named {name!r}. See `mingjian ledger witness list`.",
    ),
    "host.not_founded": (
        "{home} 里还没有系统。请先启动 mingjian up（或 ./run 看演示），或用 MINGJIAN_HOME 指明数据目录。",
        "There is no system in {home} yet. Start `mingjian up` (or ./run for the demo), or set MINGJIAN_HOME.",
    ),
    "host.deployment_damaged": (
        "{path} 的内容已损坏，无法确认这是哪一套系统。请从备份恢复它，不要删除：录像卷认的是其中的编号。",
        "{path} is damaged: whose data this is cannot be told. Restore it from a copy; the volumes know its id.",
    ),
    "host.secret_missing": (
        "缺少密钥文件 {path}。请从备份恢复 secrets 目录。",
        "The secret {path} is missing. Restore the secrets folder from a copy.",
    ),
    "host.secret_open": (
        "密钥文件 {path} 的权限是 {mode}，别的用户能读到。请执行 chmod 600，并考虑更换这个密钥。",
        "{path} has mode {mode}: others can read it. Run chmod 600 on it, and consider replacing the secret.",
    ),
    "host.database_unset": (
        "没有数据库的地址（{setting}）。请先启动 mingjian up。",
        "No database address ({setting}). Start `mingjian up` first.",
    ),
    "host.database_away": (
        "数据库没有应答，什么都没有改动；录像不受影响。请确认 mingjian up 正在运行（{reason}）。",
        "The database does not answer; nothing was changed, recording goes on. Is `mingjian up` running? ({reason})",
    ),
    "host.no_user": (
        "以 root 启动时，数据库要借用一个普通用户，但 {tried} 都不存在。请执行 useradd --system mingjian。",
        "Started as root, the database needs an ordinary user; none of {tried} exists. Run useradd --system mingjian.",
    ),
    "host.unreachable": (
        "用户 {user} 无法执行 {path} 里的数据库程序。请检查 /var/lib/mingjian 的权限和挂载选项（noexec）。",
        "User {user} cannot run the database in {path}. Check /var/lib/mingjian: its rights, and noexec.",
    ),
    "host.socket_folder_taken": (
        "{path} 属于别的用户，不能放数据库的套接字。请删除它，或把数据目录移到较短的路径下。",
        "{path} belongs to another user and cannot hold the database's socket. Remove it, or use a shorter data path.",
    ),
    "host.postgres_missing": (
        "没有安装软件包 {package}。请重新执行 ./run。",
        "The package {package} is not installed. Run ./run again.",
    ),
    "host.postgres_initdb": (
        "建立数据库没有成功：{reason}。请据此排除后重试。",
        "The database could not be made: {reason}. Mend that and try again.",
    ),
    "host.postgres_start": (
        "数据库没有启动：{reason}。请查看日志 postgres.log。",
        "The database did not start: {reason}. See postgres.log.",
    ),
    "host.postgres_version": (
        "数据目录属于 PostgreSQL {stored}，而安装的是 {installed}。请安装原来的版本，或先用 pg_upgrade 升级数据。",
        "The data are PostgreSQL {stored}'s, installed is {installed}. Install the old one, or run pg_upgrade first.",
    ),
    "host.process_ended": (
        "进程 {process} 起不来（退出码 {exit}），请查看日志 {log}。它最后说：\n{last_words}\n",
        "Process {process} does not come up (exit {exit}); see {log}.",
    ),
    "host.process_not_ready": (
        "进程 {process} 已启动，但迟迟没有就绪，请查看日志 {log}。它最后说：\n{last_words}\n",
        "Process {process} runs but does not become ready; see {log}.",
    ),
    "cli.only_demo": (
        "命令 {command} 只在演示数据上可用；正式系统里由有权人员在网页上办理。",
        "`{command}` works on demo data only; in a real system authorised people do this on the pages.",
    ),
    "cli.camera_unknown": (
        "没有名称或编号为“{camera}”的在用摄像机（或有同名）。请用 mingjian camera list 核对。",
        "No camera in operation is named {camera!r}, or several are. See `mingjian camera list`.",
    ),
    "cli.file_unreadable": (
        "文件 {path} 读不出来（{reason}）。请核对路径和权限。",
        "{path!r} cannot be read ({reason}). Check the path and its permissions.",
    ),
    "people.import_empty": (
        "表格是空的。请按标题填写后再试。",
        "The table is empty. Fill it in below the heading.",
    ),
    "people.import_too_large": (
        "表格太大，没有读取。请分成几份，每份不超过 {most_mb} MB。",
        "The table is too large. Split it into parts of at most {most_mb} MB.",
    ),
    "people.import_too_many_rows": (
        "表格的行太多，没有读取。请分成几份，每份不超过 {most} 行。",
        "Too many rows. Split the table into parts of at most {most}.",
    ),
    "people.import_old_excel": (
        "这是旧版 Excel（.xls）。请另存为 .xlsx 或 CSV。",
        "This is a file of an old Excel (.xls). Save it as .xlsx or CSV.",
    ),
    "people.import_encoding": (
        "看不出文件的编码。请另存为 CSV UTF-8、GB18030 或 .xlsx。",
        "The encoding cannot be told. Save it as CSV in UTF-8 or GB18030, or as .xlsx.",
    ),
    "people.import_malformed": (
        "不是能读的表格（第 {row} 行）。请用表格软件另存后再试。",
        "This is no table that can be read (row {row}). Save it anew from a spreadsheet.",
    ),
    "people.import_packed": (
        "这个 .xlsx 解开后超过 {most_mb} MB。请删去图片和多余的工作表。",
        "Unpacked this .xlsx is larger than {most_mb} MB. Remove pictures and further sheets.",
    ),
    "people.import_faulty": (
        "表格有 {count} 处毛病，一行也没有导入。请用 --dry-run 核对。",
        "{count} faults; no row was imported. Check it with --dry-run.",
    ),
    "people.import_crossed": (
        "另有人同时录入了相同的内容，一行也没有导入。请重新核对。",
        "Somebody entered the same meanwhile; no row was imported. Check it again.",
    ),
    "cli.person_unknown": (
        "没有用户名为“{person}”的在用账号。请核对。",
        "No account in use is named {person!r}.",
    ),
    "cli.post_and_body": (
        "职务和机构要一起给出，没有开账号。请同时写 --post 和 --body，或都不写。",
        "Post and body go together; no account was opened. Give both --post and --body, or neither.",
    ),
    "cli.appointment_unknown": (
        "“{person}”现在没有这项任命。请核对职务和机构。",
        "{person!r} does not hold this appointment now. Check post and body.",
    ),
    "cli.session_unknown": (
        "没有编号为“{session}”的查阅。请核对编号。",
        "There is no viewing session {session!r}.",
    ),
    "cli.hold_unknown": (
        "没有编号为“{hold}”的录像锁定。请核对编号。",
        "There is no hold {hold!r}.",
    ),
    "cli.article_unknown": (
        "条款表里没有“{article}”。不带参数执行 mingjian article 可列出全部。",
        "The table of rules has no {article!r}. `mingjian article` alone lists them.",
    ),
    "cli.topic_unknown": (
        "没有名称为“{topic}”的规定值或待解释事项。不带参数执行 mingjian policy 或 mingjian reading 可列出全部。",
        "There is no value or open point {topic!r}. `mingjian policy` and `mingjian reading` alone list them.",
    ),
    "cli.volume_unknown": (
        "计划中没有编号以“{volume}”开头的录像卷。现有：{known}。",
        "The plan has no volume whose id begins with {volume!r}. It has: {known}.",
    ),
    "cli.file_exists": (
        "{path} 已经存在，没有覆盖。请换一个文件名。",
        "{path} exists already and was not overwritten. Choose another name.",
    ),
    "cli.bad_span": (
        "结束时间不晚于开始时间。请核对 --from 和 --to。",
        "The span ends before it begins. Check --from and --to.",
    ),
    "cli.no_answer": (
        "没有得到答复，原因见上。请再试一次。",
        "There was no answer; the reason stands above. Try again.",
    ),
    "cli.demo_port_taken": (
        "演示摄像机的端口 {port} 已被占用。请停掉占用它的程序，或删除 {note} 让演示另选端口（八个摄像机会重新登记）。",
        "The demo cameras' port {port} is taken. Stop that program, or remove {note} to let the demo choose another.",
    ),
    "cli.demo_exposed": (
        "演示使用公开的口令，不能监听 {bind}。请去掉 MINGJIAN_BIND，或用 mingjian up 启动正式系统。",
        "The demo's passwords are public, so it does not listen on {bind}. Unset MINGJIAN_BIND, or use `mingjian up`.",
    ),
    "recorder.no_plan": (
        "还没有录像计划（{path}）。请先启动 mingjian up 并登记摄像机。",
        "There is no plan yet ({path}). Start `mingjian up` and register a camera.",
    ),
    "recorder.unknown_camera": (
        "计划中没有名称或编号为“{camera}”的摄像机。请用 mingjian camera list 核对。",
        "The plan has no camera {camera!r}. See `mingjian camera list`.",
    ),
    "recorder.ambiguous_camera": (
        "有 {count} 台摄像机都叫“{camera}”。请改用编号。",
        "{count} cameras are named {camera!r}. Use the id.",
    ),
    "recordings.bad_scrub_rate": (
        "设置 {setting} 的值“{value}”不是每秒字节数。请改为整数；0 表示自动（三十天读完一遍）。",
        "{setting} is {value!r}, no number of bytes a second. Set it to one; 0 lets it be found (all in thirty days).",
    ),
    "recordings.volume_hangs": (
        "录像卷 {path} 所在的磁盘没有应答。其他录像卷不受影响。请检查这块盘和它的连接；它恢复应答后自动可用。",
        "The disk of the volume at {path} does not answer. Other volumes go on. Check the disk and its cable;"
        " it is used again once it answers.",
    ),
    "recordings.volume_missing": (
        "录像卷不在 {path}：目录不存在或没有挂载。没有在别处写入任何内容。请挂载这块盘；挂好后录像自动恢复。",
        "No volume at {path}: absent or not mounted. Nothing was written elsewhere. Mount it; recording resumes.",
    ),
    "recordings.volume_foreign": (
        "{path} 上是另一套系统或另一个录像卷，没有写入。请换上原来的盘。",
        "{path} holds another system's or another volume; nothing was written. Put the right disk there.",
    ),
    "recordings.volume_read_only": (
        "录像卷 {path} 只读，没有写入。请检查磁盘和挂载选项；恢复可写后录像自动继续。",
        "The volume {path} is read-only; nothing was written. Check disk and mount; recording resumes by itself.",
    ),
    "recordings.volume_full": (
        "录像卷 {path} 已满。请扩容，或核对被锁定的录像；保存期限内的录像不会被删除。",
        "The volume {path} is full. Add space, or review holds; footage within its floor is never deleted.",
    ),
    "recordings.ballast_gone": (
        "录像卷 {path} 曾被写满：为能继续管理而留存的空间已经用掉。请清理或扩容这块盘；有余量后自动重新留存。",
        "The volume {path} was filled to the last byte: the room kept back for starting has been used, and none is"
        " left. Free or add space; it is kept back again by itself.",
    ),
    "recordings.volume_locked": (
        "录像卷 {path} 正由另一个进程管理。请先停掉它。",
        "The volume {path} is kept by another process. Stop that one first.",
    ),
    "recordings.volume_old_copy": (
        "{path} 是录像卷的旧副本，没有写入。请换上最后使用的那块盘。",
        "{path} is an older copy of the volume; nothing was written. Put the disk used last.",
    ),
    "recordings.volume_exists": (
        "{path} 已经是一个录像卷。请换一个目录。",
        "{path} is a volume already. Choose another folder.",
    ),
    "recordings.nothing_to_export": (
        "这段时间里没有可以导出的画面。请用 mingjian coverage 查看哪里有录像。",
        "There is nothing to export in this span. `mingjian coverage` shows what there is.",
    ),
}
