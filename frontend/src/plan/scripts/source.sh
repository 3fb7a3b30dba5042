# Builds a package from a folder or a wheel of the context and installs it as a layer. Arguments: the time in seconds,
# the package's path below /src, `git` when it reads its version from there (else `-`), then uv's.
set -eu
umask 022
mtime=$1 path=$2 version=$3
shift 3
# Build back ends write beside the sources. The wheel is built apart from its installation because uv's cache knows a
# folder by the time of its manifest alone, and would install yesterday's code again.
mkdir -p /tmp/source /tmp/dist
cp -R /src/. /tmp/source
cd "/tmp/source/$(dirname "$path")"
if [ "$version" = git ] && root=$(git rev-parse --show-toplevel 2>/dev/null); then
  # Files that the build does not see are no change of the sources.
  (cd "$root" && git ls-files -z --deleted | git update-index -z --assume-unchanged --stdin)
fi
case $path in
  *.whl) cp "${path##*/}" /tmp/dist ;;
  *)
    uv build --wheel --python /opt/venv/bin/python --out-dir /tmp/dist "${path##*/}" || {
      code=$?
      if [ "$version" = git ] && [ -z "${root:-}" ]; then
        echo "modelcrate: the version is read from git, and there is no \`.git\` in the build context" >&2
        echo "hint: take it out of \`.dockerignore\`, or give the version with" \
          "\`python: { build_env: { SETUPTOOLS_SCM_PRETEND_VERSION: … } }\`" >&2
      fi
      exit "$code"
    }
    ;;
esac
cd /
uv pip install --python /opt/venv/bin/python --prefix /layer/opt/venv --no-deps "$@" /tmp/dist/*.whl
rm -f /layer/opt/venv/.lock
PYTHONHASHSEED=0 /opt/venv/bin/python -s /run/modelcrate/seal.py /layer "$mtime"
