# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole commands against cat and pmap, as ratios: "bench.py blocks" and "bench.py sparse".

The commands run in turn and the best of several runs counts: noise only ever adds. Ends with 1 where
a ratio is over its bar.
"""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

import harness  # noqa: E402
from harness import PROGRAM, Directory, Target, target_path  # noqa: E402
from tap import Skip  # noqa: E402

ROUNDS = 9
ROUNDS_SLOW = 3


def run_once(command, out):
    began = time.perf_counter()
    status = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=out,
                             env=harness.environment())
    took = time.perf_counter() - began
    if status != 0:
        sys.exit(f"{command}: exit status {status}")
    return took


def measure(commands):
    """{name: seconds}, the best of each; @commands: {name: (rounds, arguments)}."""
    best = {}
    with open(os.devnull, "wb") as out:
        for turn in range(ROUNDS):
            for name, (rounds, command) in commands.items():
                if turn < rounds:
                    best[name] = min(run_once(command, out), best.get(name, 1e9))
    return best


def report(best, bars):
    """@bars: (name, unit of comparison, what the ratio may be at most)."""
    failed = False
    print(f"{'command':<28}{'ms':>9}   {'against':<20}{'ratio':>8}{'bar':>8}")
    for name, seconds in best.items():
        rows = [bar for bar in bars if bar[0] == name]
        if not rows:
            print(f"{name:<28}{seconds * 1000:9.1f}")
        for _, other, most in rows:
            ratio = seconds / best[other]
            failed = failed or ratio > most
            print(f"{name:<28}{seconds * 1000:9.1f}   {other:<20}{ratio:8.2f}{most:8.2f}  "
                  f"{'pass' if ratio <= most else 'FAIL'}")
    return 1 if failed else 0


def blocks():
    with Target([target_path("blocks"), "64000"]) as target, Directory() as directory:
        pid = str(target.hold())
        csv, mmp = os.path.join(directory, "a.csv"), os.path.join(directory, "a.mmp")
        commands = {
            "cat smaps": (ROUNDS, ["cat", f"/proc/{pid}/smaps"]),
            "scan to CSV": (ROUNDS, [PROGRAM, "-p", pid, csv]),
            "scan to .mmp": (ROUNDS, [PROGRAM, "-p", pid, mmp]),
            "open .mmp, write CSV": (ROUNDS, [PROGRAM, "-o", mmp, "-", "--format=csv"]),
        }
        bars = [
            ("scan to CSV", "cat smaps", 2.5),
            ("scan to .mmp", "cat smaps", 4.0),
            ("open .mmp, write CSV", "scan to .mmp", 1.0),
        ]
        try:
            commands["pmap -X"] = (ROUNDS_SLOW, [harness.find_program("pmap"), "-X", pid])
            bars.append(("scan to CSV", "pmap -X", 0.25))
        except Skip as skip:
            print(f"without pmap -X: {skip}")
        return report(measure(commands), bars)


def sparse():
    with Target([target_path("sparse")]) as target, Directory() as directory:
        pid = str(target.hold())
        commands = {
            "cat smaps": (ROUNDS, ["cat", f"/proc/{pid}/smaps"]),
            "scan to CSV": (ROUNDS, [PROGRAM, "-p", pid, os.path.join(directory, "a.csv")]),
        }
        return report(measure(commands), [("scan to CSV", "cat smaps", 2.5)])


try:
    sys.exit({"blocks": blocks, "sparse": sparse}[sys.argv[1]]())
except Skip as reason:
    print(f"skipped: {reason}")
    sys.exit(77)
