#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-kbuild.sh [--kept] amd64|ppc64el
#
# Print a directory with Debian's unmodified kernel of this architecture, its
# static busybox, and the headers to build modules for just that kernel: vmlinuz,
# busybox, headers (for make -C).  They are of this system's release, taken once
# from wherever it takes its own packages, checked by apt as any package, and
# kept in the user's cache; the system and its kernel are not changed.  --kept:
# fail if they are not there already.
set -eu

. "$(dirname "$0")/private-apt.sh"
own_arch=$private_apt_arch

fetch=yes
if test "${1-}" = --kept; then
	fetch=
	shift
fi
case "${1-}" in
amd64)		flavour=amd64 ;;
ppc64el)	flavour=powerpc64le ;;
*)	echo 'usage: fetch-kbuild.sh [--kept] amd64|ppc64el' >&2
	exit 2 ;;
esac
arch=$1
kept=$(private_apt_cache)/kbuild-$arch

# download ARCH PACKAGE...
download() {
	private_apt_arch=$1
	shift
	private_apt "$new/apt-$private_apt_arch" download "$@"
}

# prepare ARCH: know its packages.
prepare() {
	private_apt_arch=$1
	private_apt_prepare "$new/apt-$1" "$(. /etc/os-release &&
		echo "${VERSION_CODENAME:-}")"
}

# depends PACKAGE PATTERN: the first package that it depends on and PATTERN
# matches.
depends() {
	private_apt_arch=$arch
	private_apt_run apt-cache "$new/apt-$arch" --no-all-versions show "$1" |
		sed -n 's/^Depends: *//p' | tr -s ', ' '\n\n' |
		grep -m 1 -x "$2"
}

fetch_kbuild() (
	cache=$(private_apt_cache)
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	trap 'exit 1' HUP INT TERM

	prepare "$arch"
	test "$arch" = "$own_arch" || prepare "$own_arch"
	# The packages without a version are empty and depend on today's kernel.
	image=$(depends "linux-image-$flavour" 'linux-image-[0-9].*')
	headers=$(depends "linux-headers-$flavour" 'linux-headers-[0-9].*')
	common=$(depends "$headers" 'linux-headers-.*-common')
	kbuild=$(depends "$headers" 'linux-kbuild-.*')

	mkdir "$new/debs"
	cd "$new/debs"
	download "$arch" "$image" "$headers" "$common" busybox-static
	download "$own_arch" "$kbuild"		# programs that run here
	for package in "$headers" "$common" "$kbuild"; do
		dpkg-deb -x "$package"_*.deb "$new"
	done
	dpkg-deb --fsys-tarfile "$image"_*.deb 2>/dev/null |
		tar -xO --occurrence=1 --wildcards './boot/vmlinu*' \
		>"$new/vmlinuz"
	dpkg-deb --fsys-tarfile busybox-static_*.deb |
		tar -xO ./bin/busybox >"$new/busybox"
	test -s "$new/vmlinuz"
	chmod +x "$new/busybox"
	ln -s "usr/src/$headers" "$new/headers"
	# Its makefile says where the other package would have been installed.
	# shellcheck disable=SC2016	# for make
	sed -i 's|^include */usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' \
		"$new/headers/Makefile"
	cd /
	rm -rf "$new"/apt-* "$new/debs"
	mv -T "$new" "$kept" 2>/dev/null || :
)

if ! test -e "$kept/vmlinuz"; then
	if test -z "$fetch"; then
		echo 'kernel and headers have not been fetched' >&2
		exit 1
	fi
	fetch_kbuild
	test -e "$kept/vmlinuz"
fi
echo "$kept"
