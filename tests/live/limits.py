# SPDX-License-Identifier: GPL-3.0-or-later
"""The largest maps there are: as many blocks as the kernel allows, and a reservation of 16 TiB."""

import resource

import checker
import harness
from harness import Directory, Target, target_path
from tap import Skip, Tap

tap = Tap()


def check(target):
    target.hold()
    return checker.check_target(target.pid, target.report)


def test_blocks():
    with open("/proc/sys/vm/max_map_count", encoding="ascii") as file:
        n = min(int(file.read()) - 60, 65470)
    if n < 10000:
        raise Skip(f"vm.max_map_count allows only {n} blocks")
    with Target([target_path("blocks"), str(n)]) as target:
        return check(target)


def test_sparse():
    with Target([target_path("sparse")]) as target:
        return check(target)


def test_memory():
    """The program itself stays small: a reservation of 16 TiB has 32 GiB of pagemap."""
    limit = 1 << 30

    with Target([target_path("sparse")]) as target, Directory() as directory:
        target.hold()
        prefix = ["/bin/sh", "-c", f"ulimit -v {limit >> 10}; exec \"$@\"", "sh"]
        result = harness.run("-p", target.pid, directory + "/out.csv", prefix=prefix)
        return [] if result.status == 0 else [f"with at most 1 GiB of addresses: {result}"]


def test_stack_limit():
    """The main stack may be unlimited: it is no smaller or larger for it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if hard != resource.RLIM_INFINITY:
        raise Skip("the stack cannot be made unlimited")
    resource.setrlimit(resource.RLIMIT_STACK, (hard, hard))
    try:
        with Target([target_path("plain")]) as target:
            return check(target)
    finally:
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))


tap.run("65,470 blocks", test_blocks)
tap.run("16 TiB with 20,000 pages", test_sparse)
tap.run("16 TiB in little memory", test_memory)
tap.run("unlimited stack", test_stack_limit)
tap.end()
