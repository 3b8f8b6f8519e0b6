#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# export.sh EXOSIM CHECK BOARD - traces in other formats keep those formats' rules; files that are not
# whole traces are told apart.
set -u
exosim=$1 checker=$2 board=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0 failed=0

check() { # WHAT STATUS
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' "$tmp/out" 2>/dev/null
        failed=1
    fi
}

refused() { # WHAT WORDS TRACE
    "$exosim" trace export --format vcd "$3" "$tmp/no" >"$tmp/out" 2>&1
    [ $? -eq 125 ] && grep -q "$2" "$tmp/out" && [ ! -e "$tmp/no" ]
    check "$1" $?
}

for cores in 1 2; do
    "$exosim" run -b "$board" --cores $cores --trace "$tmp/t" life >/dev/null 2>"$tmp/out"
    "$exosim" trace export --format perfetto "$tmp/t" "$tmp/json" 2>"$tmp/out" &&
        "$checker" perfetto "$tmp/json" >"$tmp/out"
    check "perfetto, $cores cores" $?
    "$exosim" trace export --format=vcd "$tmp/t" "$tmp/vcd" 2>"$tmp/out" &&
        "$checker" vcd "$tmp/vcd" >"$tmp/out"
    check "vcd, $cores cores" $?
done
[ "$("$exosim" trace show "$tmp/t" | grep -c ' call ')" -gt 20 ]
check "show" $?

size=$(wc -c <"$tmp/t")
head -c $((size - 33)) "$tmp/t" >"$tmp/cut"
"$exosim" trace show "$tmp/cut" >"$tmp/out" 2>&1 && grep -q 'cut short' "$tmp/out" &&
    [ "$(wc -l <"$tmp/out")" -eq $(($("$exosim" trace show "$tmp/t" | wc -l) - 2)) ]
check "a trace cut short is good up to its last whole record" $?

head -c 50 "$tmp/t" >"$tmp/short"
refused "cut inside the header" 'not a trace' "$tmp/short"
head -c 120 "$tmp/t" >"$tmp/names"
refused "cut inside the names" 'cut short inside its header' "$tmp/names"
{ head -c 8 "$tmp/t" && printf '\377' && tail -c +10 "$tmp/t"; } >"$tmp/version"
refused "another version" 'its version is' "$tmp/version"
{ head -c 12 "$tmp/t" && printf '\001' && tail -c +14 "$tmp/t"; } >"$tmp/sizes"
refused "sizes that contradict" 'contradict' "$tmp/sizes"
: >"$tmp/empty"
refused "an empty file" 'empty' "$tmp/empty"
refused "no file" 'No such file' "$tmp/nowhere"
refused "a folder" 'not a file' "$tmp"

"$exosim" trace export --format svg "$tmp/t" "$tmp/no" >"$tmp/out" 2>&1
[ $? -eq 125 ] && grep -q 'expected perfetto or vcd' "$tmp/out"
check "an unknown format" $?
if [ -w /dev/full ]; then
    "$exosim" trace export --format vcd "$tmp/t" /dev/full >"$tmp/out" 2>&1
    [ $? -eq 125 ] && grep -q 'No space left' "$tmp/out"
    check "no room for the export" $?
fi

echo "1..$n"
exit $failed
