#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-qemu.sh [--kept]
#
# Print the path of a program that runs qemu-system-ppc64 as Debian 13 has it:
# unlike Debian 12's, it shows a plugin the registers, and -icount makes its
# runs repeatable.  It is taken once from wherever this system takes its
# packages, checked by apt as any package, and kept in the user's cache with
# the libraries it needs.  --kept: fail if it is not there already.
set -eu

. "$(dirname "$0")/private-apt.sh"

fetch=private_apt_program
test "${1-}" != --kept || fetch=private_apt_kept
$fetch qemu trixie usr/bin/qemu-system-ppc64 qemu-system-ppc
