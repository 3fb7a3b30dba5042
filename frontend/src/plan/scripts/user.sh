# Makes a user and folders on the image. Arguments: the time in seconds, name (empty: none), uid, gid, home, folders.
# Lines are written directly: `useradd` is not in every base, and dates what it writes.
set -eu
umask 022
mtime=$1 name=$2 uid=$3 gid=$4 home=$5
shift 5
# The first entry for an id is the one that is found, so ours comes second in the file, after root's.
put() {
  file=$1 line=$2 first=
  [ ! -f "$file" ] || IFS= read -r first <"$file" || :
  {
    [ -z "$first" ] || printf '%s\n' "$first"
    printf '%s\n' "$line"
    [ ! -f "$file" ] || { read -r _; grep -v "^$name:" || :; } <"$file"
  } >"$file.modelcrate"
  cat "$file.modelcrate" >"$file"
  rm "$file.modelcrate"
  touch -cd "@$mtime" "$file" "${file%/*}"
}
own() {
  [ -d "$1" ] && return
  case $1 in */*) [ -d "${1%/*}/" ] || own_parent "${1%/*}" ;; esac
  mkdir "$1"
  chown "$uid:$gid" "$1"
  touch -cd "@$mtime" "$1" "${1%/*}/"
}
# Parents that are missing belong to root, as with `mkdir -p`.
own_parent() {
  [ -d "${1%/*}/" ] || own_parent "${1%/*}"
  mkdir "$1"
  touch -cd "@$mtime" "$1" "${1%/*}/"
}
if [ -n "$name" ]; then
  mkdir -p /etc
  put /etc/passwd "$name:x:$uid:$gid::$home:/bin/sh"
  put /etc/group "$name:x:$gid:"
  own "$home"
fi
for folder in "$@"; do
  own "$folder"
done
# The engine puts `hosts` and `resolv.conf` there before the step starts.
[ ! -d /etc ] || touch -cd "@$mtime" /etc
