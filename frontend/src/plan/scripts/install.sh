# Installs the packages of one part of the lock as a layer. Arguments: the time in seconds, then uv's.
set -eu
umask 022
mtime=$1
shift
uv pip install --python /opt/venv/bin/python --prefix /layer/opt/venv --no-deps "$@"
rm -f /layer/opt/venv/.lock
PYTHONHASHSEED=0 /opt/venv/bin/python -s /run/modelcrate/seal.py /layer "$mtime"
