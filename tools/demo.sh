#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: demo.sh BUILD
#
# First act: replay the longest recording that the tests have, the hypercalls of
# a Linux kernel from reset to power-off, and show the table as it was left.
# Second act: a guest prints through an emulated UART.
set -eu

build=$1
recordings=$(dirname "$0")/../tests/replay

trace=$(find "$recordings" -name '*.trace.xz' -printf '%s %p\n' |
	sort -n | sed -n '$s/^[0-9]* //p')
test -n "$trace" || { echo "demo: no recording in $recordings" >&2; exit 1; }
stem=${trace%.trace.xz}

# What the recorded machine was like, where it differs from the defaults.
options=
test ! -e "$stem.options" || options=$(cat "$stem.options")

echo "${stem##*/}: every hypercall and table search of a recorded boot"
# shellcheck disable=SC2086	# options are words
"$build/tools/hptctl/hptctl" replay "$trace" \
	--final "$stem.final.hpt.xz" --picture $options

echo
echo "uart_guest: a page mapped by H_ENTER that no memory covers"
exec "$build/examples/uart_guest"
