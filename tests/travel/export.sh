#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# export.sh EXOSIM CHECK BOARD - traces in other formats keep those formats' rules; files that are not
# whole traces are told apart.
set -u
exosim=$1 checker=$2 board=$3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"

refused() { # WHAT WORDS TRACE
    "$exosim" trace export --format vcd "$3" "$work/no" >"$work/out" 2>&1
    [ $? -eq 125 ] && grep -q "$2" "$work/out" && [ ! -e "$work/no" ]
    check $? "$1"
}

for cores in 1 2; do
    "$exosim" run -b "$board" --cores $cores --trace "$work/t" life >/dev/null 2>"$work/out"
    "$exosim" trace export --format perfetto "$work/t" "$work/json" 2>"$work/out" &&
        "$checker" perfetto "$work/json" >"$work/out"
    check $? "perfetto, $cores cores"
    "$exosim" trace export --format=vcd "$work/t" "$work/vcd" 2>"$work/out" &&
        "$checker" vcd "$work/vcd" >"$work/out"
    check $? "vcd, $cores cores"
done
[ "$("$exosim" trace show "$work/t" | grep -c ' call ')" -gt 20 ]
check $? "show"

size=$(wc -c <"$work/t")
head -c $((size - 33)) "$work/t" >"$work/cut"
"$exosim" trace show "$work/cut" >"$work/out" 2>&1 && grep -q 'cut short' "$work/out" &&
    [ "$(wc -l <"$work/out")" -eq $(($("$exosim" trace show "$work/t" | wc -l) - 2)) ]
check $? "a trace cut short is good up to its last whole record"

head -c 50 "$work/t" >"$work/short"
refused "cut inside the header" 'not a trace' "$work/short"
head -c 120 "$work/t" >"$work/names"
refused "cut inside the names" 'cut short inside its header' "$work/names"
{ head -c 8 "$work/t" && printf '\377' && tail -c +10 "$work/t"; } >"$work/version"
refused "another version" 'its version is' "$work/version"
{ head -c 12 "$work/t" && printf '\001' && tail -c +14 "$work/t"; } >"$work/sizes"
refused "sizes that contradict" 'contradict' "$work/sizes"
: >"$work/empty"
refused "an empty file" 'empty' "$work/empty"
refused "no file" 'No such file' "$work/nowhere"
refused "a folder" 'not a file' "$work"

"$exosim" trace export --format svg "$work/t" "$work/no" >"$work/out" 2>&1
[ $? -eq 125 ] && grep -q 'expected perfetto or vcd' "$work/out"
check $? "an unknown format"
if [ -w /dev/full ]; then
    "$exosim" trace export --format vcd "$work/t" /dev/full >"$work/out" 2>&1
    [ $? -eq 125 ] && grep -q 'No space left' "$work/out"
    check $? "no room for the export"
fi

finish
