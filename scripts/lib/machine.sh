# shellcheck shell=bash
# What the scripts need from the machine, and how they say what they do. To be sourced.
#
# shellcheck disable=SC2034 # What stands here is used by the callers.
#
# Callers have `set -euo pipefail` in force and stand in the repository's root.

# say TEXT: one line of progress. On standard error, so that standard output stays the program's.
say() {
  printf '==> %s\n' "$*" >&2
}

# fail TEXT: what went wrong and what to do about it, and the end.
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# has COMMAND: whether it is installed.
has() {
  command -v "$1" >/dev/null 2>&1
}

# quietly COMMAND…: runs it, and shows what it printed only if it fails.
quietly() {
  local output status=0
  output=$(mktemp)
  "$@" >"$output" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    cat "$output" >&2
    printf 'error: this command ended with %d: %s\n' "$status" "$*" >&2
  fi
  rm -f "$output"
  return "$status"
}

# require_swift: stops unless there is a Swift toolchain.
require_swift() {
  has swift || fail "'swift' is not found. Install Swift 6.2 or later from https://www.swift.org/install/linux/" \
    "and put its usr/bin folder into PATH."
}

# install_libraries: installs what the build needs besides Swift, as far as it is missing.
install_libraries() {
  local missing=()
  has pkg-config || missing+=(pkg-config)
  pkg-config --exists libcurl 2>/dev/null || missing+=(libcurl4-openssl-dev)
  pkg-config --exists yaml-0.1 2>/dev/null || missing+=(libyaml-dev)
  install_packages ${missing[@]+"${missing[@]}"}
}

# install_packages PACKAGE…: installs Debian packages, or stops with the command that a person would have to type.
install_packages() {
  (($# > 0)) || return 0
  has apt-get || fail "these Debian packages, or what your system calls them, are missing: $*." \
    "There is no apt-get here; install them with your own package manager. On Fedora, for example, the libraries are:" \
    "sudo dnf install libcurl-devel libyaml-devel pkgconf-pkg-config"
  local by_hand="sudo apt-get update && sudo apt-get install -y $*"
  local as_root=()
  if ((EUID != 0)); then
    has sudo || fail "these packages are missing, and only root may install them: $*. As root: ${by_hand//sudo /}"
    as_root=(sudo)
    # Without a terminal nobody can answer sudo's question.
    [[ -t 0 ]] || as_root=(sudo -n)
    "${as_root[@]}" true || fail "these packages are missing: $*. Install them with: $by_hand"
  fi
  say "installing $*"
  local install=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get)
  if ! quietly "${install[@]}" update || ! quietly "${install[@]}" install -y "$@"; then
    fail "these packages could not be installed: $*. Try it by hand: $by_hand"
  fi
}

# Where build_release puts the command: one file that holds the Swift library.
readonly release_binary=.build/release/tollgate

# build_release: builds it, unless it is up to date.
build_release() {
  say "building tollgate (a few minutes the first time)"
  quietly swift build -c release --static-swift-stdlib --product tollgate
}
