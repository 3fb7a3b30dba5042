# Adds to a toolchain what it lacks. Arguments: the channel to install or `-`, the target whose standard library is needed
# or `-`, components.
set -eu
umask 022
channel=$1 target=$2
shift 2
if ! command -v rustup >/dev/null; then
  echo "modelcrate: there is no rustup in the image, which would install what is missing: $channel $target $*" >&2
  echo "hint: name an image that holds it with \`rust: { image: … }\`" >&2
  exit 1
fi
if [ "$channel" != - ]; then
  rustup toolchain install "$channel" --profile minimal --no-self-update
  rustup default "$channel"
fi
cd /
[ "$target" = - ] || rustup target add "$target"
for component in "$@"; do
  rustup component add "$component"
done
