#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# measures.sh [FILE] - write docs/measures.md from what `exosim bench` printed: into FILE earlier,
# or now. Host times are of this computer: run it on a quiet one. Instructions and cycles are the
# same everywhere.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
log=${1:-}
if [ -z "$log" ]; then
    sh "$root/scripts/build.sh" release
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    "$root/build/sim/exosim" bench >"$log"
fi
out=$root/docs/measures.md
awk '
function table(bench,    m, b, row) {
    row = "| metric | unit |"; rule = "| --- | --- |"
    for (b = 1; b <= nboards[bench]; b++) {
        row = row " " board[bench, b] " |"; rule = rule " ---: |"
    }
    print row "\n" rule
    for (m = 1; m <= nmetrics[bench]; m++) {
        row = "| " metric[bench, m] " | " unit[bench, metric[bench, m]] " |"
        for (b = 1; b <= nboards[bench]; b++)
            row = row " " value[bench, metric[bench, m], board[bench, b]] " |"
        print row
    }
    print ""
}
{
    if (!($1 in seen)) { seen[$1] = 1; bench[++nbench] = $1 }
    if (!(($1, $2) in seenb)) { seenb[$1, $2] = 1; board[$1, ++nboards[$1]] = $2 }
    if (!(($1, $3) in seenm)) { seenm[$1, $3] = 1; metric[$1, ++nmetrics[$1]] = $3 }
    unit[$1, $3] = $5
    v = $4
    if ($1 == "cpu" && match($0, /ratio [0-9.]+/))
        v = v " (" substr($0, RSTART + 6, RLENGTH - 6) ")"
    value[$1, $3, $2] = v
}
END {
    what["cpu"] = "CPU-bound programs, millions of instructions a second of host time; in brackets the ratio to the same code in plain Unicorn without hooks, run alternately. `mips` is the geometric mean. Aim: 0.7."
    what["syscall"] = "System calls. `null_call` takes the assembly path; `saved_call` goes through the kernel'"'"'s C code with every register saved and restored. Aim: under 670 ns of host time."
    what["refill"] = "One access to each of more pages than the TLB holds: refills by the exokernel on softtlb, hardware walks on radix, hardware searches on hashed."
    what["fork"] = "fork, exit in the child, wait in the parent, by the library. Aim: under 100 us of host time (xv6 on qemu-system: 764 us)."
    what["pipe"] = "Round trips between two environments. Aim: under 40 us of host time for the pipe (xv6 on qemu-system: 436 us)."
    what["start"] = "From starting exosim to the first byte a guest program printed. Aim: under 50 ms."
    what["memory"] = "Host memory beside guest RAM. Aim: under 64 MB."
    what["prims"] = "The exokernel'"'"'s primitives, in instructions; user, library and kernel apart. Aegis on MIPS: exception dispatch 18, protected control transfer about 30 (EXOKERNEL papers, SOSP 1995); null call: aim 20 round trip. tlb_refill includes the access itself, as do lost_binding (the library makes the binding anew) and, on hashed, overflow (it displaces another for that)."
    what["vm"] = "The seven operations of Appel and Li, per operation."
    what["disk"] = "Blocks of 4096 bytes, per operation: instructions of program, library and kernel, exokernel calls, traps, bytes the device moved, cycles (the board'"'"'s seek, rotation and programming times among them), host time. `raw`: the library'"'"'s backend alone (`write`, then `flush`; `read` one at a time, `burst` many under way); `file`: through the file system (`read` of a file not read before, `cached` the same block again, `write` at the end of a new file, `fsync` a block over an old one, durable before the next). decstation and riscv-softtlb have pio disks, arm and pc-softtlb flash, the others queue."
    what["nic"] = "UDP datagrams of 64 and 1460 bytes to another machine on a wire, per datagram; `recv` asks for eight at a time. decstation and riscv-softtlb have pio interfaces, arm and arm-softtlb and pc-softtlb steer, the others ring."
    what["filter"] = "What it costs the kernel to find out whose a packet is, with so many filters bound; the ratio is to one filter. Aim: at most 1.5 at 1000."
    what["httpd"] = "The web server, reached from this computer through the user-mode network. `requests_per_second`: files of 4096 bytes, 100 connections for 10 s, by wrk (or ab), in host time. `small` and `large`: one request for 4096 bytes and for 1 MiB on a connection that stays; `per_byte` counts all instructions."
    for (i = 1; i <= nbench; i++) {
        print "## " bench[i] "\n"
        print what[bench[i]] "\n"
        table(bench[i])
    }
}' "$log" >"$out.body"
{
    printf '# Measures\n\nWritten by `scripts/measures.sh` from `exosim bench`; run it to get yours. '
    printf 'Instructions and cycles\nare exact and the same on every computer. Host times are not: these are '
    printf 'of one computer with two cores.\n\n'
    cat "$out.body"
} >"$out"
rm -f "$out.body"
echo "measures.sh: wrote $out"
