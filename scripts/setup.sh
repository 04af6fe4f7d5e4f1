#!/bin/sh
# Prepares a plain Debian for `make`. Packages are installed only when run as root; otherwise it says which are missing.
#
#   scripts/setup.sh venv       python environment in .venv (or $VENV)
#   scripts/setup.sh postgres   Debian's PostgreSQL 15 with pgTAP, plpgsql_check and pgaudit, pgbouncer and a Turkish locale, for
#                               the tests
set -eu

VENV=${VENV:-.venv}
PYTHON=${PYTHON:-python3}

is_root() { [ "$(id -u)" -eq 0 ]; }

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$@" && return 0
    apt-get update && apt-get install -y --no-install-recommends "$@"
}

venv() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "error: Python 3.11 or later is needed; PYTHON=/path/to/python3 chooses one" >&2
        exit 1
    }
    if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        if is_root && command -v apt-get >/dev/null; then
            install_packages python3-venv >&2
        else
            echo "error: Python's venv module is missing: apt-get install python3-venv" >&2
            exit 1
        fi
    fi
    [ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
}

# Under Turkish rules the small letter of I is another one than everywhere else.
turkish() {
    if is_root && { command -v localedef >/dev/null || install_packages locales >&2; } \
        && { [ -f /usr/share/i18n/locales/tr_TR ] || install_packages locales >&2; } \
        && localedef -i tr_TR -f UTF-8 tr_TR.UTF-8 >&2; then
        return 0
    fi
    echo "warning: without the locale tr_TR.UTF-8 its tests are skipped; as root: localedef -i tr_TR -f UTF-8 tr_TR.UTF-8" >&2
}

postgres() {
    missing=""
    [ -x /usr/lib/postgresql/15/bin/postgres ] || missing="$missing postgresql-15"
    [ -f /usr/share/postgresql/15/extension/pgtap.control ] || missing="$missing postgresql-15-pgtap"
    [ -f /usr/share/postgresql/15/extension/plpgsql_check.control ] || missing="$missing postgresql-15-plpgsql-check"
    [ -f /usr/lib/postgresql/15/lib/pgaudit.so ] || missing="$missing postgresql-15-pgaudit"
    [ -x /usr/sbin/pgbouncer ] || missing="$missing pgbouncer"
    locale -a 2>/dev/null | grep -qix 'tr_TR.utf-\?8' || turkish
    [ -z "$missing" ] && return 0
    if is_root && command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086  # a list of words
        install_packages $missing >&2 || echo "warning: could not install$missing; the tests that need it are skipped" >&2
    else
        echo "warning: the tests on PostgreSQL 15, with pgTAP and through a pooler are skipped; for them: apt-get install$missing" >&2
    fi
}

case "${1:-}" in
    venv) venv ;;
    postgres) postgres ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
esac
