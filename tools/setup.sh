#!/bin/sh
# Makes or renews .venv: `make setup`. Everything that is installed is checked against a committed hash.
set -eu

say() { printf 'plainbill set-up: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

find_python() { # the first of $PYTHON that runs and is new enough
    for candidate in $PYTHON; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed; tried: $PYTHON. Name yours with: make PYTHON=/path/to/python3"
}

make_venv() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python has no venv. On Debian and Ubuntu: apt install python3-venv"
    say "making .venv with $("$python" --version)"
    "$python" -m venv .venv
}

install_locked() { # $1: a file of requirements with hashes
    .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$1" && return
    say "uv could not install $1; trying pip, which reads pip's own configuration"
    .venv/bin/python -m pip install --quiet --require-hashes -r "$1"
}

.venv/bin/python -c 'import pip' 2>/dev/null || make_venv
export PIP_DISABLE_PIP_VERSION_CHECK=1

.venv/bin/python -m pip install --quiet --require-hashes -r requirements/installer.txt
say "installing requirements.txt"
install_locked requirements.txt
if [ "${PLAINBILL_NODE_WHEEL:-}" = 1 ] || ! command -v npm >/dev/null 2>&1; then
    say "npm is not on PATH; installing requirements/node.txt"
    install_locked requirements/node.txt
fi
# pip, since uv caches an editable build and would not bring a vendor file back that was deleted.
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
