# SPDX-License-Identifier: GPL-3.0-or-later
"""What may not or cannot be scanned: exit status and message, never a crash, a hang or a lie."""

import os
import shutil
import subprocess
import sys

import harness
from harness import Directory, Target, target_path
from tap import Skip, Tap

tap = Tap()


def expect(result, status, *words):
    """@words: each is a text, or several separated by '|', that stderr must hold."""
    faults = []
    if result.status != status:
        faults.append(f"{result}: expected exit status {status}")
    if result.output:
        faults.append(f"something on stdout: {result.output[:200]!r}")
    for word in words:
        if not any(choice.lower() in result.message.lower() for choice in word.split("|")):
            faults.append(f"the message does not say {word!r}: {result.message!r}")
    if "CRITICAL" in result.message or "WARNING" in result.message:
        faults.append(f"a complaint of a library: {result.message!r}")
    if "\x1b" in result.message or "\n\n" in result.message:
        faults.append(f"a message that is no line: {result.message!r}")
    return faults


def test_no_such_pid():
    with open("/proc/sys/kernel/pid_max", encoding="ascii") as file:
        pid = int(file.read())
    return (expect(harness.run("-p", pid, "-"), 1, str(pid))
            + expect(harness.run("-p", 2147483647, "-"), 1, "2147483647")
            + expect(harness.run("-p", "99999999999999999999", "-"), 1, "9999999999"))


def test_ended_pid():
    done = subprocess.Popen(["/bin/true"])
    done.wait()
    return expect(harness.run("-p", done.pid, "-"), 1, str(done.pid))


def test_no_such_name():
    return expect(harness.run("-p", "no-such-name-anywhere-" + "x" * 20, "-"), 1, "no-such-name")


def test_zombie():
    child = os.fork()
    if child == 0:
        os._exit(0)
    try:
        harness.wait_for(lambda: harness.read_state(child) == "Z", 10, "the zombie")
        return expect(harness.run("-p", child, "-"), 1, str(child), "zombie|ended|exited|defunct")
    finally:
        os.waitpid(child, 0)


def test_thread_group_leader_gone():
    """The first thread has ended, the others live on: the map is there only for the others."""
    code = ("import ctypes, threading, time, sys\n"
            "threading.Thread(target=time.sleep, args=(1000,)).start()\n"
            "print('ready', flush=True)\n"
            "ctypes.CDLL(None).syscall(60 if sys.maxsize else 0, 0)\n")
    if os.uname().machine != "x86_64":
        raise Skip("the number of exit() is known here for x86-64 only")
    with Target([sys.executable, "-c", code], b"ready\n") as target:
        harness.wait_for(lambda: harness.read_state(target.pid) == "Z", 10, "the end of a thread")
        result = harness.run("-p", target.pid, "-", "--format=csv")
        if result.status not in (0, 1, 3):
            return [str(result)]
        return [] if result.status == 0 or result.message else ["no message"]


def test_kernel_thread():
    pid = next((int(p) for p in os.listdir("/proc") if p.isdigit() and is_kernel_thread(p)), None)
    if pid is None:
        raise Skip("no kernel thread can be seen in this container")
    return expect(harness.run("-p", pid, "-"), 1, str(pid), "kernel")


def is_kernel_thread(pid):
    try:
        return int(harness.read_stat(pid)[6]) & 0x00200000 != 0
    except (OSError, IndexError):
        return False


def test_other_user():
    nobody = harness.as_nobody()
    with Target([target_path("plain")]) as target:
        result = harness.run("-p", target.pid, "-", prefix=nobody)
        return expect(result, 1, str(target.pid), "CAP_|root|sudo")


def test_other_user_by_name():
    nobody = harness.as_nobody()
    with Target([target_path("plain"), "atlas-other"]) as target:
        result = harness.run("-p", "atlas-other", "-", prefix=nobody)
        return expect(result, 1, str(target.pid), "CAP_|root|sudo")


def test_set_user_id():
    """Nobody starts it, but it runs as root: nobody may not look."""
    nobody = harness.as_nobody()
    with Directory() as directory:
        path = os.path.join(directory, "target-plain")
        shutil.copy(target_path("plain"), path)
        os.chmod(path, 0o4755)
        with Target([*nobody[:-2], path]) as target:
            if os.stat(f"/proc/{target.pid}").st_uid != 0:
                raise Skip("the temporary directory does not allow set-user-ID")
            result = harness.run("-p", target.pid, "-", prefix=nobody)
            return expect(result, 1, str(target.pid), "CAP_|root|sudo")


def test_cannot_write():
    faults = []
    with Target([target_path("plain")]) as target, Directory() as directory:
        missing = os.path.join(directory, "missing", "out.csv")
        faults += expect(harness.run("-p", target.pid, missing), 1, "out.csv|missing")
        old = os.path.join(directory, "old.csv")
        with open(old, "w", encoding="ascii") as file:
            file.write("old")
        faults += expect(harness.run("-p", 2147483647, old), 1, "2147483647")
        with open(old, encoding="ascii") as file:
            if file.read() != "old":
                faults.append("a scan that failed damaged the file that was there")
        if os.listdir(directory) != ["old.csv"]:
            faults.append(f"left behind: {os.listdir(directory)}")
        if os.path.exists("/dev/full"):
            result = harness.run("-p", target.pid, "/dev/full")
            if result.status != 1:
                faults.append(f"/dev/full: {result}")
            if not os.path.exists("/dev/full") or not os.stat("/dev/full").st_rdev:
                faults.append("/dev/full was replaced by a file")
    return faults


def test_name_with_everything():
    """A name that breaks careless readers of stat is found, scanned and written as one line."""
    with Target([target_path("plain"), "z) R 1\nq (\xff"]) as target:
        listed = harness.run("list")
        found = harness.run("-p", "z) R 1", "-", "--format=csv")
        faults = []
        if listed.status != 0:
            faults.append(f"list: {listed}")
        if len([l for l in listed.output.split(b"\n") if l.split()[:1] == [b"%d" % target.pid]]) != 1:
            faults.append(f"list does not show process {target.pid} in one line")
        if found.status != 0:
            faults.append(f"-p by name: {found}")
        return faults


def test_list_without_rights():
    with Target([target_path("plain")]) as target:
        result = harness.run("list", prefix=harness.as_nobody())
        line = [l for l in result.output.split(b"\n") if l.split()[:1] == [b"%d" % target.pid]]
        if result.status != 0:
            return [str(result)]
        if len(line) != 1:
            return [f"process {target.pid} is listed {len(line)} times"]
        return []


for name, function in (
    ("no such pid", test_no_such_pid),
    ("pid of a process that has ended", test_ended_pid),
    ("no such name", test_no_such_name),
    ("zombie", test_zombie),
    ("first thread gone", test_thread_group_leader_gone),
    ("kernel thread", test_kernel_thread),
    ("process of another user", test_other_user),
    ("process of another user, by name", test_other_user_by_name),
    ("set-user-ID process", test_set_user_id),
    ("output cannot be written", test_cannot_write),
    ("name with everything", test_name_with_everything),
    ("list without rights", test_list_without_rights),
):
    tap.run(name, function)
tap.end()
