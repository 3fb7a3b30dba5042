# Builds a package from a folder or a wheel of the context and installs it as a layer. Arguments: the time in seconds,
# the package's path below /src, then uv's.
set -eu
umask 022
mtime=$1 path=$2
shift 2
# Build back ends write beside the sources. The wheel is built apart from its installation because uv's cache knows a
# folder by the time of its manifest alone, and would install yesterday's code again.
mkdir -p /tmp/source /tmp/dist
cp -R /src/. /tmp/source
cd /tmp/source
case $path in
  *.whl) cp "$path" /tmp/dist ;;
  *) uv build --wheel --python /opt/venv/bin/python --out-dir /tmp/dist "$path" ;;
esac
cd /
uv pip install --python /opt/venv/bin/python --prefix /layer/opt/venv --no-deps "$@" /tmp/dist/*.whl
rm -f /layer/opt/venv/.lock
PYTHONHASHSEED=0 /opt/venv/bin/python -s /run/modelcrate/seal.py /layer "$mtime"
