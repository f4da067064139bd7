# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel says of a process, read and computed without any of the program's code.

Amounts are bytes. The definitions are those of docs/semantics.md, written down a second time.
"""

import collections
import ctypes
import fcntl
import os
import re
import struct

PAGE = os.sysconf("SC_PAGESIZE")

# Bits 56..63 of a pagemap entry, the byte that holds all that is asked for here.
EXCLUSIVE, FILE, SWAPPED, PRESENT = 1 << 0, 1 << 5, 1 << 6, 1 << 7

MAPS_LINE = re.compile(
    rb"^([0-9a-f]+)-([0-9a-f]+) ([r-][w-][x-][ps]) ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) *(.*)$"
)

# Figures that others can change while the target stands still: who else maps a page of a file, who
# else touched it; and the kernel does its part of MADV_FREE when it finds the time.
OTHERS = ("shared_ws", "pss", "swap_pss", "referenced", "dirty", "lazy_free")


class Block:
    """One VMA: the columns that semantics.md defines, and where it lies."""

    def __init__(self, start, end, permissions, path, inode):
        self.start, self.end = start, end
        self.permissions, self.path, self.inode = permissions, path, inode
        self.smaps = {}
        self.flags = set()
        self.private_ws = None

    @property
    def size(self):
        return self.end - self.start

    def get(self, *names):
        return sum(self.smaps.get(name, 0) for name in names)

    def figures(self):
        shared = self.permissions[3:] == "s"
        hugetlb = self.get("Shared_Hugetlb", "Private_Hugetlb")
        total = self.get("Rss") + hugetlb
        swap = self.get("Swap")
        inaccessible = self.permissions[:3] == "---"
        reserved = (inaccessible and "ac" not in self.flags) or (
            not shared and "nr" in self.flags and "ac" not in self.flags
        )
        if shared:
            private = 0
        elif "ac" in self.flags:
            private = self.size
        else:
            private = self.get("Anonymous") + swap
        return {
            "size": self.size,
            "committed": total + swap if reserved else self.size,
            "private": private,
            "total_ws": total,
            "private_ws": self.private_ws,
            "shareable_ws": total - self.private_ws,
            "shared_ws": self.get("Shared_Clean", "Shared_Dirty", "Shared_Hugetlb"),
            "locked_ws": total if "lo" in self.flags else hugetlb,
            "pss": self.get("Pss"),
            "swap": swap,
            "swap_pss": self.get("SwapPss"),
            "huge": self.get("AnonHugePages", "ShmemPmdMapped", "FilePmdMapped") + hugetlb,
            "referenced": self.get("Referenced"),
            "dirty": self.get("Shared_Dirty", "Private_Dirty"),
            "lazy_free": self.get("LazyFree"),
            "ksm": self.get("KSM"),
        }


def read_bytes(path):
    with open(path, "rb", buffering=0) as file:
        parts = []
        while True:
            part = file.read(1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)


def read_smaps(pid):
    blocks = []
    block = None
    for line in read_bytes(f"/proc/{pid}/smaps").split(b"\n"):
        match = MAPS_LINE.match(line)
        if match:
            block = Block(
                int(match[1], 16),
                int(match[2], 16),
                match[3].decode(),
                re.sub(rb"\\012", b"\n", match[8]),
                int(match[7]),
            )
            blocks.append(block)
        elif line.startswith(b"VmFlags:"):
            block.flags = set(line[8:].decode().split())
        elif line:
            name, _, value = line.partition(b":")
            words = value.split()
            if len(words) == 2 and words[1] == b"kB":
                block.smaps[name.decode()] = int(words[0]) * 1024
    return blocks


def read_keys(path):
    """status and smaps_rollup: "Name:  number kB" as bytes, plain numbers as they are."""
    keys = {}
    for line in read_bytes(path).split(b"\n"):
        name, _, value = line.partition(b":")
        words = value.split()
        if len(words) == 2 and words[1] == b"kB":
            keys[name.decode()] = int(words[0]) * 1024
        elif len(words) == 1 and words[0].isdigit():
            keys[name.decode()] = int(words[0])
    return keys


class Pagemap:
    """Reads pagemap page by page. In very large blocks with little in them the kernel is asked
    first which parts hold anything; those are then read page by page as well."""

    LARGE = 8 << 30
    PAGEMAP_SCAN = 0xC0606610  # _IOWR ('f', 16, struct pm_scan_arg)
    IS_PRESENT = 1 << 3

    def __init__(self, pid):
        self.file = open(f"/proc/{pid}/pagemap", "rb", buffering=0)

    def close(self):
        self.file.close()

    def top_bytes(self, start, end):
        """Counts pages of [start, end) by the top byte of their entry."""
        counts = collections.Counter()
        at = start
        while at < end:
            pages = min((end - at) // PAGE, 1 << 19)
            data = os.pread(self.file.fileno(), pages * 8, at // PAGE * 8)
            if not data:
                break  # beyond the end of the user addresses: vsyscall
            counts.update(data[7::8])
            at += len(data) // 8 * PAGE
        return counts

    def present_ranges(self, start, end):
        room, done = 4096, start
        vector = ctypes.create_string_buffer(24 * room)
        while start < end:
            argument = bytearray(
                struct.pack(
                    "=12Q", 96, 0, start, end, 0, ctypes.addressof(vector), room, 0, 0, 0,
                    self.IS_PRESENT, self.IS_PRESENT,
                )
            )
            # category_anyof_mask is the eleventh field, return_mask the twelfth.
            found = fcntl.ioctl(self.file.fileno(), self.PAGEMAP_SCAN, argument, True)
            for i in range(found):
                first, last, _ = struct.unpack_from("=3Q", vector, 24 * i)
                # Where the vector was full a call may begin before the end of the one before.
                if last > done:
                    yield max(first, done), last
                    done = last
            start = struct.unpack_from("=Q", argument, 32)[0]

    def count(self, block):
        if block.size < self.LARGE:
            return self.top_bytes(block.start, block.end)
        counts = collections.Counter()
        for start, end in self.present_ranges(block.start, block.end):
            counts.update(self.top_bytes(start, end))
        return counts


def private_pages(counts):
    mask = PRESENT | FILE | EXCLUSIVE
    return sum(n for byte, n in counts.items() if byte & mask == PRESENT | EXCLUSIVE)


def count_private(block, pagemap):
    """Of a huge page that is mapped as a whole, pagemap tells of its first page for all 512 whether
    another process maps it; smaps looks at each. Where all resident pages are anonymous, its private
    pages are those asked for."""
    if block.get("AnonHugePages") and block.get("Anonymous") == block.get("Rss"):
        return block.get("Private_Clean", "Private_Dirty", "Private_Hugetlb")
    return private_pages(pagemap.count(block)) * PAGE


class Reading:
    """Everything about a stopped process at one time."""

    def __init__(self, pid):
        self.pid = pid
        self.blocks = read_smaps(pid)
        self.status = read_keys(f"/proc/{pid}/status")
        self.rollup = read_keys(f"/proc/{pid}/smaps_rollup")
        pagemap = Pagemap(pid)
        try:
            for block in self.blocks:
                block.private_ws = count_private(block, pagemap)
        finally:
            pagemap.close()
        self.by_start = {block.start: block for block in self.blocks}

    def find(self, address):
        for block in self.blocks:
            if block.start <= address < block.end:
                return block
        return None


class Thread:
    def __init__(self, pid, tid):
        self.tid = tid
        self.name = read_bytes(f"/proc/{pid}/task/{tid}/comm")[:-1]
        self.stack_pointer = self.robust_list = None
        words = read_bytes(f"/proc/{pid}/task/{tid}/syscall").split()
        if len(words) >= 3 and words[0] != b"running":
            self.stack_pointer = int(words[-2], 16)


def get_robust_list(tid):
    """The head of the thread's list of robust futexes: it lies in the thread control block."""
    libc = ctypes.CDLL(None, use_errno=True)
    head, length = ctypes.c_void_p(), ctypes.c_size_t()
    numbers = {"x86_64": 274, "aarch64": 100, "riscv64": 100}
    number = numbers.get(os.uname().machine)
    if number is None:
        return None
    if libc.syscall(number, tid, ctypes.byref(head), ctypes.byref(length)) != 0:
        return None
    return head.value


def read_threads(pid):
    threads = []
    for tid in sorted(map(int, os.listdir(f"/proc/{pid}/task"))):
        thread = Thread(pid, tid)
        thread.robust_list = get_robust_list(tid)
        threads.append(thread)
    return threads
