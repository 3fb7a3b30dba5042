# Stand-ins for astral/uv:VERSION (target `distroless`) and astral/uv:VERSION-debian-slim (target `debian`): the static
# programs out of uv's wheel. The wheel is fetched on the build platform, so the other platform needs no emulation.
ARG BASE=debian:bookworm-slim
ARG PYTHON=python:3.11-slim

FROM --platform=$BUILDPLATFORM ${PYTHON} AS wheel
ARG VERSION
ARG TARGETARCH
RUN <<EOF
set -eu
case $TARGETARCH in amd64) arch=x86_64 ;; arm64) arch=aarch64 ;; esac
pip download --no-cache-dir --no-deps --only-binary :all: --platform "musllinux_1_1_$arch" -d /wheel "uv==$VERSION"
python3 -m zipfile -e /wheel/*.whl /unpacked
mkdir /out
install -m 0755 /unpacked/uv-*.data/scripts/uv /unpacked/uv-*.data/scripts/uvx /out/
EOF

FROM scratch AS distroless
COPY --from=wheel /out/ /
WORKDIR /io
ENTRYPOINT ["/uv"]

FROM ${BASE} AS debian
ENV UV_TOOL_BIN_DIR=/usr/local/bin
COPY --from=wheel /out/ /usr/local/bin/
CMD ["/usr/local/bin/uv"]
