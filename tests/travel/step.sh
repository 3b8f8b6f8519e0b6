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
[ "$(grep '^event' "$tmp/out" | sed -n '1p;3p' | sort -u | wc -l)" -eq 1 ] &&
    grep -q 'instruction 100001' "$tmp/out"
check "an instruction on and back" $?

step 'break call env_run\ncontinue\ngoto cycle 10\nstep\ndisassemble 4\ninfo tlb\ninfo registers\n'
grep -q '=> 0x' "$tmp/out" && grep -q '^core 0' "$tmp/out"
check "code, translations and registers" $?

step 'goto nowhere\nbreak call no_such_call\nstep x\ninfo weather\nfoo\nst\ndelete 1\n'
[ "$(wc -l <"$tmp/out")" -eq 7 ] && grep -q "could be step or stepi" "$tmp/out"
check "what is wrong with a command is said, and one goes on" $?

snap=$tmp/a.snap
step "break call env_create\ncontinue\nsave $snap\nevent 4\ninfo registers\ninfo frames\n"
sed -n '/^saved/,$p' "$tmp/out" | sed 1d >"$tmp/there"
step "load $snap\nevent 4\ninfo registers\ninfo frames\nback 2\n"
grep -q 'pc 0x' "$tmp/there" && [ "$(grep -c . "$tmp/there")" -gt 20 ] &&
    [ "$(grep '^pc \|^cycle \|user ' "$tmp/there")" = "$(grep '^pc \|^cycle \|user ' "$tmp/out")" ]
check "a state saved is loaded by another process, which goes on from it" $?
bad=0
for at in 0 7 12 20 30 200 2000; do
    cp "$snap" "$tmp/b.snap"
    printf '\377\001' | dd of="$tmp/b.snap" bs=1 seek=$at conv=notrunc 2>/dev/null
    step "load $tmp/b.snap\nwhere\n"
    grep -q 'b.snap: ' "$tmp/out" && grep -q 'event 0, cycle 0' "$tmp/out" || bad=1
done
for size in 0 5 23 24 1000; do
    head -c $size "$snap" >"$tmp/b.snap"
    step "load $tmp/b.snap\nwhere\n"
    grep -q 'b.snap: ' "$tmp/out" && grep -q 'event 0, cycle 0' "$tmp/out" || bad=1
done
step "load $tmp/none\nload /\nsave /nowhere/x\n"
[ "$(grep -c 'No such file\|Is a directory' "$tmp/out")" -eq 3 ] || bad=1
check "a damaged file is refused, and the run goes on where it was" $bad

"$exosim" step -b "$board" nothing </dev/null >"$tmp/out" 2>&1
[ $? -eq 127 ]
check "no such program" $?

echo "1..$n"
exit $failed
