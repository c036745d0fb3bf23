#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-qemu-user.sh [--kept]
#
# Print a directory with the emulators of programs (qemu-ppc64 and others) as
# Debian 12's backports have them: they put a program's stack where the address
# sanitizer for POWER looks for it, Debian 12's own do not.  They are taken once
# from wherever this system takes its packages, checked by apt as any package,
# and kept in the user's cache.  --kept: fail if they are not there already.
set -eu

. "$(dirname "$0")/private-apt.sh"

cache=$(private_apt_cache)
kept=$cache/qemu-user
show_kept() {
	test -x "$kept/bin/qemu-ppc64" && echo "$kept/bin"
}
show_kept && exit
test "${1-}" != --kept || exit 1

mkdir -p "$cache"
# Beside its last place: whoever fetches it at the same time has the same.
new=$(mktemp -d "$cache/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM

private_apt_prepare "$new/apt" bookworm-backports
cd "$new"
private_apt "$new/apt" download qemu-user
dpkg-deb -x "$new"/*.deb "$new/root"
mv -T "$new/root/usr" "$kept" 2>/dev/null || :
show_kept
