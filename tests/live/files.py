# SPDX-License-Identifier: GPL-3.0-or-later
"""What is saved and opened again is what was scanned, in every column, whichever way it went."""

import gzip
import json
import os

import checker
import harness
from document import Document
from harness import Directory, Target, target_path
from tap import Tap

tap = Tap()


def must(result):
    if result.status != 0:
        raise AssertionError(str(result))
    return result


def read(path):
    with open(path, "rb") as file:
        return file.read()


def check_round(target, directory):
    faults = []
    mmp, again = os.path.join(directory, "a.mmp"), os.path.join(directory, "b.mmp")
    target.hold()
    must(harness.run("-p", target.pid, mmp))
    must(harness.run("-o", mmp, os.path.join(directory, "a.csv")))
    must(harness.run("-o", mmp, again))
    must(harness.run("-o", again, os.path.join(directory, "b.csv")))
    must(harness.run("-o", again, os.path.join(directory, "b.txt")))
    text = must(harness.run("-o", mmp, "-")).output
    first = read(os.path.join(directory, "a.csv"))
    if first != read(os.path.join(directory, "b.csv")):
        faults.append("CSV of a copy of a .mmp is another one")
    if text != read(os.path.join(directory, "b.txt")):
        faults.append("text of a copy of a .mmp is another one")
    if must(harness.run("-o", mmp, "-", "--format=csv")).output != first:
        faults.append("CSV on stdout is another one than in a file")

    # What others can change is compared in the other tests: here the program, which maps libraries as
    # well, has ended before the kernel is read again.
    scan = checker.Scan(target.pid)
    scan.document = Document(first)
    faults += [fault for fault in checker.check_all(scan, checker.expected_stacks(scan, target.report))
               if not isinstance(fault, checker.Noise)]
    direct = must(harness.run("-p", target.pid, "-", "--format=csv")).output
    if structure(Document(direct)) != structure(Document(first)):
        faults.append("the map that was saved is another one than the map that is scanned")
    return faults


def structure(document):
    return [
        (row.start, row.type, row.details, row.protection, row.reason,
         [row.figures[n] for n in ("size", "committed", "private", "total_ws", "private_ws")])
        for region in document.regions if region.start is not None
        for row in [region, *region.blocks]
    ]


def test_round(name, *arguments):
    with Target([target_path(name), *arguments]) as target, Directory() as directory:
        return check_round(target, directory)


def test_lines():
    """Readable with nothing but gzip and a JSON parser; the header is the first line."""
    faults = []
    with Target([target_path("plain")]) as target, Directory() as directory:
        path = os.path.join(directory, "a")
        must(harness.run("-p", target.pid, path))
        if not os.path.exists(path + ".mmp"):
            return [f"no extension: there is {os.listdir(directory)}, not a.mmp"]
        lines = gzip.decompress(read(path + ".mmp")).decode("utf-8").split("\n")
        if lines[-1] != "":
            faults.append("the last line has no end")
        records = [json.loads(line) for line in lines[:-1]]
        header = json.dumps(records[0])
        for word in ("mematlas", os.uname().nodename, os.uname().release):
            if word not in header:
                faults.append(f"the header does not name {word!r}: {header}")
        if str(target.pid) not in json.dumps(records[:4]):
            faults.append("the pid is in none of the first records")
    return faults


tap.run("all kinds of anonymous memory", test_round, "anonymous")
tap.run("shared memory", test_round, "shared")
tap.run("threads", test_round, "threads", "20")
tap.run("32-bit", test_round, "plain-32")
tap.run("5,000 blocks", test_round, "blocks", "5000")
tap.run(".mmp is gzip and JSON Lines", test_lines)
tap.end()
