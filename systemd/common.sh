# What install, uninstall and trial share: where things are, how a link is moved, how it is told. For bash; sourced.
# shellcheck shell=bash disable=SC2034

root=${root:-}                # --root: a folder that stands for the machine
user=ooh-player
base=/opt/ooh-player          # versions/, and the links current and previous
settings=/etc/ooh-player
state=/var/lib/ooh-player
run=/run/ooh-player
units_folder=/etc/systemd/system
command_link=/usr/local/bin/ooh-player
screen_drop_ins=$units_folder/ooh-player-screen.service.d
displays=(kms x11 wayland)
# Each unit, and what starts it.
units=(
  ooh-player.target:multi-user.target
  ooh-player-screen.service:ooh-player.target
  ooh-player-agent.service:ooh-player.target
  ooh-player-web.service:ooh-player.target
  ooh-player-web.path:ooh-player.target
  ooh-player-rescue.path:ooh-player.target
  ooh-player-rescue.service:
  ooh-player-trial.service:multi-user.target
)

say() { printf 'ooh-player: %s\n' "$*"; }
fail() { # SENTENCE, NEXT STEP
  printf 'ooh-player: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '  next: %s\n' "$2" >&2
  exit 1
}

# Whether there is a systemd to talk to: not in a folder, and not where another init runs.
is_live() { [ -z "$root" ] && [ -d /run/systemd/system ]; }

# LINK TARGET: makes the link, or moves it, in one step: at no time is there none.
point() {
  ln -sfn -- "$2" "$1.new"
  mv -fT -- "$1.new" "$1"
}

# LINK: the version that it means; nothing when there is none.
version_of() { if [ -L "$1" ]; then basename -- "$(readlink -- "$1")"; fi; }

# What was on trial and is no more, and versions that nothing means.
prune() {
  local folder name keep
  keep=" $(version_of "$root$base/current") $(version_of "$root$base/previous") $(version_of "$root$base/refused") "
  for folder in "$root$base"/versions/* "$root$base"/versions/.[!.]*; do
    [ -d "$folder" ] || continue
    name=$(basename -- "$folder")
    case $keep in *" $name "*) ;; *) rm -rf -- "$folder" ;; esac
  done
}
