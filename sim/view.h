// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view.h - the viewer's model: a run, a place in it, what there is at that place, what is selected. It
 * knows nothing of windows: view_panel_*.c write it on a canvas, view_keys.c turns keys into
 * what happens here, view_window.c and view_draw.c are the only files that know SDL.
 *
 * Everything that takes time is a job, done a piece at a time by view_tick(), so a window never
 * freezes. The cursor is a number of trace records, as in stepper.h.
 */
#ifndef SIM_VIEW_H
#define SIM_VIEW_H

#include "breaks.h"
#include "canvas.h"
#include "cmd.h"
#include "history.h"
#include "kernel_view.h"
#include "travel.h"

#define VIEW_TEXT 32768u
#define VIEW_CAPS 64u
#define VIEW_ROWS 64u
#define VIEW_SLOTS 64u
#define VIEW_MARKS 512u
#define VIEW_PCS 32u
#define VIEW_BUCKETS 128u

/* What there is at a place: read once, when the machine has moved. */
struct view_state {
    bool there; /* false: a trace has no state */
    bool env_there[KV_ENVS];
    struct kv_env env[KV_ENVS];
    struct kv_frame *frame;
    uint32_t nframes;
    uint32_t ncaps, nslots, nextents, nrings;
    struct kv_name cap[KV_ENVS][VIEW_CAPS];
    uint8_t slice[BOARD_MAX_CORES][VIEW_SLOTS];
    struct kv_extent extent[VIEW_ROWS]; /* count 0: none */
    struct kv_ring ring[VIEW_ROWS];     /* slots 0: none */
    uint32_t running[BOARD_MAX_CORES];  /* environment of a core */
    uint64_t pc[BOARD_MAX_CORES];
    bool kernel_mode[BOARD_MAX_CORES];
    struct machine_stats stats;
    char mmu[VIEW_TEXT], disk[VIEW_TEXT], nic[VIEW_TEXT]; /* of themselves */
    char registers[8192];
};

/* What happened over time: equal stretches of cycles, of so many as the run needs. */
enum view_rate { RATE_TRAPS, RATE_CALLS, RATE_MISSES, RATE_DISK, RATE_NIC, RATES };
struct view_rates {
    uint64_t width; /* cycles of a bucket */
    uint32_t count[RATES][VIEW_BUCKETS];
    unsigned used;
};

/* ---- jobs ---- */

enum view_match { /* which records a search stops at */
                  MATCH_ANY,
                  MATCH_RESOURCE,
                  MATCH_TRAP,
                  MATCH_SELECTED, /* resource events of the selection */
                  MATCH_BREAK,
                  MATCH_TEXT /* words hold view.search */
};

enum view_job_kind {
    JOB_NONE,
    JOB_GO,
    JOB_FORWARD,
    JOB_BACKWARD,
    JOB_WHO,
    JOB_PC_FORWARD,
    JOB_PC_BACKWARD
};

struct view_job {
    enum view_job_kind kind;
    enum travel_axis axis; /* GO */
    uint64_t value;
    enum view_match match; /* FORWARD, BACKWARD */
    uint64_t count, at;    /* matches still to find; record looked at next */
    bool breaks;           /* a breakpoint ends it too */
    bool filling;          /* lives again through forgotten records */
    /* WHO: since when is `held` what it is now? lo: a place where it was not, hi: one where it was */
    struct pick what;
    uint64_t held, lo, hi, step, back;
    bool lo_known, go_there, then_breaks;
    uint64_t
        floor; /* BACKWARD: the search ends behind this record + 1; 0: the beginning */
};

enum view_filter {
    FILTER_ALL,
    FILTER_RESOURCE,
    FILTER_TRAPS,
    FILTER_CALLS,
    FILTER_SELECTED,
    FILTERS
};

/* What the viewer is asked to type into. */
enum view_prompt { PROMPT_NONE, PROMPT_GOTO, PROMPT_BREAK, PROMPT_SEARCH, PROMPT_PICK };

enum view_panel {
    PANEL_SLICES,
    PANEL_FRAMES,
    PANEL_ENVS,
    PANEL_CAPS,
    PANEL_MMU,
    PANEL_DISK,
    PANEL_NIC,
    PANEL_EVENTS,
    PANEL_CODE,
    PANEL_CONSOLE,
    PANEL_COUNTERS,
    PANELS
};

struct view_answer { /* to "who owns this, since when, how did it get it" */
    struct pick what;
    bool known;      /* the event was looked for and found */
    uint64_t event;  /* record that did it */
    uint64_t cursor; /* place at which it was asked */
};

struct view {
    /* where from: a session, or a trace file */
    struct session *session;
    const struct calls *calls;
    struct travel *travel;
    struct kernel_view *kernel;
    struct code *code;
    struct trace_file *file;
    struct history *history;
    char title[128];
    unsigned cores, page_shift;
    uint64_t clock_hz;

    /* where */
    uint64_t cursor;
    struct machine_place place;
    bool ended;     /* the machine is at its end */
    bool end_known; /* it was there once */
    struct view_state state;
    struct view_job job;
    char failed[256]; /* why a job did not end well; "" */

    /* births, deaths and revocations among the records looked at so far */
    uint64_t mark[VIEW_MARKS], marked; /* record numbers; how many were looked at */
    unsigned nmarks;
    struct view_rates rates; /* of the same records */

    /* how it is looked at */
    struct pick sel;
    struct view_answer answer;
    struct breaks breaks;
    struct hw_watch pc[VIEW_PCS]; /* addresses to stop at */
    unsigned npc;
    bool watching;        /* the machine knows them now */
    uint64_t owner_watch; /* frame + 1 whose holders are watched; 0 none */
    uint64_t owner_held;  /* its holders when the search began */
    enum view_filter filter;
    char search[64];
    bool playing;
    unsigned speed; /* index into view_speeds */
    double due;     /* resource events owed by play */
    enum view_panel focus;
    bool zoom, help;
    enum view_prompt prompt;
    char typed[64];
    int scroll[PANELS];
    uint64_t span; /* cycles across the slices panel */
    unsigned core; /* whose code, MMU and registers are shown */
    double scale;
    char said[160]; /* last answer to a key */
    bool quit;
};

/* ---- view_model.c ---- */
/* At the beginning of the session's run. The session stays the caller's. */
int view_open_session(struct view *v, struct session *s, const struct calls *calls,
                      struct err *err);
/* A trace file; calls: to name the resources calls are about. */
int view_open_file(struct view *v, struct trace_file *f, const struct calls *calls);
void view_close(struct view *v);
/* Reads what there is at this place. */
void view_state_read(struct view *v);
/* Environment that runs on a core at the cursor. */
uint32_t view_running(const struct view *v, unsigned core);
/* A record in words. */
void view_words(struct view *v, const struct hw_trace_record *r, char *text, size_t max);
/* The part of it behind "cycle  where ". */
const char *view_what(const char *words);
/* Virtual time in microseconds. */
double view_us(const struct view *v, uint64_t cycle);

/* ---- view_rates.c ---- */
void view_rates_add(struct view_rates *t, const struct hw_trace_record *r);

/* ---- view_about.c: what belongs together ---- */
bool view_record_about(const struct view *v, const struct hw_trace_record *r,
                       struct pick p);
/* What a record is about first of all. */
struct pick view_subject(const struct view *v, const struct hw_trace_record *r);
/* Environments that hold the thing, a bit each. */
uint64_t view_holders(const struct view *v, struct pick p);
bool view_is_selected(const struct view *v, enum thing thing, uint64_t id);
/* Does it belong to what is selected (the selected thing itself too)? */
bool view_related(const struct view *v, enum thing thing, uint64_t id);
void view_pick_text(const struct view *v, struct pick p, char *text, size_t max);
/* "who owns this, since when, how", one or two lines. */
void view_answer_text(struct view *v, char *text, size_t max);

/* ---- view_go.c ---- */
extern const unsigned view_speeds[]; /* resource events a second; 0: as fast as it goes */
unsigned view_speed_count(void);
void view_go(struct view *v, enum travel_axis axis, uint64_t value);
void view_find(struct view *v, enum view_match match, uint64_t count, bool back);
/* Since when do they hold what is selected? go: jump there. */
void view_who(struct view *v, bool go);
/* Works on the job, and plays `seconds`, for about ns of host time (0: until it is done). */
void view_tick(struct view *v, double seconds, uint64_t ns);
bool view_busy(const struct view *v);
bool view_matches(struct view *v, enum view_match match, const struct hw_trace_record *r);
/* Is the record to be in the event list? */
bool view_listed(struct view *v, const struct hw_trace_record *r);

/* ---- view_keys.c ---- */
/* Keys by name: a printable character, or Space, Tab, BackTab, Enter, Esc, Up, F1 ... False: no such
 * key. c: the picture keys move about in. */
bool view_key(struct view *v, const struct canvas *c, const char *key);
void view_click(struct view *v, const struct canvas *c, int x, int y);
/* i-th line of the help; false behind the last. */
bool view_key_help(unsigned i, const char **key, const char **what);

/* ---- view_layout.c ---- */
extern const char *const view_panel_names[PANELS];
/* The whole picture. */
void view_draw(struct view *v, struct canvas *c, int w, int h);
/* Where a panel is, as last drawn; w = 0: it is not shown. */
struct rect view_panel_rect(const struct view *v, const struct canvas *c,
                            enum view_panel p);

/* ---- view_panel_*.c: r is inside the frame ---- */
typedef void view_panel_fn(struct view *v, struct canvas *c, struct rect r);
view_panel_fn view_draw_slices, view_draw_frames, view_draw_envs, view_draw_caps,
    view_draw_mmu, view_draw_disk, view_draw_nic, view_draw_events, view_draw_code,
    view_draw_console, view_draw_counters;

#endif
