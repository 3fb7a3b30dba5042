# Installs one of uv's builds of Python as a layer. Arguments: the time in seconds, uv's name of the build
# (`cpython-3.11.13-linux-x86_64-gnu`), the short version.
set -eu
umask 022
mtime=$1 build=$2 short=$3
uv python install --install-dir /opt/python "$build"
for folder in /opt/python/cpython-"$short".*; do
  # uv links short names to the full one; which of them differs between versions of uv.
  [ ! -L "$folder" ] && [ -d "$folder" ] || continue
  mkdir -p /layer/opt/python
  mv "$folder" /layer/opt/python/
  ln -s "${folder##*/}" "/layer/opt/python/$short"
done
python=/layer/opt/python/$short/bin/python$short
[ ! -d /run/modelcrate/python ] || python=/run/modelcrate/python/$short/bin/python$short
PYTHONHASHSEED=0 "$python" -s /run/modelcrate/seal.py /layer "$mtime"
