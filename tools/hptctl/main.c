/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/main.c - the command line.
 */
#include "cpu.h"
#include "dump.h"
#include "replay.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RAM_DEFAULT		UINT64_C(0x40000000)
#define RAM_MIN			UINT64_C(0x40000)	/* the smallest table */
#define RAM_MAX			(UINT64_C(1) << 50)
#define MAX_PAGE_DEFAULT	24U
#define MAX_PAGE_MIN		12U
#define MAX_PAGE_MAX		34U

static const char help[] =
"hptctl - look into POWER hashed page tables\n"
"\n"
"SYNOPSIS\n"
"  hptctl replay TRACE[.xz] [--final TABLE[.xz]] [OPTION...]\n"
"  hptctl dump --hpt TABLE[.xz] [--format=207|300] [--picture | --json]\n"
"  hptctl --help | --version\n"
"\n"
"DESCRIPTION\n"
"  replay runs a recording of a guest's hash-MMU hypercalls through libhpte\n"
"  and compares every return code, every output register, every recorded\n"
"  table search, every checksum and the table at the end.  It shows the first\n"
"  mismatch in words, a summary, and as its last line\n"
"    replayed N hcalls, M lookups: K mismatches\n"
"\n"
"  dump shows the table of a libhpte host as it lay in memory, 2^18 to 2^46\n"
"  bytes: its entries, one a line, and a summary.  An absent entry is the\n"
"  guest's, with guest real addresses; a valid one is the hardware's, with\n"
"  those of the host.  Without --format each valid entry must stand where its\n"
"  address hashes to, in one format.\n"
"\n"
"OPTIONS of replay  (numbers decimal or 0x...)\n"
"  --final TABLE[.xz]  compare the table at the end with this image\n"
"  --ram BYTES         guest RAM, all above is I/O; default 0x40000000\n"
"  --max-page SHIFT    log2 bytes of the largest page; default 24\n"
"  --order-max ORDER   log2 bytes of the largest table a resize may get;\n"
"                      default 46\n"
"  --walker            a table that hardware walks: entries are valid, R\n"
"                      and C are stored into the table as hardware does\n"
"  --format=207|300    with --walker: format of the entries in memory\n"
"  --snapshot=auto|load16|separate\n"
"                      without --walker: read an entry by one 16-byte load,\n"
"                      or use a side array; auto asks the CPU\n"
"  --picture           also draw the table, at its fullest and at the end\n"
"  --json              the summary as one JSON object on standard output; the\n"
"                      last line then goes to standard error\n"
"\n"
"OPTIONS of dump\n"
"  --hpt TABLE[.xz]    the table\n"
"  --format=207|300    format of its valid entries\n"
"  --picture           also draw it\n"
"  --json              everything as one JSON object on standard output\n"
"\n"
"EXIT STATUS\n"
"  0  no mismatch    1  mismatches    2  unusable file, or wrong usage\n"
"\n"
"NOTES\n"
"  A hypercall recorded with H_FUNCTION counts as not offered: libhpte is not\n"
"  asked.  H_RESIZE_HPT_PREPARE may answer \"long busy\" instead of success,\n"
"  and the other way round: that is the host's timing.  Offsets in messages\n"
"  are those of the unpacked file.\n";

enum option_id {
	OPTION_HPT = 256,
	OPTION_FINAL,
	OPTION_RAM,
	OPTION_MAX_PAGE,
	OPTION_ORDER_MAX,
	OPTION_WALKER,
	OPTION_FORMAT,
	OPTION_SNAPSHOT,
	OPTION_PICTURE,
	OPTION_JSON,
	OPTION_HELP
};

static const struct option long_options[] = {
	{ "final", required_argument, NULL, OPTION_FINAL },
	{ "ram", required_argument, NULL, OPTION_RAM },
	{ "max-page", required_argument, NULL, OPTION_MAX_PAGE },
	{ "order-max", required_argument, NULL, OPTION_ORDER_MAX },
	{ "walker", no_argument, NULL, OPTION_WALKER },
	{ "format", required_argument, NULL, OPTION_FORMAT },
	{ "snapshot", required_argument, NULL, OPTION_SNAPSHOT },
	{ "picture", no_argument, NULL, OPTION_PICTURE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

static const struct option dump_long_options[] = {
	{ "hpt", required_argument, NULL, OPTION_HPT },
	{ "format", required_argument, NULL, OPTION_FORMAT },
	{ "picture", no_argument, NULL, OPTION_PICTURE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

/**
 * struct command - the command line as it was given
 */
struct command {
	struct replay_options replay;
	const char *hpt;
	const char *snapshot;
	const char *format;
	bool help;
};

static bool parse_number(const char *name, const char *chars, uint64_t least,
			 uint64_t most, uint64_t *number)
{
	int base = chars[0] == '0' && (chars[1] | 0x20) == 'x' ? 16 : 10;
	char *end;

	errno = 0;
	*number = strtoull(chars, &end, base);
	if (chars[0] >= '0' && chars[0] <= '9' && !*end && !errno &&
	    *number >= least && *number <= most)
		return true;
	fprintf(stderr, "hptctl: %s: not a number from %" PRIu64 " to %" PRIu64
		": %s\n", name, least, most, chars);
	return false;
}

static bool parse_shift(const char *name, const char *chars, unsigned int least,
			unsigned int most, unsigned int *shift)
{
	uint64_t number;

	if (!parse_number(name, chars, least, most, &number))
		return false;
	*shift = (unsigned int)number;
	return true;
}

static bool take_option(int id, const char *value, struct command *command)
{
	struct guest_config *guest = &command->replay.guest;

	switch (id) {
	case OPTION_HPT:
		command->hpt = value;
		return true;
	case OPTION_FINAL:
		command->replay.final = value;
		return true;
	case OPTION_RAM:
		return parse_number("--ram", value, RAM_MIN, RAM_MAX,
				    &guest->ram);
	case OPTION_MAX_PAGE:
		return parse_shift("--max-page", value, MAX_PAGE_MIN,
				   MAX_PAGE_MAX, &guest->max_page);
	case OPTION_ORDER_MAX:
		return parse_shift("--order-max", value, HPTE_ORDER_MIN,
				   HPTE_ORDER_MAX, &guest->order_max);
	case OPTION_WALKER:
		guest->walker = true;
		return true;
	case OPTION_FORMAT:
		command->format = value;
		return true;
	case OPTION_SNAPSHOT:
		command->snapshot = value;
		return true;
	case OPTION_PICTURE:
		command->replay.picture = true;
		return true;
	case OPTION_JSON:
		command->replay.json = true;
		return true;
	case OPTION_HELP:
		command->help = true;
		return true;
	default:
		return false;
	}
}

static bool usage(const char *wrong)
{
	fprintf(stderr, "hptctl: %s; see hptctl --help\n", wrong);
	return false;
}

static bool unknown(const char *option)
{
	fprintf(stderr, "hptctl: %s: no such option, or its value is missing "
		"or not wanted; see hptctl --help\n", option);
	return false;
}

/* Choose how entries are read; what is asked for must be possible. */
static bool choose_snapshot(const char *asked, struct guest_config *guest)
{
	unsigned int facts = cpu_facts() & hpte_table_cpu();

	if (asked && guest->walker)
		return usage("--snapshot is for tables without --walker");
	guest->cpu = facts;
	if (!asked || !strcmp(asked, "auto"))
		return true;
	if (!strcmp(asked, "separate")) {
		guest->cpu = 0;
		return true;
	}
	if (strcmp(asked, "load16") != 0)
		return usage("--snapshot is auto, load16 or separate");
	if (!(facts & HPTE_CPU_LOAD16))
		return usage("--snapshot=load16: not on this CPU, or not in "
			     "this build of libhpte");
	return true;
}

static bool parse_format(const char *asked, uint8_t *format)
{
	if (!strcmp(asked, "207"))
		*format = HPTE_FORMAT_207;
	else if (!strcmp(asked, "300"))
		*format = HPTE_FORMAT_300;
	else
		return usage("--format is 207 or 300");
	return true;
}

static bool choose_format(const char *asked, struct guest_config *guest)
{
	if (!asked)
		return true;
	if (!guest->walker)
		return usage("--format is for tables with --walker");
	return parse_format(asked, &guest->format);
}

/* @argv[0] is the subcommand. */
static bool parse_options(int argc, char **argv, const struct option *options,
			  struct command *command)
{
	int id;

	opterr = 0;
	while ((id = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (id == '?')
			return unknown(argv[optind - 1]);
		if (!take_option(id, optarg, command))
			return false;
	}
	if (command->replay.json && command->replay.picture)
		return usage("--json and --picture do not go together");
	return true;
}

static bool parse_replay(int argc, char **argv, struct command *command)
{
	struct replay_options *replay = &command->replay;

	if (!parse_options(argc, argv, long_options, command))
		return false;
	if (command->help)
		return true;
	if (optind + 1 != argc)
		return usage("replay takes one recording");
	replay->trace = argv[optind];
	return choose_snapshot(command->snapshot, &replay->guest) &&
	       choose_format(command->format, &replay->guest);
}

static bool parse_dump(int argc, char **argv, struct command *command)
{
	if (!parse_options(argc, argv, dump_long_options, command))
		return false;
	if (command->help)
		return true;
	if (optind != argc || !command->hpt)
		return usage("dump takes one table, by --hpt");
	return !command->format ||
	       parse_format(command->format, &command->replay.guest.format);
}

static int run_dump(const struct command *command)
{
	const struct dump_options options = {
		.table = command->hpt,
		.format = command->replay.guest.format,
		.formatted = command->format != NULL,
		.json = command->replay.json,
		.picture = command->replay.picture
	};

	return dump_file(&options) ? REPLAY_SAME : REPLAY_UNUSABLE;
}

int main(int argc, char **argv)
{
	struct command command = {
		.replay.guest = {
			.ram = RAM_DEFAULT,
			.max_page = MAX_PAGE_DEFAULT,
			.order_max = HPTE_ORDER_MAX,
			.format = HPTE_FORMAT_207
		}
	};
	bool dump = argc >= 2 && !strcmp(argv[1], "dump");

	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("hptctl %s\n", HPTE_VERSION_STRING);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(help, stdout);
		return 0;
	}
	if (argc < 2 || (!dump && strcmp(argv[1], "replay") != 0)) {
		usage("no such command");
		return REPLAY_UNUSABLE;
	}
	if (!(dump ? parse_dump : parse_replay)(argc - 1, argv + 1, &command))
		return REPLAY_UNUSABLE;
	if (command.help) {
		fputs(help, stdout);
		return 0;
	}
	return dump ? run_dump(&command) : replay_file(&command.replay);
}
