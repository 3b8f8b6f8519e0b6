#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# link.sh TOOLS EXOSIM BOARD OTHER-BOARD [BYTES]
#
# Two machines of one process on a wire that loses 5 %, duplicates 2 %, reorders 3 % and corrupts 1 % of
# the frames: TCP both ways, contents identical. BYTES each way, 200k unless told; the full form is 10M:
#
#     tests/clients/link.sh build/workloads/native build/sim/exosim riscv arm 10M
#
# Then the same machines on a good wire, another program, and a dead one. TAP.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exosim=$2 board=$3 other=$4 bytes=${5:-200k}
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"
# shellcheck source=tests/clients/frames.sh
. "$here/frames.sh"
first=169.254.1.1 # the first machine's own address: nobody answers DHCP here

run() { timeout 280 "$exosim" run "$@" >"$work/out" 2>"$work/err" </dev/null; }

bad_wire=link:x,loss=5,duplicate=2,reorder=3,corrupt=1,seed=1
run -b "$board" --net $bad_wire --pcap "$work/pcap" iperf -s -1 \
    --machine -b "$other" --net $bad_wire iperf -c $first -w 60 -n "$bytes"
check $? "$bytes each way between $board and $other over a bad wire"
[ "$(grep -c 'content identical' "$work/out")" = 4 ] && ! grep -q DIFFERENT "$work/out"
check $? 'both sides find the contents identical'
grep '^iperf: ' "$work/out" | sed 's/^/# /'
frames_right "$work/pcap" 100 02:00:00:00:00:01
check $? 'tshark finds nothing wrong in the frames of the machine where it listens'

run -b "$board" --net link:x --pcap "$work/pcap" iperf -s -1 \
    --machine -b "$other" --net link:x iperf -c $first -w 60 -n "$bytes"
check $? "$bytes each way over a good wire"
grep '^iperf: ' "$work/out" | sed 's/^/# /'
frames_right "$work/pcap" 20
check $? 'tshark finds nothing wrong in the frames'

run -b "$board" --net link:x ping -c 1 169.254.1.77 --machine -b "$other" --net link:x netbench
[ $? = 1 ] && grep -q 'no answer\|unreachable' "$work/out"
check $? 'a wire with nobody there: ping says that there is no answer'
finish
