# Which display the screen draws on: a drop-in of its unit. For install; sourced.
# shellcheck shell=bash disable=SC2154

# The display that was chosen, else the one chosen before, else what is there.
put_display() {
  local one folder=$root$screen_drop_ins
  if [ -z "$display" ] && chose_before; then
    say "display: $display, as before"
  else
    [ -n "$display" ] || display=$(find_display)
    case $display in
      x11) find_x ;;
      wayland) find_wayland ;;
    esac
    say "display: $display"
  fi
  mkdir -p "$folder"
  write_drop_in >"$folder/.display.new"
  for one in "${displays[@]}"; do
    [ "$one" = "$display" ] || rm -f "$folder/$one.conf"
  done
  mv -f "$folder/.display.new" "$folder/$display.conf"
}

# Its first line says the choice, for the next run of this script.
write_drop_in() {
  printf '# display %s %s %s\n' "$display" "${x_display:--}" "${x_authority:-${wayland_socket:--}}"
  echo "# Written by systemd/install --display; your own changes go into another file beside it."
  sed -e "s|@DISPLAY@|$x_display|g" -e "s|@XAUTHORITY@|$x_authority|g" -e "s|@SOCKET@|$wayland_socket|g" \
    "$candidate/systemd/display/$display.conf" | without_cookie
}

# A server that asks for no cookie is given none.
without_cookie() {
  if [ "$display" = x11 ] && [ -z "$x_authority" ]; then
    sed -e '/^LoadCredential=/d' -e 's| XAUTHORITY=[^ ]*||'
  else
    cat
  fi
}

chose_before() {
  local one where mark word
  for one in "${displays[@]}"; do
    [ -f "$root$screen_drop_ins/$one.conf" ] || continue
    read -r mark word display x_display where <"$root$screen_drop_ins/$one.conf"
    [ "$mark $word" = "# display" ] || continue
    [ "$where" != - ] || where=
    [ "$x_display" != - ] || x_display=
    if [ "$display" = x11 ]; then x_authority=$where; else wayland_socket=$where; fi
    return 0
  done
  display=
  return 1
}

find_display() {
  local socket
  if is_live && systemctl is-active --quiet display-manager.service; then
    for socket in /run/user/*/wayland-[0-9]; do
      [ ! -S "$socket" ] || { echo wayland && return; }
    done
    [ ! -S /tmp/.X11-unix/X0 ] || { echo x11 && return; }
  fi
  echo kms
}

find_x() {
  local file
  x_display=${x_display:-:0}
  [ -z "$x_authority" ] || return 0
  for file in /run/user/*/gdm/Xauthority /run/user/*/xauth_* /home/*/.Xauthority; do
    [ ! -f "$file" ] || { x_authority=$file && return; }
  done
}

find_wayland() {
  local socket
  [ -z "$wayland_socket" ] || return 0
  for socket in /run/user/*/wayland-[0-9]; do
    [ ! -S "$socket" ] || { wayland_socket=$socket && return; }
  done
  wayland_socket=/run/user/1000/wayland-0
}
