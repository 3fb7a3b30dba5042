# Stand-in for nvidia/cuda:VERSION-KIND-ubuntu22.04: the image config of the real one on a Debian root. It holds no CUDA.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
ARG VERSION
ARG RELEASE
ARG KIND
ENV NVARCH=x86_64 \
    NVIDIA_REQUIRE_CUDA="cuda>=${RELEASE} brand=unknown,driver>=535,driver<536 brand=unknown,driver>=550,driver<551 brand=unknown,driver>=565,driver<566" \
    CUDA_VERSION=${VERSION} \
    PATH=/usr/local/nvidia/bin:/usr/local/cuda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LD_LIBRARY_PATH=/usr/local/nvidia/lib:/usr/local/nvidia/lib64 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
LABEL maintainer="NVIDIA CORPORATION <cudatools@nvidia.com>" \
    org.opencontainers.image.ref.name="ubuntu" \
    org.opencontainers.image.version="22.04"
RUN <<EOF
set -eu
mkdir -p "/usr/local/cuda-${VERSION%.*}/lib64"
ln -s "cuda-${VERSION%.*}" /usr/local/cuda
printf '/usr/local/nvidia/lib\n/usr/local/nvidia/lib64\n' > /etc/ld.so.conf.d/nvidia.conf
echo "stand-in for nvidia/cuda:${VERSION}-${KIND}-ubuntu22.04, without CUDA" > /usr/local/cuda/STAND-IN
EOF
