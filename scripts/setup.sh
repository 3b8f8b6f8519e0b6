#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# setup.sh - see that everything the build needs is installed.
#
# Debian 12 and 13: installs what is missing, as root or with sudo. When nothing is missing it
# only asks dpkg, touches no network and takes a few milliseconds. On Debian 12 Unicorn, capstone
# and dtc come from the Debian 13 suite of the same mirror, pinned to those packages only (two
# files: /etc/apt/sources.list.d/exosim-debian13.sources and
# /etc/apt/preferences.d/exosim-debian13.pref; remove them to undo).
# Anywhere else: says what is needed and what is missing.
#
# Exit: 0 all there, 1 something is missing and could not be installed.
set -eu

# One package a line, with the oldest version that will do (- = any). From e2fsprogs on: mke2fs for
# --root; real clients, load generators, packet tools and a browser for the tests and `exosim bench`.
packages='
gcc -
libc6-dev -
cmake 3.25
ninja-build -
pkg-config -
clang -
lld -
llvm -
libunicorn-dev 2.1.1
libcapstone-dev 5
device-tree-compiler -
libfdt-dev -
libelf-dev -
libdw-dev -
libedit-dev -
libjansson-dev -
libzstd-dev -
libsdl2-dev -
libsdl2-ttf-dev 2.0.18
libpng-dev -
fonts-dejavu-core -
libslirp-dev 4.7
libcunit1-dev -
uthash-dev -
e2fsprogs -
curl -
wget -
apache2-utils -
wrk -
tcpdump -
tshark -
gdb-multiarch -
chromium-headless-shell -
'
# What Debian 12 takes from the Debian 13 suite, libraries included.
newer='libunicorn-dev libunicorn2t64 libcapstone-dev libcapstone5'
newer="$newer device-tree-compiler libfdt-dev libfdt1"
source_file=/etc/apt/sources.list.d/exosim-debian13.sources
pin_file=/etc/apt/preferences.d/exosim-debian13.pref

say() { echo "exosim: $*" >&2; }

# Names of the packages that are not installed, or too old.
missing_packages() {
    names=$(echo "$packages" | sed 's/ .*//')
    # shellcheck disable=SC2086 # one word a package
    installed=$(dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' $names \
        2>/dev/null || true)
    echo "$packages" | while read -r name wanted; do
        [ -n "$name" ] || continue
        have=$(echo "$installed" | sed -n "s/^$name \(.*\) installed$/\1/p" | head -n 1)
        if [ -z "$have" ]; then
            echo "$name"
        elif [ "$wanted" != - ] && ! dpkg --compare-versions "$have" ge "$wanted"; then
            echo "$name"
        fi
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# apt-get, quiet unless it fails; nobody is asked (tshark's question, whether all users may capture,
# gets its default, no: we only read files with it).
apt_get() {
    log=$(mktemp)
    if as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 </dev/null; then
        rm -f "$log"
    else
        say "apt-get $* failed:"
        tail -n 20 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

candidate() { LC_ALL=C apt-cache policy "$1" | sed -n 's/^  Candidate: //p'; }

# The mirror this machine already uses for suite $1, empty if it has none.
mirror_of() {
    apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(ORIGIN) $(REPO_URI)' \
        'Created-By: Packages' 2>/dev/null | sed -n "s/^$1 main Debian //p" | head -n 1
}

# Debian 12: make the Debian 13 packages of $newer, and only those, candidates.
use_newer_suite() {
    v=$(candidate libunicorn-dev)
    if [ -n "$v" ] && [ "$v" != "(none)" ] && dpkg --compare-versions "$v" ge 2.1.1; then
        return 0
    fi
    pins="Package: $newer
Pin: release n=trixie
Pin-Priority: 990"
    if [ -z "$(mirror_of trixie)" ]; then
        mirror=$(mirror_of bookworm)
        [ -n "$mirror" ] || mirror=http://deb.debian.org/debian
        as_root mkdir -p /etc/apt/sources.list.d /etc/apt/preferences.d
        as_root tee "$source_file" >/dev/null <<END
# Unicorn, capstone and dtc for exosim; $pin_file keeps the rest out.
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
        pins="Package: *
Pin: release n=trixie
Pin-Priority: -10

$pins"
    fi
    echo "$pins" | as_root tee "$pin_file" >/dev/null
    as_root chmod 644 "$pin_file" "$source_file" 2>/dev/null || true
    apt_get update
}

setup_debian() {
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        say "not installed (or too old): $missing"
        say "not root and no sudo here; as root, run: sh $0"
        return 1
    fi
    say "installing: $missing"
    # A broken third-party source must not stop us; the install below decides.
    apt_get update || true
    if [ "$1" = 12 ]; then
        use_newer_suite || return 1
    fi
    # shellcheck disable=SC2086 # one word a package
    apt_get install --no-install-recommends -y $missing || return 1
    missing=$(missing_packages | tr '\n' ' ')
    if [ -n "$missing" ]; then
        say "still missing or too old after installing: $missing"
        return 1
    fi
}

# Another system: look for the things themselves.
setup_other() {
    bad=
    for tool in cc cmake ninja pkg-config clang ld.lld llvm-ar dtc mke2fs e2fsck debugfs curl wget \
        ab wrk tcpdump tshark gdb-multiarch; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || bad="$bad
  $tool"
    done
    for lib in 'unicorn >= 2.1.1' 'capstone >= 5' libelf libdw libedit jansson cunit sdl2 SDL2_ttf libpng; do
        pkg-config --exists "$lib" 2>/dev/null || bad="$bad
  $lib (library and headers, seen by pkg-config)"
    done
    for header in libfdt.h uthash.h argp.h slirp/libslirp.h; do
        echo "#include <$header>" | cc -E - >/dev/null 2>&1 || bad="$bad
  the header $header"
    done
    [ -n "$bad" ] || return 0
    say "this is not Debian 12 or 13, so nothing is installed for you. Missing:$bad"
    say "needed in all (Debian's names, with the oldest version that will do):"
    echo "$packages" | sed -e '/^$/d' -e 's/ -$//' -e 's/^/  /' >&2
    return 1
}

distribution=
version=
if [ -r /etc/os-release ]; then
    distribution=$(sed -n 's/^ID=//p' /etc/os-release | tr -d '"')
    version=$(sed -n 's/^VERSION_ID=//p' /etc/os-release | tr -d '"')
fi
case $distribution:$version in
debian:12) setup_debian 12 ;;
debian:13) setup_debian 13 ;;
*) setup_other ;;
esac
