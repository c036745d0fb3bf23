#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: setup.sh core|bench|boot|docs|test|matrix|deep
#
# Install what the build (core), the benchmarks and what they compare with
# (bench), a boot of Linux on the visor (boot), the guide (docs), the whole test
# suite (test), the portability matrix (matrix), or fuzzing, coverage and
# predicted cycles too (deep) need, on Debian 12.  test and deep also keep a
# newer QEMU, Rust's library for ppc64el, the kernel to boot and kernels with
# their headers in the user's cache, matrix emulators of programs and clang's
# sanitizers for other CPUs (fetch-*.sh).  Asks dpkg first: with everything
# there, apt is not called and no network is needed.  core must succeed.  What
# the others add may be missing: what needs it is then skipped, visibly.
set -eu

core='gcc libc6-dev meson ninja-build pkgconf libcmocka-dev libatomic-ops-dev
      liblzma-dev xz-utils'
boot='cpp device-tree-compiler qemu-system-ppc gcc-powerpc64-linux-gnu
      gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross'

docs='mandoc python3-sphinx python3-myst-parser'

test='clang libclang-rt-dev g++ qemu-user-static
      sparse universal-ctags mypy libc6-dev-ppc64-cross
      gcc-aarch64-linux-gnu libc6-dev-arm64-cross
      gcc-s390x-linux-gnu libc6-dev-s390x-cross
      cargo rust-clippy valgrind make qemu-system-x86'

deep='afl++ lcov llvm-19'

bench='libck-dev liburcu-dev libdpdk-dev gnuplot-nox'

missing() {
	for package; do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			 2>/dev/null) || :
		test "$status" = installed || printf '%s ' "$package"
	done
}

root() {
	if test "$(id -u)" = 0; then
		"$@"
	elif test -t 0; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

install() {
	root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
		-o DPkg::Lock::Timeout=300 \
		install --no-install-recommends "$@" </dev/null
}

# Update the package lists, once.
updated=
update() {
	test -z "$updated" || return 0
	updated=yes
	root apt-get -q update </dev/null ||
		echo 'setup: no new package lists, going on with the old' >&2
}

if ! command -v dpkg-query >/dev/null; then
	echo "setup: not Debian; please install: $core" >&2
	exit 0
fi

case "${1-}" in
core|bench|boot|docs|test|matrix|deep) ;;
*)	echo 'usage: setup.sh core|bench|boot|docs|test|matrix|deep' >&2
	exit 2 ;;
esac

# shellcheck disable=SC2086	# lists of words, all of them
need=$(missing $core)
if test -n "$need"; then
	echo "setup: installing $need"
	update
	install $need
fi

test "$1" != core || exit 0
case $1 in
bench)	more=$bench ;;
boot)	more=$boot ;;
docs)	more=$docs ;;
test|matrix) more="$boot $docs $test" ;;
deep)	more="$boot $docs $test $deep" ;;
esac
# shellcheck disable=SC2086	# as above
need=$(missing $more)
if test -n "$need"; then
	echo "setup: installing $need"
	update
	# all at once is quicker; one by one saves what can be had
	install $need || for package in $need; do
		install "$package" ||
			echo "setup: no $package: what needs it is skipped" >&2
	done
fi

case $1 in bench|boot|docs) exit 0 ;; esac
tools=$(dirname "$0")
if test "$1" = matrix; then
	for what in qemu-user clang-rt; do
		"$tools/fetch-$what.sh" --kept >/dev/null && continue
		echo "setup: fetching $what"
		"$tools/fetch-$what.sh" >/dev/null ||
			echo "setup: no $what: cells are skipped for it" >&2
	done
	exit 0
fi
if ! "$tools/fetch-rust-ppc64el.sh" --kept >/dev/null; then
	echo "setup: fetching Rust's library for ppc64el"
	"$tools/fetch-rust-ppc64el.sh" >/dev/null ||
		echo 'setup: no Rust for ppc64el: its test is skipped' >&2
fi
if ! "$tools/fetch-qemu.sh" --kept >/dev/null; then
	echo 'setup: fetching a newer qemu-system-ppc'
	"$tools/fetch-qemu.sh" >/dev/null ||
		echo 'setup: no newer qemu-system-ppc: its tests are skipped' >&2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if ! "$tools/fetch-linux.sh" --kept "$scratch" 2>/dev/null; then
	echo "setup: fetching Debian's kernel for POWER"
	"$tools/fetch-linux.sh" "$scratch" ||
		echo 'setup: no kernel to boot: its tests are skipped' >&2
fi

for arch in amd64 ppc64el; do
	if ! "$tools/fetch-kbuild.sh" --kept $arch >/dev/null 2>&1; then
		echo "setup: fetching Debian's kernel and headers for $arch"
		"$tools/fetch-kbuild.sh" $arch >/dev/null ||
			echo "setup: no headers for $arch: no module" >&2
	fi
done
