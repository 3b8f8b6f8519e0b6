// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export_check.c - do exported traces keep the rules of their formats?
 *
 *   export_check perfetto FILE    JSON Trace Event Format: fields by phase, slices of a track
 *                                 nest, asynchronous events end once they began
 *   export_check vcd FILE         IEEE 1364: declared identifiers, widths, ascending times
 *
 * Prints how many of each there were; status 1 and the first breach if a rule is broken.
 */
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void breach(const char *what, size_t i)
{
    printf("breach at %zu: %s\n", i, what);
    exit(1);
}

/* ---- perfetto ---- */

struct span {
    json_int_t pid, tid;
    double from, to;
};

static int by_track(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->pid != y->pid)
        return x->pid < y->pid ? -1 : 1;
    if (x->tid != y->tid)
        return x->tid < y->tid ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to > y->to ? -1 : x->to < y->to;
}

static double number(const json_t *e, const char *key, size_t i)
{
    const json_t *v = json_object_get(e, key);
    if (!json_is_number(v) || !isfinite(json_number_value(v)) || json_number_value(v) < 0)
        breach(key, i);
    return json_number_value(v);
}

static void check_nesting(struct span *s, size_t n)
{
    qsort(s, n, sizeof *s, by_track);
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k-- > 0 && s[k].pid == s[i].pid && s[k].tid == s[i].tid;) {
            bool behind = s[k].to <= s[i].from + 2e-6, around = s[k].to >= s[i].to - 2e-6;
            if (!behind && !around)
                breach("slices of a track overlap without nesting", i);
            if (behind)
                break;
        }
}

/* Asynchronous events by (name, id): how many are open. */
static void check_async(const json_t *e, json_t *open, bool begins, size_t i)
{
    const char *id = json_string_value(json_object_get(e, "id"));
    const char *name = json_string_value(json_object_get(e, "name"));
    if (!id || !json_is_string(json_object_get(e, "cat")))
        breach("an asynchronous event without id or category", i);
    char key[200];
    snprintf(key, sizeof key, "%s/%s", name, id);
    json_int_t n = json_integer_value(json_object_get(open, key)) + (begins ? 1 : -1);
    if (n < 0)
        breach("an asynchronous event ends that did not begin", i);
    json_object_set_new(open, key, json_integer(n));
}

static void check_event(const json_t *e, struct span *s, size_t *ns, json_t *open,
                        size_t i)
{
    const char *ph = json_string_value(json_object_get(e, "ph"));
    const json_t *pid = json_object_get(e, "pid"), *tid = json_object_get(e, "tid");
    if (!ph || strlen(ph) != 1 || !json_is_string(json_object_get(e, "name")) ||
        !json_is_integer(pid) || !json_is_integer(tid))
        breach("no phase, name, process or thread", i);
    if (*ph == 'M') {
        if (!json_is_string(json_object_get(json_object_get(e, "args"), "name")))
            breach("metadata without a name", i);
        return;
    }
    double ts = number(e, "ts", i);
    switch (*ph) {
    case 'X':
        s[(*ns)++] = (struct span){json_integer_value(pid), json_integer_value(tid), ts,
                                   ts + number(e, "dur", i)};
        break;
    case 'i':
        if (!json_is_string(json_object_get(e, "s")))
            breach("an instant without scope", i);
        break;
    case 'C': number(json_object_get(e, "args"), "level", i); break;
    case 'b':
    case 'e': check_async(e, open, *ph == 'b', i); break;
    default: breach("an unknown phase", i);
    }
}

static int check_perfetto(const char *path)
{
    json_error_t why;
    json_t *root = json_load_file(path, 0, &why);
    const json_t *list = json_object_get(root, "traceEvents"), *e;
    if (!json_is_array(list))
        breach(root ? "no traceEvents" : why.text, root ? 0 : (size_t)why.line);
    struct span *s = calloc(json_array_size(list) + 1, sizeof *s);
    json_t *open = json_object();
    size_t i, ns = 0;
    json_array_foreach(list, i, e) check_event(e, s, &ns, open, i);
    check_nesting(s, ns);
    printf("%zu events, %zu slices\n", json_array_size(list), ns);
    json_decref(open);
    json_decref(root);
    free(s);
    return ns > 0 ? 0 : 1;
}

/* ---- vcd ---- */

struct var {
    char id[16];
    unsigned bits;
};

static const struct var *find(const struct var *v, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].id, id) == 0)
            return &v[i];
    return NULL;
}

static void check_change(char *line, const struct var *v, size_t n, size_t at)
{
    const char *id = line + 1;
    unsigned bits = 1;
    if (*line == 'b') {
        bits = (unsigned)strspn(line + 1, "01");
        if (line[1 + bits] != ' ')
            breach("a vector of other digits", at);
        id = line + bits + 2;
    } else if (*line != '0' && *line != '1') {
        breach("neither a time nor a change", at);
    }
    const struct var *x = find(v, n, id);
    if (!x || x->bits != bits)
        breach(x ? "a value of another width" : "an identifier not declared", at);
}

static int check_vcd(const char *path)
{
    FILE *f = fopen(path, "r");
    char line[256];
    struct var *v = calloc(4096, sizeof *v);
    size_t n = 0, at = 0, changes = 0;
    int depth = 0;
    long long last = -1;
    bool body = false;
    while (f && fgets(line, sizeof line, f)) {
        at++;
        line[strcspn(line, "\n")] = 0;
        if (!body && sscanf(line, "$var wire %u %15s", &v[n].bits, v[n].id) == 2)
            n++;
        else if (strncmp(line, "$scope", 6) == 0 || strncmp(line, "$upscope", 8) == 0)
            depth += line[1] == 's' ? 1 : -1;
        else if (strncmp(line, "$enddefinitions", 15) == 0)
            body = true;
        else if (body && *line == '#') {
            long long now = atoll(line + 1);
            if (now <= last)
                breach("times that do not ascend", at);
            last = now;
        } else if (body && *line != '$') {
            check_change(line, v, n, at);
            changes++;
        }
    }
    if (!body || depth != 0 || n == 0)
        breach("scopes or definitions do not end", at);
    printf("%zu signals, %zu changes\n", n, changes);
    if (f)
        fclose(f);
    free(v);
    return changes > n ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "perfetto") == 0)
        return check_perfetto(argv[2]);
    if (argc == 3 && strcmp(argv[1], "vcd") == 0)
        return check_vcd(argv[2]);
    fprintf(stderr, "usage: export_check perfetto|vcd FILE\n");
    return 2;
}
