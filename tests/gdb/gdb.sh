#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# gdb.sh EXOSIM BOARD - gdb-multiarch against a run: breakpoints, watchpoints, steps, all of them backwards,
# threads, memory, registers; detaching lets the run go on to its own end.
exosim=$1 board=$2
. "$(dirname "$0")/../tap.sh"

# port of the exosim that writes to $work/err
port() { sed -n "s/.*remote :\([0-9]*\).*/\1/p" "$work/err" | grep .; }

start() {
    : >"$work/err"
    "$exosim" run -b "$board" --gdb 0 "$@" test-counter >"$work/guest" 2>"$work/err" </dev/null &
    pid=$!
    started $pid
    await 20 port >"$work/port" || { check 1 "exosim waits for a debugger"; finish; }
}

# commands from standard input; output to $work/out
debug() {
    cat >"$work/commands"
    ulimit -c 0
    timeout 120 gdb-multiarch -nx -batch -ex 'set pagination off' -ex 'set confirm off' \
        -ex "target remote :$(cat "$work/port")" -x "$work/commands" >"$work/out" 2>&1
}

says() { grep -Eq "$1" "$work/out"; check $? "$board: $2"; }

start
debug <<'END'
break add_up
continue
backtrace
print by
x/2dw table
print $pc == (unsigned long)$pc
delete
stepi
stepi
set $there = $pc
stepi
reverse-stepi
printf "same place %d\n", $there == $pc
watch counter
continue
continue
printf "counter is %d\n", counter
delete
reverse-finish
tbreak main
reverse-continue
echo back in main:\n
frame
info threads
next
next
printf "after work, counter %d\n", counter
tbreak add_up if by == 100
continue
info threads
set var $pc = 0
detach
END
says 'add_up \(by=3\) at .*counter.c:12' "a breakpoint, its function, argument and line"
says '#1 .* work \(n=8\).*' "the caller"
says '#2 .* main \(\)' "its caller"
says 'table>?:[[:space:]]*3[[:space:]]+1' "memory of the environment"
says 'same place 1' "a step back undoes a step"
says 'Old value = 0' "a watchpoint: the value before"
says 'New value = 4' "and after the second change"
says 'counter is 4' "memory where the watchpoint stopped"
says 'Temporary breakpoint [0-9]+, main \(\) at .*:27' "back to main"
says 'Thread 1 .environment 1, test-counter' "an environment is a thread"
says 'after work, counter 31' "over a call"
says '(=>|0x[0-9a-f]+ in) work \(n=8\) at .*:19' "back to the call of a function"
says 'add_up \(by=100\)' "a breakpoint with a condition, in the child"
says '\* .*Thread [2-9][0-9]* .environment' "which is another thread"
says "Could not write register" "nothing can be changed"
wait $pid
status=$?
[ $status = 7 ] && grep -q 'sum .* counter 31 child 0' "$work/guest"
check $? "$board: a detached run goes on to its own end"

start
debug <<'END'
break work
continue
kill
END
wait $pid
[ $? = 130 ] && grep -q 'killed by the debugger' "$work/err"
check $? "$board: killed"

start --cores 2
debug <<'END'
break work
continue
stepi
reverse-stepi
reverse-continue
continue
delete
continue
reverse-stepi
info threads
kill
END
says 'work \(n=8\)' "two cores: a breakpoint"
says 'No more reverse-execution history|Reached end of recorded history' "the beginning and the end of the run"
wait $pid 2>/dev/null

finish
