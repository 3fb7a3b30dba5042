# Stand-in for python:3.11-slim: Debian's own CPython 3.11, laid out under /usr/local as the official image has it. All files
# are unpacked on the build platform, so the other platform needs no emulation.
ARG BASE=debian:bookworm-slim

FROM --platform=$BUILDPLATFORM ${BASE} AS files
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3
ARG TARGETARCH
WORKDIR /debs
# The interpreter, and what it and its extension modules link to beyond a minimal system.
RUN <<EOF
set -eu
dpkg --add-architecture "$TARGETARCH"
apt-get update -qq
for package in python3.11 python3.11-minimal libpython3.11-stdlib libpython3.11-minimal libexpat1 libffi8 libncursesw6 \
    libreadline8 libsqlite3-0 libssl3 libuuid1 libnsl2 libtirpc3 libdb5.3 libgssapi-krb5-2 libkrb5-3 libkrb5support0 \
    libk5crypto3 libkeyutils1 libcom-err2; do
    set -- "$@" "$package:$TARGETARCH"
done
apt-get download -qq "$@" python3-pip-whl python3-setuptools-whl netbase media-types tzdata libtirpc-common
for deb in *.deb; do dpkg -x "$deb" /unpacked; done
EOF
RUN <<EOF
set -eu
site=/out/usr/local/lib/python3.11/site-packages
mkdir -p /out/usr/local/lib
cd /unpacked
mv usr/bin /out/usr/local/
mv usr/lib/python3.11 /out/usr/local/lib/
mkdir "$site"
for wheel in usr/share/python-wheels/pip-*.whl usr/share/python-wheels/setuptools-*.whl; do
    python3 -m zipfile -e "$wheel" "$site"
done
# In the image, /lib is a link to /usr/lib.
if [ -d lib ]; then cp -a lib/. usr/lib/; fi
rm -rf usr/share/doc usr/share/man usr/share/lintian usr/share/applications usr/share/pixmaps usr/share/binfmts \
    usr/share/python-wheels usr/lib/binfmt.d usr/lib/python3 etc/python3.11
cp -a usr etc /out/
EOF
# What Debian's patches do differently from the official interpreter.
RUN <<EOF
set -eu
cd /out/usr/local/lib/python3.11
sed -i "s/prefix_scheme = 'posix_local'/prefix_scheme = 'posix_prefix'/" sysconfig.py
rm -rf EXTERNALLY-MANAGED _distutils_system_mod.py sitecustomize.py
# `site` is frozen into the interpreter, so the folder is added by a file that it reads outside of virtual environments.
mkdir -p ../python3/dist-packages
echo 'import site; site.addsitedir("/usr/local/lib/python3.11/site-packages")' > ../python3/dist-packages/site-packages.pth
cd /out/usr/local/bin
ln -s python3.11 python3
ln -s python3 python
printf '#!/usr/local/bin/python3\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n' > pip
chmod 755 pip
ln -s pip pip3
EOF

FROM ${BASE}
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    PYTHON_VERSION=3.11.2
COPY --from=files /out/ /
CMD ["python3"]
