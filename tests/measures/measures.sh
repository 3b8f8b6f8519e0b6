#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# measures.sh EXOSIM BOARD - the workloads that measure from inside: prims prints every primitive's
# cost, slices divides a core 3:2:1. Bounds are far from today's figures: they catch a fast
# path that is not taken any more, not a changed instruction.
set -eu
exosim=$1 board=$2
out=$(mktemp)
trap 'rm -f "$out"' EXIT
timeout 100 "$exosim" run -b "$board" prims 300 >"$out" </dev/null
cat "$out"
check() { # NAME MAX: kernel instructions of a primitive
    awk -v name="$1" -v max="$2" '
        $1 == name { seen = 1; if ($NF + 0 > max || $NF + 0 < 0) bad = $NF }
        END {
            if (!seen) { print "FAIL no row " name; exit 1 }
            if (bad) { print "FAIL " name ": " bad " kernel instructions, at most " max; exit 1 }
        }' "$out"
}
check null_call 30
check exception_dispatch 60
check exception_return 60
case $board in
*regions) check pct 1600 ;; # no identifiers: every switch loads all windows
*) check pct 100 ;;
esac
check yield 2000
check upcall 6000
check tlb_refill 60
if grep -q "^overflow " "$out"; then # a hashed page table: it must overflow, and be dealt with
    awk '$1 == "overflow" && $NF + 0 < 1000 { print "FAIL overflow: nothing was displaced"; exit 1 }' "$out"
    check lost_binding 2000
    check overflow 8000
fi
for cores in 1 2; do
    timeout 100 "$exosim" run -b "$board" --cores $cores slices 30 </dev/null
done
