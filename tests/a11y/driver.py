# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a window like somebody who hears it and types: through AT-SPI and the keyboard.

Uses the display and the session bus that are there; starts an Xvfb and a bus of its own where they
are not. Nothing is asked of the program but what every assistive technology asks.
"""

import ctypes
import ctypes.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

from tap import Skip  # noqa: E402

WAIT = 15.0

# Roles that a person can do something with: each must say what it is.
INTERACTIVE = {
    "push button", "toggle button", "check box", "radio button", "combo box", "entry", "text",
    "password text", "spin button", "slider", "list", "list box", "table", "tree table", "tree",
    "menu item", "check menu item", "radio menu item", "menu", "page tab",
}


class Faults(Exception):
    """Something the window does that it must not; its arguments are the faults."""


def need_bus():
    """Runs this test anew below dbus-run-session where there is no session bus."""
    if os.environ.get("ATLAS_A11Y_OUT"):
        os.dup2(int(os.environ.pop("ATLAS_A11Y_OUT")), 1)
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return
    runner = shutil.which("dbus-run-session")
    if runner is None or os.environ.get("ATLAS_A11Y_BUS"):
        print("1..0 # SKIP there is no session bus and no dbus-run-session")
        sys.exit(0)
    os.environ["ATLAS_A11Y_BUS"] = "1"
    # The daemons of the bus inherit stdout and write to it, which is for the results alone.
    out = os.dup(1)
    os.set_inheritable(out, True)
    os.environ["ATLAS_A11Y_OUT"] = str(out)
    os.dup2(2, 1)
    os.execv(runner, [runner, "--", sys.executable, *sys.argv])


class Keyboard:
    """Keys as from a keyboard, by XTEST. There is no window manager to give a window the focus, so
    the topmost window gets it before a key is struck."""

    def __init__(self, display):
        self.x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self.test = ctypes.CDLL(ctypes.util.find_library("Xtst") or "libXtst.so.6")
        x = self.x
        x.XOpenDisplay.restype = ctypes.c_void_p
        x.XStringToKeysym.restype = ctypes.c_ulong
        x.XDefaultRootWindow.restype = ctypes.c_ulong
        for function in (x.XDefaultRootWindow, x.XFlush):
            function.argtypes = [ctypes.c_void_p]
        x.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        x.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        x.XSetInputFocus.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_ulong]
        self.test.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int,
                                                ctypes.c_ulong]
        # Without this a window that closes in the wrong moment ends the test.
        self.handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
            lambda *_: 0)
        x.XSetErrorHandler(self.handler)
        self.display = x.XOpenDisplay(display.encode())
        if not self.display:
            raise Skip(f"the display {display} cannot be opened")
        self.names = {"Ctrl": "Control_L", "Shift": "Shift_L", "Alt": "Alt_L"}

    def windows(self):
        """Top-level windows that can be seen, the topmost last."""
        x = self.x
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        x.XQueryTree(ctypes.c_void_p(self.display),
                     ctypes.c_ulong(x.XDefaultRootWindow(self.display)), ctypes.byref(root),
                     ctypes.byref(parent), ctypes.byref(children), ctypes.byref(count))
        found = []
        for i in range(count.value):
            attributes = (ctypes.c_int * 40)()  # more than an XWindowAttributes
            if x.XGetWindowAttributes(ctypes.c_void_p(self.display), ctypes.c_ulong(children[i]),
                                      ctypes.byref(attributes)):
                found.append((children[i], WindowAttributes.from_buffer(attributes)))
        return [w for w, a in found if a.map_state == 2 and a.width > 10 and a.height > 10
                and not a.override_redirect]

    def focus(self):
        windows = self.windows()
        if windows:
            self.x.XSetInputFocus(self.display, windows[-1], 1, 0)
            self.x.XSync(self.display, 0)

    def code(self, name):
        keysym = self.x.XStringToKeysym(self.names.get(name, name).encode())
        if not keysym:
            raise ValueError(name)
        return self.x.XKeysymToKeycode(self.display, keysym)

    def press(self, keys, focus=True):
        """@keys: "Ctrl+Shift+s", "Return", ..."""
        if focus:
            self.focus()
        codes = [self.code(name) for name in keys.split("+")]
        for code in codes:
            self.test.XTestFakeKeyEvent(self.display, code, 1, 0)
        for code in reversed(codes):
            self.test.XTestFakeKeyEvent(self.display, code, 0, 0)
        self.x.XSync(self.display, 0)
        time.sleep(0.05)

    def type(self, text):
        names = {" ": "space", "/": "slash", "-": "minus", ".": "period", "_": "Shift+underscore",
                 "\n": "Return", ":": "Shift+colon"}
        self.focus()
        for letter in text:
            key = names.get(letter, "Shift+" + letter.lower() if letter.isupper() else letter)
            self.press(key, focus=False)


class WindowAttributes(ctypes.Structure):
    _fields_ = [
        ("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int),
        ("height", ctypes.c_int), ("border_width", ctypes.c_int), ("depth", ctypes.c_int),
        ("visual", ctypes.c_void_p), ("root", ctypes.c_ulong), ("class", ctypes.c_int),
        ("bit_gravity", ctypes.c_int), ("win_gravity", ctypes.c_int),
        ("backing_store", ctypes.c_int), ("backing_planes", ctypes.c_ulong),
        ("backing_pixel", ctypes.c_ulong), ("save_under", ctypes.c_int),
        ("colormap", ctypes.c_ulong), ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int), ("all_event_masks", ctypes.c_long),
        ("your_event_mask", ctypes.c_long), ("do_not_propagate_mask", ctypes.c_long),
        ("override_redirect", ctypes.c_int), ("screen", ctypes.c_void_p),
    ]


class Session:
    """A display, a home of its own for settings, and the programs started in it."""

    def __init__(self):
        self.xvfb = None
        self.home = tempfile.mkdtemp(prefix="atlas-a11y-")
        self.display = os.environ.get("DISPLAY")
        if not self.display:
            self.start_display()
        self.environment = dict(
            os.environ, DISPLAY=self.display, GDK_BACKEND="x11", HOME=self.home,
            G_DEBUG="fatal-criticals",
            XDG_CONFIG_HOME=self.home + "/config", XDG_DATA_HOME=self.home + "/data",
            XDG_CACHE_HOME=self.home + "/cache", GSETTINGS_BACKEND="memory",
            LC_ALL="C.UTF-8", NO_AT_BRIDGE="0", GTK_THEME="Adwaita", GDK_SCALE="1",
        )
        self.environment.pop("WAYLAND_DISPLAY", None)
        os.environ["DISPLAY"] = self.display
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        self.atspi, self.context = Atspi, GLib.MainContext.default()
        Atspi.init()
        Atspi.set_timeout(5000, 15000)
        self.keyboard = Keyboard(self.display)

    def start_display(self):
        xvfb = shutil.which("Xvfb")
        if xvfb is None:
            raise Skip("there is no display and no Xvfb")
        read, write = os.pipe()
        self.xvfb = subprocess.Popen(
            [xvfb, "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as file:
            self.display = ":" + file.readline().strip()

    def close(self):
        if self.xvfb is not None:
            self.xvfb.terminate()
            self.xvfb.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def pump(self):
        while self.context.iteration(False):
            pass

    def wait(self, function, what, seconds=WAIT):
        deadline = time.monotonic() + seconds
        while True:
            self.pump()
            try:
                value = function()
            except self.gone():
                value = None
            if value:
                return value
            if time.monotonic() > deadline:
                raise Faults(f"waited {seconds:.0f} s in vain for {what}")
            time.sleep(0.05)

    @staticmethod
    def gone():
        """What AT-SPI raises when an object ends while it is looked at."""
        from gi.repository import GLib
        return GLib.Error


class Program:
    """The program under test, as its accessible tree shows it."""

    def __init__(self, session, command, **options):
        self.session = session
        self.log = tempfile.TemporaryFile()
        try:
            try:
                self.start(command, options, 20)
            except Faults as fault:
                # On a busy machine a program now and then does not reach the accessibility bus,
                # whatever it is; a program that has ended is a fault at once.
                if self.process.poll() is not None:
                    raise
                print(f"# {fault}: started once more", flush=True)
                self.end()
                self.start(command, options, 30)
        except BaseException:
            self.close()
            raise

    def start(self, command, options, seconds):
        self.process = subprocess.Popen(command, env=self.session.environment, stderr=self.log,
                                        stdin=subprocess.DEVNULL, **options)
        self.root = self.session.wait(self.find_application, "the application", seconds)

    def find_application(self):
        if self.process.poll() is not None:
            raise Faults(f"the program ended with {self.process.returncode}: {self.messages()}")
        desktop = self.session.atspi.get_desktop(0)
        desktop.clear_cache()
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is not None and application.get_process_id() == self.process.pid:
                return application
        return None

    def messages(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGKILL)
                self.process.wait()

    def close(self):
        self.end()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Looking

    def walk(self, node=None, depth=0, most=3000):
        """@node and everything below it that is on the screen. The cells of a long list are not
        walked: only its first rows."""
        node = node or self.root
        yield node
        if depth > 40:
            return
        count = min(node.get_child_count(), 200)
        for i in range(count):
            child = node.get_child_at_index(i)
            if child is not None:
                yield from self.walk(child, depth + 1, most)

    def shows(self, node):
        return node.get_state_set().contains(self.session.atspi.StateType.SHOWING)

    def has(self, node, state):
        return node.get_state_set().contains(getattr(self.session.atspi.StateType, state))

    def all(self, role=None, name=None, below=None, hidden=False):
        found = []
        for node in self.walk(below):
            if role is not None and node.get_role_name() not in role.split("|"):
                continue
            if name is not None and not self.matches(node, name):
                continue
            if hidden or self.shows(node):
                found.append(node)
        return found

    @staticmethod
    def matches(node, name):
        text = node.get_name() or ""
        return name(text) if callable(name) else text == name

    def find(self, role=None, name=None, below=None, seconds=WAIT, hidden=False):
        """The first that matches, waited for."""
        def look():
            self.root.clear_cache()
            nodes = self.all(role, name, below, hidden)
            return nodes[0] if nodes else None

        return self.session.wait(look, f"a {role or 'thing'} named {name!r}", seconds)

    def find_none(self, role=None, name=None, seconds=WAIT):
        def look():
            self.root.clear_cache()
            return not self.all(role, name)

        self.session.wait(look, f"the {role or 'thing'} named {name!r} to go", seconds)

    def window(self, name=None, seconds=WAIT):
        return self.find("frame|dialog|window|file chooser", name, seconds=seconds)

    def wait(self, function, what, seconds=WAIT):
        def look():
            self.root.clear_cache()
            return function()

        return self.session.wait(look, what, seconds)

    def text(self, node):
        """What a label, an entry or a text view holds."""
        text = node.get_text_iface()
        if text is None:
            return node.get_name()
        return self.session.atspi.Text.get_text(text, 0, -1)

    def everything(self):
        """All words on the screen, to look for one."""
        words = []
        for node in self.walk():
            if self.shows(node):
                words.append(node.get_name() or "")
                if node.get_role_name() in ("label", "text", "info bar", "notification"):
                    words.append(self.text(node) or "")
        return "\n".join(words)

    # Tables

    def rows(self, table):
        return self.session.atspi.Table.get_n_rows(table.get_table_iface())

    def headers(self, table):
        iface, atspi = table.get_table_iface(), self.session.atspi
        titles = []
        for column in range(atspi.Table.get_n_columns(iface)):
            header = atspi.Table.get_column_header(iface, column)
            titles.append((header.get_name() if header is not None else "") or
                          atspi.Table.get_column_description(iface, column) or "")
        return titles

    def cell(self, table, row, column):
        node = self.session.atspi.Table.get_accessible_at(table.get_table_iface(), row, column)
        if node is None:
            return ""
        text = node.get_name() or ""
        if not text and node.get_text_iface() is not None:
            text = self.text(node) or ""
        if not text:
            for i in range(node.get_child_count()):
                child = node.get_child_at_index(i)
                text = text or (child.get_name() if child is not None else "") or ""
        return text

    def column(self, table, title):
        return self.headers(table).index(title)

    def column_texts(self, table, title, most=200):
        column = self.column(table, title)
        return [self.cell(table, row, column) for row in range(min(self.rows(table), most))]

    def select_row(self, table, row):
        self.session.atspi.Table.add_row_selection(table.get_table_iface(), row)

    # Doing

    def focus(self, node):
        """As Tab would in the end; which Tab reaches what is a test of its own."""
        component = node.get_component_iface()
        return self.session.atspi.Component.grab_focus(component)

    def focused(self):
        for node in self.walk():
            if self.has(node, "FOCUSED") and self.shows(node):
                return node
        return None

    def act(self, node, name=None):
        action = node.get_action_iface()
        if action is None:
            raise Faults(f"{node.get_role_name()} {node.get_name()!r} has no action")
        atspi = self.session.atspi
        for i in range(atspi.Action.get_n_actions(action)):
            if name is None or atspi.Action.get_action_name(action, i) == name:
                atspi.Action.do_action(action, i)
                return
        raise Faults(f"{node.get_role_name()} {node.get_name()!r} has no action {name}")

    def press(self, keys):
        self.session.keyboard.press(keys)
        self.session.pump()

    def type(self, text):
        self.session.keyboard.type(text)
        self.session.pump()

    # Judging

    def unnamed(self):
        """Whatever one can use but that does not say what it is."""
        faults = []
        for node in self.walk():
            if not self.shows(node):
                continue
            role = node.get_role_name()
            focusable = self.has(node, "FOCUSABLE") and role not in ("table cell", "frame", "dialog")
            if role not in INTERACTIVE and not focusable:
                continue
            if (node.get_name() or "").strip() or self.label_of(node):
                continue
            if role in ("scroll pane", "viewport", "panel", "filler", "split pane", "tool bar",
                        "menu bar", "page tab list", "table cell", "label", "separator"):
                continue
            if not self.is_gtk_own(node):
                faults.append(f"{role} without a name, {self.path_of(node)}")
        return faults

    @staticmethod
    def is_gtk_own(node):
        """Made by GTK itself and out of a program's reach: a link within a label's text (the label has
        the words), the search button in the header of a shortcuts window."""
        parent = node.get_parent()
        if node.get_role_name() == "link":
            return parent.get_role_name() == "label" and bool(parent.get_name())
        frame = parent.get_parent() if parent is not None else None
        return (node.get_role_name() == "toggle button" and frame is not None
                and frame.get_role_name() == "frame" and not frame.get_name())

    def label_of(self, node):
        for relation in node.get_relation_set() or []:
            if relation.get_relation_type() == self.session.atspi.RelationType.LABELLED_BY:
                return relation.get_target(0).get_name()
        return ""

    def path_of(self, node):
        names = []
        while node is not None and len(names) < 6:
            names.append(f"{node.get_role_name()} {(node.get_name() or '')!r}")
            node = node.get_parent()
        return " < ".join(names)


def dump(program, out=sys.stderr):
    """The tree as indented text, for whoever writes a test."""
    def show(node, depth):
        shown = "" if program.shows(node) else " (hidden)"
        print("  " * depth + f"{node.get_role_name()} {(node.get_name() or '')!r}{shown}", file=out)
        count = node.get_child_count()
        for i in range(min(count, 30)):
            child = node.get_child_at_index(i)
            if child is not None and depth < 20:
                show(child, depth + 1)
        if count > 30:
            print("  " * (depth + 1) + f"... {count}", file=out)

    program.root.clear_cache()
    show(program.root, 0)
