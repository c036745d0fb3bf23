#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: install.sh BUILD PREFIX
#
# Build library, hptctl and bindings in BUILD, install them below PREFIX, and
# print the variables by which they are found there.
set -eu

build=${1:?usage: install.sh BUILD PREFIX}
prefix=${2:?usage: install.sh BUILD PREFIX}
root=$(cd "$(dirname "$0")/.." && pwd)

if test -e "$build/build.ninja"; then
	set -- --reconfigure
else
	set --
fi
meson setup "$@" --buildtype=release --prefix="$prefix" \
	-Ddefault_library=both -Dpython=true -Drust=true -Dtests=disabled \
	"$build" "$root"
meson compile -C "$build" hpte:static_library hpte:shared_library hptctl
meson install -C "$build" --no-rebuild
library=$(find "$prefix" -name libhpte.pc -printf '%h\n' -quit)
package=$(find "$prefix" -path '*/hpte/__init__.py' -printf '%h\n' -quit)
case $prefix in
/usr|/usr/local)
	# else a program finds the shared library after the next boot
	if test "$(id -u)" = 0; then
		ldconfig
	fi ;;
esac
echo "export PKG_CONFIG_PATH=$library"
echo "export LD_LIBRARY_PATH=${library%/pkgconfig}"
echo "export PYTHONPATH=${package%/hpte}"
