#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# usage: coverage.sh [BUILD]
#
# How much of libhpte/ and arch/generic/ the tests reach, with assembly and
# without taken together.  Leaves a report in BUILD/html and the raw data in
# BUILD/total.info; the default BUILD is build/coverage.  One line each for
# the decoder and for MMIO emulation, of which a least is demanded; the last
# line is "lines X %, branches Y % of libhpte/ and arch/generic/".  Fails if a
# test does, or a demand is not met; exits with 77 if lcov is not installed.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build/coverage}
# not replay: a recording is one long path through the library
suites='unit model threads fuzz'
lcov='lcov -q --rc lcov_branch_coverage=1'

for tool in gcc lcov genhtml meson; do
	if ! command -v "$tool" >/dev/null; then
		echo "SKIP: $tool is not installed"
		exit 77
	fi
done

# Unoptimized: a branch counted is then a branch that somebody wrote.
# -fprofile-update: threads must not lose each other's counts.
build_and_run() {
	dir=$build/asm-$1
	log=$dir.log
	rm -rf "$dir"
	mkdir -p "$build"
	CC=gcc meson setup "$dir" "$root" -Dasm="$1" --buildtype=debug \
		-Db_coverage=true -Dtests=enabled \
		-Dc_args=-fprofile-update=atomic >"$log"
	meson compile -C "$dir" >>"$log"
	list=
	for suite in $suites; do
		list="$list --suite $suite"
	done
	# shellcheck disable=SC2086	# words
	if ! meson test -C "$dir" --no-rebuild -t 5 $list >>"$log" 2>&1; then
		tail -n 40 "$log"
		echo "coverage: tests fail, see $log" >&2
		exit 1
	fi
}

# Only the library's own objects: headers count where the library uses them.
# What no test loads would be missing, so everything starts at 0.
collect() {
	$lcov -c -i -d "$1/libhpte" -o "$1.zero"
	$lcov -c -d "$1/libhpte" -o "$1.tests"
	$lcov -a "$1.zero" -a "$1.tests" -o "$1.info"
} 2>>"$build/lcov.log"

for asm in false true; do
	build_and_run $asm
	collect "$build/asm-$asm"
done
$lcov -a "$build/asm-false.info" -a "$build/asm-true.info" -o "$build/all.info"
$lcov -e "$build/all.info" "$root/libhpte/*" "$root/arch/generic/*" \
	-o "$build/total.info"
genhtml -q --branch-coverage --legend -p "$root" -t libhpte \
	-o "$build/html" "$build/total.info"

# usage: report PATTERN NAME LINES BRANCHES: of the files that match, and the
# percentages that are demanded
report() {
	awk -F: -v pattern="$1" -v name="$2" -v least_lines="$3" \
		-v least_branches="$4" '
		$1 == "SF" { counts = $2 ~ pattern }
		counts && $1 == "LF" { lines += $2 }
		counts && $1 == "LH" { lines_hit += $2 }
		counts && $1 == "BRF" { branches += $2 }
		counts && $1 == "BRH" { branches_hit += $2 }
		END {
			if (!lines || !branches)
				exit 1
			of_lines = 100 * lines_hit / lines
			of_branches = 100 * branches_hit / branches
			printf "lines %.1f %%, branches %.1f %% of %s\n",
				of_lines, of_branches, name
			if (of_lines < least_lines ||
			    of_branches < least_branches) {
				printf "coverage: demanded are lines %d %%, " \
					"branches %d %%\n", least_lines,
					least_branches >"/dev/stderr"
				exit 1
			}
		}' "$build/total.info"
}

failed=
report '/libhpte/insn[.]' insn.c 97 90 || failed=1
report '/libhpte/mmio[._]' 'mmio.c, mmio_emulate.c, mmio_vector.c' 97 90 ||
	failed=1
report . 'libhpte/ and arch/generic/' 0 0 || failed=1
test -z "$failed"
