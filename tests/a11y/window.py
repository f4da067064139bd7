# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job of the window from the first choice to the end of the process, by keyboard and screen
reader: what is read out must be what the command line writes."""

import json
import os
import subprocess
import sys
import time

import driver
from driver import Faults, Program, Session

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

import harness  # noqa: E402
from document import TYPES, Document  # noqa: E402
from tap import Tap  # noqa: E402

# Of this run alone: another one on the same machine must not be found.
NAME = f"atlas-s{os.getpid()}"
ENDED = f"atlas-e{os.getpid()}"
LISTS = ("Summary", "Details")
BARS = ("Committed", "Private Bytes", "Working Set")

tap = Tap()


class Run:
    """One window through all tests; the later ones build on the earlier."""

    def __init__(self, session, program, target):
        self.session, self.program, self.target = session, program, target

    # What the window says

    def table(self, name):
        return self.program.find("table|tree table", name)

    def amount(self, text):
        """The screen's "1,234 K" in KiB; blank is 0."""
        digits = "".join(c for c in text if c.isdigit())
        if text and not text.endswith("K") and not text.isdigit():
            raise Faults(f"not an amount in KiB: {text!r}")
        return int(digits or 0)

    def summary(self):
        table = self.table("Summary")
        headers = self.program.headers(table)
        rows = {}
        for row in range(self.program.rows(table)):
            texts = {title: self.program.cell(table, row, column)
                     for column, title in enumerate(headers) if title}
            kind = texts.pop("Type")
            rows[kind] = {title: self.amount(text) for title, text in texts.items()}
        return rows

    def details_types(self):
        return self.program.column_texts(self.table("Details"), "Type")

    def selected_rows(self, table):
        iface = table.get_table_iface()
        return list(self.session.atspi.Table.get_selected_rows(iface))

    def scanned(self):
        result = harness.run("-p", self.target.pid, "-", "--format=csv")
        if result.status != 0:
            raise Faults(str(result))
        return Document(result.output)

    # Tests

    def test_choose(self):
        """The list of processes: search as you type, Enter opens."""
        program = self.program
        dialog = program.window(lambda name: "Process" in name)
        table = program.find("table|tree table", below=dialog)
        faults = [] if table.get_name() else ["the list of processes has no name"]
        program.wait(lambda: program.rows(table) > 2, "the processes")
        everybody = program.rows(table)
        program.type(NAME)
        program.wait(lambda: program.rows(table) == 1, f"one process to be left of {everybody}")
        texts = [program.cell(table, 0, c) for c in range(len(program.headers(table)))]
        if str(self.target.pid) not in texts:
            faults.append(f"the row does not show the pid: {texts}")
        faults += program.unnamed()
        program.press("Return")
        title = str(self.target.pid)
        program.window(lambda name: NAME in name and title in name)
        return faults

    def test_unreadable(self):
        """A process that has no map is in the list, says why, and does not open."""
        program = self.program
        dialog = program.window(lambda name: "Process" in name)
        table = program.find("table|tree table", below=dialog)
        ended = subprocess.Popen([harness.target_path("plain"), ENDED],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            ended.stdout.readline()
            ended.stdin.close()
            harness.wait_for(lambda: harness.read_state(ended.pid) == "Z", 10, "the zombie")
            program.press("F5")
            program.type(ENDED)
            program.wait(lambda: program.rows(table) == 1, "the process that has ended")
            program.wait(lambda: "zombie" in program.everything().lower()
                         or "ended" in program.everything().lower().replace(ENDED, ""),
                         "the reason why it cannot be opened")
            program.press("Return")
            time.sleep(0.5)
            program.window(lambda name: "Process" in name)
            entry = program.find("text|entry", below=dialog)
            program.focus(entry)
            program.press("Escape")
            program.wait(lambda: program.rows(table) > 1, "all processes again")
        finally:
            ended.stdout.close()
            ended.wait()

    def test_names(self):
        faults = []
        for name in LISTS:
            self.program.find("table|tree table", name)
        for name in BARS:
            bar = self.program.find(None, name, below=self.program.window())
            if not bar.get_child_count():
                faults.append(f"the bar {name} shows nothing")
        return faults

    def test_figures(self):
        """Every amount in the Summary list is that of the CSV; the types are all there in order."""
        shown, wanted = self.summary(), self.scanned().summary
        faults = []
        if list(shown) != [name for name in TYPES if name in shown]:
            faults.append(f"types are shown as {list(shown)}")
        for kind in TYPES[:-1]:
            if kind not in shown:
                faults.append(f"{kind} is not in the list")
                continue
            # Others can change what is shared with them.
            for title in ("Size", "Committed", "Private", "Total WS", "Private WS", "Shareable WS",
                          "Locked WS", "Largest"):
                name = {"Total WS": "total_ws", "Private WS": "private_ws", "Locked WS": "locked_ws",
                        "Shareable WS": "shareable_ws"}.get(title, title.lower())
                if shown[kind].get(title) != wanted[kind][name] // 1024:
                    faults.append(f"{kind}: {title} is {shown[kind].get(title)} K on the screen, "
                                  f"{wanted[kind][name] // 1024} in CSV")
            if shown[kind]["Blocks"] != wanted[kind]["blocks"]:
                faults.append(f"{kind}: Blocks is {shown[kind]['Blocks']}")
        return faults

    def test_bar_figures(self):
        """The segments of a bar add up to the Summary's total."""
        faults = []
        totals = self.summary()["Total"]
        for bar, title in zip(BARS, ("Committed", "Private", "Total WS")):
            node = self.program.find("list", bar)
            found = 0
            for i in range(node.get_child_count()):
                text = node.get_child_at_index(i).get_name()
                found += self.amount(text.partition(":")[2].partition("K")[0].strip() + " K")
            if found != totals[title]:
                faults.append(f"{bar}: its segments are {found} K, the total is {totals[title]} K")
        return faults

    def test_select_type(self):
        """By keyboard down the Summary list: Details shows that type only; Total shows all."""
        program = self.program
        table = self.table("Summary")
        faults = []
        document = self.scanned()
        if not program.focus(table):
            faults.append("the Summary list does not take the keyboard focus")
        program.press("Home")
        for row, kind in enumerate(TYPES[:-1]):
            program.wait(lambda: self.selected_rows(table) == [row], f"{kind} to be selected")
            regions = [r for r in document.regions if r.type != "Free"
                       and kind in ("Total", r.type)]
            try:
                program.wait(lambda: program.rows(self.table("Details")) == len(regions),
                             f"{len(regions)} rows of {kind}", 5)
            except Faults as fault:
                faults.append(f"{fault}; there are {program.rows(self.table('Details'))}")
            types = set(self.details_types())
            if kind != "Total" and not types <= {kind}:
                faults.append(f"{kind} selected, but the details show {types}")
            program.press("Down")
        program.press("Home")
        return faults

    def test_select_in_bar(self):
        """A segment of a bar selects its type, for assistive technology as for the mouse."""
        program = self.program
        bar = program.find("list", "Committed")
        item = program.find("list item", lambda name: name.startswith("Private:"), below=bar)
        program.act(item)
        program.wait(lambda: set(self.details_types()) == {"Private"}, "the details of Private")
        self.show_all()
        program.focus(bar)
        program.press("Right")
        program.press("Return")
        program.wait(lambda: len(set(self.details_types())) == 1, "one type by keyboard")
        self.show_all()

    def show_all(self):
        table = self.table("Summary")
        self.program.focus(table)
        self.program.press("Home")
        self.program.wait(lambda: len(set(self.details_types())) > 2, "all types")

    def test_find(self):
        """A pointer into a region finds it."""
        program = self.program
        start = self.target.report["items"][0]["start"]
        program.press("Ctrl+f")
        entry = program.find("text|entry", lambda name: "Find" in name)
        program.type(f"{start + 0x12345:x}")
        program.press("Return")
        table = self.table("Details")
        address = f"{start:016X}"
        column = program.column(table, "Address")

        def found():
            rows = self.selected_rows(table)
            return rows and address in program.cell(table, rows[0], column)

        program.wait(found, f"region {address} to be selected")
        unnamed = program.unnamed()
        program.press("Escape")
        program.wait(lambda: not program.shows(entry), "the search to close")
        return unnamed

    def test_region_pane(self):
        """The reason of the selected region is on the screen."""
        document = self.scanned()
        region, _ = document.find(self.target.report["items"][0]["start"])
        self.program.wait(lambda: region.reason[:40] in self.program.everything(),
                          f"the reason {region.reason[:40]!r}")

    def test_refresh(self):
        """The process has grown: F5 shows it, and what was selected stays selected."""
        program = self.program
        table = self.table("Details")
        before = self.summary()
        address = program.cell(table, self.selected_rows(table)[0], program.column(table, "Address"))
        self.step()
        program.press("F5")
        program.wait(lambda: self.summary()["Private"]["Size"] == before["Private"]["Size"] + 3072,
                     "3072 K more of Private")
        faults = []
        after = self.summary()
        for title in ("Size", "Committed", "Private", "Private WS"):
            if after["Total"][title] < before["Total"][title] + 3072:
                faults.append(f"Total: {title} was {before['Total'][title]} K, is "
                              f"{after['Total'][title]} K")
        table = self.table("Details")
        rows = self.selected_rows(table)
        if not rows or program.cell(table, rows[0], program.column(table, "Address")) != address:
            faults.append(f"the selection was {address}, is {rows}")
        return faults + self.test_figures()

    def step(self):
        self.target.process.stdin.write(b"\n")
        self.target.process.stdin.flush()
        return json.loads(self.target.process.stdout.readline())

    def test_expand(self):
        """Expand All shows every block, Collapse All the regions."""
        program = self.program
        document = self.scanned()
        regions = [r for r in document.regions if r.type != "Free"]
        blocks = sum(len(r.blocks) for r in regions if len(r.blocks) > 1)
        everything = sum(len(r.blocks) for r in regions)
        table = self.table("Details")
        program.focus(table)
        program.press("Ctrl+plus")
        program.wait(lambda: program.rows(self.table("Details")) in
                     (len(regions) + blocks, len(regions) + everything), "all blocks")
        program.press("Ctrl+minus")
        program.wait(lambda: program.rows(self.table("Details")) == len(regions), "the regions")

    def test_free(self):
        program = self.program
        document = self.scanned()
        free = document.summary["Free"]["blocks"]
        regions = [r for r in document.regions if r.type != "Free"]
        program.press("Ctrl+Shift+f")
        program.wait(lambda: program.rows(self.table("Details")) == len(regions) + free,
                     f"{free} free ranges")
        program.press("Ctrl+Shift+f")
        program.wait(lambda: program.rows(self.table("Details")) == len(regions),
                     "the free ranges to go")

    def test_save(self):
        """Save As by keyboard; what is in the file is what is on the screen."""
        program = self.program
        faults = []
        for extension in ("mmp", "csv"):
            path = os.path.join(self.session.home, "saved." + extension)
            program.press("Ctrl+Shift+s")
            program.find("file chooser|dialog", lambda name: "Save" in name)
            program.press("Ctrl+a")
            program.type(path)
            program.press("Return")
            program.wait(lambda: os.path.exists(path) and os.path.getsize(path) > 100, path)
            program.find_none("file chooser")
        with open(os.path.join(self.session.home, "saved.csv"), "rb") as file:
            saved = Document(file.read())
        shown = self.summary()
        for kind in TYPES[:-1]:
            for title, name in (("Size", "size"), ("Private", "private"), ("Total WS", "total_ws")):
                if saved.summary[kind][name] // 1024 != shown[kind][title]:
                    faults.append(f"{kind}: {title} is saved as {saved.summary[kind][name] // 1024}")
        return faults

    def test_menus(self):
        """Every command is named, can be done, and works in some state of the window."""
        program = self.program
        faults = []
        table = self.table("Details")
        program.focus(table)
        program.press("Home")
        bar = program.find("menu bar", hidden=True)
        leaves = [node for node in program.walk(bar)
                  if node.get_role_name().endswith("menu item")]
        if len(leaves) < 25:
            faults.append(f"only {len(leaves)} commands in the menus")
        for node in leaves:
            if not node.get_name():
                faults.append("a command without a name: " + program.path_of(node))
            elif not program.has(node, "SENSITIVE"):
                faults.append(f"{node.get_name()} cannot be done: {program.path_of(node)}")
        return faults

    def open_menu(self, keys):
        self.program.press(keys)
        self.program.wait(lambda: any(self.program.shows(node) for node in
                                      self.program.all("menu item")), f"the menu of {keys}")

    def test_windows(self):
        """Each window of the Help menu opens, has only named things in it, and closes by Escape."""
        program = self.program
        faults = []
        for item in ("Quick Help", "Keyboard Shortcuts", "Command-line Options",
                     "About Memory Atlas"):
            before = len(self.session.keyboard.windows())
            self.open_menu("Alt+h")
            program.act(program.find("menu item", item))
            try:
                program.wait(lambda: len(self.session.keyboard.windows()) == before + 1, item, 8)
                faults += [f"{item}: {fault}" for fault in program.unnamed()]
                program.press("Escape")
                program.wait(lambda: len(self.session.keyboard.windows()) == before,
                             f"{item} to close by Escape", 8)
            except Faults as fault:
                faults.append(str(fault))
        return faults

    def test_tab(self):
        """Tab goes through everything that one can use, and comes round; Shift+Tab goes back. F9 takes
        the pane of the selected region away and brings it back."""
        program = self.program
        pane = program.find("text", "Selected row")
        program.focus(self.table("Summary"))
        seen = []
        for _ in range(20):
            program.press("Tab")
            program.root.clear_cache()
            node = program.focused()
            if node is not None:
                seen.append((node.get_name() or "", node.get_role_name()))
        text = ", ".join(f"{role} {name!r}" for name, role in seen)
        faults = [f"Tab does not reach {name}: {text}" for name in (*BARS, *LISTS, "Selected row")
                  if not any(name in other for other, _ in seen)]
        if seen.count(seen[0]) < 2:
            faults.append(f"Tab does not come round: {text}")
        # A list has its column headers in front of it.
        for _ in range(3):
            program.press("Shift+Tab")
            program.root.clear_cache()
            node = program.focused()
            there = node and (node.get_name() or "", node.get_role_name())
            if there == seen[-2]:
                break
        else:
            faults.append(f"Shift+Tab goes to {there}, not back to {seen[-2]}")
        program.press("F9")
        program.wait(lambda: not program.shows(pane), "the pane to go")
        program.press("F9")
        program.find("text", "Selected row")
        return faults

    def test_unnamed(self):
        return self.program.unnamed()

    def test_switch_process(self):
        """Ctrl+P shows the choice again; Escape leaves everything as it was."""
        program = self.program
        before = len(self.session.keyboard.windows())
        program.press("Ctrl+p")
        program.wait(lambda: len(self.session.keyboard.windows()) == before + 1, "the choice")
        program.press("Escape")
        program.wait(lambda: len(self.session.keyboard.windows()) == before, "the choice to close")
        program.find("table|tree table", "Summary")

    def test_end(self):
        """The process ends: its last map stays, and a bar says so."""
        program = self.program
        before = self.summary()
        self.target.process.stdin.close()
        self.target.process.wait()
        program.press("F5")
        program.wait(lambda: "ended" in program.everything().lower()
                     or "gone" in program.everything().lower()
                     or "exited" in program.everything().lower(), "a word about the end")
        faults = [] if self.summary() == before else ["the last map has changed"]
        return faults + program.unnamed()

    def test_quit(self):
        program = self.program
        program.press("Ctrl+q")
        try:
            status = program.process.wait(10)
        except subprocess.TimeoutExpired:
            return ["Ctrl+Q does not end the program"]
        messages = [line for line in program.messages().splitlines()
                    if "CRITICAL" in line or "WARNING" in line]
        return ([] if status == 0 else [f"exit status {status}"]) + messages


def test_file(session):
    """A saved file opens as it was, without the process."""
    path = os.path.join(session.home, "saved.mmp")
    with Program(session, [harness.PROGRAM, "-o", path]) as program:
        run = Run(session, program, None)
        program.window(lambda name: "saved" in name or NAME in name)
        result = harness.run("-o", path, "-", "--format=csv")
        wanted = Document(result.output).summary
        shown = run.summary()
        faults = [f"{kind}: {shown[kind]['Size']} K, not {wanted[kind]['size'] // 1024}"
                  for kind in TYPES[:-1] if shown[kind]["Size"] != wanted[kind]["size"] // 1024]
        return faults + program.unnamed()


def main():
    driver.need_bus()
    with Session() as session, harness.Target([harness.target_path("step"), NAME]) as target:
        with Program(session, [harness.PROGRAM]) as program:
            run = Run(session, program, target)
            for name, function in (
                ("a process that cannot be opened", run.test_unreadable),
                ("choose a process", run.test_choose),
                ("lists and bars by name", run.test_names),
                ("figures of the Summary", run.test_figures),
                ("figures of the bars", run.test_bar_figures),
                ("everything has a name", run.test_unnamed),
                ("a type selected by keyboard", run.test_select_type),
                ("a type selected in a bar", run.test_select_in_bar),
                ("find an address", run.test_find),
                ("the reason of a region", run.test_region_pane),
                ("refresh", run.test_refresh),
                ("expand and collapse", run.test_expand),
                ("free regions", run.test_free),
                ("save", run.test_save),
                ("menus", run.test_menus),
                ("windows of the Help menu", run.test_windows),
                ("by Tab alone", run.test_tab),
                ("choose another process, or not", run.test_switch_process),
                ("the process ends", run.test_end),
                ("quit", run.test_quit),
            ):
                if program.process.poll() is not None:
                    tap.result(False, name, [f"the program ended with {program.process.returncode}",
                                             *program.messages().splitlines()[-10:]])
                    break
                began = time.monotonic()
                tap.run(name, function)
                if os.environ.get("ATLAS_A11Y_TIMES"):
                    tap.note(f"{time.monotonic() - began:.1f} s")
        tap.run("a saved file", test_file, session)
    tap.end()


main()
