# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that do not hold still: they map, unmap, fork, execute and end in the middle of a scan.
Whatever comes out of it is a whole result that adds up, a partial one that says so, or an error."""

import random
import subprocess
import time

import checker
import harness
from document import Document
from harness import Target, target_path
from tap import Tap

tap = Tap()

VANISHING = 200
STORMS = 60


def check(result, statuses):
    if result.status not in (0, 1, 3):
        return [str(result)]
    statuses[result.status] += 1
    if result.status == 1:
        return [] if result.message and not result.output else [f"{result}: no message"]
    document = Document(result.output)
    faults = checker.check_sums(document) + checker.check_block_rules(document)
    if result.status == 3 and not (result.message or document.notes):
        faults.append("a partial result that does not say what is missing")
    regions = [r for r in document.regions if r.start is not None]
    for one, two in zip(regions, regions[1:]):
        if one.end > two.start:
            faults.append(f"{one.address_text} and {two.address_text} overlap")
    if not any(r.start is not None and r.type != "Free" for r in document.regions):
        faults.append(f"{result}: an empty map")
    return faults


def test_vanishing():
    """Each process lives for some milliseconds and is scanned at some point of them."""
    statuses = {0: 0, 1: 0, 3: 0}
    faults = []
    chance = random.Random(1)
    path = target_path("churn")
    for _ in range(VANISHING):
        child = subprocess.Popen([path, "brief"], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL)
        try:
            time.sleep(chance.random() * 0.008)
            faults += check(harness.run("-p", child.pid, "-", "--format=csv", seconds=30), statuses)
        finally:
            child.kill()
            child.wait()
    tap.note(f"vanishing: whole {statuses[0]}, partial {statuses[3]}, error {statuses[1]}")
    return faults


def test_storm():
    statuses = {0: 0, 1: 0, 3: 0}
    faults = []
    with Target([target_path("churn")]) as target:
        for _ in range(STORMS):
            faults += check(harness.run("-p", target.pid, "-", "--format=csv", seconds=30),
                            statuses)
        if target.process.poll() is not None:
            faults.append("the storm has ended by itself")
    tap.note(f"storm: whole {statuses[0]}, partial {statuses[3]}, error {statuses[1]}")
    if statuses[0] + statuses[3] == 0:
        faults.append("not one scan gave a map")
    return faults


def test_list_in_storm():
    faults = []
    with Target([target_path("churn")]):
        for _ in range(20):
            result = harness.run("list", seconds=30)
            if result.status != 0:
                faults.append(str(result))
    return faults


tap.run(f"{VANISHING} processes that vanish", test_vanishing)
tap.run(f"{STORMS} scans of one that never holds still", test_storm)
tap.run("list meanwhile", test_list_in_storm)
tap.end()
