#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cost_fixture.sh SOURCE DATA CHECK WORK - compiles fixture/ for the four instruction sets into the data
# folder WORK/data and checks its call closures, then those of objects that are not as they should
# be. SOURCE: the source tree; DATA: the build's data folder; CHECK: cost_check.
set -eu
source=$1 data=$2 check=$3 work=$4
tree=$source/tests/port/fixture
rm -rf "$work"
mkdir -p "$work"
cd "$work" # the folder the compiler runs in is not part of paths
out=$work/data
mkdir -p "$out/guest"
cp -r "$data/boards" "$out/boards"
cp "$data/guest/calls.tsv" "$data/guest/hooks.tsv" "$out/guest/"
{
    printf 'name\theader\tgroup\tclasses\n'
    for f in recursive table weak strong inline wired hook lacks optional disk call queued backend_calls \
        asm fall; do
        printf 'f_%s\tfixture.h\tmemory\t\n' $f
    done
} > "$out/guest/api.tsv"

target() {
    case $1 in
    riscv64) echo --target=riscv64-unknown-elf -march=rv64gc -mabi=lp64d -mcmodel=medany -mno-relax ;;
    aarch64) echo --target=aarch64-unknown-elf -mcpu=cortex-a72 ;;
    x86_64) echo --target=x86_64-unknown-elf -mno-red-zone ;;
    mips32) echo --target=mipsel-linux-gnu -march=mips32r2 -mno-abicalls -mabi=32 -G0 ;;
    esac
}

compile() { # isa library files...
    isa=$1 library=$2
    shift 2
    objects=
    for file in "$@"; do
        object=$out/guest/$isa/obj/$library/$file.o
        mkdir -p "$(dirname "$object")"
        # shellcheck disable=SC2046
        clang $(target "$isa") -std=gnu11 -O2 -g -ffreestanding -fno-builtin -fno-pic \
            -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -fno-common -Wall \
            -Werror -I"$tree/libos/exos" -I"$tree/exo/core" -I"$source/libos/port" -ffile-prefix-map="$tree"/= \
            -c "$tree/$file" -o "$object"
        objects="$objects $object"
    done
    # shellcheck disable=SC2086
    llvm-ar rcsD "$out/guest/$isa/lib$library.a" $objects
}

for isa in riscv64 aarch64 x86_64 mips32; do
    compile $isa exos libos/exos/api.c libos/exos/other.c libos/exos/dispatch.c \
        libos/port/mmu/softtlb.c libos/port/mmu/radix.c libos/port/disk/queue.c \
        libos/port/isa/any/asm.S
    compile $isa crt libos/exos/crt0.c
    cp "$out/guest/$isa/obj/crt/libos/exos/crt0.c.o" "$out/guest/$isa/crt0.o"
    compile $isa conform workloads/conform/programs.c
    for mmu in radix softtlb; do
        compile $isa exo-$mmu exo/core/kernel.c exo/disk/queue.c exo/disk/flash.c exo/mmu/$mmu.c
    done
done

EXOSIM_DATA=$out "$check" closures "$tree"

# what is wrong, what the message must say
library=$out/guest/riscv64/libexos.a
broken() {
    EXOSIM_DATA=$out "$check" refuses riscv "$@"
    cp "$work/libexos.a" "$library"
}
cp "$library" "$work/libexos.a"
rm "$library"
broken libexos.a "No such file" build
printf '!<arch>\n' > "$library"
broken libexos.a "without objects"
head -c 5000 /dev/zero > "$library"
broken libexos.a "neither an archive"
head -c 3000 "$work/libexos.a" > "$library"
EXOSIM_DATA=$out "$check" survives riscv
cp "$work/libexos.a" "$library"
llvm-objcopy --strip-debug "$library"
broken "libexos.a: api.c.o" DWARF -g
one=$work/api.c.o
llvm-objcopy --strip-all "$out/guest/riscv64/obj/exos/libos/exos/api.c.o" "$one"
rm "$library"
llvm-ar rcsD "$library" "$one"
broken "libexos.a: api.c.o" symbols stripped
rm "$out/guest/riscv64/libexo-radix.a"
broken "board riscv" "'radix'" "no exokernel" libexo-radix.a
rm "$out/guest/hooks.tsv"
EXOSIM_DATA=$out "$check" refuses arm hooks.tsv
EXOSIM_DATA=$data "$check" real
