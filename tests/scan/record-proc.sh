#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Records what Memory Atlas reads of a process below /proc, so that `mematlas --proc DIRECTORY` and
# the tests can read it elsewhere. The process is held still meanwhile. The host name is replaced,
# and environment and memory are not recorded; look the result over before you give it away.
#
#   record-proc.sh PID DIRECTORY [--images]
#
# --images copies the ELF files that the process maps as well, for their sections.

set -eu

die () { echo "record-proc.sh: $*" >&2; exit 1; }

[ $# -ge 2 ] || die "usage: record-proc.sh PID DIRECTORY [--images]"
pid=$1 directory=$2 images=${3:-}
source=/proc/$pid target=$directory/$pid
[ -r "$source/maps" ] || die "process $pid does not exist or may not be read (try sudo)"
[ ! -e "$target" ] || die "$target exists already"
mkdir -p "$target" "$directory/sys/kernel"

kill -STOP "$pid"
trap 'kill -CONT "$pid"' EXIT

for file in maps smaps smaps_rollup numa_maps status stat statm cmdline comm cgroup auxv; do
  cat "$source/$file" >"$target/$file" 2>/dev/null || rm -f "$target/$file"
done
if link=$(readlink "$source/exe"); then ln -s "$link" "$target/exe"; fi
for task in "$source"/task/[0-9]*; do
  mkdir -p "$target/task/${task##*/}"
  for file in comm stat status syscall; do
    cat "$task/$file" >"$target/task/${task##*/}/$file" 2>/dev/null \
      || rm -f "$target/task/${task##*/}/$file"
  done
done

for file in meminfo loadavg sys/kernel/ostype sys/kernel/osrelease sys/kernel/arch; do
  cat "/proc/$file" >"$directory/$file" 2>/dev/null || rm -f "$directory/$file"
done
sed -n '/^btime /p' /proc/stat >"$directory/stat"
sed 's/ (.*//' /proc/version >"$directory/version"
echo recorded >"$directory/sys/kernel/hostname"

# The files by path, for what is asked of the program, and by mapping, as the kernel has them.
# \012 in maps is a newline in the name; such files are left out.
if [ "$images" = --images ]; then
  mkdir -p "$target/map_files"
  sed -n 's/^\([^ ]*\) [^ ]* [^ ]* [^ ]* [^ ]* *\(\/.*\)$/\1 \2/p' "$target/maps" \
    | while read -r range path; do
      file=$source/root$path
      [ -f "$file" ] && [ "$(head -c 4 "$file" | od -An -c | tr -d ' ')" = '177ELF' ] || continue
      mkdir -p "$target/root$(dirname "$path")"
      [ -e "$target/root$path" ] || cp "$file" "$target/root$path"
      short=$(echo "$range" | sed 's/^0*//; s/-0*/-/')
      ln "$target/root$path" "$target/map_files/$short"
    done
fi
chmod -R u+rwX "$directory"
