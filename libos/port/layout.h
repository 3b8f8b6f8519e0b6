// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout.h - where things are in an address space of exos, the same on every machine: below
 * 2 GiB so that it fits a 32-bit ISA, every item on a 64 KiB boundary so that it fits pages of
 * any size up to that. Usable from assembly. C code checks the constants in layout.c.
 *
 *   0x17c00000  library's text and read-only data (exos.ld; the end of the machine's
 *               library window 0x10000000..0x18000000)
 *   0x18000000  application's text and read-only data
 *               application's and library's data, bss, heap (grows up to L_HEAP_END)
 *   0x20000000  pipes, then mmap: anonymous, files, shared memory
 *   0x58000000  the session's file system: cache and state   (area.h)
 *   0x5c000000  the session's network
 *   0x60000000  boot modules, read-only: where read() reads
 *   0x70000000  exported tables                              (EXO_EXPORT_VA)
 *   0x7f700000  stack's lowest possible page, a guard page below it
 *   0x7ff00000  stack top                                    (EXO_STACK_TOP)
 *   0x7ff10000  the library's window: what its fault path needs, see below
 *   0x7fff0000  end
 */
#ifndef EXOS_PORT_LAYOUT_H
#define EXOS_PORT_LAYOUT_H

#define L_LIB_TEXT 0x17c00000
#define L_TEXT 0x18000000
#define L_HEAP_END 0x20000000
#define L_PIPES 0x20000000 /* L_SLOT each */
#define L_MMAP 0x20100000
#define L_MMAP_END 0x58000000
#define L_FS 0x58000000
#define L_NET 0x5c000000
#define L_AREA_BYTES 0x4000000
#define L_FILES 0x60000000
#define L_EXPORT 0x70000000
#define L_STACK_LOW 0x7f700000
#define L_STACK_TOP 0x7ff00000

/* The window. Its pages are never copy-on-write and always have a frame. */
#define L_UPAGE 0x7ff10000   /* struct exo_upage, then struct exos_self */
#define L_UPSTACK 0x7ff20000 /* stack of upcalls, one page */
#define L_SESSION 0x7ff30000 /* process table, shared by the session */
#define L_WORK 0x7ff40000 /* struct space: what fork and exec work with; not inherited */
#define L_SCRATCH 0x7ff50000 /* places to map a frame at for copying, a page each: */
#define L_SCRATCHES 16       /* as many as lie below L_LEAVES; 0 is the fault handler's */
#define L_LEAVES 0x7ff90000  /* leaves of the page map */
#define L_WINDOW_END 0x7fff0000
#define L_SLOT 0x10000

/* struct exo_upage as assembly needs it. */
#define UP_BUSY 0
#define UP_CRITICAL 4
#define UP_MISSED 8
#define UP_EPC 16
#define UP_SP 24
#define UP_BADVADDR 32
#define UP_CAUSE 40
#define UP_UPCALL 44
#define UP_SCRATCH 48
#define UP_LIBRARY 168 /* struct exos_self: the fields assembly uses come first */
#define SELF_UPSTACK_TOP                                                                 \
    (UP_LIBRARY + 0) /* each a 64-bit slot, low word used on 32 bits */
#define SELF_SLICE_CTX (UP_LIBRARY + 8)
#define SELF_PCT_SP (UP_LIBRARY + 16)

/* struct exos_context, in words of the ISA. */
#define CTX_PC 0
#define CTX_SP 1
#define CTX_CAUSE 2
#define CTX_BADVADDR 3
#define CTX_FLAGS 4
#define CTX_HI 5
#define CTX_LO 6
#define CTX_REG 8
#define CTX_WORDS 40

/* Numbers of the calls assembly makes: EXO_CALL_BASE + number in calls.def. */
#define CALL_BASE 0x2000
#define CALL_EXC_RETURN 0x2003
#define CALL_SLICE_END 0x2004
#define CALL_PCT_CALL 0x2005

#endif
