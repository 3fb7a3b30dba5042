# Exports uv.lock as /layer/pylock.toml, without network and without Python. Arguments: the project's folder below /src,
# then uv's.
set -eu
folder=$1
shift
mkdir -p /tmp/project
cp -R /src/. /tmp/project
cd "/tmp/project/$folder"
uv export --quiet --no-header --frozen --no-emit-project --no-editable --no-default-groups --format pylock.toml "$@" -o pylock.toml
cp pylock.toml /layer/pylock.toml
