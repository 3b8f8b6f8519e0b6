#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# step.sh EXOSIM BOARD - `exosim step` as its user sees it: places are found again from both sides,
# and what is shown is what is there.
set -u
exosim=$1 board=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"

step() { # COMMANDS: to $work/out
    printf '%b' "$1" | "$exosim" step -b "$board" life >"$work/out" 2>&1
}

step 'break call env_create\ncontinue\nback 3\nrcontinue\ncontinue\ncontinue\n'
first=$(grep -c 'call  *env_create' "$work/out")
places=$(grep '^event' "$work/out" | sed -n '1p;4p' | sort -u | wc -l)
[ "$first" -ge 2 ] && [ "$places" -eq 1 ]
check $? "a breakpoint is the same place forwards and behind"

grep -q 'the run ends here' "$work/out" && grep -q 'fault handled, child said 7' "$work/out"
check $? "the run ends and has printed what it prints"
[ "$(grep -c 'fault handled' "$work/out")" -eq 1 ]
check $? "what is lived through again is not printed again"

step 'break death\ncontinue\ninfo envs\ninfo frames\ninfo caps\ninfo slices\n'
grep -q ' dead .* life' "$work/out" && grep -q ' ready .* life' "$work/out"
check $? "the child is dead, its parent ready"
grep -q 'user .*held by 1$' "$work/out" && grep -q ' free  *$' "$work/out"
check $? "frames are held by the parent or free"
grep -q 'env 1 slot 0: 1 rwg' "$work/out" && grep -q '0=1' "$work/out"
check $? "capability and slice of the parent"

step 'goto instruction 100000\nstepi\nbacki\n'
[ "$(grep '^event' "$work/out" | sed -n '1p;3p' | sort -u | wc -l)" -eq 1 ] &&
    grep -q 'instruction 100001' "$work/out"
check $? "an instruction on and back"

step 'break call env_run\ncontinue\ngoto cycle 10\nstep\ndisassemble 4\ninfo tlb\ninfo registers\n'
grep -q '=> 0x' "$work/out" && grep -q '^core 0' "$work/out"
check $? "code, translations and registers"

step 'goto nowhere\nbreak call no_such_call\nstep x\ninfo weather\nfoo\nst\ndelete 1\n'
[ "$(wc -l <"$work/out")" -eq 7 ] && grep -q "could be step or stepi" "$work/out"
check $? "what is wrong with a command is said, and one goes on"

snap=$work/a.snap
step "break call env_create\ncontinue\nsave $snap\nevent 4\ninfo registers\ninfo frames\n"
sed -n '/^saved/,$p' "$work/out" | sed 1d >"$work/there"
step "load $snap\nevent 4\ninfo registers\ninfo frames\nback 2\n"
grep -q 'pc 0x' "$work/there" && [ "$(grep -c . "$work/there")" -gt 20 ] &&
    [ "$(grep '^pc \|^cycle \|user ' "$work/there")" = "$(grep '^pc \|^cycle \|user ' "$work/out")" ]
check $? "a state saved is loaded by another process, which goes on from it"
wrong=0
for at in 0 7 12 20 30 200 2000; do
    cp "$snap" "$work/b.snap"
    printf '\377\001' | dd of="$work/b.snap" bs=1 seek=$at conv=notrunc 2>/dev/null
    step "load $work/b.snap\nwhere\n"
    grep -q 'b.snap: ' "$work/out" && grep -q 'event 0, cycle 0' "$work/out" || wrong=1
done
for size in 0 5 23 24 1000; do
    head -c $size "$snap" >"$work/b.snap"
    step "load $work/b.snap\nwhere\n"
    grep -q 'b.snap: ' "$work/out" && grep -q 'event 0, cycle 0' "$work/out" || wrong=1
done
step "load $work/none\nload /\nsave /nowhere/x\n"
[ "$(grep -c 'No such file\|Is a directory' "$work/out")" -eq 3 ] || wrong=1
check $wrong "a damaged file is refused, and the run goes on where it was"

"$exosim" step -b "$board" nothing </dev/null >"$work/out" 2>&1
[ $? -eq 127 ]
check $? "no such program"

finish
