# Compiles programs and installs them as a layer. Arguments: the time in seconds, the workspace's folder, where programs are
# written, `--`, then cargo's.
set -eu
umask 022
mtime=$1 folder=$2 output=$3
shift 4
. /run/modelcrate/rust.sh
remapped
cd "$folder"
cargo build --locked --offline "$@" || {
  code=$?
  echo "modelcrate: a file that is missing above may lie outside of the package's folder: \`rust: { inputs: [PATH] }\` adds it" >&2
  exit "$code"
}
install_program() {
  mkdir -p "/layer${2%/*}"
  cp "$1" "/layer$2"
  chmod 755 "/layer$2"
}
installed=
while read -r name place; do
  if [ "$name" = '*' ]; then
    for file in "$output"/*; do
      case $file in *.so | *.d | *.rlib | *.dwp) continue ;; esac
      [ -f "$file" ] && [ -x "$file" ] || continue
      install_program "$file" "$place/${file##*/}"
      installed=1
    done
  else
    install_program "$output/$name" "$place"
    installed=1
  fi
done </run/modelcrate/install.txt
if [ -z "$installed" ]; then
  echo "modelcrate: cargo compiled no program" >&2
  echo "hint: a library is none; a program that needs features is left out until \`rust: { features: … }\` names them" >&2
  exit 1
fi
find /layer -exec touch -hd "@$mtime" {} +
