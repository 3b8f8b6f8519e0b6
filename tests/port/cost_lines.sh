#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cost_lines.sh DATA CHECK BOARD... - the totals of the written cost against a count by others: lines
# with code, of all objects of each board, in llvm-dwarfdump's words.
set -eu
data=$1 check=$2
shift 2
for board in "$@"; do
    # shellcheck disable=SC2046
    set -- $(EXOSIM_DATA=$data "$check" lines "$board")
    [ $# = 3 ] || exit 1
    dir=$data/guest/$2
    count=$(llvm-dwarfdump --debug-line "$dir/libexos.a" "$dir/crt0.o" "$dir/libconform.a" \
        "$dir/libexo-$3.a" | awk '
        # one line table
        / version: / { version = $2; delete folder; delete file; end = 1 }
        /^include_directories\[/ {
            n = $1; gsub(/[^0-9]/, "", n); if (n == "") { n = $2; gsub(/[^0-9]/, "", n) }
            name = $0; sub(/^[^"]*"/, "", name); sub(/"$/, "", name); folder[n + 0] = name
        }
        /^file_names\[/ { n = $0; sub(/^file_names\[ */, "", n); sub(/\].*/, "", n); current = n + 0 }
        /^ *name: / { name = $0; sub(/^[^"]*"/, "", name); sub(/"$/, "", name); file[current] = name }
        /^ *dir_index: / { at = $2 + 0; where[current] = at }
        # rows: a line has code if its stretch of addresses is not empty
        /^0x[0-9a-f]+ +[0-9]+ +[0-9]+ +[0-9]+ / {
            if (!end && $1 != address && line > 0)
                print path
            address = $1; line = $2
            d = folder[where[$4]]; f = file[$4]
            path = (f ~ /^\// || d == "" ? f : d "/" f)
            # the tree, not where it lies; no x/..
            if (match(path, /.*\/(exo|libos|workloads|tests)\//)) {
                rest = path
                while (match(rest, /\/(exo|libos|workloads|tests)\//)) {
                    rest = substr(rest, RSTART + 1); best = rest; rest = "/" substr(rest, 2)
                    if (path !~ /^\//) { best = path; break }
                }
                path = best
            }
            while (match(path, /[^\/]+\/\.\.\//))
                path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
            path = path ":" line
            end = ($0 ~ /end_sequence/)
        }' | sort -u | wc -l)
    if [ "$count" != "$1" ]; then
        echo "$board: the written cost knows $1 lines, llvm-dwarfdump $count" >&2
        exit 1
    fi
    echo "$board: $1 lines"
done
