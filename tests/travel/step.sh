#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# step.sh EXOSIM BOARD - `exosim step` as its user sees it: places are found again from both sides,
# and what is shown is what is there.
set -u
exosim=$1 board=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0 failed=0

check() { # WHAT STATUS
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' "$tmp/out"
        failed=1
    fi
}

step() { # COMMANDS: to $tmp/out
    printf '%b' "$1" | "$exosim" step -b "$board" life >"$tmp/out" 2>&1
}

step 'break call env_create\ncontinue\nback 3\nrcontinue\ncontinue\ncontinue\n'
first=$(grep -c 'call  *env_create' "$tmp/out")
places=$(grep '^event' "$tmp/out" | sed -n '1p;4p' | sort -u | wc -l)
[ "$first" -ge 2 ] && [ "$places" -eq 1 ]
check "a breakpoint is the same place forwards and behind" $?

grep -q 'the run ends here' "$tmp/out" && grep -q 'fault handled, child said 7' "$tmp/out"
check "the run ends and has printed what it prints" $?
[ "$(grep -c 'fault handled' "$tmp/out")" -eq 1 ]
check "what is lived through again is not printed again" $?

step 'break death\ncontinue\ninfo envs\ninfo frames\ninfo caps\ninfo slices\n'
grep -q ' dead .* life' "$tmp/out" && grep -q ' ready .* life' "$tmp/out"
check "the child is dead, its parent ready" $?
grep -q 'user .*held by 1$' "$tmp/out" && grep -q ' free  *$' "$tmp/out"
check "frames are held by the parent or free" $?
grep -q 'env 1 slot 0: 1 rwg' "$tmp/out" && grep -q '0=1' "$tmp/out"
check "capability and slice of the parent" $?

step 'goto instruction 100000\nstepi\nbacki\n'
[ "$(grep '^event' "$tmp/out" | sed -n '1p;3p' | sort -u | wc -l)" -eq 1 ] ||
    grep -q kernel "$tmp/out" # in the kernel it stops behind a basic block
check "an instruction on and back" $?

step 'break call env_run\ncontinue\ngoto cycle 10\nstep\ndisassemble 4\ninfo tlb\ninfo registers\n'
grep -q '=> 0x' "$tmp/out" && grep -q '^core 0' "$tmp/out"
check "code, translations and registers" $?

step 'goto nowhere\nbreak call no_such_call\nstep x\ninfo weather\nfoo\nst\ndelete 1\n'
[ "$(wc -l <"$tmp/out")" -eq 7 ] && grep -q "could be step or stepi" "$tmp/out"
check "what is wrong with a command is said, and one goes on" $?

"$exosim" step -b "$board" nothing </dev/null >"$tmp/out" 2>&1
[ $? -eq 127 ]
check "no such program" $?

echo "1..$n"
exit $failed
