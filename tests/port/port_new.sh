#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# port_new.sh EXOSIM SOURCE FOLDER - `exosim port new` and `exosim port status --look-only` on a copy of
# the source tree: what they make and say, and what they refuse. Nothing is built here.
set -eu
exosim=$1 source=$2 folder=$3
tree=$folder/tree
failures=0

ok() { # WHAT: the result of the last command
    if [ "$2" -eq 0 ]; then echo "ok - $1"; else
        echo "not ok - $1"
        failures=$((failures + 1))
    fi
}

fresh() {
    rm -rf "$tree"
    mkdir -p "$tree/sim" "$tree/tests/port"
    for d in exo hwmodels libos; do cp -R "$source/$d" "$tree/$d"; done
    cp -R "$source/sim/port" "$tree/sim/port"
}

# WHAT PATTERN ARGS...: is refused with a message like that, and nothing changes
refused() {
    what=$1 pattern=$2
    shift 2
    (cd "$tree" && find . -type f -exec cksum {} + | sort) >"$folder/before"
    status=0
    "$exosim" port "$@" --source "$tree" >"$folder/out" 2>&1 || status=$?
    (cd "$tree" && find . -type f -exec cksum {} + | sort) >"$folder/after"
    grep -q -- "$pattern" "$folder/out" && [ $status -eq 125 ] && cmp -s "$folder/before" "$folder/after"
    r=$?
    [ $r -eq 0 ] || sed 's/^/# /' "$folder/out"
    ok "$what" $r
}

set +e
mkdir -p "$folder"
fresh
refused "unknown class" "no class 'gpu': expected mmu, disk, nic or isa" new gpu fast
refused "no name" "expected CLASS NAME" new mmu
refused "a name that exists" "the mmu radix exists already" new mmu radix
refused "a bad name" "bad name 'Radix-2': expected 2 to 15 small letters" new mmu Radix-2
refused "a keyword" "bad name 'short': it means something in C" new mmu short
refused "a hook's name" "bad name 'bind': mmu.bind is a hook" new mmu bind
refused "a function's name" "disk_take is something else already" new disk take
refused "an unknown kind" "no mmu 'segments' (there are softtlb, radix" new mmu mine --from segments
refused "an unknown board" "no built-in board 'nowhere'" new mmu mine --board nowhere
refused "a port that is none" "no port 'mine'" status mine
refused "a kind that port new did not make" "mmu radix was not made by" status radix
"$exosim" port new mmu mine --source "$folder" >"$folder/out" 2>&1
[ $? -eq 125 ] && grep -q "not a source tree of exosim" "$folder/out"
ok "not a source tree" $?
if [ "$(id -u)" -eq 0 ]; then as="setpriv --reuid=65534 --regid=65534 --clear-groups"; else as=; fi
if $as test -x "$exosim" 2>/dev/null; then
    chmod -R a-w "$tree"
    $as "$exosim" port new mmu mine --source "$tree" >"$folder/out" 2>&1
    [ $? -eq 125 ] && grep -q "the source tree cannot be written: Permission denied" "$folder/out"
    r=$?
    chmod -R u+w "$tree"
    ok "a tree without write permission" $r
fi

for class in mmu disk nic; do
    fresh
    "$exosim" port new $class mine --source "$tree" >"$folder/out" 2>&1
    ok "new $class" $?
    (cd "$tree" && find . -type f | sort) >"$folder/files"
    sed -n 's/^  made //p' "$folder/out" | while read -r f; do
        [ -f "$tree/$f" ] || echo "$f is missing"
        [ ! -e "$source/$f" ] || echo "$f was there"
    done >"$folder/wrong"
    [ ! -s "$folder/wrong" ]
    ok "new $class: it made what it says" $?
    diff -rq "$source/exo" "$tree/exo" | grep -v "^Only in $tree" | grep -vc "kinds.def\|calls.def" >"$folder/n"
    [ "$(cat "$folder/n")" -eq 0 ] && [ ! -e "$tree/.exosim-port" ]
    ok "new $class: nothing else changed" $?
    ! grep -rq "@name@\|@NAME@\|@kind@\|@call" $(sed -n "s|^  made |$tree/|p" "$folder/out")
    ok "new $class: no placeholder is left" $?
    "$exosim" port status mine --look-only --source "$tree" >"$folder/status" 2>&1
    [ $? -eq 1 ] && grep -q "^Hooks of the backend: 0 of [1-9]" "$folder/status" &&
        grep -q "^Next: hwmodels/$class/mine.c:[0-9]*, read: " "$folder/status"
    ok "status $class: gaps, hooks, next step" $?
    refused "new $class, again" "the $class mine exists already" new $class mine
done
for pair in mmu:softtlb disk:flash nic:ring; do
    fresh
    class=${pair%:*} kind=${pair#*:}
    "$exosim" port new $class mine --from "$kind" --source "$tree" >"$folder/out" 2>&1 &&
        "$exosim" port status $class mine --look-only --source "$tree" >"$folder/status" 2>&1
    [ $? -eq 1 ] && grep -q "^Gaps in its files: 0" "$folder/status" &&
        grep -q "^Hooks of the backend: \([1-9]*\) of \1 done" "$folder/status"
    ok "new $class --from $kind" $?
done
"$exosim" port new isa loong64 --source "$tree" | grep -q "new  *exo/arch/loong64/entry.S .*lines and more"
ok "new isa: the steps" $?
exit $((failures > 0))
