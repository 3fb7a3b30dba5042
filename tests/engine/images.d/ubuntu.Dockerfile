# Stand-in for ubuntu:22.04: its config on a Debian root.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
LABEL org.opencontainers.image.ref.name="ubuntu" \
    org.opencontainers.image.version="22.04"
CMD ["/bin/bash"]
