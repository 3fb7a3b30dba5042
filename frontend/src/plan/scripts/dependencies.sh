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
find /layer -exec touch -hd "@$mtime" {} +
