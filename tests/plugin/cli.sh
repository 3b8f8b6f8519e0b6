#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli.sh EXOSIM PLUGIN_DIR DOC_BOARD - models and boards out of the tree, by the program's own door:
# a plugin's model is listed and runs a board; wrong plugins and boards are refused with 125 and a
# reason; the board docs/boards.md prints runs a workload. Prints TAP.
set -u
exosim=$1 dir=$2 doc_board=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0

check() { # check WHAT CONDITION-STATUS
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        head -n 20 "$tmp/out" "$tmp/err" | sed 's/^/# /'
        failed=1
    fi
}

# refused WHAT REASON ARG...: exit status 125, and the reason on stderr
refused() {
    what=$1 reason=$2
    shift 2
    "$exosim" "$@" >"$tmp/out" 2>"$tmp/err"
    [ $? -eq 125 ] && grep -q -- "$reason" "$tmp/err"
    check "$what" $?
}

# sorts WHAT ARG...: `sort` on this board gives what the host's does
sorts() {
    what=$1
    shift
    "$exosim" run "$@" --file "text=$tmp/text" --stats="$tmp/stats" sort text \
        >"$tmp/out" 2>"$tmp/err" && cmp -s "$tmp/out" "$tmp/sorted"
    check "$what" $?
}

i=0
while [ $i -lt 20000 ]; do
    echo "$((i * 7919 % 20011)) the quick brown fox"
    i=$((i + 1))
done >"$tmp/text"
LC_ALL=C sort "$tmp/text" >"$tmp/sorted"

"$exosim" models --plugin "$dir/mmu-victim.so" mmu >"$tmp/out" 2>"$tmp/err" &&
    grep -q '^example,mmu-victim .*mmu' "$tmp/out" && grep -q 'exo,victim-cycles' "$tmp/out"
check "a plugin's model is listed with its parameters" $?

abi=$("$exosim" --version | sed -n "s/.*model interface \([0-9]*\).*/\1/p")
refused "wrong ABI" "version $((abi + 1)) of hw.h (HW_ABI), this exosim has version $abi" \
    models --plugin "$dir/mmu-victim-abi.so"
refused "no table of models" 'exosim_plugin_models' models --plugin "$dir/no-models.so"
refused "a name that is taken" "'exo,console'" models --plugin "$dir/mmu-clash.so"
refused "no such file" 'nothing.so' models --plugin "$dir/nothing.so"
refused "a plugin's board without the plugin" "no model 'example,mmu-victim'" \
    run -b "$dir/victim.dts" wc
sed 's/exo,victims/exo,victms/' "$dir/victim.dts" >"$tmp/typo.dts"
refused "a mistyped property of a plugin's model" "did you mean 'exo,victims'" \
    run --plugin "$dir/mmu-victim.so" -b "$tmp/typo.dts" --file "text=$tmp/text" wc text
sed 's/exo,wired = <8>/exo,wired = <60>/' "$dir/victim.dts" >"$tmp/wired.dts"
refused "parameters that a plugin's model cannot combine" 'exo,wired is 60' \
    run --plugin "$dir/mmu-victim.so" -b "$tmp/wired.dts" --file "text=$tmp/text" wc text

sorts "sort on the plugin's board" --plugin "$dir/mmu-victim.so" -b "$dir/victim.dts"
cp "$tmp/stats" "$tmp/victim"
sorts "sort on the same board without a victim buffer" -b decstation
misses() {
    sed -n 's/.*"misses": *\([0-9]*\).*/\1/p' "$1" | head -n 1
}
[ "$(misses "$tmp/victim")" -lt "$(misses "$tmp/stats")" ]
check "the victim buffer saves the kernel misses" $?
sorts "sort on the board docs/boards.md prints" -b "$doc_board"
echo "1..$n"
exit $failed
