# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what the program says of a process that stands still with the kernel itself.

It shares nothing with the program but docs/semantics.md. By hand:
    ATLAS_PROGRAM=_build/src/mematlas /usr/bin/python3 tests/live/checker.py PID
stops the process, checks it, lets it go on and prints what does not agree.
"""

import collections
import os
import re
import signal
import sys

import harness
import kernel
from document import TYPES, Document

SUMMED = ("size", "committed", "private", "total_ws", "private_ws", "shareable_ws", "shared_ws",
          "locked_ws", "blocks", "pss", "swap", "swap_pss", "huge", "referenced", "dirty",
          "lazy_free", "ksm")

PROTECTION = {
    "---": "No Access", "r--": "Read", "-w-": "Write", "rw-": "Read/Write", "--x": "Execute",
    "r-x": "Execute/Read", "-wx": "Execute/Write", "rwx": "Execute/Read/Write",
}

THREAD = re.compile(r"^Thread ID: (\d+)")


class Noise(str):
    """A fault that another process may have caused; the same one again and again is real."""

    def __new__(cls, text, key):
        fault = super().__new__(cls, text)
        fault.key = key
        return fault


class Scan:
    """One scan with the readings of the kernel before it and at its end."""

    def __init__(self, pid, full=True):
        self.pid = pid
        self.before = kernel.Reading(pid)
        self.result, self.during = harness.scan(pid, lambda: kernel.Reading(pid))
        self.threads = kernel.read_threads(pid)
        self.document = Document(self.result.output)
        self.full = full


def check_still(scan):
    """The target did not move, and the scan changed nothing in it."""
    one = [(b.start, b.end, b.get("Rss"), b.private_ws) for b in scan.before.blocks]
    two = [(b.start, b.end, b.get("Rss"), b.private_ws) for b in scan.during.blocks]
    faults = []
    if one != two:
        for a, b in zip(one, two):
            if a != b:
                faults.append(f"the target changed during the scan: {a} became {b}")
        faults = faults or ["the target's blocks changed during the scan"]
    return faults


def check_status(scan):
    if scan.result.status == 0:
        return [f"unexpected message: {scan.result.message}"] if scan.result.message else []
    return [str(scan.result)]


def check_sums(document):
    """Region = sum of its blocks, type = sum of its regions, Total = sum of the types."""
    faults = list(document.faults)
    types = {name: collections.Counter() for name in TYPES}
    largest = collections.Counter()
    n_blocks = collections.Counter()
    for region in document.regions:
        if region.type not in TYPES[1:]:
            faults.append(f"{region.address_text}: unknown type {region.type!r}")
            continue
        sums = collections.Counter()
        for block in region.blocks:
            sums.update({name: block.figures[name] for name in SUMMED if name != "blocks"})
            if block.type != region.type:
                faults.append(f"{block.address_text}: type {block.type} in a {region.type}")
        for name in SUMMED:
            wanted = len(region.blocks) if name == "blocks" else sums[name]
            if region.type == "Free":
                continue
            if region.figures[name] != wanted:
                faults.append(
                    f"region {region.address_text} {region.type}: {name} is "
                    f"{region.figures[name]}, its blocks are {wanted}"
                )
        types[region.type].update({name: region.figures[name] for name in SUMMED})
        largest[region.type] = max(largest[region.type], region.size)
        n_blocks[region.type] += len(region.blocks)
        if region.type != "Free":
            if not region.reason:
                faults.append(f"region {region.address_text} {region.type}: no reason")
            if not region.blocks:
                faults.append(f"region {region.address_text} {region.type}: no blocks")

    for name in TYPES[1:-1]:
        for figure in SUMMED:
            if document.summary[name][figure] != types[name][figure]:
                faults.append(
                    f"summary {name}: {figure} is {document.summary[name][figure]}, its regions "
                    f"are {types[name][figure]}"
                )
        if document.summary[name]["largest"] != largest[name]:
            faults.append(f"summary {name}: largest is {document.summary[name]['largest']}, "
                          f"not {largest[name]}")
    for figure in SUMMED:
        wanted = sum(document.summary[name][figure] for name in TYPES[1:-1])
        if document.summary["Total"][figure] != wanted:
            faults.append(f"Total: {figure} is {document.summary['Total'][figure]}, the types "
                          f"are {wanted}")
    if document.summary["Total"]["largest"] != max(largest[name] for name in TYPES[1:-1]):
        faults.append("Total: largest is not that of its types")
    return faults


def check_block_rules(document):
    faults = []
    for region in document.regions:
        for block in region.blocks:
            f = block.figures
            where = f"block {block.address_text} {block.type}"
            if f["total_ws"] != f["private_ws"] + f["shareable_ws"]:
                faults.append(f"{where}: Total WS is not Private WS + Shareable WS: {f}")
            if f["shared_ws"] > f["shareable_ws"]:
                faults.append(f"{where}: Shared WS is more than Shareable WS: {f}")
            if not f["private"] <= f["committed"] <= f["size"]:
                faults.append(f"{where}: not Private <= Committed <= Size: {f}")
    return faults


def check_blocks(scan):
    """Each block is one line of maps, each of its figures what smaps and pagemap say."""
    faults = []
    rows = {}
    for region in scan.document.regions:
        for block in region.blocks:
            if block.start is not None:
                rows[block.start] = block
    for start in sorted(set(rows) ^ set(scan.before.by_start)):
        where = "the program" if start in rows else "the kernel"
        faults.append(f"block {start:016X} is known only to {where}")
    for start, block in scan.before.by_start.items():
        row = rows.get(start)
        if row is None:
            continue
        wanted = block.figures()
        later = scan.during.by_start[start].figures() if start in scan.during.by_start else wanted
        for name, value in wanted.items():
            got = row.figures[name]
            if name in kernel.OTHERS:
                # Other processes can change these: a value between two readings is right.
                good = min(value, later[name]) <= got <= max(value, later[name])
            else:
                good = got == value
            if not good:
                text = (f"block {start:016X} {row.type} {block.permissions} {block.path!r}: {name} "
                        f"is {got}, the kernel says {value}")
                if later[name] != value:
                    text += f" .. {later[name]}"
                faults.append(Noise(text, (start, name)) if name in kernel.OTHERS else text)
        words = PROTECTION[block.permissions[:3]] + (
            ", Shared" if block.permissions[3] == "s" else ""
        )
        if row.protection != words:
            faults.append(f"block {start:016X}: protection {row.protection!r}, not {words!r}")
    return faults


def address_limits(reading):
    """Where the addresses of a process can end: 32-bit, 47-bit or 57-bit."""
    page = kernel.PAGE
    ends = [1 << 47, (1 << 47) - page, 1 << 56, (1 << 56) - page, 1 << 48]
    with open(f"/proc/{reading.pid}/exe", "rb") as file:
        if file.read(5) == b"\x7fELF\x01":  # below x86-64 two pages stay free
            return [1 << 32, (1 << 32) - page, (1 << 32) - 2 * page, 0xC0000000]
    return ends


def check_tiling(scan):
    """Regions are disjoint, ascending, and fill the address space together with Free."""
    faults = []
    document = scan.document
    regions = [r for r in document.regions if r.start is not None]
    seen = [r for r in regions if r.type != "Free"]
    for one, two in zip(regions, regions[1:]):
        if one.end > two.start:
            faults.append(f"{one.address_text} and {two.address_text} overlap or are out of order")
    for region in seen:
        at = region.start
        for block in region.blocks:
            if block.start != at:
                faults.append(f"region {region.address_text}: its blocks do not touch")
                break
            at = block.end

    # What the kernel left free below the end of the user addresses.
    limit = None
    used = sum(b.size for b in scan.before.blocks if b.path != b"[vsyscall]")
    free = document.summary["Free"]["size"]
    for end in address_limits(scan.before):
        if used + free == end:
            limit = end
    if limit is None:
        faults.append(f"mapped {used:#x} and Free {free:#x} add up to {used + free:#x}, which is "
                      "not the end of any address space")
        return faults
    gaps = []
    at = 0
    for block in scan.before.blocks:
        if block.start >= limit:
            continue
        if block.start > at:
            gaps.append((at, block.start))
        at = block.end
    if at < limit:
        gaps.append((at, limit))
    if document.summary["Free"]["blocks"] != len(gaps):
        faults.append(f"Free: {document.summary['Free']['blocks']} gaps, not {len(gaps)}")
    if document.summary["Free"]["largest"] != max(b - a for a, b in gaps):
        faults.append("Free: the largest gap is another one")
    rows = [(r.start, r.end) for r in regions if r.type == "Free"]
    if rows and rows != gaps:
        faults.append(f"the rows of Free are not the gaps: {len(rows)} and {len(gaps)}")
    return faults


def check_totals(scan):
    """The sums against what the kernel itself sums up."""
    faults = []
    rows = [b for r in scan.document.regions for b in r.blocks if b.start is not None]
    vsyscall = sum(b.size for b in scan.before.blocks if b.path == b"[vsyscall]")

    def total(name):
        return sum(row.figures[name] for row in rows)

    # The one mapping in maps that VmSize leaves out: it belongs to the kernel, not to the mm.
    if total("size") != scan.before.status["VmSize"] + vsyscall:
        faults.append(f"sum of Size {total('size')} is not VmSize {scan.before.status['VmSize']} "
                      f"+ vsyscall {vsyscall}")
    rollup = scan.before.rollup
    hugetlb = rollup.get("Shared_Hugetlb", 0) + rollup.get("Private_Hugetlb", 0)
    if total("total_ws") != rollup["Rss"] + hugetlb:
        faults.append(f"Total WS {total('total_ws')} is not Rss {rollup['Rss']} + {hugetlb}")
    # smaps rounds the Pss of each block down to a KiB, smaps_rollup the sum.
    bounds = [r.rollup["Pss"] for r in (scan.before, scan.during)]
    slack = 1024 * sum(1 for row in rows if row.figures["total_ws"])
    if not min(bounds) - slack <= total("pss") <= max(bounds):
        faults.append(Noise(f"sum of PSS {total('pss')} is not within {slack} below {bounds}", "pss"))
    if total("swap") != rollup["Swap"]:
        faults.append(f"sum of Swap {total('swap')} is not {rollup['Swap']}")
    return faults


def check_kernel_memory(scan):
    """Memory of the kernel that exists because of the process: it has no address."""
    faults = []
    rows = [r for r in scan.document.regions if r.start is None]
    if any(r.type != "System" for r in rows):
        faults.append("a region without an address is not System")
    tables = [r for r in rows if r.size == scan.before.status["VmPTE"]]
    if not tables:
        faults.append(f"no region is the page tables: VmPTE {scan.before.status['VmPTE']}, rows "
                      f"{[(r.details, r.size) for r in rows]}")
    # No file says how large a kernel stack is; on x86-64 it has been 16 KiB since 3.15.
    if os.uname().machine == "x86_64":
        stacks = len(scan.threads) * 16384
        if not any(r.size == stacks for r in rows if r not in tables[:1]):
            faults.append(f"no region is the {len(scan.threads)} kernel stacks of 16 KiB: "
                          f"{[(r.details, r.size) for r in rows]}")
    return faults


def stack_block(reading, thread, others):
    """The block that is this thread's stack and nothing else: its stack pointer and its thread
    control block lie in it, the control block at the upper end, and no other thread's do."""
    if thread.tid == reading.pid:
        return next((b for b in reading.blocks if b.path == b"[stack]"), None)
    if not thread.stack_pointer or not thread.robust_list:
        return None
    block = reading.find(thread.stack_pointer)
    if block is None or not block.start <= thread.robust_list < block.end:
        return None
    if block.end - thread.robust_list > 64 * 1024 or "w" not in block.permissions:
        return None
    for other in others:
        if other is not thread and other.robust_list:
            if block.start <= other.robust_list < block.end:
                return None
    return block


def stack_rows(document):
    rows = collections.defaultdict(list)
    for region in document.regions:
        match = THREAD.match(region.details)
        if region.type == "Stack" and match:
            rows[int(match[1])].append(region)
    return rows


def check_stacks(scan, expected=None):
    """As many Stack regions with a thread id as there are threads whose stack is a mapping of its
    own, each at the right place. @expected: {tid: block or None} where the target says so."""
    faults = []
    if expected is None:
        expected = {
            thread.tid: stack_block(scan.before, thread, scan.threads) for thread in scan.threads
        }
    rows = stack_rows(scan.document)
    for tid, block in expected.items():
        regions = rows.pop(tid, [])
        if block is None:
            faults += [f"thread {tid}: its stack is no mapping of its own, but region "
                       f"{r.address_text} claims it" for r in regions]
        elif len(regions) != 1:
            region, _ = scan.document.find(block.start)
            faults.append(f"thread {tid}: {len(regions)} Stack regions; its stack is "
                          f"{block.start:016X}, shown as {region.type} {region.details!r}")
        elif not regions[0].start <= block.start < block.end <= regions[0].end:
            faults.append(f"thread {tid}: its stack is {block.start:016X}, not "
                          f"{regions[0].address_text}")
    for tid, regions in rows.items():
        faults.append(f"region {regions[0].address_text} claims thread {tid}, of which nothing "
                      "is known")
    return faults


def check_threads_named(scan):
    """A Stack shows the name of its thread, control characters escaped."""
    faults = []
    rows = stack_rows(scan.document)
    for thread in scan.threads:
        name = "".join(chr(b) if 0x20 <= b < 0x7F else f"\\{b:03o}" for b in thread.name)
        for region in rows.get(thread.tid, []):
            if name not in region.details:
                faults.append(f"thread {thread.tid} is named {name!r}, shown {region.details!r}")
    return faults


def check_all(scan, stacks=None):
    faults = check_still(scan) + check_status(scan)
    faults += check_sums(scan.document) + check_block_rules(scan.document)
    faults += check_blocks(scan) + check_tiling(scan) + check_totals(scan)
    faults += check_kernel_memory(scan) + check_stacks(scan, stacks) + check_threads_named(scan)
    return faults


def repeat(look, attempts=8):
    """What @look finds wrong. Others may begin or end to map a page in the very moment of a scan: what
    they can have caused counts only where every scan shows it."""
    faults = []
    for attempt in range(attempts):
        found = look()
        noise = [fault for fault in found if isinstance(fault, Noise)]
        if len(noise) < len(found) or not noise:
            return found
        keys = {fault.key for fault in noise}
        faults = [f for f in faults if f.key in keys] if attempt else noise
        if not faults:
            break
    return faults


def check_process(pid):
    """(the last scan, the faults) of a process that stands still."""
    scans = []

    def look():
        scans.append(Scan(pid))
        return check_all(scans[-1])

    faults = repeat(look)
    return scans[-1], faults


def check_target(pid, report, stacks=None):
    """The faults of a target that stands still, and what the target itself says of it."""
    def look():
        scan = Scan(pid)
        where = expected_stacks(scan, stacks or report)
        return check_all(scan, where) + check_expectations(scan, report)

    return repeat(look)


def expected_stacks(scan, report):
    """What the target knows of its threads: a stack is a mapping of its own where it fills its
    block, but for the few KiB that the C library keeps at the upper end."""
    if not any("thread" in item for item in report["items"]):
        return None
    stacks = {scan.pid: next(b for b in scan.before.blocks if b.path == b"[stack]")}
    items = [item for item in report["items"] if "thread" in item]
    for item in items:
        start, end = item["start"], item["start"] + item["size"]
        block = scan.before.find(end - 1)
        own = block.start >= start - kernel.PAGE and block.end - end < 64 * 1024
        for other in items:
            if other is not item and block.start <= other["start"] + other["size"] - 1 < block.end:
                own = False
        if item["own"] and not own:
            item["merged"] = True
        stacks[item["thread"]] = block if own else None
    return stacks


def check_expectations(scan, report):
    """Types, labels and exact amounts as the target itself made them."""
    faults = []
    for item in report["items"]:
        if "type" not in item:
            continue
        what = f"{report['kind']}: {item['what']}"
        region, block = scan.document.find(item["start"])
        if region is None:
            if not item.get("may_be_gone"):
                faults.append(f"{what}: no region at {item['start']:016X}")
            continue
        guessed = item.get("or_guess") and region.reason.startswith("probably")
        if region.type not in item["type"].split("|") and not guessed:
            faults.append(f"{what}: shown as {region.type} {region.details!r} ({region.reason}), "
                          f"is {item['type']}")
        if item.get("details", "") not in region.details:
            faults.append(f"{what}: details are {region.details!r}, expected {item['details']!r}")
        if item.get("no_thread") and THREAD.match(region.details):
            faults.append(f"{what}: claimed for {region.details!r}")
        if item["size"]:
            faults += check_amounts(what, item, region)
    return faults


def check_amounts(what, item, region):
    faults = []
    start, end = item["start"], item["start"] + item["size"]
    blocks = [b for b in region.blocks if start <= b.start and b.end <= end]
    if sum(b.size for b in blocks) != item["size"]:
        return [f"{what}: the blocks of region {region.address_text} do not cover it"]
    if item.get("region") and (region.start, region.end) != (start, end):
        faults.append(f"{what}: its region is {region.start:x}-{region.end:x}")
    for name in SUMMED:
        if name not in item:
            continue
        got = len(blocks) if name == "blocks" else sum(b.figures[name] for b in blocks)
        if got != item[name]:
            faults.append(f"{what}: {name} is {got}, the target made {item[name]}")
    return faults


def labels(document):
    """Resident bytes by how well they are explained: (nothing better than "private memory"; laid to
    the program's allocator or runtime only because nobody else claims them; a guess by shape; all)."""
    bare = rest = guess = total = 0
    for region in document.regions:
        resident = region.figures["total_ws"]
        total += resident
        if region.type == "Private" and not region.details:
            bare += resident
        elif "nothing else" in region.reason:
            rest += resident
        elif region.reason.startswith("probably"):
            guess += resident
    return bare, rest, guess, total


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit("usage: checker.py PID")
    pid = int(sys.argv[1])
    os.kill(pid, signal.SIGSTOP)
    try:
        harness.wait_for(lambda: harness.is_still(pid), 10, "the process to stop")
        scan, faults = check_process(pid)
    finally:
        os.kill(pid, signal.SIGCONT)
    for fault in faults:
        print(fault)
    bare, rest, guess, resident = labels(scan.document)
    print(f"{len(scan.before.blocks)} blocks, {len(faults)} faults, "
          f"of the resident bytes {100 * bare / max(resident, 1):.1f} % are private memory without a "
          f"label, {100 * rest / max(resident, 1):.1f} % labelled by exclusion, "
          f"{100 * guess / max(resident, 1):.1f} % by shape")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
