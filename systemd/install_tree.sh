# Where a version comes from: a ready tree, or the checkout in which this script lies. For install; sourced.
# shellcheck shell=bash disable=SC2154

# Sets `version`, and `candidate`: its folder under versions/, whole. A folder that was begun and not finished has the
# mark .unfinished and is removed by the next run.
make_candidate() {
  remove_unfinished
  if [ -n "$tree" ]; then
    take_tree
  else
    build_tree
  fi
  local needed
  for needed in bin/ooh-player systemd/trial systemd/common.sh systemd/ooh-player-screen.service player.toml; do
    [ -e "$candidate/$needed" ] || fail "$candidate is no tree of ooh-player: $needed is missing" "make deb, or install from a checkout"
  done
  "$candidate/bin/ooh-player" --version >/dev/null \
    || fail "version $version does not start on this machine; nothing was changed" "$candidate/bin/ooh-player --version says why"
}

# It is whole: from here on it stays, whatever happens.
finish_candidate() {
  rm -f "$candidate/.unfinished"
  trap - EXIT
}

remove_unfinished() {
  local mark
  for mark in "$root$base"/versions/*/.unfinished; do
    [ ! -e "$mark" ] || rm -rf -- "$(dirname "$mark")"
  done
}

begin_candidate() { # NAME: an empty folder for it, which goes when this run does not come to its end
  version=$1 candidate=$root$base/versions/$1
  mkdir -p "$candidate"
  : >"$candidate/.unfinished"
  trap 'rm -rf -- "$candidate"' EXIT
  trap 'exit 130' INT TERM HUP
}

# A name that no other version has: the wish, or the wish and a number.
free_name() {
  local name=$1 number=2
  while [ -e "$root$base/versions/$name" ]; do
    name=$1-$number number=$((number + 1))
  done
  echo "$name"
}

take_tree() {
  local told
  if [ "$(dirname "$tree")" = "$root$base/versions" ]; then # put in place by dpkg
    version=$(basename "$tree") candidate=$tree
    return
  fi
  told=$("$tree/bin/ooh-player" --version) || fail "$tree/bin/ooh-player does not start on this machine; nothing was changed"
  begin_candidate "$(free_name "${told##* }")"
  say "copying version $version to $base"
  # Root's own files are linked, not copied: half the card. dpkg puts new files in the place of old ones, never into them.
  if [ "$(stat -c %u "$tree")" != 0 ] || ! cp -al -- "$tree/." "$candidate/" 2>/dev/null; then
    cp -a -- "$tree/." "$candidate/"
    [ "$(id -u)" != 0 ] || chown -R 0:0 "$candidate"
  fi
}

# The same sources have the same name, so that installing them again builds nothing.
name_of_checkout() {
  local number hash
  number=$(sed -n 's/^version = //p' setup.cfg)
  hash=$(find config cache renderer player sandbox systemd setup.cfg pyproject.toml requirements/runtime.lock \
    -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  echo "$number+${hash:0:8}"
}

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  return 1
}

build_tree() {
  local name python
  cd ..
  [ -f requirements/runtime.lock ] || fail "this is no checkout of ooh-player" "$PWD/systemd/install --tree DIR"
  name=$(name_of_checkout)
  if [ -d "$root$base/versions/$name" ]; then
    version=$name candidate=$root$base/versions/$name
    say "version $name is there already"
    cd "$here"
    return
  fi
  install_packages python3 python3-venv
  python=$(find_python) || fail "Python 3.11, 3.12 or 3.13 is needed" "sudo apt-get install python3 python3-venv"
  begin_candidate "$name"
  say "building version $version with $("$python" --version) (a minute or two)"
  "$python" -m venv "$candidate" || fail "no environment could be made" "sudo apt-get install python3-venv"
  say "  the locked packages, each checked by its hash"
  in_tree install --require-hashes --no-deps --only-binary :all: -r requirements/runtime.lock \
    || fail "the packages could not be had; nothing was changed" "look at the network, then run this again"
  say "  the player itself"
  put_player
  in_tree uninstall --yes setuptools pip
  cd "$here"
}

in_tree() { "$candidate/bin/python" -m pip --quiet --disable-pip-version-check --no-cache-dir "$@"; }

# Built from a copy, so that a checkout keeps nothing of root's.
put_player() {
  local copy=$candidate/.source
  mkdir "$copy"
  cp -a config cache renderer player sandbox setup.cfg pyproject.toml README.md LICENSE "$copy/"
  in_tree install --no-deps --no-index --no-build-isolation "$copy" || fail "the player could not be built; nothing was changed"
  rm -rf "$copy"
  cp -a systemd "$candidate/systemd"
  rm -rf "$candidate/systemd/deb"
  cp -a config/player.toml "$candidate/player.toml"
}
