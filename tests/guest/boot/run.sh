#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh - EXOSIM BOARD CORES: boot-hello and two of boot-paths on one board.
exosim=$1 board=$2 cores=$3
fail() {
    echo "$board, $cores cores: $*" >&2
    exit 1
}
out=$($exosim run -b "$board" --cores="$cores" --max-cycles=50000000 boot-hello)
status=$?
[ "$status" = 7 ] || fail "boot-hello: status $status, expected 7"
[ "$out" = hello ] || fail "boot-hello wrote: $out"

out=$($exosim run -b "$board" --cores="$cores" --max-cycles=200000000 boot-paths -- boot-paths)
status=$?
echo "$out"
[ "$status" = 0 ] || fail "boot-paths: status $status, expected 0"
echo "$out" | grep -q '^1\.\.[1-9]' || fail "boot-paths did not finish"
! echo "$out" | grep -q '^not ok' || fail "boot-paths failed"
