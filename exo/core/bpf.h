// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bpf.h - classic BPF (McCanne and Jacobson, USENIX Winter 1993): the codes of struct exo_bpf, the
 * check a program must pass before it is bound, and the interpreter.
 *
 * The dialect is what libpcap generates: loads of words, halves and bytes at a constant, at X
 * plus a constant, of the packet's length, of constants and of 16 memory words; 4*([k]&0xf); 32-bit
 * arithmetic with xor and mod; unsigned jumps. A load that is not inside the packet and a division by an
 * X of zero reject the packet. Shifts by 32 and more give 0.
 */
#ifndef EXO_CORE_BPF_H
#define EXO_CORE_BPF_H

#include <exo/abi.h>

#define BPF_WORDS 16 /* of memory */

/* code & 7 */
#define BPF_LD 0x00
#define BPF_LDX 0x01
#define BPF_ST 0x02
#define BPF_STX 0x03
#define BPF_ALU 0x04
#define BPF_JMP 0x05
#define BPF_RET 0x06
#define BPF_MISC 0x07
#define BPF_CLASS(code) ((code)&7u)
/* LD, LDX: code & 0x18, code & 0xe0 */
#define BPF_W 0x00
#define BPF_H 0x08
#define BPF_B 0x10
#define BPF_SIZE(code) ((code)&0x18u)
#define BPF_IMM 0x00
#define BPF_ABS 0x20
#define BPF_IND 0x40
#define BPF_MEM 0x60
#define BPF_LEN 0x80
#define BPF_MSH 0xa0
#define BPF_MODE(code) ((code)&0xe0u)
/* ALU, JMP: code & 0xf0, operand is X if code & 8 */
#define BPF_ADD 0x00
#define BPF_SUB 0x10
#define BPF_MUL 0x20
#define BPF_DIV 0x30
#define BPF_OR 0x40
#define BPF_AND 0x50
#define BPF_LSH 0x60
#define BPF_RSH 0x70
#define BPF_NEG 0x80
#define BPF_MOD 0x90
#define BPF_XOR 0xa0
#define BPF_JA 0x00
#define BPF_JEQ 0x10
#define BPF_JGT 0x20
#define BPF_JGE 0x30
#define BPF_JSET 0x40
#define BPF_OP(code) ((code)&0xf0u)
#define BPF_X 0x08
/* RET */
#define BPF_A 0x10
/* MISC */
#define BPF_TAX 0x00
#define BPF_TXA 0x80

/* A packet, in memory that may be read up to PACKET_BUFFER bytes from its start. */
#define PACKET_BUFFER 2048u
#define PACKET_MAX 1514u /* bytes a packet can have: Ethernet without its checksum */
#define PACKET_MIN 14u   /* that may be sent: an Ethernet header */
struct packet {
    const uint8_t *bytes; /* aligned to 4 */
    uint32_t length;
};

/* 1, 2 or 4: bytes of a load. */
static inline uint32_t bpf_load_size(uint16_t code)
{
    return BPF_SIZE(code) == BPF_W ? 4 : BPF_SIZE(code) == BPF_H ? 2 : 1;
}

/* n bytes (1, 2, 4) in network order, wherever they lie. */
static inline uint32_t bpf_field(const uint8_t *p, uint32_t n)
{
    if (n == 1)
        return p[0];
    if (n == 2)
        return (uint32_t)p[0] << 8 | p[1];
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A op b; false: division by zero. BPF_NEG takes no b. */
bool bpf_alu(uint16_t code, uint32_t a, uint32_t b, uint32_t *out);
bool bpf_condition(uint16_t code, uint32_t a, uint32_t b);
/* 0, -EXO_ERANGE (length) or -EXO_EPROGRAM. */
int bpf_check(const struct exo_bpf *program, uint32_t n);
/* What a checked program returns: bytes to accept, 0 rejects. */
uint32_t bpf_run(const struct exo_bpf *program, const struct packet *p);

#endif
