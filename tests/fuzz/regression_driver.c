/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/regression_driver.c - a main() for a fuzz target without a
 * fuzzer: every file of the directories, or every file, given as arguments.
 *
 * The name of a file is printed before it is tried: the last one is to blame.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define PATH_BYTES	4096U

static unsigned int tried;

static bool complain(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return false;
}

/* The target gets storage of exactly that size, so that ASan sees its end. */
static bool try_bytes(const char *path, FILE *file, size_t size)
{
	uint8_t *data = malloc(size ? size : 1);
	bool complete = data && fread(data, 1, size, file) == size;

	if (complete) {
		printf("%s\n", path);
		(void)fflush(stdout);
		(void)LLVMFuzzerTestOneInput(data, size);
		tried++;
	}
	free(data);
	return complete || complain(path);
}

static bool try_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	bool good;

	if (!file)
		return complain(path);
	good = try_bytes(path, file, size);
	(void)fclose(file);
	return good;
}

static bool try_path(const char *path);

static bool try_directory(const char *path, DIR *directory)
{
	const struct dirent *entry;
	char name[PATH_BYTES];
	bool good = true;
	int bytes;

	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		bytes = snprintf(name, sizeof(name), "%s/%s", path,
				 entry->d_name);
		if (bytes < 0 || (size_t)bytes >= sizeof(name))
			good = false;
		else if (!try_path(name))
			good = false;
	}
	return good;
}

static bool try_path(const char *path)
{
	struct stat status;
	DIR *directory;
	bool good;

	if (stat(path, &status))
		return complain(path);
	if (!S_ISDIR(status.st_mode))
		return try_file(path, (size_t)status.st_size);
	directory = opendir(path);
	if (!directory)
		return complain(path);
	good = try_directory(path, directory);
	(void)closedir(directory);
	return good;
}

int main(int argc, char **argv)
{
	bool good = argc > 1;
	int i;

	for (i = 1; i < argc; i++)
		if (!try_path(argv[i]))
			good = false;
	printf("%u inputs\n", tried);
	/* A test of nothing has failed. */
	return good && tried ? EXIT_SUCCESS : EXIT_FAILURE;
}
