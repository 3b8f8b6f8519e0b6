#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# junk.sh EXOSIM JUNK - what comes to the debugger's port and is none: the run goes on, or waits for a
# real one, which then finds everything in order.
exosim=$1 junk=$2
. "$(dirname "$0")/../tap.sh"

port() { sed -n "s/.*remote :\([0-9]*\).*/\1/p" "$work/err" | grep .; }

"$exosim" run -b riscv --gdb 0 test-counter >"$work/guest" 2>"$work/err" </dev/null &
pid=$!
started $pid
await 20 port >"$work/port"
check $? "exosim waits for a debugger"
"$junk" "$(cat "$work/port")" 1 1 >"$work/out" 2>&1
check $? "junk is taken"
wait $pid
[ $? = 7 ] && grep -q 'sum .* counter 31 child 0' "$work/guest"
check $? "and the run goes on to its end"

for seed in 2 3 4 5 6 7 8 9; do
    : >"$work/err"
    "$exosim" run -b decstation --gdb 0 test-counter >"$work/guest" 2>"$work/err" </dev/null &
    pid=$!
    started $pid
    await 20 port >"$work/port"
    "$junk" "$(cat "$work/port")" $seed 1 >"$work/out" 2>&1
    wait $pid
    [ $? = 7 ]
    check $? "junk, seed $seed: the run ends as it should"
done

"$exosim" run -b riscv --gdb 99999 test-counter >"$work/out" 2>"$work/err"
[ $? = 125 ] && grep -q '99999' "$work/err"
check $? "a port that is none is refused"
"$exosim" run -b riscv --gdb 0 --write test-counter >"$work/out" 2>"$work/err"
[ $? = 125 ]
check $? "what does not go back in time is refused"
finish
