#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the CSV of a fixture with Python's csv module, and the records of its .mmp with its json
module: readers that nobody of this project wrote. Argument: the program dump-fixture."""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile

failed = 0
number = 0


def check(name, good):
    global failed, number
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} {name}")


def check_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        text = file.read()
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    check("process", rows[0] == ["Process:", 'od"d, name'] and rows[1] == ["PID:", "4242"])
    blanks = [i for i, row in enumerate(rows) if not row]
    summary, details = rows[blanks[0] + 1 : blanks[1]], rows[blanks[1] + 1 : blanks[2]]
    check("summary header", summary[0][:11] == [
        "Type", "Size", "Committed", "Private", "Total WS", "Private WS", "Shareable WS",
        "Shared WS", "Locked WS", "Blocks", "Largest"])
    check("types", [row[0] for row in summary[1:]] == [
        "Total", "Image", "Private", "Shareable", "Mapped File", "Heap", "Managed Heap", "Stack",
        "System", "Free"])
    check("details header", details[0][:13] == [
        "Address", "Type", "Size", "Committed", "Private", "Total WS", "Private WS",
        "Shareable WS", "Shared WS", "Locked WS", "Blocks", "Protection", "Details"]
        and details[0][-1] == "Reason")
    check("widths", all(len(row) == len(details[0]) for row in details))
    blocks = [row for row in details[1:] if row[0].startswith("  ")]
    check("blocks have no number of blocks", blocks and all(row[10] == "" for row in blocks))
    check("plain integers", all(cell == "" or (cell.isdigit() and cell[0] != "0")
                                for row in details[1:] for cell in row[2:11]))
    size = sum(int(row[2]) for row in details[1:]
               if not row[0].startswith("  ") and row[1] != "Free")
    check("sizes add up", size == int(summary[1][1]))
    check("LF and UTF-8", "\r" not in text and text.endswith("\n"))


def check_mmp(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    kinds = [record["record"] for record in records]
    check("header first", kinds[0] == "header" and records[0]["version"] == "1.0")
    check("three snapshots", kinds.count("snapshot") == 3 and kinds.count("end") == 3)
    totals = [record["totals"] for record in records if record["record"] == "end"]
    check("unknown is null", totals[0]["total"]["pss"] is None)
    check("a type's figures", totals[0]["heap"]["size"] == 0x10000)


dump = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    for kind, name, amount in ("odd", "odd.csv", "1"), ("history", "history.mmp", "3"):
        path = os.path.join(folder, name)
        subprocess.run([dump, kind, path, amount], check=True, stdout=subprocess.DEVNULL)
        (check_csv if name.endswith("csv") else check_mmp)(path)
print(f"1..{number}")
sys.exit(failed > 0)
