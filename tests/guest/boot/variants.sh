#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# variants.sh - EXOSIM BOARDS-DIR OUT-DIR NAME: one board that is not built in, made of built-in
# ones, and run.sh on it: other page sizes, too few address space identifiers, table layouts
# of one instruction set on another.
exosim=$1 boards=$2 out=$3 name=$4
here=$(dirname "$0")
mkdir -p "$out"
dts=$out/$name.dts

changed() {
    cmp -s "$dts" "$boards/$1.dts" || return 0
    echo "$name: nothing changed" >&2
    exit 1
}

# change BASE PROPERTY VALUE...: the properties of a built-in board, changed
change() {
    base=$1 script=
    shift
    while [ $# -ge 2 ]; do
        script="$script;s/exo,$1 = <[0-9]*>/exo,$1 = <$2>/"
        shift 2
    done
    sed "${script#;}" "$boards/$base.dts" > "$dts"
    changed "$base"
}

# transplant BASE DONOR: BASE with the MMU of DONOR
transplant() {
    awk '
        /^    mmu@/ { inside = 1 }
        FNR == NR { if (inside) node = node $0 "\n" }
        FNR != NR && !inside { print }
        inside && /^    };/ { inside = 0; if (FNR != NR) printf "%s", node }
    ' "$boards/$2.dts" "$boards/$1.dts" > "$dts"
    changed "$1"
}

case $name in
riscv-no-asid) change riscv asid-bits 0 ;;
arm-4-asids) change arm asid-bits 2 ;;
decstation-small) change decstation asid-bits 1 entries 16 wired 0 ;;
decstation-16k) change decstation page-shift 14 ;;
pc-softtlb-64k) change pc-softtlb page-shift 16 ;;
arm-hashed-64k) change arm-hashed page-shift 16 ;;
arm-16k) change arm page-shift 14 index-bits 11 levels 3 pfn-lsb 14 pfn-bits 34 ;;
mips-sv39) transplant mips-radix riscv ;;
mips-4-level) transplant mips-radix pc ;;
pc-sv32) transplant pc mips-radix ;;
*)
    echo "variants.sh: no variant '$name'" >&2
    exit 2
    ;;
esac
sh "$here/run.sh" "$exosim" "$dts" 1 && sh "$here/run.sh" "$exosim" "$dts" 2
