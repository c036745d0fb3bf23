#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: must-fail.sh COMMAND...
#
# A program with a bug on purpose must find it: exit status 1, not another.
code=0
"$@" || code=$?
test $code = 1
