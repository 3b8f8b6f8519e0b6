#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# golden.sh - short traces of every board.
#
#   golden.sh check EXOSIM DIGEST BOARD    runs each case of cases.txt twice on one core and twice on
#                                          two: the traces of a pair must be the same, byte for byte;
#                                          the one-core trace must say what expected/ says
#   golden.sh bless [BOARD...]             makes expected/ anew from build/ (all boards), after a
#                                          change you can explain; then read `git diff tests/golden`
#
# Exit: 0 as expected, 1 not.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run CORES OUT COMMAND...: trace to OUT.trace, output to OUT.out
run_case() {
    cores=$1
    out=$2
    shift 2
    status=0
    (cd "$here/input" && timeout 100 "$exosim" run -b "$board" --cores "$cores" --seed 1 \
        --trace "$out.trace" "$@") >"$out.out" 2>"$out.err" </dev/null || status=$?
    if [ "$status" != 0 ]; then
        echo "FAIL $board, $cores cores: $* ended with status $status"
        tail -n 20 "$out.err"
        return 1
    fi
}

# twice CORES NAME ARGS...: the same run twice has the same trace
twice() {
    n=$1
    base=$work/$2-$n
    shift 2
    run_case "$n" "$base-a" "$@" || return 1
    run_case "$n" "$base-b" "$@" || return 1
    if ! cmp -s "$base-a.trace" "$base-b.trace"; then
        echo "FAIL $board, $n cores: two runs of $* have different traces"
        cmp "$base-a.trace" "$base-b.trace" || true
        return 1
    fi
    cmp "$base-a.out" "$base-b.out"
}

# Lines of cases.txt: NAME ARGS-OF-EXOSIM-RUN...
for_cases() {
    failed=0
    while read -r name args; do
        case $name in '' | '#'*) continue ;; esac
        # shellcheck disable=SC2086 # words of the case
        "$1" "$name" $args || failed=1
    done <"$here/cases.txt"
    return $failed
}

check_case() {
    name=$1
    shift
    twice 1 "$name" "$@" || return 1
    twice 2 "$name" "$@" || return 1
    cmp "$work/$name-1-a.out" "$work/$name-2-a.out" || return 1
    "$digest" "$work/$name-1-a.trace" >"$work/$name.txt" || return 1
    if ! diff -u "$here/expected/$board/$name.txt" "$work/$name.txt"; then
        echo "FAIL $board: the trace of $* changed; tests/golden/golden.sh bless if it should"
        return 1
    fi
    echo "ok $board $name: $(wc -c <"$work/$name-1-a.trace") bytes, the same twice, also on 2 cores"
}

bless_case() {
    name=$1
    shift
    run_case 1 "$work/$name" "$@" || return 1
    mkdir -p "$here/expected/$board"
    "$digest" "$work/$name.trace" >"$here/expected/$board/$name.txt"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
check)
    exosim=$1 digest=$2 board=$3
    for_cases check_case
    ;;
bless)
    build=${EXOSIM_BUILD:-$here/../../build}
    exosim=$build/sim/exosim digest=$build/tests/golden/trace_digest
    if [ $# -eq 0 ]; then
        # shellcheck disable=SC2046 # names of boards
        set -- $(cd "$here/../../hwmodels/boards" && find . -name "*.dts" | sed "s|^./||; s|.dts$||" | LC_ALL=C sort)
    fi
    for board in "$@"; do
        for_cases bless_case || exit 1
    done
    ;;
*)
    sed -n '3,12s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
