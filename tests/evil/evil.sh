#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# evil.sh EXOSIM BOARD CORES - the workload `evil` on a board: every attack refused, at least 40 of
# them, a complete TAP stream, and the machine still there at the end.
set -eu
exosim=$1 board=$2 cores=$3
out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
timeout 280 "$exosim" run -b "$board" --cores "$cores" --max-cycles 50000000000 evil \
    >"$out" 2>"$out.err" </dev/null || status=$?
n=$(grep -c '^ok ' "$out" || true)
if [ "$status" != 0 ] || grep -q '^not ok\|^Bail' "$out" || [ "$n" -lt 40 ] ||
    ! grep -qx "1\.\.$n" "$out"; then
    grep -v '^ok ' "$out" || true
    tail -n 30 "$out.err"
    rm -f "$out.err"
    echo "FAIL $board, $cores cores: status $status, $n attacks refused"
    exit 1
fi
rm -f "$out.err"
echo "ok $board, $cores cores: $n attacks refused; $(grep '^# the victim' "$out")"
