#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tour.sh - `sort` and `sha256` of one real file on every board, checked against the host's own
# sort and sha256sum; one table each. Needs a finished build/. `exosim compare` fails when the
# boards differ from one another; one board's output is then held against the host's.
#
# Exit: 0 all the same, 1 not.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
exosim=$root/build/sim/exosim
work=$root/build/tour
text=$work/text
size=1200000

# Real text that every machine with a C compiler has: the kernel's user headers, at least a
# megabyte of them, in order of their names, cut at a line.
make_text() {
    mkdir -p "$work"
    # shellcheck disable=SC2046 # system headers have no blanks in their names
    LC_ALL=C cat $(find /usr/include/linux -name '*.h' | LC_ALL=C sort) | head -c $size |
        sed '$d' >"$text.new"
    if [ "$(wc -c <"$text.new")" -lt 1048576 ]; then
        echo "exosim: /usr/include/linux has less than a megabyte of headers" >&2
        exit 1
    fi
    mv "$text.new" "$text"
}

# tour NAME HOST-COMMAND: NAME on all boards; its output on one must be the host command's
tour() {
    program=$1
    shift
    echo "== $program of $(wc -c <"$text") bytes, $(wc -l <"$text") lines"
    "$exosim" compare --file text="$text" "$program" text
    "$exosim" run -b riscv --file text="$text" "$program" text >"$work/$program.guest"
    "$@" >"$work/$program.host"
    if ! cmp "$work/$program.host" "$work/$program.guest"; then
        echo "exosim: the boards' $program differs from the host's: $*" >&2
        exit 1
    fi
    echo "the same as the host's: $*"
    echo
}

[ -f "$text" ] || make_text
cd "$work"
LC_ALL=C
export LC_ALL
tour sort sort text
tour sha256 sha256sum text
