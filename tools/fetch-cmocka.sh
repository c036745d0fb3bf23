#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: fetch-cmocka.sh
#
# Print the directory of cmocka's source, for cross builds: Debian has the
# library for the build machine only.  The source is Debian's own source
# package, taken once from wherever this system takes its packages, checked by
# apt as any package, and kept in the user's cache.
#
# The system's apt configuration stays as it is: the lists of sources live in
# a scratch directory.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:?neither XDG_CACHE_HOME nor HOME is set}/.cache}
cache=$cache/libhpte
kept=$cache/cmocka

if test -e "$kept/src/cmocka.c"; then
	echo "$kept"
	exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$scratch"		# apt downloads as a user of its own
mkdir -p "$scratch/parts" "$scratch/state/lists/partial" \
	"$scratch/cache/archives/partial" "$scratch/source"

# The same sources, but for source packages; both of apt's notations.
etc=$(apt-config shell dir Dir::Etc/d)
eval "$etc"
for list in "$dir"sources.list "$dir"sources.list.d/*.list; do
	test -e "$list" || continue
	sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$list"
done >"$scratch/sources.list"
for list in "$dir"sources.list.d/*.sources; do
	test -e "$list" || continue
	sed 's/^[Tt]ypes:.*/Types: deb-src/' "$list" \
		>"$scratch/parts/${list##*/}"
done

apt() {
	apt-get -q -o Dir::Etc::sourcelist="$scratch/sources.list" \
		-o Dir::Etc::sourceparts="$scratch/parts" \
		-o Dir::State="$scratch/state" \
		-o Dir::Cache="$scratch/cache" "$@" </dev/null >&2
}

# One source that answers is enough; whether it did is seen below.
apt update || :
cd "$scratch/source"
apt --download-only source cmocka
mkdir unpacked
rm -f cmocka_*.orig.tar.*.asc
tar -xf cmocka_*.orig.tar.* -C unpacked --strip-components=1
test -e unpacked/src/cmocka.c

mkdir -p "$cache"
# Renamed into place: whoever else fetches it at the same time has the same.
new=$(mktemp -d "$cache/new.XXXXXX")
mv unpacked/include unpacked/src unpacked/COPYING "$new"
mv -T "$new" "$kept" 2>/dev/null || rm -rf "$new"
test -e "$kept/src/cmocka.c"
echo "$kept"
