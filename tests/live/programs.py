# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs of the distribution, stopped, scanned and compared with the kernel; and how much of
what is resident has no better label than "private memory"."""

import glob
import os
import re
import socket
import subprocess
import sys
import time

import checker
import harness
from harness import Directory, Target, find_program
from tap import Skip, Tap

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "samples")

# What of the resident bytes may be nothing better than private memory, percent, and what may be laid
# to the program's allocator or runtime only because nobody else owns it. README.md argues for them.
BARE = 2
BARS = {
    "cpython": 5, "node": 5, "java": 15, "go": 10, "gtk": 5, "postgresql": 5, "redis": 5,
    "libjemalloc": 5, "libtcmalloc_minimal": 5, "libmimalloc": 5, "glibc heap": 5,
    # Has no segments any more, by which the versions before are proved.
    "libmimalloc.so.3": 100,
}

# What the samples make of their runtime's memory, MiB at the least: (type, word in Details, amount).
NEEDS = {
    "cpython": ("Managed Heap", "Python", 25), "node": ("Managed Heap", "V8", 25),
    "java": ("Managed Heap", "heap", 20), "go": ("Managed Heap", "Go heap", 30),
    "gtk": ("Heap", "Heap ID: ", 2), "postgresql": ("Heap", "Heap ID: ", 1),
    "redis": ("Heap", "jemalloc", 6), "libjemalloc": ("Heap", "jemalloc", 6),
    "libtcmalloc_minimal": ("Heap", "", 6), "libmimalloc": ("Heap", "mimalloc", 6),
    "libmimalloc.so.3": ("Heap", "mimalloc", 6),
    "glibc heap": ("Heap", "Heap ID: ", 3),
}

tap = Tap()


def check_need(name, document):
    kind, word, least = NEEDS[name]
    found = sum(r.figures["total_ws"] for r in document.regions
                if r.type == kind and word in r.details)
    if found >= least << 20:
        return []
    return [f"only {found >> 10} KiB are {kind} with {word!r} in Details, the program made {least} MiB"]


def check(name, target, pid=None):
    pid = target.hold(pid)
    scan, faults = checker.check_process(pid)
    faults += check_need(name, scan.document)
    bare, rest, guess, resident = checker.labels(scan.document)
    sizes = ", ".join(
        f"{kind} {figures['total_ws'] >> 10}"
        for kind, figures in scan.document.summary.items()
        if kind != "Total" and figures["total_ws"]
    )
    tap.note(f"{name}: {resident >> 10} KiB resident, {len(scan.threads)} threads: {sizes}")
    tap.note(f"{name}: of the resident bytes {100 * bare / resident:.1f} % are nothing better than "
             f"private memory (bar {BARE} %), {100 * rest / resident:.1f} % labelled by exclusion "
             f"(bar {BARS[name]} %), {100 * guess / resident:.1f} % by shape")
    if 100 * bare > BARE * resident or 100 * rest > BARS[name] * resident:
        faults.append("too many resident bytes have no label of their own; the largest regions:")
        regions = [r for r in scan.document.regions
                   if r.type == "Private" and not r.details or "nothing else" in r.reason]
        regions.sort(key=lambda r: -r.figures["total_ws"])
        faults += [f"  {r.address_text} {r.figures['total_ws'] >> 10} KiB of {r.size >> 10}: "
                   f"{r.details}: {r.reason}" for r in regions[:6]]
    return faults


def test_python():
    with Target([find_program("python3", "/usr/bin"), os.path.join(SAMPLES, "sample.py")],
                b"ready\n") as target:
        return check("cpython", target)


def test_node():
    with Target([find_program("node"), os.path.join(SAMPLES, "sample.js")], b"ready\n") as target:
        return check("node", target)


def test_java():
    with Target([find_program("java"), os.path.join(SAMPLES, "Sample.java")], b"ready\n",
                120) as target:
        return check("java", target)


def test_go():
    go = find_program("go")
    with Directory() as directory:
        path = os.path.join(directory, "sample")
        variables = dict(os.environ, GOCACHE=os.path.join(directory, "cache"), GOFLAGS="-mod=mod",
                         GO111MODULE="off", GOPROXY="off", GOPATH=directory, HOME=directory)
        done = subprocess.run([go, "build", "-o", path, os.path.join(SAMPLES, "sample.go")],
                              env=variables, capture_output=True, text=True, check=False,
                              timeout=300)
        if done.returncode != 0:
            return ["go build: " + done.stderr]
        with Target([path], b"ready\n") as target:
            return check("go", target)


class Display:
    """The display of the environment, or an Xvfb of its own."""

    def __enter__(self):
        self.process = None
        self.name = os.environ.get("DISPLAY")
        if self.name:
            return self.name
        xvfb = find_program("Xvfb")
        read, write = os.pipe()
        self.process = subprocess.Popen([xvfb, "-displayfd", str(write), "-screen", "0",
                                         "1024x768x24", "-nolisten", "tcp"], pass_fds=[write],
                                        stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as file:
            self.name = ":" + file.readline().strip()
        return self.name

    def __exit__(self, *_):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


def test_gtk():
    """GTK's own tool, showing a window."""
    tool = find_program("gtk-builder-tool")
    with Display() as display:
        variables = dict(os.environ, DISPLAY=display, GDK_BACKEND="x11", NO_AT_BRIDGE="1")
        variables.pop("WAYLAND_DISPLAY", None)
        # The window says nothing when it is there: wait until the process has gone to sleep.
        with Target([sys.executable, "-c", "import os, sys; print('started', flush=True); "
                     "os.execv(sys.argv[1], sys.argv[1:])", tool, "preview",
                     os.path.join(SAMPLES, "sample.ui")], b"started\n", env=variables) as target:
            harness.wait_for(
                lambda: b"libgtk-3" in open(f"/proc/{target.pid}/maps", "rb").read()
                and harness.read_state(target.pid) == "S", 30, "the window")
            time.sleep(1)
            if target.process.poll() is not None:
                return [f"gtk-builder-tool ended with {target.process.returncode}"]
            return check("gtk", target)


def find_postgresql():
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin") + ["/usr/bin", "/usr/lib64/pgsql"],
                         reverse=True):
        if os.access(os.path.join(folder, "initdb"), os.X_OK):
            return folder
    raise Skip("PostgreSQL is not installed")


def test_postgresql():
    """The postmaster and a backend that has done some work."""
    folder = find_postgresql()
    psql = find_program("psql", folder)
    prefix = []
    if os.geteuid() == 0:
        prefix = [find_program("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"]
    with Directory() as directory:
        os.chmod(directory, 0o777)
        data = os.path.join(directory, "data")
        variables = dict(os.environ, LC_ALL="C.UTF-8", HOME=directory)
        subprocess.run([*prefix, os.path.join(folder, "initdb"), "-D", data, "-U", "sample",
                        "--auth=trust", "--no-sync"], check=True, env=variables, cwd=directory,
                       stdout=subprocess.DEVNULL, timeout=120)
        with Target([*prefix, os.path.join(folder, "postgres"), "-D", data, "-k", directory, "-c",
                     "listen_addresses=", "-c", "fsync=off", "-c", "logging_collector=off"],
                    b"", env=variables, cwd=directory, stderr=subprocess.DEVNULL) as server:
            harness.wait_for(lambda: glob.glob(directory + "/.s.PGSQL.*[0-9]"), 60, "the socket")
            command = [*prefix, psql, "-h", directory, "-U", "sample", "-d", "postgres", "-q", "-A",
                       "-t"]
            with Target(command, b"", env=variables, cwd=directory) as client:
                client.process.stdin.write(
                    b"select pg_sleep(0.1) from generate_series(1, 3);\n"
                    b"create table t as select i, md5(i::text) from generate_series(1, 50000) i;\n"
                    b"select pg_backend_pid(), 'ready';\n")
                client.process.stdin.flush()
                client.wait_ready(b"ready\n", 60)
                backend = int(re.findall(rb"(\d+)\|ready", client.output)[-1])
                faults = check("postgresql", server, backend)
                faults += checker.check_process(server.pid)[1]
                return faults


def test_redis():
    """Linked with jemalloc, which is why it is here."""
    path = find_program("redis-server")
    with Directory() as directory:
        with Target([path, "--port", "0", "--unixsocket", directory + "/socket", "--save", "",
                     "--dir", directory, "--daemonize", "no"],
                    b"eady to accept connections") as target:
            fill = "".join(f"SET key:{i} {'value' * 20}\r\n" for i in range(40000))
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(directory + "/socket")
                client.sendall(fill.encode())
                left = 40000 * 5
                while left > 0:
                    left -= len(client.recv(65536))
            return check("redis", target)


def test_allocator(library):
    """An allocator in the place of malloc(): what came from it is Heap."""
    paths = sorted(p for folder in ("/usr/lib/*/", "/usr/lib*/")
                   for p in glob.glob(folder + library + ".so.[0-9]*"))
    if not paths:
        raise Skip(f"{library} is not installed")
    with Target([harness.target_path("heap"), "6"],
                env=dict(os.environ, LD_PRELOAD=paths[0])) as target:
        versioned = ".".join(os.path.basename(os.path.realpath(paths[0])).split(".")[:3])
        faults = check(versioned if versioned in BARS else library, target)
        scan = checker.Scan(target.pid)
        for item in target.report["items"]:
            region, _ = scan.document.find(item["start"])
            stranger = item["what"] == "a stranger"
            if stranger and region.type == "Private" or region.reason.startswith("probably"):
                continue
            if (region.type == "Heap") == stranger:
                faults.append(f"{item['what']}: shown as {region.type} {region.details!r}: "
                              f"{region.reason}")
        return faults


def test_glibc():
    with Target([harness.target_path("heap"), "6"]) as target:
        return check("glibc heap", target)


for title, function, *arguments in (
    ("Python", test_python),
    ("Node", test_node),
    ("Java", test_java),
    ("Go", test_go),
    ("GTK", test_gtk),
    ("PostgreSQL", test_postgresql),
    ("Redis, linked with jemalloc", test_redis),
    ("jemalloc with threads", test_allocator, "libjemalloc"),
    ("tcmalloc with threads", test_allocator, "libtcmalloc_minimal"),
    ("mimalloc with threads", test_allocator, "libmimalloc"),
    ("glibc malloc with threads", test_glibc),
):
    if len(sys.argv) < 2 or sys.argv[1].lower() in title.lower():
        tap.run(title, function, *arguments)
tap.end()
