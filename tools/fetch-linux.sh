#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-linux.sh [--kept] DIRECTORY
#
# Put Debian's unmodified kernel and its static busybox for little-endian
# 64-bit POWER into DIRECTORY, as vmlinux (a plain ELF file) and busybox.  They
# are of this system's release, taken once from wherever it takes its own
# packages, checked by apt as any package, and kept in the user's cache; the
# system is not changed.  --kept: fail if they are not there already.
set -eu

. "$(dirname "$0")/private-apt.sh"
private_apt_arch=ppc64el

fetch=yes
if test "${1-}" = --kept; then
	fetch=
	shift
fi
if test $# != 1; then
	echo 'usage: fetch-linux.sh [--kept] DIRECTORY' >&2
	exit 2
fi

kept=$(private_apt_cache)/linux

# one_file PACKAGE PATTERN NAME: the file of PACKAGE that PATTERN matches.
#
# tar stops there, which saves seconds; dpkg-deb says that its pipe broke.
one_file() {
	dpkg-deb --fsys-tarfile "$new"/debs/"$1"_*.deb 2>/dev/null |
		tar -xO --occurrence=1 --wildcards "$2" >"$new/$3"
	test -s "$new/$3"
}

fetch_linux() (
	cache=$(private_apt_cache)
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	trap 'exit 1' HUP INT TERM

	private_apt_prepare "$new/apt" "$(. /etc/os-release &&
		echo "${VERSION_CODENAME:-}")"
	# The package of this name is empty and depends on today's kernel.
	image=$(private_apt_run apt-cache "$new/apt" --no-all-versions show \
		linux-image-powerpc64le |
		sed -n 's/^Depends: *\(linux-image-[^ ,]*\).*/\1/p')
	mkdir "$new/debs"
	cd "$new/debs"
	private_apt "$new/apt" download "$image" busybox-static
	one_file "$image" './boot/vmlinux-*' vmlinux
	one_file busybox-static './bin/busybox' busybox
	chmod +x "$new/busybox"
	cd /
	rm -rf "$new/apt" "$new/debs"
	mv -T "$new" "$kept" 2>/dev/null || :
)

if ! test -e "$kept/vmlinux" || ! test -e "$kept/busybox"; then
	if test -z "$fetch"; then
		echo 'the kernel has not been fetched' >&2
		exit 1
	fi
	# A half-filled directory would stay in the way of the new one.
	rm -rf "$kept"
	fetch_linux
fi
mkdir -p "$1"
cp -pu "$kept/vmlinux" "$kept/busybox" "$1"
