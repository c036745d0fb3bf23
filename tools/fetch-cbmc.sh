#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-cbmc.sh
#
# Print the path of a program that runs CBMC, the bounded model checker, as
# Debian 13 has it.  It is taken once from wherever this system takes its
# packages, checked by apt as any package, and kept in the user's cache with
# the libraries it needs; the system is not changed.
set -eu

. "$(dirname "$0")/private-apt.sh"

# The C preprocessor it calls is the system's, found through PATH.
private_apt_program cbmc trixie usr/bin/cbmc cbmc gcc
