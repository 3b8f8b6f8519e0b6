# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# frames.sh - what tshark thinks of a capture, sourced after tap.sh.
#
#   frames_right FILE [LEAST [SENDER]]   nothing malformed and no bad checksum in what guests sent (their
#                               addresses begin with 02:00:00:00), and at least so many frames of theirs
frames_right() {
    # Content is not to be taken for some protocol by its port.
    tshark -r "$1" -d tcp.port==1-65535,data -d udp.port==1024-65535,data \
        -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
        -T fields -e frame.number -e _ws.malformed -e ip.checksum.status \
        -e tcp.checksum.status -e udp.checksum.status -e icmp.checksum.status -e _ws.expert.message \
        -Y "eth.src[0:4] == 02:00:00:00${3:+ && eth.src == $3}" >"$work/out" 2>"$work/err" || return 1
    grep -v 'Running as user' "$work/err" >"$work/tshark.err"
    cp "$work/tshark.err" "$work/err"
    [ ! -s "$work/err" ] || return 1
    [ "$(wc -l <"$work/out")" -ge "${2:-1}" ] || return 1
    LC_ALL=C awk -F '\t' '$2 != "" || $3 == "0" || $4 == "0" || $5 == "0" || $6 == "0" { print; bad = 1 }
        END { exit bad }' "$work/out" >"$work/wrong"
    status=$?
    cp "$work/wrong" "$work/out"
    return $status
}
