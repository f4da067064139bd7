# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts what is to be scanned, holds it still, runs the program on it, and leaves nothing behind.

Every process is ended by its pid, its descendants as well, also when a test fails; temporary
directories go with them.
"""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from tap import Skip

PROGRAM = os.environ.get("ATLAS_PROGRAM", "mematlas")
TARGETS = os.environ.get("ATLAS_TARGETS", ".")
NOBODY = 65534
F_SETPIPE_SZ = 1031


def target_path(name):
    path = os.path.join(TARGETS, "target-" + name)
    if not os.path.exists(path):
        raise Skip(f"target-{name} was not built: the compiler or library for it is missing")
    return path


def find_program(name, *folders):
    for folder in folders:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    path = shutil.which(name)
    if path is None:
        raise Skip(f"{name} is not installed")
    return path


def read_stat(pid):
    """The fields of stat from the state on; the name before may hold anything."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()


def read_state(pid):
    try:
        return read_stat(pid)[0].decode()
    except OSError:
        return None


def descendants(pid):
    """@pid and everything below it, parents first."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                children.setdefault(int(read_stat(entry)[1]), []).append(int(entry))
            except (OSError, IndexError):
                pass
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def is_still(pid):
    """Every thread is stopped and off the processor."""
    try:
        for tid in os.listdir(f"/proc/{pid}/task"):
            if read_stat(f"{pid}/task/{tid}")[0] not in (b"T", b"t", b"Z", b"X"):
                return False
        return True
    except OSError:
        return True


class Target:
    """A process that a test started, and the directory it may use."""

    def __init__(self, arguments, ready=None, seconds=60, **options):
        self.directory = None
        self.report = None
        self.stopped = []
        self.process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            **options,
        )
        self.pid = self.process.pid
        self.known = {self.pid}
        self.output = b""
        try:
            self.wait_ready(ready, seconds)
        except BaseException:
            self.close()
            raise

    def wait_ready(self, ready, seconds):
        """@ready: text that the program prints when it is; None: a line of JSON."""
        mark = b"\n" if ready is None else ready
        deadline = time.monotonic() + seconds
        while mark not in self.output:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise AssertionError(f"{self.process.args}: not ready within {seconds} s")
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                raise AssertionError(
                    f"{self.process.args}: ended with {self.process.wait()}: {self.output[-300:]!r}"
                )
            self.output += part
        if ready is None:
            self.report = json.loads(self.output)

    def hold(self, pid=None):
        """Stops @pid and everything else that this target started: nothing below changes."""
        family = descendants(self.pid)
        self.known.update(family)
        for one in family:
            send(one, signal.SIGSTOP)
            self.stopped.append(one)
        for one in family:
            wait_for(lambda: is_still(one), 10, f"process {one} to stop")
        return pid or self.pid

    def release(self):
        for one in self.stopped:
            send(one, signal.SIGCONT)
        self.stopped = []

    def close(self):
        self.known.update(descendants(self.pid))
        if self.process.poll() is None:
            for one in [self.pid] + sorted(self.known - {self.pid}):
                send(one, signal.SIGKILL)
                send(one, signal.SIGCONT)
        else:
            for one in self.known - {self.pid}:
                send(one, signal.SIGKILL)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        if self.directory is not None:
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Directory:
    """A temporary directory; anybody may look into it."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="atlas-live-")
        os.chmod(self.path, 0o755)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def environment():
    """What the program runs in: no display, plain messages."""
    variables = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    variables.update(LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals")
    return variables


class Result:
    def __init__(self, status, output, message):
        self.status, self.output, self.message = status, output, message

    def __str__(self):
        return f"exit status {self.status}, stderr {self.message!r}"


def run(*arguments, seconds=60, prefix=(), cwd=None):
    """Runs the program to its end; a hang is a failure."""
    try:
        done = subprocess.run(
            [*prefix, PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env=environment(),
            cwd=cwd,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AssertionError(f"{PROGRAM} {arguments}: hangs, no end within {seconds} s") from None
    return Result(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def scan(pid, meanwhile, seconds=120):
    """The CSV of @pid. @meanwhile is called between the scan and the program's end: its output is
    held back by a full pipe, so that it still maps all that it maps, as during the scan."""
    output, pipe = os.pipe()
    try:
        fcntl.fcntl(pipe, F_SETPIPE_SZ, 4096)
        process = subprocess.Popen(
            [PROGRAM, "-p", str(pid), "-", "--format=csv"],
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=subprocess.PIPE,
            env=environment(),
        )
    finally:
        os.close(pipe)
    data = []
    try:
        if not select.select([output], [], [], seconds)[0]:
            raise AssertionError(f"{PROGRAM} -p {pid}: no output within {seconds} s")
        data.append(os.read(output, 1))
        during = meanwhile()
        while data[-1]:
            data.append(os.read(output, 1 << 20))
        message = process.communicate(timeout=seconds)[1]
    finally:
        os.close(output)
        if process.poll() is None:
            process.kill()
            process.wait()
    return Result(process.returncode, b"".join(data), message.decode("utf-8", "replace")), during


def require_root():
    if os.geteuid() != 0:
        raise Skip("needs to be root")


def as_nobody():
    """Runs what follows as a user without any right."""
    require_root()
    setpriv = find_program("setpriv")
    return [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
            "--bounding-set=-all", "--inh-caps=-all"]


if "mematlas" in os.path.basename(PROGRAM) and not shutil.which(PROGRAM):
    sys.exit(f"{PROGRAM}: no such program; set ATLAS_PROGRAM")
