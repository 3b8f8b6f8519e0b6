#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# powercut.sh [OPTION VALUE]... - the power fails while guests write to their disk: is the file system
# repaired without questions, and is what was made durable there? For every board and workload:
# a run to the end, then runs of the same that are cut at the first writes and at random ones.
#
#   --exosim PROGRAM      default build/sim/exosim
#   --boards "B..."       default: one of each kind of disk, decstation riscv arm
#   --workloads "W..."    fsstress, tar; default both
#   --first N             cut at each of the first N writes (default 40), once more in the last 10
#   --random N            and at N random ones of the whole run (default 200)
#   --ops N               fsstress: operations of the run (default 300)
#   --archive TAR         tar: what is unpacked (default: made of some of /usr/share/doc,
#   --files N             so many files; default 300)
#   --seed N              of everything random (default 1)
#   --keep DIR            where image and log of a cut that failed are left (default: a new one in /tmp)
#
# After each cut: `e2fsck -p` ends with 0 or 1, `e2fsck -fn` finds nothing, and
#   fsstress  every file, directory and link its log says is durable (workloads/fsstress/log.c) has
#             just that content
#   tar       every file is one of the archive's; every tenth time, unpacking again makes it whole
#
# Every fifth time all this is done once more with exos in e2fsck's place: the torn image is mounted by
# a guest, the power fails again while the journal is replayed, and it is mounted once more.
#
# Prints a line a board and workload; exit status 1 if anything was wrong.
set -u
LC_ALL=C
export LC_ALL
exosim=build/sim/exosim boards='decstation riscv arm' workloads='fsstress tar'
first=40 random=200 ops=300 archive='' files=300 seed=1 keep=''
while [ $# -gt 0 ]; do
    case $1 in
    --exosim | --boards | --workloads | --first | --random | --ops | --archive | --files | --seed | \
        --keep)
        [ $# -gt 1 ] || { echo "powercut.sh: $1 needs a value" >&2 && exit 2; }
        eval "${1#--}=\$2"
        shift 2
        ;;
    *)
        sed -n '4,31s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
done
PATH=$PATH:/usr/sbin:/sbin
for tool in mke2fs e2fsck debugfs; do
    command -v $tool >/dev/null || { echo "powercut.sh: needs $tool (e2fsprogs)" >&2 && exit 2; }
done
exosim=$(realpath "$exosim")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
failures=0

# wrong WHAT: this cut's image and log are kept
wrong() {
    [ -n "$keep" ] || keep=$(mktemp -d)
    failures=$((failures + 1))
    place=$keep/$board-$workload-$cut-$cutseed
    mkdir -p "$place"
    cp "$work/cut.img" "$work/torn.img" "$work/log" "$work/err" "$place" 2>/dev/null
    echo "powercut.sh: $board $workload, cut at write $cut, seed $cutseed: $1 ($place)" >&2
}

# The archive, and where its content is on the host.
if [ -z "$archive" ]; then
    archive=$work/archive.tar
    find /usr/share/doc -type f -size -20k | sort | head -n "$files" |
        tar -cf "$archive" --no-recursion -T - 2>/dev/null
fi
mkdir "$work/want"
tar -xf "$archive" -C "$work/want" 2>/dev/null
content=$(du -sk "$work/want" | cut -f1)

# An empty file system as --root makes them, in base.img.
make_image() {
    mke2fs -q -F -t ext2 -b 4096 -I 256 -m 0 -L root -J size=4 \
        -O none,sparse_super,large_file,filetype,dir_index,ext_attr,has_journal \
        "$work/base.img" "$1"k >"$work/mke2fs"
}

# run OPTION...: the workload on cut.img
run() {
    case $workload in
    fsstress) set -- "$@" fsstress -lz -n "$ops" -s "$seed" ;;
    tar) set -- "$@" --file "archive=$archive" tar xf archive ;;
    esac
    timeout 600 "$exosim" run -b "$board" --disk "$work/cut.img" --write "$@"
}

# The durable names of the log: kind path size sum, or kind path target
durable() {
    awk '$1 == "U" { delete row[$2] } $1 ~ /^[FDL]$/ { row[$2] = $0 }
        END { for (p in row) print row[p] }' "$work/log"
}

check_fsstress() {
    durable | while read -r kind path a b; do
        case $kind in
        F)
            is=$(cksum <"$work/got/$path" 2>/dev/null)
            [ "$is" = "$b $a" ] || echo "$path: not the durable content"
            ;;
        D) [ -d "$work/got/$path" ] || echo "$path: no directory" ;;
        L) [ "$(readlink "$work/got/$path")" = "$a" ] || echo "$path: not the durable link" ;;
        esac
    done
}

check_tar() {
    (cd "$work/got" && find . -mindepth 1 ! -name lost+found ! -path './lost+found/*') |
        while read -r path; do
            [ -e "$work/want/$path" ] || [ -L "$work/want/$path" ] || echo "$path: whose is it?"
        done
    [ $((count % 10)) -eq 0 ] || return
    run >"$work/out" 2>&1 || echo "unpacking again: $(tail -n 1 "$work/out")"
    extract
    diff -r --no-dereference -x lost+found "$work/want" "$work/got" | head -n 3
    e2fsck -fn "$work/cut.img" >"$work/fsck" 2>&1 || echo "unpacked again: e2fsck -fn: $(tail -n 1 "$work/fsck")"
}

extract() {
    rm -rf "$work/got"
    mkdir "$work/got"
    debugfs -R "rdump / $work/got" "$work/cut.img" >"$work/debugfs" 2>&1
}

# One cut at write $1.
cut_at() {
    cut=$1 cutseed=$((seed + $1))
    count=$((count + 1))
    cp "$work/base.img" "$work/cut.img"
    run --power-cut "$cut,seed=$cutseed" >"$work/log" 2>"$work/err"
    status=$?
    if [ $status -ne 123 ]; then
        wrong "exit status $status, not 123: $(tail -n 1 "$work/err")"
        return
    fi
    cp "$work/cut.img" "$work/torn.img"
    e2fsck -p "$work/cut.img" >"$work/fsck" 2>&1
    status=$?
    [ $status -eq 1 ] && repaired=$((repaired + 1))
    if [ $status -gt 1 ]; then
        wrong "e2fsck -p: status $status: $(tail -n 3 "$work/fsck" | tr '\n' ' ')"
        return
    fi
    if ! e2fsck -fn "$work/cut.img" >"$work/fsck" 2>&1; then
        wrong "e2fsck -fn afterwards: $(sed -n 3p "$work/fsck")"
        return
    fi
    extract
    message=$("check_$workload" | head -n 3 | tr '\n' ' ')
    if [ -z "$message" ] && [ $((count % 5)) -eq 0 ]; then
        message=$(check_guest | head -n 3 | tr '\n' ' ')
    fi
    [ -z "$message" ] || wrong "$message"
}

# The guest repairs; again from the torn image.
check_guest() {
    cp "$work/torn.img" "$work/cut.img"
    set -- -b "$board" --disk "$work/cut.img" --write
    timeout 600 "$exosim" run "$@" --power-cut $((1 + count % 7)),seed=$cutseed find / >"$work/out" 2>&1
    status=$?
    [ $status -eq 0 ] || [ $status -eq 123 ] || echo "find, cut again: status $status"
    timeout 600 "$exosim" run "$@" find / >"$work/out" 2>&1 || echo "find: $(tail -n 1 "$work/out")"
    e2fsck -fn "$work/cut.img" >"$work/fsck" 2>&1 ||
        echo "exos repaired, e2fsck -fn: $(sed -n 3p "$work/fsck")"
    extract
    "check_$workload"
}

for board in $boards; do
    for workload in $workloads; do
        case $workload in
        fsstress) make_image 16384 ;;
        tar) make_image $((16384 + content * 3 / 2)) ;;
        esac
        count=0 repaired=0 before=$failures cut=none cutseed=$seed
        cp "$work/base.img" "$work/cut.img"
        if ! run --stats="$work/stats" >"$work/log" 2>"$work/err"; then
            wrong "without a cut: $(tail -n 1 "$work/err")"
            continue
        fi
        e2fsck -fn "$work/cut.img" >"$work/fsck" 2>&1 || wrong "without a cut, e2fsck -fn: $(sed -n 3p "$work/fsck")"
        extract
        message=$("check_$workload" | head -n 3 | tr '\n' ' ')
        [ -z "$message" ] || wrong "without a cut: $message"
        writes=$(sed -n 's/.*"medium_writes": *\([0-9]*\).*/\1/p' "$work/stats" | head -n 1)
        : "${writes:=0}"
        for n in $(awk -v w="$writes" -v first="$first" -v random="$random" -v seed="$seed" 'BEGIN {
                srand(seed)
                for (n = 1; n <= first && n <= w; n++) print n
                for (n = w - 9; n <= w; n++) if (n > first) print n
                for (i = 0; i < random && w > first; i++) print first + 1 + int(rand() * (w - first))
            }'); do
            cut_at "$n"
        done
        echo "$board $workload: $writes writes, $count cuts, $repaired repaired by e2fsck -p," \
            "$((failures - before)) wrong"
    done
done
[ $failures -eq 0 ]
