# Stand-in for debian:bookworm-slim, from a root file system made by debootstrap. No step runs, so it needs no emulation.
FROM scratch
ARG TARGETARCH
ADD rootfs-${TARGETARCH}.tar /
CMD ["bash"]
