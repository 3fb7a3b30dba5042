# Compiles what a workspace depends on and keeps it as a layer. Arguments: the time in seconds, the workspace's folder,
# where programs are written, `--`, then cargo's.
set -eu
umask 022
mtime=$1 folder=$2
shift 4
. /run/modelcrate/rust.sh
remapped
# Programs are compiled at the same path, where this layer is then.
mkdir -p /layer/target
ln -s /layer/target /target
cd "$folder"
cargo build --locked --offline "$@"
# What the skeleton made of the workspace's own packages is forgotten: their real sources are not older than it.
hex='[0-9a-f][0-9a-f][0-9a-f][0-9a-f]' && hex=$hex$hex$hex$hex
find /layer/target -type d -name .fingerprint | while read -r fingerprints; do
  cd "${fingerprints%/*}"
  while read -r name; do
    under=$(echo "$name" | tr - _)
    rm -rf .fingerprint/"$name"-$hex build/"$name"-$hex build/"$name" \
      deps/"$name"-$hex* deps/"$under"-$hex* deps/lib"$under"-$hex*
  done </run/modelcrate/own.txt
  find . -maxdepth 1 -type f -delete
done
# Build scripts and macros hold the standard library's debug information, most of their bytes. No debugger looks at them.
if command -v strip >/dev/null; then
  for program in $(find /layer/target -type f -path '*/build/*/build-script-*'); do
    strip --strip-debug "$program"
  done
  for macros in $(find /layer/target -type f -path '*/deps/lib*.so'); do
    if grep -q rustc_proc_macro_decls "$macros"; then strip --strip-debug "$macros"; fi
  done
fi
find /layer -exec touch -hd "@$mtime" {} +
