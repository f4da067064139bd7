# SPDX-License-Identifier: GPL-3.0-or-later
"""The Test Anything Protocol, as little of it as meson reads: one line a test, flushed at once."""

import signal
import sys
import time
import traceback


class Skip(Exception):
    """Raised by a test that cannot run here; its text is the reason."""


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0
        # A test that takes too long is terminated: what it started must end with it.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))

    def note(self, text):
        for line in str(text).splitlines():
            print("# " + line, flush=True)

    def result(self, passed, name, details=()):
        self.count += 1
        if not passed:
            self.failed += 1
            for line in details:
                self.note(line)
        name = name.replace("#", "no. ").replace("\n", " ")
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}", flush=True)

    def skip(self, name, reason):
        self.count += 1
        reason = str(reason).replace("\n", " ")
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)

    def run(self, name, function, *arguments):
        """Runs a test: it fails by raising or by returning a list of faults that is not empty."""
        began = time.monotonic()
        try:
            faults = function(*arguments) or []
        except Skip as skip:
            self.skip(name, skip)
            return
        except Exception:  # whatever it is, the other tests still run
            faults = traceback.format_exc().splitlines()
        self.result(not faults, name, list(map(str, faults[:16])))
        if time.monotonic() - began > 5:
            self.note(f"{name}: {time.monotonic() - began:.1f} s")

    def end(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failed else 0)
