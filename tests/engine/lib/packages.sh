# Programs out of Debian packages, unpacked into private folders: nothing is installed on the machine. Sourced, never run.
#
# Debian 12 has only Engine 20.10, so the current engine comes from the next suite. Its binaries need glibc 2.34, which
# Debian 12 has; `runc` from there needs 2.38 and therefore comes from Debian 12.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the package lists are used by the scripts that source this

# Change this number when a list below changes: every prefix is then made again.
PACKAGES_VERSION=1

STABLE=bookworm
NEXT=forky

ENGINE_28=("docker.io/$NEXT" "docker-cli/$NEXT" "containerd/$NEXT" "docker-buildx/$NEXT" "tini-static/$NEXT" "runc/$STABLE")
ENGINE_20=("docker.io/$STABLE" "containerd/$STABLE" "runc/$STABLE" "tini/$STABLE" "libdevmapper1.02.1/$STABLE")
# What the daemons need around them. The libraries are used by the unpacked programs alone.
TOOLS=("docker-registry/$STABLE" "debootstrap/$STABLE" "libseccomp2/$STABLE"
    "iptables/$STABLE" "libip4tc2/$STABLE" "libip6tc2/$STABLE" "libxtables12/$STABLE" "libmnl0/$STABLE"
    "libnetfilter-conntrack3/$STABLE" "libnfnetlink0/$STABLE" "libnftnl11/$STABLE"
    "iproute2/$STABLE" "libbpf1/$STABLE" "libbsd0/$STABLE" "libmd0/$STABLE" "libelf1/$STABLE" "libtirpc3/$STABLE"
    "wget/$STABLE" "libpsl5/$STABLE")
RESOLVER=("dnsmasq-base/$STABLE" "libdbus-1-3/$STABLE" "libgmp10/$STABLE" "libhogweed6/$STABLE" "libidn2-0/$STABLE"
    "libunistring2/$STABLE" "libnetfilter-conntrack3/$STABLE" "libnfnetlink0/$STABLE" "libmnl0/$STABLE" "libnettle8/$STABLE"
    "libnftables1/$STABLE" "libnftnl11/$STABLE" "libxtables12/$STABLE" "libjansson4/$STABLE")
# A plugin of docker; Debian 12 has the one of before 2021.
COMPOSE=("docker-compose/$NEXT")
EMULATOR=("qemu-user-static/$STABLE")

prefix_of() { echo "$CACHE/programs/$1-$PACKAGES_VERSION"; }

# The Debian mirror that this machine's own package manager uses. No other address is known here.
debian_mirror() {
    if [[ -n ${MODELCRATE_DEBIAN_MIRROR:-} ]]; then
        echo "$MODELCRATE_DEBIAN_MIRROR"
        return
    fi
    local uri
    # A mirror of the whole archive carries every suite; the security archive carries only its own.
    uri=$(machine_suites | awk -v name="$(codename)" '$2 == name { print $1; exit }')
    [[ -n $uri ]] || die "no Debian mirror in this machine's apt sources" \
        "set MODELCRATE_DEBIAN_MIRROR to the address of a Debian mirror, or install Docker Engine 28 with buildx yourself"
    echo "${uri%/}"
}

# Lines of `address suite` out of this machine's apt sources; nothing is downloaded.
machine_suites() {
    apt-get update --print-uris 2>/dev/null | sed -nE "s|^'(.*)/dists/([^/]+)/InRelease'.*|\1 \2|p"
}

codename() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }

debian_keyring() {
    local keyring
    for keyring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
        [[ -f $keyring ]] && echo "$keyring" && return
    done
    die "this machine has no Debian archive keyring" "install the package debian-archive-keyring"
}

# apt with folders of its own: the machine's package lists, cache and settings of installed packages stay as they are.
private_apt() {
    local command=$1 home=$CACHE/apt
    shift
    "$command" -qq -o "Dir::Etc::sourcelist=$home/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o "Dir::State::lists=$home/lists" -o "Dir::Cache=$home/cache" -o Acquire::Languages=none \
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
        -o Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled=false \
        -o Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled=false \
        -o Acquire::Retries=3 -o APT::Sandbox::User=root "$@"
}

refresh_lists() {
    local home=$CACHE/apt mirror keyring suite
    mirror=$(debian_mirror)
    keyring=$(debian_keyring)
    mkdir -p "$home/lists/partial" "$home/cache/archives/partial"
    for suite in "$STABLE" "$NEXT"; do
        echo "deb [arch=amd64 signed-by=$keyring] $mirror $suite main"
    done >"$home/sources.list"
    private_apt apt-get update || die "cannot read the package lists of $mirror" "is this machine online?"
}

# unpack NAME PACKAGE/SUITE…: makes the prefix NAME if it is not there yet.
unpack() {
    local name=$1
    shift
    [[ -d $(prefix_of "$name") ]] || with_lock "$CACHE/apt/lock" unpack_locked "$name" "$@"
}

unpack_locked() {
    local name=$1 prefix work package
    shift
    prefix=$(prefix_of "$name")
    [[ -d $prefix ]] && return
    need_unpacker
    say "· $name: downloading $# Debian packages into $prefix"
    work=$prefix.unfinished
    rm -rf "$work"
    mkdir -p "$work/.debs" "$work/root"
    download "$work/.debs" "$@"
    for package in "$work/.debs"/*.deb; do dpkg -x "$package" "$work/root"; done
    case $name in
    tools) name_packet_filter "$work/root" ;;
    # One of some thirty emulators in the package.
    emulator) find "$work/root" -type f ! -name qemu-aarch64-static -delete ;;
    esac
    # Renamed only when whole: a prefix that has its name is complete.
    mv "$work/root" "$prefix"
    rm -rf "$work"
}

# Package lists go stale: a mirror drops a package when its successor comes. So a failed download is tried once more with
# new lists.
download() {
    local dir=$1
    shift
    [[ -f $CACHE/apt/sources.list ]] || refresh_lists
    (cd "$dir" && private_apt apt-get download "$@") && return
    refresh_lists
    (cd "$dir" && private_apt apt-get download "$@") || die "cannot download Debian packages: $*"
}

# The package leaves the choice between the kernel's two packet filters to the system's `alternatives`; we ask the kernel.
name_packet_filter() {
    local bin=$1/usr/sbin kind=legacy name
    LD_LIBRARY_PATH=$1/usr/lib/x86_64-linux-gnu "$bin/xtables-nft-multi" iptables -t nat -S >/dev/null 2>&1 && kind=nft
    for name in {iptables,ip6tables}{,-save,-restore}; do ln -sf "xtables-$kind-multi" "$bin/$name"; done
}

need_unpacker() {
    if ! have dpkg || ! have apt-get; then
        die "there is no Docker Engine here, and no apt to get one with" \
            "install Docker Engine 28 or later with buildx: https://docs.docker.com/engine/install"
    fi
    [[ $(dpkg --print-architecture) == amd64 ]] || die "engines of one's own are made on amd64 machines only" \
        "install Docker Engine 28 or later with buildx: https://docs.docker.com/engine/install"
}

# Folders that the programs of the prefixes $@ must find first.
program_path() {
    local name path=
    for name in "$@"; do path+=$(prefix_of "$name")/usr/sbin:$(prefix_of "$name")/usr/bin:; done
    echo "${path%:}"
}

library_path() {
    local name path=
    for name in "$@"; do path+=$(prefix_of "$name")/usr/lib/x86_64-linux-gnu:$(prefix_of "$name")/lib/x86_64-linux-gnu:; done
    echo "${path%:}"
}

# Runs a program that the machine may have already; else the unpacked one with its own libraries.
tool() {
    local name=$1 file
    shift
    if file=$(PATH=$PATH:/usr/sbin:/sbin command -v "$name" 2>/dev/null); then
        "$file" "$@"
        return
    fi
    for file in "$(prefix_of tools)"{/usr,}/{bin,sbin}/"$name"; do
        [[ -x $file ]] || continue
        LD_LIBRARY_PATH=$(library_path tools) XTABLES_LIBDIR=$(prefix_of tools)/usr/lib/x86_64-linux-gnu/xtables "$file" "$@"
        return
    done
    die "the program \`$name\` is missing"
}
