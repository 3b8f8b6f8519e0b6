#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# filter_corpus.sh > filter_corpus.txt - real filter programs: what tcpdump makes of the expressions
# below. Run by hand when the list changes; the table is committed.
set -eu
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\377\377\000\000\001\000\000\000' >"$tmp"
echo "/* SPDX-License-Identifier: GPL-2.0-or-later */"
echo "/* Made by filter_corpus.sh of $(tcpdump --version 2>&1 | sed -n '1p;2p' | tr '\n' ' ' | sed 's/ $//; s/ (.*)//'). Do not edit. */"
echo "/* clang-format off */"
while IFS= read -r expression; do
    echo "{ \"$expression\", (const struct exo_bpf[]){"
    program=$(tcpdump -r "$tmp" -dd "$expression" 2>/dev/null)
    echo "$program"
    echo "}, $(echo "$program" | wc -l) },"
done <<'END'

arp
ip
ip6
icmp
tcp
udp
icmp6
arp or rarp
ether broadcast
ether multicast
ether host 02:00:00:00:00:01
ether src 02:00:00:00:00:02 and ip
host 10.0.2.15
src host 10.0.2.2
dst host 10.0.2.15 and tcp
net 10.0.2.0/24
dst net 10.0.0.0/8 and udp
port 53
tcp port 80
tcp dst port 80
tcp dst port 8080
tcp src port 80
udp port 68
udp dst port 68 and udp src port 67
udp dst port 5000
udp dst port 5001
udp dst port 5002
dst host 10.0.2.15 and udp dst port 5000
dst host 10.0.2.15 and tcp dst port 80 and src host 10.0.2.2 and tcp src port 40000
dst host 10.0.2.15 and tcp dst port 80 and src host 10.0.2.2 and tcp src port 40001
ip and udp dst port 7 and not src host 10.0.2.2
tcp portrange 6000-6063
udp dst portrange 1024-65535
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
tcp[tcpflags] & tcp-syn != 0 and tcp dst port 80
tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420
tcp dst port 80 and tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420
icmp[icmptype] = icmp-echo
icmp[icmptype] == icmp-echoreply and dst host 10.0.2.15
ip[8] < 5
ip[6:2] & 0x3fff != 0
(ip[6:2] & 0x1fff != 0 or ip[6] & 0x20 != 0) and dst host 10.0.2.15
greater 1000
less 100
len = 60
len > 100 and udp
ip[0] & 0xf != 5
ip[2:2] > 576
ip[2:2] - ((ip[0] & 0xf) << 2) > 20
ip proto 41
ip proto 6 or ip proto 17
vlan
vlan 100 and ip
vlan 7 and udp dst port 53
ip6 host fe80::1
ip6 and tcp dst port 80 and src host fe80::2 and tcp src port 1234 and dst host fe80::1
ip6 net 2001:db8::/32
host 10.0.2.15 and not port 22
tcp port 80 or tcp port 443 or udp port 53
host 10.0.2.2 or host 10.0.2.3 or host 10.0.2.15
not ip and not arp
(tcp or udp) and dst portrange 2000-2007 and not (src host 10.0.2.2 or src host 10.0.2.3)
ether[0] & 1 = 0 and ip[16] >= 224
ether[12:2] > 1500 and ether[20] * 3 = 33
ip[9] / 2 = 3
(ip[8] ^ 3) = 61
ip[ip[0] & 0xf] = 64
ip broadcast and udp
sctp port 9
port 80 and port 8080 and greater 60
END
