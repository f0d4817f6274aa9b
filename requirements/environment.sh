# Sourced by run, test and dev: `ensure_environment run|dev` makes .venv hold exactly what the lock says.
#
# Nothing is compiled: wheels only, every file checked against its hash. Which index they come from is this machine's
# business: the settings of pip and uv are honoured, none is written here.

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

find_python() {
    for candidate in "${MINGJIAN_PYTHON:-}" python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    stop "需要 Python 3.11–3.13 及其 venv 模块。请先执行：" "Python 3.11–3.13 with its venv module is needed. Please run:" \
        "" "    apt install python3 python3-venv" ""
}

use_index_of_pip() {
    # uv does not read pip's settings; a machine that names an index for pip alone means it for us too.
    if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}${UV_INDEX:-}${UV_CONFIG_FILE:-}" ]; then
        index=${PIP_INDEX_URL:-$(.venv/bin/pip config get global.index-url 2>/dev/null || true)}
        if [ -n "$index" ]; then
            export UV_DEFAULT_INDEX="$index"
        fi
    fi
    if [ -z "${SSL_CERT_FILE:-}" ] && [ -n "${PIP_CERT:-}" ]; then
        export SSL_CERT_FILE="$PIP_CERT"
    fi
}

sync_packages() {
    lock=$1
    .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes --only-binary :all: "$lock" && return
    echo "uv 没有成功，改用 pip（较慢）。 uv did not succeed; trying pip (slower)." >&2
    .venv/bin/pip install --quiet --require-hashes --only-binary :all: -r "$lock"
}

fingerprint() {
    { pwd -P && "$1" -V && cat requirements/uv.lock "requirements/$2.lock" pyproject.toml; } | sha256sum | cut -d ' ' -f 1
}

# With `run`, an environment made for developers will do: its lock holds everything of the other.
ensure_environment() {
    kind=$1
    python=$(find_python)
    wanted=$(fingerprint "$python" "$kind")
    for stamp in ".venv/installed-$kind" .venv/installed-dev; do
        if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint "$python" "${stamp#.venv/installed-}")" ]; then
            return
        fi
    done
    echo "正在准备 Python 环境（首次约一分钟）…  Preparing the Python environment (about a minute the first time) …"
    if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c pass 2>/dev/null; then
        rm -rf .venv
        "$python" -m venv .venv
    fi
    rm -f .venv/installed-*
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        -r requirements/uv.lock
    use_index_of_pip
    sync_packages "requirements/$kind.lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation \
        --editable .
    printf '%s\n' "$wanted" >".venv/installed-$kind"
}
