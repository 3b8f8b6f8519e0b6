#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# third_mmu.sh EXOSIM SOURCE FOLDER - the port that docs/porting.md follows, done in a copy of the source
# tree: `exosim port new mmu vmsa`, then the finished files of tests/port/vmsa in the place of those it
# made, and no other. Built for one instruction set, the whole API must pass on its board. A copy
# of the radix MMU made beside it must work, too. JOBS says how many processes build and run.
set -eu
exosim=$1 source=$2 folder=$3
tree=$folder/tree build=$folder/build jobs=${JOBS:-2}
rm -rf "$tree"
mkdir -p "$tree"
(cd "$source" && tar cf - --exclude=.git --exclude=build --exclude='build-*' .) | tar xf - -C "$tree"

"$exosim" port new mmu vmsa --board arm --source "$tree" >"$folder/made"

# Numbers of the kind and of calls are those that were free.
kind=$(sed -n 's/.*\.kind = \([0-9]*\),.*/\1/p' "$tree/hwmodels/mmu/vmsa.c")
first=$(sed -n 's/^EXO_CALL(\([0-9]*\), vmsa_bind,.*/\1/p' "$tree/exo/include/exo/calls/mmu_vmsa.def")
(cd "$source/tests/port/vmsa" && find . -type f) | sed 's|^\./||' | while read -r file; do
    grep -qx "  made $file" "$folder/made" || { echo "not ok - port new did not make $file"; exit 1; }
    cp "$source/tests/port/vmsa/$file" "$tree/$file"
done
sed -i "s/\.kind = [0-9]*,/.kind = $kind,/" "$tree/hwmodels/mmu/vmsa.c"
for i in 0 1 2 3 4; do
    sed -i "s/^EXO_CALL($((106 + i)),/EXO_CALL(N$((first + i)),/" "$tree/exo/include/exo/calls/mmu_vmsa.def"
done
sed -i "s/^EXO_CALL(N/EXO_CALL(/" "$tree/exo/include/exo/calls/mmu_vmsa.def"
echo "ok - port new made every file that is needed"
"$exosim" port new mmu again --from radix --board arm --source "$tree"

cmake -G Ninja -S "$tree" -B "$build" -DCMAKE_BUILD_TYPE=Release -DGUEST_ISAS=aarch64 \
    "-DCMAKE_C_FLAGS_RELEASE=-O1 -DNDEBUG -Wno-format-truncation -Wno-maybe-uninitialized" >"$folder/cmake.log"
ninja -C "$build" -j "$jobs" exosim ftlimage boards calls_tsv hooks_tsv api_tsv exo-vmsa-aarch64 \
    exo-again-aarch64 conform-aarch64 objects-exo-vmsa-aarch64 objects-conform-aarch64 >"$folder/ninja.log" 2>&1 || { tail -20 "$folder/ninja.log"; exit 1; }
echo "ok - it builds"

unset EXOSIM_DATA EXOSIM_SOURCE
"$build/sim/exosim" port status vmsa -j "$jobs" || { echo "not ok - the port is not whole"; exit 1; }
echo "ok - every function of the API passes on arm-vmsa"
"$build/sim/exosim" conform -b arm-again -j "$jobs" --api mmap,mprotect,fork,execve,pipe >"$folder/again" 2>/dev/null ||
    { cat "$folder/again"; exit 1; }
echo "ok - a copy of radix works"
