# Stand-in for python:3.11-slim: Debian's own CPython 3.11, laid out under /usr/local as the official image has it.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    PYTHON_VERSION=3.11.2
RUN <<EOF
set -eux
apt-get update
# What the interpreter and its extension modules link to.
apt-get install -y --no-install-recommends ca-certificates netbase tzdata media-types libbz2-1.0 libcrypt1 libdb5.3 \
    libexpat1 libffi8 liblzma5 libncursesw6 libnsl2 libreadline8 libsqlite3-0 libssl3 libtirpc3 libuuid1 zlib1g
mkdir /tmp/debs
cd /tmp/debs
apt-get download python3.11 python3.11-minimal libpython3.11-stdlib libpython3.11-minimal python3-distutils \
    python3-lib2to3 python3-pip-whl python3-setuptools-whl
for deb in *.deb; do dpkg -x "$deb" root; done
rm -rf root/usr/share/doc root/usr/share/lintian root/usr/share/applications root/usr/share/pixmaps
cp -a root/usr/bin root/usr/lib /usr/local/
cd /usr/local/lib/python3.11
# Debian keeps site-packages for virtual environments; the official image uses it everywhere.
sed -i "s/prefix_scheme = 'posix_local'/prefix_scheme = 'posix_prefix'/" sysconfig.py
rm -rf EXTERNALLY-MANAGED _distutils_system_mod.py sitecustomize.py /usr/local/lib/binfmt.d
# `site` is frozen into the interpreter, so the folder is added by a file that it reads outside of virtual environments.
mkdir -p site-packages ../python3/dist-packages
echo 'import site; site.addsitedir("/usr/local/lib/python3.11/site-packages")' > ../python3/dist-packages/site-packages.pth
ln -s python3.11 /usr/local/bin/python3
ln -s python3 /usr/local/bin/python
wheels=/tmp/debs/root/usr/share/python-wheels
PYTHONPATH=$(echo "$wheels"/pip-*.whl) python3 -m pip install --no-cache-dir --no-compile --no-index \
    --find-links "$wheels" pip setuptools
find /usr/local -name __pycache__ -prune -exec rm -rf '{}' +
rm -rf /tmp/debs /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/* /var/cache/ldconfig/aux-cache
pip --version
python3 -c 'import ssl, sqlite3, ctypes, readline, lzma, bz2, uuid, venv, curses'
EOF
CMD ["python3"]
