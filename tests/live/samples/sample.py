# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python program with objects of every size and a few threads."""

import sys
import threading

small = [{"name": str(i), "values": list(range(8))} for i in range(60000)]
large = [bytes(200000) for _ in range(20)]
table = {i: (i, str(i) * 3) for i in range(100000)}
made = threading.Barrier(4)


def wait():
    made.wait()
    threading.Event().wait()


for _ in range(3):
    threading.Thread(target=wait, daemon=True).start()
made.wait()
print("ready", flush=True)
sys.stdin.read()
