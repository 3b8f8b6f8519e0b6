#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fs.sh [ROUNDS] - the long form of the file system's tests on the host: random operations, power
# cuts and images that lie, with other seeds in every round. Uses ./build, or $BUILD (best one
# made with sanitizers: cmake --preset asan).
set -eu
cd "$(dirname -- "$0")/.."
build=${BUILD:-build}/tests/unit
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
round=0
while [ "$round" -lt "${1:-10}" ]; do
    round=$((round + 1))
    for image in '4096 -j' '2048 -j' '1024 -j' '4096' '1024' '4096 -j -I 128'; do
        seed=$((100 + round))
        "$build/fs_random" --dir "$dir" --seed $seed --steps 10000 "-t ext2 -b $image"
        "$build/fs_crash" --dir "$dir" --seed $seed --steps 400 --cuts 200 "-t ext2 -b $image"
        "$build/fs_fuzz" --dir "$dir" --seed $seed --runs 2000 "-t ext2 -b $image"
    done
done
