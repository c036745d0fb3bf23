#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-rust-ppc64el.sh [--kept]
#
# Print a directory for rustc's --sysroot: Rust's standard library for ppc64el,
# of the version that Debian's rustc has here, which is none of Debian's cross
# packages.  It is taken once from wherever this system takes its packages, and
# kept in the user's cache.  --kept: fail if it is not there already.
set -eu

. "$(dirname "$0")/private-apt.sh"

version=$(dpkg-query -W -f '${Version}' libstd-rust-dev 2>/dev/null) || version=
if test -z "$version"; then
	echo "Debian's rustc is not installed" >&2
	exit 1
fi
cache=$(private_apt_cache)
kept=$cache/rust-ppc64el-$version
show_kept() {
	test -d "$kept/lib/rustlib/powerpc64le-unknown-linux-gnu/lib" &&
		echo "$kept"
}
show_kept && exit
test "${1-}" != --kept || exit 1

mkdir -p "$cache"
# Beside its last place: whoever fetches it at the same time has the same.
new=$(mktemp -d "$cache/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM

private_apt_prepare "$new/apt" "$(. /etc/os-release && echo "$VERSION_CODENAME")"
sed -i 's/^deb \[/&arch=ppc64el /' "$new/apt/sources.list"
foreign='-o APT::Architectures::=ppc64el'
# shellcheck disable=SC2086	# two words
private_apt "$new/apt" $foreign update
cd "$new"
# shellcheck disable=SC2086	# two words
private_apt "$new/apt" $foreign download "libstd-rust-dev:ppc64el=$version"
dpkg-deb -x "$new"/*.deb "$new/root"
mv -T "$new/root/usr" "$kept" 2>/dev/null || :
show_kept
