# SPDX-License-Identifier: GPL-3.0-or-later
#
# What building, running and testing needs, and what each distribution calls it: one table.
# Sourced by build-aux/run and build-aux/test; installs what is missing and nothing else.
#
# Columns: set | what it is | how to see that it is there | apt | dnf | pacman | zypper
#   set    run: building and the program itself; test: the tests; live: real programs that the
#          tests look at. A "?" behind it: where the distribution has no such package the tests
#          that want it say so and are skipped.
#   check  cmd:NAME a command; pc:NAME a pkg-config module; file:PATTERN a file; py:NAME a module
#          of the distribution's Python
#   names  several packages with blanks between them; a/b is "a, or where there is none b"
components_table ()
{
  cat <<'TABLE'
run|C compiler|cmd:cc|gcc libc6-dev|gcc glibc-devel|gcc|gcc glibc-devel
run|meson|cmd:meson|meson|meson|meson|meson
run|ninja|cmd:ninja|ninja-build|ninja-build|ninja|ninja
run|pkg-config|cmd:pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|pkgconf-pkg-config
run|GTK 3|pc:gtk+-3.0|libgtk-3-dev|gtk3-devel|gtk3|gtk3-devel
run|GLib tools|cmd:glib-compile-resources|libglib2.0-dev-bin|glib2-devel|glib2-devel/glib2|glib2-devel
run|json-glib|pc:json-glib-1.0|libjson-glib-dev|json-glib-devel|json-glib|json-glib-devel
run|libelf|pc:libelf|libelf-dev|elfutils-libelf-devel|libelf|libelf-devel
run|gettext|cmd:msgfmt|gettext|gettext|gettext|gettext-tools/gettext
run|SVG icons|file:/usr/lib*/gdk-pixbuf-2.0/*/loaders/*svg.so:/usr/lib/*/gdk-pixbuf-2.0/*/loaders/*svg.so:/usr/bin/glycin-thumbnailer|librsvg2-common|librsvg2|librsvg|gdk-pixbuf-loader-rsvg
test|X server without a screen|cmd:Xvfb|xvfb|xorg-x11-server-Xvfb|xorg-server-xvfb|xorg-x11-server-Xvfb/xorg-x11-server-extra
test|D-Bus|cmd:dbus-run-session|dbus|dbus-daemon|dbus|dbus-1-daemon/dbus-1
test|accessibility bus|file:/usr/libexec/at-spi-bus-launcher:/usr/lib/at-spi-bus-launcher:/usr/lib/at-spi2-core/at-spi-bus-launcher:/usr/libexec/at-spi2/at-spi-bus-launcher|at-spi2-core|at-spi2-core|at-spi2-core|at-spi2-core
test|accessibility for Python|py:pyatspi|python3-pyatspi gir1.2-atspi-2.0|python3-pyatspi|python-atspi|python3-atspi/python3-pyatspi
run|desktop-file-utils|cmd:update-desktop-database|desktop-file-utils|desktop-file-utils|desktop-file-utils|desktop-file-utils
test|appstreamcli|cmd:appstreamcli|appstream|appstream|appstream|AppStream
run|xmllint|cmd:xmllint|libxml2-utils|libxml2|libxml2|libxml2-tools
test|jq|cmd:jq|jq|jq|jq|jq
test|clang|cmd:clang|clang|clang|clang|clang
test?|clang-format|cmd:clang-format|clang-format|clang-tools-extra|clang|clang-tools
test|sanitizers|file:/usr/lib/gcc/*/*/libasan*|gcc|libasan libubsan libtsan|gcc|libasan8 libubsan1 libtsan2
test|pmap|cmd:pmap|procps|procps-ng|procps-ng|procps
test?|groff|cmd:groff|groff-base|groff-base|groff|groff
live?|Python|cmd:python3|python3|python3|python|python3
live?|Node|cmd:node|nodejs|nodejs|nodejs|nodejs-default/nodejs
live?|Java|cmd:javac|default-jdk-headless|java-latest-openjdk-devel|jdk-openjdk|java-21-openjdk-devel/java-17-openjdk-devel
live?|Go|cmd:go|golang-go|golang|go|go
live?|Ruby|cmd:ruby|ruby|ruby|ruby|ruby
live?|PostgreSQL|file:/usr/lib/postgresql/*/bin/postgres:/usr/lib/postgresql*/bin/postgres:/usr/bin/postgres|postgresql|postgresql-server|postgresql|postgresql-server
live?|jemalloc|file:/usr/lib/*/libjemalloc.so*:/usr/lib*/libjemalloc.so*|libjemalloc2|jemalloc|jemalloc|libjemalloc2
live?|tcmalloc|file:/usr/lib/*/libtcmalloc_minimal.so*:/usr/lib*/libtcmalloc_minimal.so*|libtcmalloc-minimal4t64/libtcmalloc-minimal4|gperftools-libs|gperftools|libtcmalloc4/gperftools
live?|mimalloc|file:/usr/lib/*/libmimalloc.so*:/usr/lib*/libmimalloc.so*|libmimalloc2.0/libmimalloc3|mimalloc|mimalloc|libmimalloc2
live?|GTK demo|cmd:gtk3-demo|gtk-3-examples|gtk3-devel|gtk3-demos|gtk3-devel
live?|gtk-builder-tool|cmd:gtk-builder-tool|libgtk-3-bin|gtk3-devel|gtk3|gtk3-tools
live?|Redis|cmd:redis-server|redis-server|redis/valkey-compat-redis|redis/valkey|redis
live?|32-bit C library|file:/usr/include/gnu/stubs-32.h:/usr/include/*/gnu/stubs-32.h|gcc-multilib|glibc-devel.i686|lib32-glibc|gcc-32bit glibc-devel-32bit
live?|musl|cmd:musl-gcc|musl-tools|musl-gcc|musl|musl-devel
TABLE
}

components_have_file ()
{
  _ifs=$IFS
  IFS=:
  # The patterns are meant to be expanded here.
  for _path in $1; do
    if [ -e "$_path" ]; then
      IFS=$_ifs
      return 0
    fi
  done
  IFS=$_ifs
  return 1
}

components_python ()
{
  if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else command -v python3; fi
}

components_have ()
{
  case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    file:*) components_have_file "${1#file:}" ;;
    py:*) "$(components_python)" -c "import ${1#py:}" >/dev/null 2>&1 ;;
    *) return 1 ;;
  esac
}

components_manager ()
{
  for _manager in apt-get dnf pacman zypper; do
    if command -v "$_manager" >/dev/null 2>&1; then
      echo "$_manager"
      return 0
    fi
  done
  return 1
}

# Whether the package manager knows package $1.
components_known ()
{
  case $manager in
    apt-get) apt-cache show --no-all-versions "$1" 2>/dev/null | grep -q '^Package:' ;;
    dnf) dnf -q info "$1" >/dev/null 2>&1 ;;
    pacman) pacman -Si "$1" >/dev/null 2>&1 ;;
    zypper) zypper -q --non-interactive search --match-exact "$1" >/dev/null 2>&1 ;;
  esac
}

# Runs a command during which installing a server does not start it: the tests start their own.
components_without_services ()
(
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
  fi
  "$@"
)

components_install ()
{
  case $manager in
    apt-get)
      components_without_services \
        $as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a \
        apt-get -o Dpkg::Use-Pty=0 install -y -q --no-install-recommends "$@" ;;
    dnf) $as_root dnf install -y -q --setopt=install_weak_deps=False "$@" ;;
    pacman) $as_root pacman -S --needed --noconfirm --quiet "$@" ;;
    zypper) $as_root zypper -q --non-interactive install --no-recommends "$@" ;;
  esac
}

components_refresh ()
{
  case $manager in
    apt-get) $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q ;;
    pacman) $as_root pacman -Sy --noconfirm --quiet ;;
    zypper) $as_root zypper -q --non-interactive refresh ;;
  esac
}

# components_missing SET...: the rows of those sets whose check fails.
components_missing ()
{
  components_table | while IFS= read -r _row; do
    _rest=${_row#*|}
    _rest=${_rest#*|}
    for _set in "$@"; do
      case $_row in
        "$_set|"* | "$_set?|"*) components_have "${_rest%%|*}" || printf '%s\n' "$_row" ;;
      esac
    done
  done
}

# components_need SET...: installs what is missing of those sets, or says what to install by hand.
components_need ()
{
  missing=$(components_missing "$@")
  [ -n "$missing" ] || return 0

  names=$(printf '%s\n' "$missing" | cut -d'|' -f2 | paste -s -d, - | sed 's/,/, /g')
  # Empty: the tests can do without what is missing, and say so.
  required=$(printf '%s\n' "$missing" | grep -v '^[a-z]*?|' || :)
  if ! manager=$(components_manager); then
    echo "Missing: $names." >&2
    echo "No known package manager (apt, dnf, pacman, zypper) was found: please install these" \
      "with their development files, then start this again." >&2
    [ -z "$required" ]
    return
  fi
  case $manager in
    apt-get) column=4 ;;
    dnf) column=5 ;;
    pacman) column=6 ;;
    zypper) column=7 ;;
  esac

  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "Missing: $names. Installing takes root: start this as root, or install sudo, or" \
        "install these packages yourself:" >&2
      printf '%s\n' "$missing" | cut -d'|' -f"$column" | tr '\n' ' ' >&2
      echo >&2
      [ -z "$required" ]
      return
    fi
    as_root=sudo
  fi

  echo "Installing what is missing, with $manager: $names" >&2
  components_refresh >/dev/null || echo "The package lists could not be refreshed; going on." >&2

  packages=
  while IFS= read -r row; do
    for wanted in $(printf '%s\n' "$row" | cut -d'|' -f"$column"); do
      found=
      for candidate in $(echo "$wanted" | tr '/' ' '); do
        if components_known "$candidate"; then
          found=$candidate
          break
        fi
      done
      case $found:$row in
        :*'?|'*) echo "This distribution has no package $wanted: tests that want it are skipped." >&2 ;;
        :*) echo "This distribution has no package $wanted." >&2 && return 1 ;;
        *) packages="$packages $found" ;;
      esac
    done
  done <<MISSING
$missing
MISSING
  [ -n "$packages" ] || return 0
  # What the package manager says is of interest only where it fails.
  log=$(mktemp)
  # Words, on purpose: one argument a package.
  # shellcheck disable=SC2086
  if ! components_install $packages >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    echo "Installing failed; the command was: $manager install$packages" >&2
    return 1
  fi
  rm -f "$log"

  missing=$(components_missing "$@" | grep -v '^[a-z]*?|' | cut -d'|' -f2)
  if [ -n "$missing" ]; then
    echo "Still missing after installing: $missing" >&2
    return 1
  fi
}
