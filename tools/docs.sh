#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: docs.sh OUTPUT
#
# Build the HTML guide and check it: every warning of Sphinx is an error, links
# and anchors lead somewhere, every public function is in the reference.
# Exit code 77 without Sphinx or MyST.
set -eu

output=${1:?usage: docs.sh OUTPUT}
root=$(cd "$(dirname "$0")/.." && pwd)

# Debian's own, whose Python has Debian's MyST beside it
sphinx=/usr/bin/sphinx-build
if ! test -x "$sphinx" || ! /usr/bin/python3 -c 'import myst_parser'; then
	echo 'not installed: python3-sphinx, python3-myst-parser'
	exit 77
fi
# a page of an earlier build would be checked too
if test -d "$output"; then
	find "$output" -name '*.html' -delete
fi
PYTHONDONTWRITEBYTECODE=1 "$sphinx" -q -E -W --keep-going \
	-c "$root/docs" -d "$output.doctrees" "$root" "$output"
/usr/bin/python3 "$root/tools/check-guide.py" "$output" "$root"
