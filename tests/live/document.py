# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the program's CSV as anybody would who knows only its description."""

import csv
import io

TYPES = [
    "Total", "Image", "Private", "Shareable", "Mapped File", "Heap", "Managed Heap", "Stack",
    "System", "Free",
]

# VMMap's columns in VMMap's order, and the names that the checks use.
FIGURES = {
    "Size": "size",
    "Committed": "committed",
    "Private": "private",
    "Total WS": "total_ws",
    "Private WS": "private_ws",
    "Shareable WS": "shareable_ws",
    "Shared WS": "shared_ws",
    "Locked WS": "locked_ws",
    "PSS": "pss",
    "Swap": "swap",
    "SwapPSS": "swap_pss",
    "Huge Pages": "huge",
    "Referenced": "referenced",
    "Dirty": "dirty",
    "LazyFree": "lazy_free",
    "KSM": "ksm",
}
COUNTS = {"Blocks": "blocks"}
SUMMARY = ["Type", "Size", "Committed", "Private", "Total WS", "Private WS", "Shareable WS",
           "Shared WS", "Locked WS", "Blocks", "Largest"]
DETAILS = ["Address", "Type", "Size", "Committed", "Private", "Total WS", "Private WS",
           "Shareable WS", "Shared WS", "Locked WS", "Blocks", "Protection", "Details"]


class Row:
    """A region or a block: figures in bytes, texts as they stand in the file."""

    def __init__(self, header, cells):
        self.cells = dict(zip(header, cells))
        self.address_text = self.cells["Address"].strip()
        self.start = int(self.address_text, 16) if self.address_text else None
        self.type = self.cells["Type"]
        self.details = self.cells["Details"]
        self.protection = self.cells["Protection"]
        self.reason = self.cells.get("Reason", "")
        self.figures = numbers(self.cells)
        self.blocks = []

    @property
    def size(self):
        return self.figures["size"]

    @property
    def end(self):
        return self.start + self.size


def find_figures(header):
    """Column titles without regard to case: a title is for people."""
    known = {title.lower(): (title, name) for title, name in FIGURES.items()}
    return {title: known[title.lower()][1] for title in header if title.lower() in known}


def numbers(cells):
    figures = {}
    for title, name in find_figures(cells).items():
        figures[name] = int(cells[title] or 0) * 1024
    figures["blocks"] = int(cells["Blocks"] or 0)
    if cells.get("Largest") is not None:
        figures["largest"] = int(cells["Largest"] or 0) * 1024
    return figures


class Document:
    def __init__(self, data):
        self.faults = []
        self.facts = {}
        self.notes = []
        self.summary = {}
        self.regions = []
        if b"\r" in data:
            self.faults.append("CSV: holds a carriage return")
        if not data.endswith(b"\n"):
            self.faults.append("CSV: does not end with a newline")
        self.read(list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)))

    def read(self, rows):
        section, header = "facts", []
        for row in rows:
            if not row:
                continue
            if row[0] == "Type" and "Size" in row:
                section, header = "summary", row
                self.check_header(row, SUMMARY)
            elif row[0] == "Address" and "Size" in row:
                section, header = "details", row
                self.check_header(row, DETAILS)
                if row[-1] != "Reason":
                    self.faults.append("CSV: the last column of the details is not Reason")
            elif section == "facts":
                self.facts[row[0].rstrip(":")] = row[1:]
            elif len(row) != len(header):
                self.notes.append(row)
            elif section == "summary":
                self.summary[row[0]] = numbers(dict(zip(header, row)))
            else:
                self.add(header, row)
        if list(self.summary) != TYPES:
            self.faults.append(f"CSV: the types of the summary are {list(self.summary)}")

    def check_header(self, row, expected):
        if row[: len(expected)] != expected:
            self.faults.append(f"CSV: the header is {row}")
        missing = set(FIGURES.values()) - set(find_figures(row).values())
        if missing:
            self.faults.append(f"CSV: no column for {sorted(missing)}")

    def add(self, header, cells):
        row = Row(header, cells)
        if cells[0].startswith("  ") and self.regions:
            if row.cells["Blocks"]:
                self.faults.append(f"CSV: block {row.address_text} has a number of blocks")
            self.regions[-1].blocks.append(row)
        else:
            self.regions.append(row)

    def find(self, address):
        """The region and the block at @address."""
        for region in self.regions:
            if region.start is None or region.type == "Free":
                continue
            if region.start <= address < region.end:
                for block in region.blocks:
                    if block.start <= address < block.end:
                        return region, block
                return region, None
        return None, None
