# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh
#
# usage: . private-apt.sh		(from a shell script with set -eu)
#
# Take packages of another release of Debian from wherever this system takes
# its own, without changing the system: package lists, state and downloads
# live in a directory of the caller's, and nothing is installed.

# The keys of every release of Debian, of the package debian-archive-keyring:
# nothing that another source of this system signed is accepted.
private_apt_keys=/usr/share/keyrings/debian-archive-keyring.gpg

# The architecture whose packages are taken.
private_apt_arch=$(dpkg --print-architecture)

# private_apt_run PROGRAM DIRECTORY ARGUMENT...: apt's PROGRAM in DIRECTORY.
#
# It trusts no user of the system with less than the caller's rights, for
# such a user could not reach DIRECTORY.
private_apt_run() {
	private_apt_tool=$1
	private_apt_dir=$2
	shift 2
	"$private_apt_tool" -q -o APT::Architecture="$private_apt_arch" \
		-o APT::Architectures="$private_apt_arch" \
		-o Dir::Etc::sourcelist="$private_apt_dir/sources.list" \
		-o Dir::Etc::sourceparts="$private_apt_dir/parts" \
		-o Dir::State="$private_apt_dir/state" \
		-o Dir::State::status="$private_apt_dir/status" \
		-o Dir::Cache="$private_apt_dir/cache" \
		-o APT::Sandbox::User=root "$@" </dev/null
}

# private_apt DIRECTORY ARGUMENT...: apt-get, but in DIRECTORY.
private_apt() {
	private_apt_run apt-get "$@" >&2
}

# private_apt_prepare DIRECTORY SUITE [PACKAGE...]: DIRECTORY knows SUITE's
# packages, and takes each PACKAGE as there already: the system's will do.
#
# Which mirrors these are, apt itself says, whatever the notation of its
# lists: those that have this system's own release.
private_apt_prepare() {
	private_apt_dir=$1
	private_apt_suite=$2
	shift 2
	if ! test -e "$private_apt_keys"; then
		echo "no $private_apt_keys" >&2
		return 1
	fi
	mkdir -p "$private_apt_dir/parts" \
		"$private_apt_dir/state/lists/partial" \
		"$private_apt_dir/cache/archives/partial"
	for package; do
		printf '%s: %s\n' Package "$package" Version 999 \
			Architecture "$private_apt_arch" \
			Status 'install ok installed' Maintainer none \
			Description 'the one of the system'
		echo
	done >"$private_apt_dir/status"

	private_apt_own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	private_apt_deb="[signed-by=$private_apt_keys] & $private_apt_suite main"
	apt-get --print-uris -o Dir::State="$private_apt_dir/state" \
		-o Dir::Cache="$private_apt_dir/cache" update </dev/null |
		sed -n "s|/dists/$private_apt_own/InRelease'.*||p" |
		sed "s|^'||" | sort -u | sed "s|.*|deb $private_apt_deb|" \
		>"$private_apt_dir/sources.list"
	if ! test -s "$private_apt_dir/sources.list"; then
		echo "no mirror of $private_apt_own is configured" >&2
		return 1
	fi
	# One source that answers is enough: what is missing is seen later.
	private_apt "$private_apt_dir" update || :
}

# private_apt_unpack DIRECTORY ROOT PACKAGE...: with all they depend on.
private_apt_unpack() {
	private_apt_from=$1
	private_apt_to=$2
	shift 2
	private_apt "$private_apt_from" -y --download-only \
		--no-install-recommends install "$@"
	mkdir -p "$private_apt_to"
	for package in "$private_apt_from"/cache/archives/*.deb; do
		dpkg-deb -x "$package" "$private_apt_to"
	done
}

private_apt_cache() {
	: "${XDG_CACHE_HOME:-${HOME:?neither XDG_CACHE_HOME nor HOME is set}}"
	echo "${XDG_CACHE_HOME:-$HOME/.cache}/libhpte"
}

# private_apt_kept NAME...: what private_apt_program prints, if it is there.
private_apt_kept() {
	private_apt_program=$(private_apt_cache)/$1/$1
	test -x "$private_apt_program" && echo "$private_apt_program"
}

# private_apt_program NAME SUITE PROGRAM PACKAGE [THERE...]: print the path of
# a program that runs PROGRAM (a path in the root) of PACKAGE.  It is taken
# once, kept in the user's cache under NAME with the libraries it needs, and
# the system is not changed; of each THERE the system's own will do.
#
# Its C library is newer than the system's: it comes with its own loader.
private_apt_program() (
	private_apt_kept "$1" && exit
	name=$1 suite=$2 program=$3 wanted=$4
	shift 4
	cache=$(private_apt_cache)
	mkdir -p "$cache"
	# Beside its last place: whoever fetches it at the same time has the same.
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	trap 'exit 1' HUP INT TERM

	private_apt_prepare "$new/apt" "$suite" "$@"
	private_apt_unpack "$new/apt" "$new/root" "$wanted"
	rm -rf "$new/apt"
	{
		printf '#!/bin/sh\nprogram=%s\n' "$program"
		cat <<'END'
root=$(dirname "$0")/root
for loader in "$root"/usr/lib*/ld-linux*.so.* "$root"/usr/lib*/ld64.so.*; do
	test ! -e "$loader" || break
done
for libraries in "$root"/usr/lib/*-linux-gnu*; do
	test ! -d "$libraries" || break
done
exec "$loader" --inhibit-cache --library-path "$libraries:$root/usr/lib" \
	"$root/$program" "$@"
END
	} >"$new/$name"
	chmod +x "$new/$name"
	"$new/$name" --version >&2

	mv -T "$new" "$cache/$name" 2>/dev/null || :
	private_apt_kept "$name"
)
