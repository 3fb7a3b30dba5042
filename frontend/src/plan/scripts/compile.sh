# Resolves a requirements file to /layer/pylock.toml. Arguments: the file, then uv's.
set -eu
file=$1
shift
mkdir -p /tmp/project
cp -R /src/. /tmp/project
cd /tmp/project
# A fresh name: uv takes a file that is there already as preferences.
uv pip compile --quiet --no-header --universal --generate-hashes --format pylock.toml "$@" "$file" -o /layer/pylock.toml
