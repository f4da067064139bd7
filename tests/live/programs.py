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

# The bar for each program, percent of its resident bytes; README.md argues for every one.
BARS = {
    "cpython": 15, "node": 15, "java": 15, "go": 15, "gtk": 15, "postgresql": 15, "redis": 15,
    "jemalloc": 15, "glibc heap": 15,
}

tap = Tap()


def check(name, target, pid=None):
    pid = target.hold(pid)
    scan, faults = checker.check_process(pid)
    bare, resident = checker.unlabelled(scan.document)
    share = 100 * bare / resident
    sizes = ", ".join(
        f"{kind} {figures['total_ws'] >> 10}"
        for kind, figures in scan.document.summary.items()
        if kind != "Total" and figures["total_ws"]
    )
    tap.note(f"{name}: {resident >> 10} KiB resident, {len(scan.threads)} threads: {sizes}")
    tap.note(f"{name}: {share:.1f} % of resident bytes are nothing better than private memory "
             f"(bar {BARS[name]} %)")
    if share > BARS[name]:
        faults.append(f"{share:.1f} % of the resident bytes have no label, more than {BARS[name]} %")
        bare_regions = [r for r in scan.document.regions if r.type == "Private" and not r.details]
        bare_regions.sort(key=lambda r: -r.figures["total_ws"])
        faults += [f"  {r.address_text} {r.figures['total_ws'] >> 10} KiB of {r.size >> 10}: "
                   f"{r.reason}" for r in bare_regions[:5]]
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
                    b"ready to accept connections") as target:
            fill = "".join(f"SET key:{i} {'value' * 20}\r\n" for i in range(40000))
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(directory + "/socket")
                client.sendall(fill.encode())
                left = 40000 * 5
                while left > 0:
                    left -= len(client.recv(65536))
            return check("redis", target)


def test_jemalloc():
    paths = sorted(glob.glob("/usr/lib/*/libjemalloc.so.2") + glob.glob("/usr/lib*/libjemalloc.so.2"))
    if not paths:
        raise Skip("libjemalloc is not installed")
    with Target([harness.target_path("heap"), "6"],
                env=dict(os.environ, LD_PRELOAD=paths[0])) as target:
        faults = check("jemalloc", target)
        scan = checker.Scan(target.pid)
        for item in target.report["items"]:
            region, _ = scan.document.find(item["start"])
            if region is None or region.type != "Heap":
                faults.append(f"{item['what']}: is jemalloc's, shown as "
                              f"{region and (region.type, region.details)}")
        return faults


def test_glibc():
    with Target([harness.target_path("heap"), "6"]) as target:
        return check("glibc heap", target)


for title, function in (
    ("Python", test_python), ("Node", test_node), ("Java", test_java), ("Go", test_go),
    ("GTK", test_gtk), ("PostgreSQL", test_postgresql), ("Redis, linked with jemalloc", test_redis),
    ("jemalloc with threads", test_jemalloc), ("glibc malloc with threads", test_glibc),
):
    if len(sys.argv) < 2 or sys.argv[1].lower() in title.lower():
        tap.run(title, function)
tap.end()
