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

# private_apt DIRECTORY ARGUMENT...: apt-get, but in DIRECTORY.
#
# It trusts no user of the system with less than the caller's rights, for
# such a user could not reach DIRECTORY.
private_apt() {
	private_apt_dir=$1
	shift
	apt-get -q -o Dir::Etc::sourcelist="$private_apt_dir/sources.list" \
		-o Dir::Etc::sourceparts="$private_apt_dir/parts" \
		-o Dir::State="$private_apt_dir/state" \
		-o Dir::State::status="$private_apt_dir/status" \
		-o Dir::Cache="$private_apt_dir/cache" \
		-o APT::Sandbox::User=root "$@" </dev/null >&2
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
			Architecture "$(dpkg --print-architecture)" \
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
