# Stand-in for rust:VERSION-slim-bookworm: the toolchain that rustup downloads, laid out as in the official image, and the
# C compiler of Debian.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN <<EOT
set -eu
apt-get update -qq
apt-get install -y -qq --no-install-recommends ca-certificates gcc libc6-dev wget
rm -rf /var/lib/apt/lists/*
EOT
ARG VERSION
ENV RUSTUP_HOME=/usr/local/rustup \
    CARGO_HOME=/usr/local/cargo \
    PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    RUST_VERSION=${VERSION}.0
COPY --from=rustup /rustup/ /usr/local/rustup/
COPY --from=rustup /bin/rustup /usr/local/cargo/bin/rustup
RUN for name in cargo rustc rustdoc; do ln -s rustup "/usr/local/cargo/bin/$name"; done
