#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# frames.sh UNIT_NET DIR - every frame the stack sends in its tests is one that Wireshark understands,
# with right checksums. Exit: 0; 1 a frame is not; 77 tshark is not there.
set -u
command -v tshark >/dev/null || exit 77
pcap=$2/unit_net.pcap
NET_PCAP=$pcap NET_BYTES=300000 "$1" >/dev/null || exit 1
bad=$(tshark -r "$pcap" -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
    -o ip.check_checksum:TRUE -o tcp.desegment_tcp_streams:FALSE -Y '_ws.malformed || tcp.checksum.status == 0 ||
    udp.checksum.status == 0 || ip.checksum.status == 0 || icmp.checksum.status == 0' 2>/dev/null)
frames=$(tshark -r "$pcap" 2>/dev/null | wc -l)
rm -f "$pcap"
echo "$frames frames"
[ "$frames" -gt 1000 ] || exit 1
[ -z "$bad" ] || { echo "$bad" | head -20; exit 1; }
