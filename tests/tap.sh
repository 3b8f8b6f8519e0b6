# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# tap.sh - for shell tests, sourced: TAP lines, a folder of one's own, waiting without sleeping long.
#
#   check STATUS WHAT   a line; what is in $work/out and $work/err is shown when it failed
#   await SECONDS COMMAND...   until it succeeds; status 1 when the time is over
#   started PID          remember a child of ours: it is ended when the test ends
#   finish               the plan and the verdict
work=$(mktemp -d) || exit 2
children=
trap 'for pid in $children; do kill "$pid" 2>/dev/null; done; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
n=0
bad=0

check() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        for file in out err; do
            [ -s "$work/$file" ] && head -c 1500 "$work/$file" | tr -d '\000' | sed "s/^/# $file: /" |
                cut -c 1-200 | head -n 20
        done
        bad=1
    fi
}

await() {
    tries=$(($1 * 20))
    shift
    while ! "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}

started() { children="$children $1"; }

finish() {
    echo "1..$n"
    exit $bad
}
