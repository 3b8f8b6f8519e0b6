#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# view.sh - the viewer by scripts of keys.
#
#   view.sh EXOSIM HERE script NAME BOARD PROGRAM   NAME.view on a board: its `expect` lines decide
#   view.sh EXOSIM HERE trace                       the same run, live and from its trace file
#   view.sh EXOSIM HERE blessed [--bless]           the picture of the kept trace as text
#   view.sh EXOSIM HERE errors                      bad input
set -eu
exosim=$1 here=$2 what=$3
shift 3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() {
    echo "view.sh: $*" >&2
    exit 1
}
# exosim with its status and words
refused() {
    status=0
    "$exosim" view "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = 125 ] || fail "view $*: status $status instead of 125"
    cat "$tmp/err"
}

case $what in
script)
    cd "$tmp"
    "$exosim" view -b "$2" --script "$here/$1.view" "$3"
    for png in *.png; do
        [ -e "$png" ] || continue
        head -c 8 "$png" | od -An -tx1 | grep -q '89 50 4e 47 0d 0a 1a 0a' || fail "$png is no PNG"
    done
    ;;
trace)
    "$exosim" run -b riscv --trace "$tmp/t" revoke >"$tmp/out"
    n=$("$exosim" trace show "$tmp/t" | wc -l)
    cd "$tmp"
    "$exosim" view --script "$here/trace.view" t
    # the list of events is the same, live and from the file
    printf 'key End\nkey z\ntext %s\n' filed >s
    "$exosim" view --script s t
    printf 'key End\nkey z\ntext %s\n' live >s
    "$exosim" view -b riscv --script s revoke
    grep -E '^ *>? *[0-9]+ ' filed >a
    grep -E '^ *>? *[0-9]+ ' live >b
    diff a b || fail "the file's events are not the run's"
    [ "$(wc -l <a)" -gt 20 ] || fail "few events"
    grep -q "halt *status 0" filed || fail "the trace's last event is not shown"
    [ "$n" -gt 500 ] || fail "only $n events"
    ;;
blessed)
    cd "$tmp"
    cp "$here/kept.trace" kept
    "$exosim" view --script "$here/kept.view" kept
    if [ "${1-}" = --bless ]; then
        cp kept.txt "$here/kept.txt"
    else
        diff -u "$here/kept.txt" kept.txt || fail "not the blessed picture (view.sh ... blessed --bless)"
    fi
    ;;
errors)
    cd "$tmp"
    refused -b riscv nosuchprogram 2>/dev/null | grep -q . && fail "unreachable" || true
    status=0
    "$exosim" view nosuchprogram 2>err || status=$?
    [ $status = 127 ] || fail "no such program: status $status"
    refused --at never --screenshot x.png revoke | grep -q 'expected an event' || fail "--at"
    refused --script none revoke | grep -q 'none' || fail "--script none"
    echo 'jump 3' >bad
    refused --script bad revoke | grep -q 'bad:1: expected key' || fail "a bad word"
    echo 'key s 0' >bad
    refused --script bad revoke | grep -q 'bad:1: expected key NAME' || fail "a bad count"
    echo 'expect never to be seen' >bad
    refused --script bad revoke | grep -q "no 'never to be seen'" || fail "expect"
    refused --size 10x10 revoke >/dev/null
    refused --size 1280 revoke >/dev/null
    refused --screenshot /nonexistent/x.png revoke | grep -q '/nonexistent/x.png' || fail "no folder"
    refused --record r revoke | grep -q -e '--record goes with' || fail "--record"
    printf 'EXOTRACE' >cut
    refused cut >/dev/null
    printf 'EXOTRACE%1000s' x >foreign
    refused foreign >/dev/null
    EXOSIM_FONT=/nonexistent refused --screenshot x.png revoke | grep -q '/nonexistent' || fail "font"
    "$exosim" run -b riscv --record r --net none revoke >/dev/null
    refused r | grep -q 'give --replay r' || fail "a record"
    printf 'key End\nexpect deaf: frame\nkey Home\n' >ok
    "$exosim" view -b riscv --replay r --script ok revoke || fail "--replay"
    # without a display it says what to do
    unset DISPLAY WAYLAND_DISPLAY || true
    SDL_VIDEODRIVER=x11 refused revoke | grep -q 'exosim step' || fail "no display"
    ;;
esac
