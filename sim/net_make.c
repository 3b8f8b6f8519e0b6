// SPDX-License-Identifier: GPL-2.0-or-later
/* net_make.c - from options to a network port. See net_make.h. */
#include "net_make.h"

#include "net_spec.h"
#include "pcap.h"
#include "wire.h"
#include "wire_record.h"
#include "wire_user.h"

static int make_wire(struct net *n, const struct net_spec *spec, struct links *links,
                     struct record *record, struct err *err)
{
    struct wire *w = NULL;
    int rc = 0;
    if (spec->kind == NET_USER && record_replays(record))
        w = wire_replayed(record);
    else if (spec->kind == NET_USER)
        rc = wire_user(spec, &w, err);
    else if (spec->kind == NET_LINK && links)
        w = wire_link(links, spec->link);
    else if (spec->kind == NET_LINK)
        rc = err_set(err, ERR_USER,
                     "--net link:%s: a link leads to other machines of one run: expected "
                     "--machine behind the program, and what runs there",
                     spec->link);
    if (w && wire_outside(w) && record)
        w = wire_recorded(w, record);
    net_set_wire(n, w);
    return rc;
}

static int make(struct net *n, const struct options *o, const struct board *b,
                const struct net_spec *spec, struct links *links, struct record *record,
                struct err *err)
{
    int rc = make_wire(n, spec, links, record, err);
    struct trouble_setup t = spec->trouble;
    if (!spec->seeded)
        t.seed = (o->seeded ? o->seed : b->seed) ^ net_mac(n);
    if (rc == 0 && spec->troubled)
        net_set_trouble(n, trouble_new(&t));
    struct pcap *tap = NULL;
    if (rc == 0 && o->pcap)
        rc = pcap_open(o->pcap, &tap, err);
    net_set_tap(n, tap);
    return rc;
}

int net_of_options(const struct options *o, const struct board *b, unsigned number,
                   struct links *links, struct record *record, struct net **out,
                   struct err *err)
{
    const char *option = o->net ? "--net" : o->pcap ? "--pcap" : NULL;
    struct net_spec spec;
    *out = NULL;
    int rc = net_spec_parse(o->net, &spec, err);
    if (rc)
        return rc;
    if (option && b->nic < 0 && (o->pcap || spec.kind != NET_NONE))
        rc = err_set(err, ERR_USER, "%s: board %s has no network interface", option,
                     b->name);
    struct net *n = net_new(number);
    if (rc == 0)
        rc = make(n, o, b, &spec, links, record, err);
    net_spec_free(&spec);
    if (rc) {
        net_free(n);
        return rc;
    }
    *out = n;
    return 0;
}
