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

suite=trixie
cache=${XDG_CACHE_HOME:-${HOME:?neither XDG_CACHE_HOME nor HOME is set}/.cache}
cache=$cache/libhpte
kept=$cache/cbmc

if test -x "$kept/cbmc"; then
	echo "$kept/cbmc"
	exit 0
fi

mkdir -p "$cache"
# Beside its last place: whoever else fetches it at the same time has the same.
new=$(mktemp -d "$cache/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM

private_apt_prepare "$new/apt" "$suite" gcc
private_apt_unpack "$new/apt" "$new/root" cbmc
rm -rf "$new/apt"

# Its C library is newer than the system's: it comes with its own loader.
# The C preprocessor it calls is the system's, found through PATH.
cat >"$new/cbmc" <<'END'
#!/bin/sh
root=$(dirname "$0")/root
for loader in "$root"/usr/lib*/ld-linux*.so.* "$root"/usr/lib*/ld64.so.*; do
	test ! -e "$loader" || break
done
for libraries in "$root"/usr/lib/*-linux-gnu*; do
	test ! -d "$libraries" || break
done
exec "$loader" --inhibit-cache --library-path "$libraries:$root/usr/lib" \
	"$root/usr/bin/cbmc" "$@"
END
chmod +x "$new/cbmc"
"$new/cbmc" --version >&2

mv -T "$new" "$kept" 2>/dev/null || test -x "$kept/cbmc"
echo "$kept/cbmc"
