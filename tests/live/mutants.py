# SPDX-License-Identifier: GPL-3.0-or-later
"""The checker must notice: a right CSV is made wrong in one place, and that has to be a fault."""

import csv
import io

import checker
from document import Document
from harness import Target, target_path
from tap import Tap

tap = Tap()


class Table:
    """The CSV as cells, to be changed by the names of rows and columns."""

    def __init__(self, data):
        self.rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
        heads = [i for i, row in enumerate(self.rows) if "Size" in row]
        self.summary, self.details = heads

    def cell(self, row, title):
        return row, self.rows[self.details if row > self.details else self.summary].index(title)

    def add(self, row, title, amount):
        row, column = self.cell(row, title)
        self.rows[row][column] = str(int(self.rows[row][column] or 0) + amount)

    def set(self, row, title, text):
        row, column = self.cell(row, title)
        self.rows[row][column] = text

    def get(self, row, title):
        row, column = self.cell(row, title)
        return self.rows[row][column]

    def type_row(self, name):
        return next(i for i in range(self.summary, self.details)
                    if self.rows[i] and self.rows[i][0] == name)

    def find(self, what, child=False):
        for i in range(self.details + 1, len(self.rows)):
            row = self.rows[i]
            if len(row) > 5 and row[0].startswith("  ") == child and row[0].strip() and what(i):
                return i
        raise LookupError("no such row")

    def data(self):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(self.rows)
        return out.getvalue().encode("utf-8")


def private_region(table):
    return table.find(lambda i: table.get(i, "Type") == "Private"
                      and int(table.get(i, "Private WS") or 0) > 100)


def everywhere(title, amount, other=None):
    """One block wrong, and all sums with it, so that only the kernel can tell."""
    def change(table):
        region = private_region(table)
        for row in (region, region + 1, table.type_row("Private"), table.type_row("Total")):
            table.add(row, title, amount)
            if other is not None:
                table.add(row, other, -amount)
    return change


def one(title, amount, row):
    return lambda table: table.add(row(table), title, amount)


def wrong_thread(table):
    row = table.find(lambda i: table.get(i, "Details").startswith("Thread ID: "))
    table.set(row, "Details", "Thread ID: 1")


def lost_stack(table):
    row = table.find(lambda i: table.get(i, "Details").startswith("Thread ID: "))
    table.set(row, "Details", "a stack")


def lost_block(table):
    del table.rows[private_region(table) + 1]


def lost_region(table):
    row = private_region(table)
    del table.rows[row:row + 2]


def other_order(table):
    row = private_region(table)
    table.rows[row:row + 4] = table.rows[row + 2:row + 4] + table.rows[row:row + 2]


def wrong_protection(table):
    table.set(private_region(table) + 1, "Protection", "Read")


def wrong_address(table):
    row = private_region(table)
    text = f"{int(table.get(row, 'Address'), 16) + 4096:016X}"
    table.set(row, "Address", text)
    table.set(row + 1, "Address", "  " + text)


def lost_reason(table):
    table.set(private_region(table), "Reason", "")


def wrong_gap(table):
    table.add(table.type_row("Free"), "Size", 4)


def lost_tables(table):
    row = next(i for i in range(table.details + 1, len(table.rows))
               if "Page tables" in table.rows[i])
    table.add(row, "Size", 4)
    table.add(row + 1, "Size", 4)
    table.add(table.type_row("System"), "Size", 4)
    table.add(table.type_row("Total"), "Size", 4)


MUTANTS = {
    "Private WS of one block": everywhere("Private WS", -4, "Shareable WS"),
    "Total WS of one block": everywhere("Total WS", 4, None),
    "Committed of one block": everywhere("Committed", -4),
    "Private of one block": everywhere("Private", -4),
    "Locked WS of one block": everywhere("Locked WS", 4),
    "Swap of one block": everywhere("Swap", 4),
    "huge pages of one block": everywhere("Huge pages", 2048),
    "PSS of one block": everywhere("PSS", 4),
    "Shared WS of one block": everywhere("Shared WS", 4),
    "Size of a region": one("Size", 4, private_region),
    "Blocks of a region": one("Blocks", 1, private_region),
    "sum of a type": one("Total WS", 4, lambda table: table.type_row("Image")),
    "Largest of a type": one("Largest", 4, lambda table: table.type_row("Image")),
    "sum of Total": one("PSS", 1, lambda table: table.type_row("Total")),
    "thread id": wrong_thread,
    "stack without its thread": lost_stack,
    "block left out": lost_block,
    "region left out": lost_region,
    "order of regions": other_order,
    "protection": wrong_protection,
    "address": wrong_address,
    "reason left out": lost_reason,
    "size of Free": wrong_gap,
    "page tables": lost_tables,
}


def check(scan, stacks):
    return [fault for fault in checker.check_all(scan, stacks)
            if not isinstance(fault, checker.Noise) or "rw-p b''" in fault]


def run(target):
    target.hold()
    scan = checker.Scan(target.pid)
    right = scan.result.output
    stacks = checker.expected_stacks(scan, target.report)
    tap.run("the right one", check, scan, stacks)
    for name, change in MUTANTS.items():
        table = Table(right)
        change(table)
        scan.document = Document(table.data())
        faults = check(scan, stacks)
        tap.result(bool(faults), name, ["not noticed"])


with Target([target_path("threads")]) as threads:
    run(threads)
tap.end()
