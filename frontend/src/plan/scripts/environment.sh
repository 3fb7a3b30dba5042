# Checks that the base's interpreter is the one that packages are chosen for, and hands on the environment around it.
# Arguments: the time in seconds, the interpreter, its version (`3.11`, `3.11.13`).
set -eu
mtime=$1 program=$2 wanted=$3
if ! found=$("$program" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])'); then
  echo "modelcrate: there is no working Python at \`$program\` in the base" >&2
  echo "hint: install it with \`apt:\`, name another one with \`python: { interpreter: … }\`, or use uv's with \`interpreter: uv\`" >&2
  exit 1
fi
case $found. in
  "$wanted".*) ;;
  *)
    echo "modelcrate: \`$program\` of the base is Python $found, and Python $wanted is asked for" >&2
    echo "hint: write \`python: { version: \"${found%.*}\" }\`, or use uv's Python with \`interpreter: uv\`" >&2
    exit 1
    ;;
esac
cp -a /run/modelcrate/environment/. /layer/
find /layer -exec touch -hcd "@$mtime" {} +
