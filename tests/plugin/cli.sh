#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli.sh EXOSIM PLUGIN_DIR DOC_BOARD - models and boards out of the tree, by the program's own door:
# a plugin's model is listed and runs a board; wrong plugins and boards are refused with 125 and a
# reason; the board docs/boards.md prints runs a workload. Prints TAP.
set -u
exosim=$1 dir=$2 doc_board=$3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"

# refused WHAT REASON ARG...: exit status 125, and the reason on stderr
refused() {
    what=$1 reason=$2
    shift 2
    "$exosim" "$@" >"$work/out" 2>"$work/err"
    [ $? -eq 125 ] && grep -q -- "$reason" "$work/err"
    check $? "$what"
}

# sorts WHAT ARG...: `sort` on this board gives what the host's does
sorts() {
    what=$1
    shift
    "$exosim" run "$@" --file "text=$work/text" --stats="$work/stats" sort text \
        >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/sorted"
    check $? "$what"
}

i=0
while [ $i -lt 20000 ]; do
    echo "$((i * 7919 % 20011)) the quick brown fox"
    i=$((i + 1))
done >"$work/text"
LC_ALL=C sort "$work/text" >"$work/sorted"

"$exosim" models --plugin "$dir/mmu-victim.so" mmu >"$work/out" 2>"$work/err" &&
    grep -q '^example,mmu-victim .*mmu' "$work/out" && grep -q 'exo,victim-cycles' "$work/out"
check $? "a plugin's model is listed with its parameters"

abi=$("$exosim" --version | sed -n "s/.*model interface \([0-9]*\).*/\1/p")
refused "wrong ABI" "version $((abi + 1)) of hw.h (HW_ABI), this exosim has version $abi" \
    models --plugin "$dir/mmu-victim-abi.so"
refused "no table of models" 'exosim_plugin_models' models --plugin "$dir/no-models.so"
refused "a name that is taken" "'exo,console'" models --plugin "$dir/mmu-clash.so"
refused "no such file" 'nothing.so' models --plugin "$dir/nothing.so"
refused "a plugin's board without the plugin" "no model 'example,mmu-victim'" \
    run -b "$dir/victim.dts" wc
sed 's/exo,victims/exo,victms/' "$dir/victim.dts" >"$work/typo.dts"
refused "a mistyped property of a plugin's model" "did you mean 'exo,victims'" \
    run --plugin "$dir/mmu-victim.so" -b "$work/typo.dts" --file "text=$work/text" wc text
sed 's/exo,wired = <8>/exo,wired = <60>/' "$dir/victim.dts" >"$work/wired.dts"
refused "parameters that a plugin's model cannot combine" 'exo,wired is 60' \
    run --plugin "$dir/mmu-victim.so" -b "$work/wired.dts" --file "text=$work/text" wc text

sorts "sort on the plugin's board" --plugin "$dir/mmu-victim.so" -b "$dir/victim.dts"
cp "$work/stats" "$work/victim"
sorts "sort on the same board without a victim buffer" -b decstation
misses() {
    sed -n 's/.*"misses": *\([0-9]*\).*/\1/p' "$1" | head -n 1
}
[ "$(misses "$work/victim")" -lt "$(misses "$work/stats")" ]
check $? "the victim buffer saves the kernel misses"
sorts "sort on the board docs/boards.md prints" -b "$doc_board"
finish
