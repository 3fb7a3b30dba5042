# Stand-in base images for machines that reach no container registry. Sourced, never run.
#
# They are built once into a registry folder in the cache and laid from there into every run folder's registry, which
# mirrors docker.io: `FROM python:3.11-slim` then means the same on both kinds of machine.
# shellcheck shell=bash

# Root file systems take minutes; a new number makes them again.
ROOTFS=$CACHE/rootfs-1
# The images on top take seconds; any change of a recipe makes them again.
STANDINS=$CACHE/standins-$(cat "$ENGINE_DIR"/images.d/* | sha256sum | cut -c1-12)

# make_standin NAME:TAG RECIPE PLATFORMS [BUILDX OPTION…]: builds images.d/RECIPE.Dockerfile and keeps it under that name.
make_standin() {
    local image=$1 recipe=$2 platforms=$3
    shift 3
    say "· making a stand-in for $image ($platforms)"
    client "$ENGINE" buildx build --quiet --provenance=false --platform "$platforms" \
        --file "$ENGINE_DIR/images.d/$recipe.Dockerfile" \
        --build-context "debian:bookworm-slim=$(standin library/debian:bookworm-slim)" \
        --build-context "python:3.11-slim=$(standin library/python:3.11-slim)" \
        --output "type=image,name=$STANDIN_REGISTRY/$(repository_of "$image"),push=true,unpack=false,compression-level=1" \
        "$@" "$ROOTFS" >/dev/null || die "cannot make a stand-in for $image"
}

standin() { echo "docker-image://$STANDIN_REGISTRY/$1"; }

# Docker Hub keeps images without a folder in `library/`.
repository_of() { [[ $1 == */* ]] && echo "$1" || echo "library/$1"; }

# Made for these platforms, or for more.
standin_made() { compgen -G "$(stamp_of "$@")*" >/dev/null; }

stamp_of() { echo "$STANDINS/made/$(tr '/:,' '___' <<<"$1-$2")"; }

start_standin_registry() {
    local port
    mkdir -p "$STANDINS/made"
    # Left by a run that was killed.
    stop "$STANDINS/pid" 5
    for ((port = 5950; port < 6050; port++)); do
        registry_serve "$STANDINS" "$port" && { STANDIN_REGISTRY=127.0.0.1:$port; return; }
    done
    die "no free port for a registry"
}

stop_standin_registry() { stop "$STANDINS/pid" 10; }

# The root file system of debian:bookworm-slim for one architecture, as a tar in the build context.
make_rootfs() {
    local arch=$1 tar=$ROOTFS/rootfs-$1.tar root=$ROOTFS.unfinished
    [[ ! -f $tar ]] || return 0
    say "· making a Debian root file system for $arch"
    rm -rf "$root"
    mkdir -p "$root" "$ROOTFS"
    debootstrap_with_tools --arch="$arch" --variant=minbase --include=ca-certificates "$STABLE" "$root" "$(debian_mirror)" \
        >"$CACHE/debootstrap-$arch.log" 2>&1 || die "debootstrap failed" "its log: $CACHE/debootstrap-$arch.log"
    slim "$root"
    adopt_machine_settings "$root"
    tar -C "$root" --numeric-owner --sort=name --one-file-system -cf "$tar.part" .
    mv "$tar.part" "$tar"
    rm -rf "$root"
}

debootstrap_with_tools() {
    local libraries=()
    # debootstrap downloads with wget; ours needs a library that a small system lacks.
    have wget || libraries=(LD_LIBRARY_PATH="$(library_path tools)")
    env DEBOOTSTRAP_DIR="$(prefix_of tools)/usr/share/debootstrap" LC_ALL=C ${libraries[@]+"${libraries[@]}"} \
        PATH="$PATH:/usr/sbin:/sbin:$(program_path tools)" \
        "$(prefix_of tools)/usr/sbin/debootstrap" --keyring="$(debian_keyring)" "$@"
}

# What the official slim image leaves out.
slim() {
    rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/* "$1"/var/cache/ldconfig/* \
        "$1"/usr/share/{doc,man,info,locale,lintian,groff,linda}/* "$1"/usr/share/doc-base "$1"/debootstrap
    find "$1/dev" "$1/proc" "$1/sys" -mindepth 1 -delete 2>/dev/null || true
    cat >"$1/etc/dpkg/dpkg.cfg.d/docker" <<'EOF'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
EOF
}

# The same mirrors, proxies and certificate authorities as this machine, or no step could download anything.
adopt_machine_settings() {
    local root=$1
    machine_sources >"$root/etc/apt/sources.list"
    apt-config dump 2>/dev/null | grep -iE '^Acquire::((https?|ftp)::Proxy|Check-|Retries)' \
        >"$root/etc/apt/apt.conf.d/90machine" || true
    if compgen -G '/usr/local/share/ca-certificates/*' >/dev/null; then
        cp -rL /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
        # uv brings its own list of authorities unless told to use the system's.
        mkdir -p "$root/etc/uv"
        echo 'native-tls = true' >"$root/etc/uv/uv.toml"
    fi
    if [[ -f /etc/ssl/certs/ca-certificates.crt ]]; then
        cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    fi
    machine_pip_settings >"$root/etc/pip.conf"
}

# The machine's Debian sources without the keyring paths of the machine.
machine_sources() {
    machine_suites |
        awk -v name="$STABLE" '$2 ~ "^"name {print "deb " $1 " " $2 " main"}' | sort -u
}

machine_pip_settings() {
    echo '[global]'
    echo 'cert = /etc/ssl/certs/ca-certificates.crt'
    have pip && pip config list 2>/dev/null | sed -nE "s/^global\.(index-url|extra-index-url|trusted-host)='([^@]*)'$/\1 = \2/p"
    return 0
}

# rust_toolchain VERSION: the folder with that version of Rust as rustup lays it out, and rustup itself; downloaded once.
rust_toolchain() {
    local home=$CACHE/rust-$1
    have rustup || die "the stand-in for rust:$1 needs rustup" "install Rust: https://rustup.rs"
    # rustup comes last: what was interrupted is begun again.
    if [[ ! -x $home/bin/rustup ]]; then
        say "· downloading Rust $1" >&2
        rm -rf "$home"
        mkdir -p "$home/bin"
        RUSTUP_HOME=$home/rustup rustup toolchain install "$1" --profile minimal --no-self-update >&2 ||
            adopt_rust "$1" "$home/rustup"
        rm -rf "$home/rustup/"{downloads,tmp}
        cp -L "$(command -v rustup)" "$home/bin/rustup"
    fi
    echo "$home"
}

# The same out of the machine's own toolchains, where nothing can be downloaded.
adopt_rust() {
    local sysroot name
    sysroot=$(rustc "+$1" --print sysroot) || die "Rust $1 can neither be downloaded nor found here"
    name=$1-$(rustc "+$1" -vV | sed -n 's/^host: //p')
    mkdir -p "$2/toolchains"
    cp -a "$(readlink -f "$sysroot")" "$2/toolchains/$name"
    printf 'version = "12"\ndefault_toolchain = "%s"\n\n[overrides]\n' "$name" >"$2/settings.toml"
}
