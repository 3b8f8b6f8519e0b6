#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# filters.sh EXOSIM BOARD - the workload `filters`: a packet with 1000 filters bound costs the kernel at
# most 1.5 times what it does with one.
set -eu
timeout 100 "$1" run -b "$2" --net user --max-cycles 3000000000 filters </dev/null | awk '
    { cost[$1] = $NF; print }
    END {
        if (!("whole" in cost) || cost["filters-1000"] > 1.5 * cost["filters-1"]) {
            print "FAIL: 1000 filters cost " cost["filters-1000"] ", one " cost["filters-1"]
            exit 1
        }
    }'
