#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# diff.sh EXOSIM - exosim diff: the same program on two boards, call by call.
exosim=$1
. "$(dirname "$0")/../tap.sh"

diff_of() {
    "$exosim" diff "$@" >"$work/out" 2>"$work/err" </dev/null
    echo $? >"$work/status"
}
status() { [ "$(cat "$work/status")" = "$1" ]; check $? "$2"; }
says() { grep -Eq "$1" "$work/out"; check $? "$2"; }

diff_of -b riscv,riscv test-width
status 0 "a board and itself: status 0"
says '^no divergence: [0-9]+ calls on both' "no divergence"
awk '/^function/ { on = 1; next } /^whole/ { on = 0 } on && ($3 != $7 || $4 != $8 || $5 != $9) { bad = 1 } END { exit bad }' "$work/out"
check $? "and the same cost of each function"
cp "$work/out" "$work/first"
diff_of -b riscv,riscv test-width
cmp -s "$work/first" "$work/out"
check $? "the same words twice"

diff_of -b riscv,riscv-softtlb --file f="$0" sort f
status 0 "another MMU: status 0"
says 'tlb_write +0 +[1-9][0-9]*  on one board only' "an exokernel call of one board"
says 'pt_map +[1-9][0-9]* +0  on one board only' "and one of the other"

diff_of -b arm,decstation --calls test-width
status 1 "another width of a word: status 1"
says 'first divergence: environment 1, call 2: getpid is on arm only' "a call on one board only"
says 'write .*outcomes differ' "a call with another outcome"
says '^fork ' "the calls are listed"
says '^environment 2' "the child's too"
says 'output: not the same; exit status 0 and 0' "the output"

diff_of -b riscv test-width
status 125 "one board is refused"
diff_of -b riscv,riscv nothing
status 127 "an unknown program is refused"
diff_of -b riscv,riscv --record x test-width
status 125 "what cannot be observed twice is refused"
finish
