#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# crosscheck.sh EXOSIM CHECK - everything: all functions on all boards, written and executed. The report
# itself says by its status whether machine-dependent code ran that was not predicted, whether all
# totals reconcile, and whether generic files name a machine; and the analysis without runs takes
# less than ten seconds. CHECK (report_check) looks into each row of each pair. Exit: 0 right.
set -eu
exosim=$1
check=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

begin=$(date +%s)
"$exosim" port report --written --matrix >"$tmp/written"
seconds=$(($(date +%s) - begin))
if [ $seconds -ge 10 ]; then
    echo "the analysis of all boards took $seconds s"
    exit 1
fi
status=0
"$exosim" port report --matrix --json "$tmp/all.json" >"$tmp/out" 2>"$tmp/err" || status=$?
if [ $status != 0 ]; then
    cat "$tmp/err"
    sed -n '/^Checks/,$p' "$tmp/out"
    exit 1
fi
"$check" json "$tmp/all.json"
