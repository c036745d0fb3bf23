#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-clang-rt.sh [--kept]
#
# Print a directory for clang's -resource-dir: the sanitizers' runtimes of the
# other CPUs Debian has them for, of the version of clang that is here.  Debian
# has no cross packages of them: they are taken once from those CPUs' own
# packages, wherever this system takes its packages, checked by apt as any
# package, and kept in the user's cache.  --kept: fail if not there already.
set -eu

. "$(dirname "$0")/private-apt.sh"

own=$(clang -print-resource-dir)
release=${own##*/}
package=libclang-rt-${release%%.*}-dev
version=$(dpkg-query -W -f '${Version}' "$package")
cache=$(private_apt_cache)
kept=$cache/clang-rt-$release
show_kept() {
	test -d "$kept/lib/linux" && echo "$kept"
}
show_kept && exit
test "${1-}" != --kept || exit 1

mkdir -p "$cache"
# Beside its last place: whoever fetches it at the same time has the same.
new=$(mktemp -d "$cache/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM

private_apt_prepare "$new/apt" "$(. /etc/os-release && echo "$VERSION_CODENAME")"
cp "$new/apt/sources.list" "$new/sources"
cd "$new"
for arch in arm64 ppc64el s390x; do
	sed "s/^deb \[/&arch=$arch /" sources >"$new/apt/sources.list"
	foreign="-o APT::Architectures::=$arch"
	# shellcheck disable=SC2086	# two words
	private_apt "$new/apt" $foreign update
	# shellcheck disable=SC2086	# two words
	private_apt "$new/apt" $foreign download "$package:$arch=$version"
	dpkg-deb -x "$package"_*_"$arch".deb "$new/root"
done
rm "$new/root$own/include" -rf
ln -s "$own/include" "$new/root$own/include"
mv -T "$new/root$own" "$kept" 2>/dev/null || :
show_kept
