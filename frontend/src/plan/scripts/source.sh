# Builds a package from a folder and installs it as a layer. Arguments: the time in seconds, the folder or file below
# /src, then uv's.
set -eu
umask 022
mtime=$1 path=$2
shift 2
# Build back ends write beside the sources.
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
# Where the wheel lay while it was installed is nobody's business, and PEP 610 asks for no such record of a wheel
# that was built here.
find /layer -name direct_url.json -exec rm {} +
find /layer -path '*.dist-info/RECORD' -exec sed -i '/direct_url\.json,/d' {} +
/opt/venv/bin/python -I /run/modelcrate/seal.py /layer "$mtime"
