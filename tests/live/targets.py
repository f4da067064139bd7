# SPDX-License-Identifier: GPL-3.0-or-later
"""Every target of tests/targets, stopped, scanned and compared with the kernel."""

import os
import shutil

import checker
import harness
from harness import Target, target_path
from tap import Skip, Tap

tap = Tap()


def check(target):
    report = target.report
    target.hold()
    faults = checker.check_target(target.pid, report)
    for item in report["items"]:
        if "skip" in item:
            tap.skip(f"{report['kind']}: {item['what']}", item["skip"])
        if item.get("merged"):
            tap.note(f"{report['kind']}: {item['what']}: the kernel merged this stack with another")
    return faults


def test(name, *arguments, **options):
    def run():
        with Target([target_path(name), *arguments], **options) as target:
            return check(target)

    tap.run(" ".join([name, *map(os.path.basename, arguments)]), run)


def test_files():
    with harness.Directory() as directory:
        plugin = os.path.join(harness.TARGETS, "libtarget-plugin.so")
        with Target([target_path("files"), directory, plugin]) as target:
            return check(target)


class HugePages:
    """A few pages of hugetlb for the time of a test, where that can be had."""

    PATH = "/proc/sys/vm/nr_hugepages"

    def __enter__(self):
        self.old = None
        try:
            with open(self.PATH, encoding="ascii") as file:
                old = file.read()
            with open(self.PATH, "w", encoding="ascii") as file:
                file.write(str(int(old) + 8))
            self.old = old
        except OSError:
            pass

    def __exit__(self, *_):
        if self.old is not None:
            with open(self.PATH, "w", encoding="ascii") as file:
                file.write(self.old)


def test_with_hugetlb(name):
    with HugePages(), Target([target_path(name)]) as target:
        return check(target)


def test_namespace(*options):
    """Scanned from outside by the pid that it has outside."""
    unshare = harness.find_program("unshare")
    command = [unshare, *options, "--fork", "--kill-child", target_path("threads")]
    try:
        target = Target(command)
    except AssertionError as error:
        raise Skip(f"unshare is not allowed here: {error}") from error
    with target:
        inner = next(
            pid for pid in harness.descendants(target.pid)
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "target-threads"
        )
        target.hold()
        # Its own numbers of its threads are those of its namespace: the last one of NSpid.
        ids = {}
        for tid in map(int, os.listdir(f"/proc/{inner}/task")):
            with open(f"/proc/{inner}/task/{tid}/status", encoding="utf-8", errors="replace") as file:
                numbers = next(line for line in file if line.startswith("NSpid:")).split()
            ids[int(numbers[-1])] = tid
        outer = {"items": [
            {**item, "thread": ids[item["thread"]]}
            for item in target.report["items"] if "thread" in item
        ]}
        return checker.check_target(inner, target.report, outer)


def test_other_user():
    """Root looks at a process of somebody else."""
    with harness.Directory() as directory:
        path = os.path.join(directory, "target-plain")
        shutil.copy(target_path("plain"), path)
        os.chmod(path, 0o755)
        with Target([*harness.as_nobody(), path]) as target:
            return check(target)


def test_deleted_program():
    """The program's file is gone: its map is as it was."""
    with harness.Directory() as directory:
        path = os.path.join(directory, "target-plain")
        shutil.copy(target_path("plain"), path)
        with Target([path]) as target:
            os.unlink(path)
            return check(target)


def test_replaced_program():
    """Another program has been put in the place of the file: what is mapped is the old one."""
    with harness.Directory() as directory:
        path = os.path.join(directory, "target-plain")
        shutil.copy(target_path("plain"), path)
        with Target([path]) as target:
            shutil.copy(target_path("sparse"), path + ".new")
            os.rename(path + ".new", path)
            return check(target)


def test_program_in_other_mounts():
    """The program's file is on a file system that only the process itself sees; at the same path
    there is another file outside."""
    unshare = harness.find_program("unshare")
    with harness.Directory() as directory:
        shutil.copy(target_path("sparse"), os.path.join(directory, "target-plain"))
        script = (f"mount -t tmpfs none {directory} && cp {target_path('plain')} {directory} && "
                  f"exec {directory}/target-plain")
        try:
            target = Target([unshare, "--mount", "--propagation", "private", "/bin/sh", "-c", script])
        except AssertionError as error:
            raise Skip(f"unshare or mount is not allowed here: {error}") from error
        with target:
            return check(target)


def test_setuid():
    """A process that runs with another user's rights: nobody starts what belongs to root."""
    with harness.Directory() as directory:
        path = os.path.join(directory, "target-plain")
        shutil.copy(target_path("plain"), path)
        os.chmod(path, 0o4755)
        with Target([*harness.as_nobody()[:-2], path]) as target:
            if os.stat(f"/proc/{target.pid}").st_uid != 0:
                raise Skip("the temporary directory does not allow set-user-ID")
            return check(target)


def test_own_user():
    """The program without any right, on a process of the same user."""
    with harness.Directory() as directory:
        path = os.path.join(directory, "target-plain")
        shutil.copy(target_path("plain"), path)
        os.chmod(path, 0o755)
        nobody = harness.as_nobody()
        with Target([*nobody, path]) as target:
            target.hold()
            result = harness.run("-p", target.pid, "-", "--format=csv", prefix=nobody)
            if result.status not in (0, 3):
                return [str(result)]
            scan = checker.Scan(target.pid)
            scan.document = checker.Document(result.output)
            return checker.check_sums(scan.document) + checker.check_block_rules(scan.document)


test("anonymous")
test("shared")
test("forked")
tap.run("files", test_files)
tap.run("anonymous with hugetlb", test_with_hugetlb, "anonymous")
tap.run("shared with hugetlb", test_with_hugetlb, "shared")
for variant in ("", "-static", "-static-pie", "-no-pie", "-32"):
    test("plain" + variant)
test("plain", "a) R 1\nb (c")
test("heap", "6")
test("threads")
test("threads", "200")
test("threads-musl")
tap.run("in other pid and mount namespaces", test_namespace, "--pid", "--mount", "--mount-proc")
tap.run("in another user namespace", test_namespace, "--user", "--map-root-user")
tap.run("process of another user", test_other_user)
tap.run("program deleted", test_deleted_program)
tap.run("program replaced", test_replaced_program)
tap.run("program in another mount namespace", test_program_in_other_mounts)
tap.run("set-user-ID process", test_setuid)
tap.run("own process without rights", test_own_user)
tap.end()
