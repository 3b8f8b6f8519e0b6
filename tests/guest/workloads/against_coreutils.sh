#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# against_coreutils.sh GENERATE native FOLDER          FOLDER/wc, FOLDER/sort, FOLDER/sha256
# against_coreutils.sh GENERATE guest EXOSIM BOARD     the same as guests of a board,
#                                                      with 16 MB of memory
#
# Output and exit status of wc, sort and sha256 against the host's tools, on generated input.
# Prints TAP; exit status 1 if anything differed.
set -u
LC_ALL=C
export LC_ALL
generate=$1
kind=$2
shift 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
"$generate" "$work/in" || exit 2
cd "$work/in" || exit 2

# run PROGRAM ARG...: our program; every argument that is a file is given to the guest
case $kind in
native)
    folder=$1
    run() {
        program=$1
        shift
        "$folder/$program" "$@"
    }
    ;;
guest)
    exosim=$1 board=$2
    run() {
        files=
        for arg in "$@"; do
            case $files in *" $arg="*) continue ;; esac
            [ -f "$arg" ] && files="$files --file $arg=$work/in/$arg"
        done
        # shellcheck disable=SC2086 # names without blanks, several words wanted
        "$exosim" run -b "$board" --mem 16M $files "$@" >"$work/both"
        status=$?
        # one console: what the host has on standard error is in between
        grep -av '^[a-z0-9]*: .*: No such file or directory$' "$work/both"
        return $status
    }
    ;;
*)
    echo "against_coreutils.sh: native or guest, not $kind" >&2
    exit 2
    ;;
esac

n=0
bad=0
# check HOST-TOOL PROGRAM ARG...
check() {
    tool=$1
    shift
    program=$1
    shift
    n=$((n + 1))
    "$tool" "$@" >"$work/want" 2>"$work/want.err" </dev/null
    want=$?
    (run "$program" "$@") >"$work/got" 2>"$work/got.err" </dev/null
    got=$?
    if [ "$want" = "$got" ] && cmp -s "$work/want" "$work/got"; then
        echo "ok $n - $program $*"
    else
        echo "not ok $n - $program $*"
        echo "# exit status $got, expected $want; first lines of a diff:"
        diff -a "$work/want" "$work/got" | head -n 4 | cut -c 1-200 | sed 's/^/# /'
        head -n 3 "$work/got.err" | cut -c 1-200 | sed 's/^/# /'
        bad=1
    fi
}

quick=${QUICK:-0}
every="empty newline nofinal small longlines blank numbers samestart few ordered large"
[ "$quick" = 0 ] || every="empty nofinal small numbers large"
for f in $every; do
    check wc wc "$f"
    check sort sort "$f"
    check sha256sum sha256 "$f"
done
# Which bytes above 0x7f make a word depends on the tool's version and locale: see wc.c.
check wc wc -lc binary utf8
check wc wc -l large
check wc wc -w small numbers
check wc wc small nofinal empty large
check wc wc small missing nofinal
check wc wc small -l
check sort sort numbers -r
check sort sort binary
check sort sort -n numbers
check sort sort -r samestart
check sort sort -u few
check sort sort -nr numbers
check sort sort -n -u numbers
check sort sort -rnu numbers
check sort sort nofinal small nofinal numbers
check sort sort -u binary
check sort sort missing
check sha256sum sha256 small missing large
check sha256sum sha256 binary utf8
echo "1..$n"
exit $bad
