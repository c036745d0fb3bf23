/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/suite.c - which scenarios are explored.
 */
#include <stdio.h>
#include <string.h>

#include "scenario.h"

static bool (*visitor)(const struct scenario *scenario);
static bool stopped;

static void visit(const char *text)
{
	struct scenario scenario;

	if (stopped)
		return;
	if (!scenario_parse(text, &scenario))
		broken("not a scenario: %s", text);
	stopped = !visitor(&scenario);
}

/* Does the operation make sense on this kind of table? */
static bool fits(const struct operation *operation, const struct kind *kind)
{
	return !((operation->flags & OP_WALKER) && !kind->walker) &&
	       !((operation->flags & OP_SOFT) && kind->walker);
}

static bool inserts(const struct operation *operation)
{
	return !strncmp(operation->name, "insert", 6);
}

/* Does it look at slot 1, too? */
static bool is_wide(const struct operation *operation)
{
	return (operation->flags & (OP_BATCH | OP_WIDE)) != 0;
}

/* Snapshots of a table without a walker; with one it is the other kind. */
enum snapshots { BY_PARTS, BY_ONE_LOAD, EITHER };

static bool has(const struct kind *kind, enum snapshots snapshots)
{
	return snapshots == EITHER ||
	       kind->load16 == ((snapshots == BY_ONE_LOAD) ^ kind->walker);
}

/*
 * @list on each kind of table, from each initial state that matters.  @which
 * of slot 1's, 0 or 1, where there are two; 2: both.
 */
static void on_each_table(const struct operation *const *list,
			  unsigned int count, enum snapshots snapshots,
			  unsigned int which)
{
	char text[NAME_MAX_], names[NAME_MAX_] = "";
	bool insert = false, wide = false;

	for (unsigned int i = 0; i < count; i++) {
		snprintf(names + strlen(names), NAME_MAX_ - strlen(names),
			 "%s%s", i ? "+" : "", list[i]->name);
		insert |= inserts(list[i]);
		wide |= is_wide(list[i]);
	}
	for (unsigned int k = 0; k < KINDS_LARGE; k++) {
		const char *first = kinds[k].walker ? "EAVWM" : "EABM";
		bool all = has(&kinds[k], snapshots);

		for (unsigned int i = 0; i < count; i++)
			all &= fits(list[i], &kinds[k]);
		for (; all && *first; first++) {
			const char *second = wide ?
				(kinds[k].walker ? "EV" : "EA") : "A";

			if (*first == INIT_EMPTY && !insert)
				continue;
			for (unsigned int i = 0; second[i]; i++) {
				if (wide && which < 2 && i != which)
					continue;
				snprintf(text, sizeof(text), "%s:%c%c:%s:%d",
					 kinds[k].name, *first, second[i],
					 names, kinds[k].walker);
				visit(text);
			}
		}
	}
}

/*
 * Unless @all, each with one kind of snapshot on a kind of table, and one state
 * of slot 1.
 */
static void each_pair(unsigned int flags, bool all)
{
	const struct operation *list[2];

	for (unsigned int a = 0; a < operations_count; a++)
		for (unsigned int b = a; b < operations_count; b++) {
			list[0] = &operations[a];
			list[1] = &operations[b];
			if (list[0]->flags & list[1]->flags & flags)
				on_each_table(list, 2, all ? EITHER :
					      (a + b) % 2 ? BY_PARTS :
							    BY_ONE_LOAD,
					      all ? 2 : (a + b) / 2 % 2);
		}
}

static bool changes(const struct operation *operation)
{
	return (operation->flags & OP_PAIRS) &&
	       strncmp(operation->name, "read", 4) != 0 &&
	       !(operation->flags & OP_FINDS);
}

/* Searches of 4K pages beside what changes them, slot 1 being empty. */
static void each_search(void)
{
	char text[NAME_MAX_];

	for (unsigned int a = 0; a < operations_count; a++)
		for (unsigned int b = 0; b < operations_count; b++)
			for (unsigned int k = KINDS_LARGE; k < KINDS; k++) {
				const struct kind *kind = &kinds[k];
				const struct operation *other = &operations[b];
				const char *first = inserts(other) ? "E" :
						    kind->walker ? "AV" : "B";

				if (!(operations[a].flags & OP_FINDS) ||
				    !changes(other) || !fits(other, kind))
					continue;
				for (; *first; first++) {
					snprintf(text, sizeof(text),
						 "%s:%cE:%s+%s:%d", kind->name,
						 *first, operations[a].name,
						 other->name, kind->walker);
					visit(text);
				}
			}
}

static const struct operation *named(const char *name)
{
	return operation_find(name, (unsigned int)strlen(name));
}

/* The initial state that tells most: what the operations work on is there. */
static void on_telling_tables(const struct operation *const *list,
			      bool alternate)
{
	char text[NAME_MAX_];
	bool insert = false, promote = false, clear = false, maps = false;

	for (unsigned int i = 0; i < 3; i++) {
		insert |= inserts(list[i]);
		promote |= !strcmp(list[i]->name, "promote");
		clear |= !strncmp(list[i]->name, "clear", 5);
		maps |= (list[i]->flags & OP_WALKER) != 0;
	}
	for (unsigned int k = maps ? 2 : 0; k < KINDS_LARGE; k++) {
		const struct kind *kind = &kinds[k];
		char first = insert ? 'E' : 'A';

		if (maps && !kind->walker)
			break;
		/* one kind of snapshot for each; all: make explore */
		if (kind->load16 != alternate)
			continue;
		if (clear && !promote)
			first = kind->walker ? 'W' : 'B';
		else if (kind->walker && !promote && !insert)
			first = 'V';
		snprintf(text, sizeof(text), "%s:%c%c:%s+%s+%s:%d",
			 kind->name, first, kind->walker ? 'V' : 'A',
			 list[0]->name, list[1]->name, list[2]->name,
			 kind->walker);
		visit(text);
	}
}

/*
 * A remover, an owner or inserter, and one that must not notice; of two that
 * differ in the order only, one.  Unless @all, only the telling ones.
 */
static void each_triple(bool all)
{
	static const char *const removers[] = { "remove", "bulk", "block" };
	static const char *const middle[] = {
		"insertx", "insertv", "protect", "clearr", "clearc",
		"promote", "unmap",
	};
	static const char *const others[] = {
		"remove", "read", "find", "insertx", "protect", "clearr",
		"clearc", "promote", "unmap",
	};
	const struct operation *list[3];

	for (unsigned int r = 0; r < 3; r++)
		for (unsigned int m = 0; m < 7; m++)
			for (unsigned int o = 0; o < 9; o++) {
				list[0] = named(removers[r]);
				list[1] = named(middle[m]);
				list[2] = named(others[o]);
				/* a batch with slot 1: in the pairs */
				if (r && o > 2)
					continue;
				if (o > 2 && list[2] > list[1] &&
				    strcmp(middle[m], "insertv") != 0)
					continue;
				if (all)
					on_each_table(list, 3, EITHER, 2);
				else
					on_telling_tables(list, (m + o) & 1);
			}
}

/* Reuse of the slot, device decisions, an emulator's translations. */
static const char *const told[] = {
	"soft16:AA:remove,insertx+protect+read:0",
	"soft8:AA:remove,insertx+protect+read:0",
	"soft8:AA:remove,insertx,removea+protect+read:0",
	"soft8:AA:remove,insertx+clearc+remove:0",
	"soft8:BA:remove,insertx,remove+clearr+read:0",
	"soft16:BA:remove,insertx,remove+clearr+clearc:0",
	"soft16:AA:remove,inserto+removea+protect:0",
	"walk16:VA:remove,insertx+protect+read:1",
	"walk16:VA:remove,inserto+removea+clearr:1",
	"walk16:VA:remove,inserto+removeo+protect:1",
	"walk16:VA:remove,insertv+unmap+read:1",
	"walk16:WA:unmap,promote+clearr+read:1",
	"walk8:WA:unmap,promote+clearc+remove:1",
	"walk8:VA:remove,insertx,remove+read:1",
	"walk16:VA:remove,insertx,remove+read:1",
	"walk8:VA:remove,insertv,remove+read:1",
	"walk8:VA:remove,insertv,remove+promote:1",
	"soft16:MA:cache,use+remove:0",
	"soft8:MA:cache,use+remove,insertm:0",
	"soft8:EA:cache,use+insertm,remove:0",
	"soft16:MA:cache,use+remove+remove:0",
	"soft16:MA:cache,use+protectn+protect:0",
	"soft16:MA:cache,use+protect+remove:0",
	"soft16:MA:cache,use+block+remove:0",
	"walk16:MA:cache,use+remove+clearr:1",
	"walk16:MA:cache,use+promote,unmap:1",
	"walk8:MA:cache,use+promote+remove:1",
	"walk16:MA:cache,use+clearr+protect:1",
	"walk16:MA:cache,use+remove,insertv:1",
	"cache16:AA:emulate,store+remove:0",
	"cache16:AA:emulate,store+protect:0",
	"cache16:AA:emulate,store+clearr:0",
	"cache16:AA:emulate,store+clearc:0",
	"cache16:BA:emulate,store+clearc:0",
	"cache16:BA:emulate,store+remove+protect:0",
	"cache16:AA:emulate,store+remove+remove:0",
	"cache16:AA:emulate,store+remove+clearc:0",
	"cache16:AA:emulate,store+bulk+remove:0",
	"cache16:AA:emulate,store+block+remove:0",
	"cache16:AA:emulate,store+remove,insertx:0",
	"soft16:AA:emulate,store+emulate+remove:0",
	"soft8:AA:emulate,store+clearc+clearr:0",
	"soft8:BA:emulate+remove,insertx+read:0",
	"walk8:WA:clearr+clearc+read:1",
	"walk16:AE:fault+remove:1",
	"walk8:AE:fault+remove,insertx:1",
	"walk16:AE:fault+protect:1",
	"walk8:AE:fault+protect+remove:1",
	"walk16:AE:fault+unmap:1",
	"walk8:VE:fault+unmap+remove:1",
	"walk8:AE:fault+unmap+protect:1",
	"walk16:ME:fault+remove,insertx:1",
	"walk16:VE:faultp+remove,insertx:1",
	"walk8:VE:faultp,unmap+remove:1",
	"walk16:VE:faultp+protect:1",
	"walk16:WE:faultp+unmap:1",
	"walk8:VE:faultp+unmap,fault:1",
	"walk16:AA:promote+unmap+read:1",
	"walk16:EA:insertv+unmap+find:1",
	"walk8:VA:removea+protect+read4:1",
	"soft8:BA:clearr+clearc+read4:0",
	"soft16:AA:blocka+remove,inserto:0",
	"soft8:AA:blocka+remove,inserto+read:0",
	"walk16:VA:blocka+remove,inserto:1",
	"walk16:VV:bulk+protect+remove:1",
	"walk16:VV:block+remove+clearr:1",
	"walk8:WV:bulk+bulk+clearc:1",
	"soft8:EE:insert+insert+remove:0",
	"soft16:EE:insert+insert+insert:0",
	"soft8p:AA:remove+protect+find:0",
	"soft16p:AE:find,find+remove,insertx:0",
	"walk16p:VE:remove+protect+find:1",
	"walk8p:WE:clearc+remove+findmany:1",
	"walk16p:VE:unmap,promote+findmany:1",
	"walk8:VV:removemany+protect+remove:1",
	"walk16:VE:removemany+remove+find:1",
	"soft8:AA:removemany+protect+read:0",
	"cache16:AA:emulate,store+removemany+remove:0",
	"soft16:EE:insertmany+insert+remove:0",
};

/* The longest: half a minute.  Something like each is above. */
static const char *const told_long[] = {
	"walk16:VE:faultp+clearc+remove:1",
	"walk8:VE:faultp+protect+remove:1",
	"walk8:VA:remove,insertv+unmap+read:1",
	"walk8:VA:protect+unmap+read4:1",
	"walk16:VV:block+block+protect:1",
	"walk8:VA:remove,insertx+protect+read:1",
	"walk16:AE:fault+fault+clearc:1",
	"walk16:AA:protect,protectn+promote+read:1",
	"walk8:VA:read,read+clearc+remove:1",
};

/* Of many.h, beside what meets them on their way. */
static const char *const many[] = {
	"soft16:AA:removemany+removemany:0",
	"soft8:AA:removemany+remove:0",
	"soft16:AA:removemany+protect:0",
	"soft8:BA:removemany+clearc:0",
	"soft8:AA:removemany+read4:0",
	"soft16:EE:removemany+insert:0",
	"soft16:MA:removemany+protect:0",
	"cache16:AA:removemany+protect:0",
	"walk16:VV:removemany+removemany:1",
	"walk8:VV:removemany+remove:1",
	"walk16:VV:removemany+protect:1",
	"walk8:WV:removemany+clearc:1",
	"walk16:WV:removemany+clearr:1",
	"walk8:VV:removemany+read4:1",
	"walk16:VV:removemany+unmap:1",
	"walk8:AA:removemany+promote:1",
	"walk16:VA:removemany+bulk:1",
	"soft16:EE:insertmany+insertmany:0",
	"soft8:EE:insertmany+removemany:0",
	"soft8:EA:insertmany+remove:0",
	"soft8:EE:insertmany+find:0",
	"soft16:AE:insertmany+read4:0",
	"walk8:EE:insertmany+removemany:1",
	"walk16:EE:insertmany+insertv:1",
};

/* The translation is used again after the entry has been given back. */
static const char *const used_again[] = {
	"walk16:WA:unmap,promote+clearr+read:2",
	"walk8:WA:unmap,promote+clearc+remove:2",
	"walk16:VA:clearr+protect+read:2",
	"walk8:VA:clearc+clearr:2",
};

/* Few steps, many stale reads: where an order is needed at all. */
static const char *const weak[] = {
	"soft8:EA:insertx+read:0",
	"soft16:EA:insertx+remove:0",
	"soft8:EA:insertx+remove:0",
	"soft8:AA:remove,insertx+read:0",
	"soft8:AA:remove,inserto+read:0",
	"soft8:AA:remove,inserto+remove,inserts+read:0",
	"soft8:EA:insertx,remove+insertx:0",
	"walk8:EA:insertx,remove+insertx:1",
	"soft8p:EE:insertx+find:0",
	"soft8p:BA:remove,insertx+find:0",
	"soft8p:AA:remove,inserto+remove,inserts+find:0",
	"walk8p:WE:remove,insertx+findmany:1",
	"soft8:AA:removemany+insert:0",
	"soft8:AA:remove+protect:0",
	"soft16:AA:remove+protect:0",
	"soft8:BA:remove+clearc:0",
	"soft16:MA:cache,use+remove:0",
	"soft8:MA:cache,use+remove:0",
	"soft8:MA:cache,use+protect:0",
	"walk16:AA:promote+unmap:1",
	"walk16:VA:unmap+read:1",
};

static void each_of(const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		visit(list[i]);
}

/*
 * Operations that wait for an owner.  Two of them, beside a third CPU that has
 * stopped, look 1024 times each, in every order: that never ends.
 */
static unsigned int waiting(const char *text)
{
	struct scenario scenario;
	unsigned int count = 0;

	if (!scenario_parse(text, &scenario))
		broken("not a scenario: %s", text);
	for (unsigned int cpu = 0; cpu < CPUS_MAX; cpu++)
		for (unsigned int i = 0; i < OPS_PER_CPU &&
		     scenario.operations[cpu][i]; i++)
			count += (scenario.operations[cpu][i]->flags &
				  OP_WAITS) != 0;
	return count;
}

void suite_each(enum suite suite,
		bool (*visit_one)(const struct scenario *scenario))
{
	visitor = visit_one;
	stopped = false;
	switch (suite) {
	case SUITE_PAIRS:
	case SUITE_ALL_PAIRS:
		each_pair(OP_PAIRS, suite == SUITE_ALL_PAIRS);
		each_search();
		each_of(many, sizeof(many) / sizeof(many[0]));
		break;
	case SUITE_STALL:
	case SUITE_ALL_STALL:
		each_pair(OP_PAIRS, suite == SUITE_ALL_STALL);
		each_of(many, sizeof(many) / sizeof(many[0]));
		for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
			if (waiting(told[i]) < 2)
				visit(told[i]);
		break;
	case SUITE_TRIPLES:
		each_of(told, sizeof(told) / sizeof(told[0]));
		break;
	case SUITE_ALL_TRIPLES:
		each_of(told, sizeof(told) / sizeof(told[0]));
		each_of(told_long, sizeof(told_long) / sizeof(told_long[0]));
		each_of(used_again, sizeof(used_again) / sizeof(used_again[0]));
		break;
	case SUITE_TELLING:
	case SUITE_ALL_TELLING:
		each_triple(suite == SUITE_ALL_TELLING);
		break;
	case SUITE_WEAK:
		each_of(weak, sizeof(weak) / sizeof(weak[0]));
		break;
	case SUITES:
		break;
	}
}
