# One engine: containerd and dockerd with everything of their own. Sourced, never run.
# shellcheck shell=bash

engine_dir() { echo "$RUN/engines/$1"; }

# Settings of an existing engine: VERSION, STORE, NETWORK, MIRROR.
load_engine() {
    # shellcheck disable=SC1091 # made by `save_engine`
    . "$(engine_dir "$1")/settings"
}

save_engine() {
    printf 'VERSION=%s\nSTORE=%s\nNETWORK=%s\nMIRROR=%s\n' "$VERSION" "$STORE" "$NETWORK" "${MIRROR:-}" >"$(engine_dir "$1")/settings"
}

engine_up() {
    local name=$1 dir wanted_version=$2 wanted_store=$3 mirror=$4
    dir=$(engine_dir "$name")
    engine_answers "$name" && { already_up "$name" "$wanted_version" "$wanted_store"; return; }
    need_root
    unpack tools "${TOOLS[@]}"
    unpack_engine "$wanted_version"
    registry_up
    [[ -f $dir/settings ]] && engine_down "$name"
    mkdir -p "$dir"
    VERSION=$wanted_version STORE=$wanted_store MIRROR=${mirror:-$(registry_address)}
    NETWORK=$(claim_network "$(number_of "$dir" "$MOST_ENGINES")")
    save_engine "$name"
    open_network "$NETWORK"
    resolver_up "$dir" "$(gateway_of "$NETWORK")"
    mount_cgroups
    daemon_environment
    start_containerd "$name"
    start_dockerd "$name"
}

already_up() {
    load_engine "$1"
    [[ $VERSION == "$2" && $STORE == "$3" ]] ||
        die "engine \`$1\` is already up with version $VERSION and the $STORE store" "\`down $1\` it first, or take another name"
    registry_up
}

unpack_engine() {
    case $1 in
    28) unpack engine-28 "${ENGINE_28[@]}" ;;
    20)
        unpack engine-20 "${ENGINE_20[@]}"
        # Debian 12 has no buildx; the current client speaks to old engines too.
        unpack engine-28 "${ENGINE_28[@]}"
        ;;
    *) die "no engine of version \`$1\`" "28 and 20 are known" ;;
    esac
}

need_root() {
    [[ $(id -u) == 0 ]] || die "no working Docker Engine with buildx, and only root can start one" \
        "run this with sudo," \
        "or install Docker Engine 28 or later with buildx and join the group \`docker\`: https://docs.docker.com/engine/install"
}

# A machine without an init system (a container, a small VM) may have no control groups mounted.
mount_cgroups() {
    [[ -e /sys/fs/cgroup/cgroup.controllers || -d /sys/fs/cgroup/memory ]] && return
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || die "no control groups are mounted, and mounting them failed"
}

# How the daemons of an engine must run: their own programs and libraries first, nothing of the caller's Docker.
daemon_environment() {
    DAEMON=(env -u DOCKER_HOST -u DOCKER_CONTEXT -u DOCKER_CONFIG -u NOTIFY_SOCKET
        PATH="$(program_path "engine-$VERSION" tools):$PATH"
        LD_LIBRARY_PATH="$(library_path "engine-$VERSION" tools)"
        XTABLES_LIBDIR="$(prefix_of tools)/usr/lib/x86_64-linux-gnu/xtables")
}

start_containerd() {
    local dir
    dir=$(engine_dir "$1")
    mkdir -p "$dir/containerd"
    cat >"$dir/containerd/config.toml" <<EOF
version = 2
root = "$dir/containerd/root"
state = "$dir/containerd/state"
# Docker uses neither the Kubernetes plugins nor snapshotters that need a device of their own.
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.blockfile", "io.containerd.internal.v1.opt",
  "io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "$dir/containerd/containerd.sock"
[ttrpc]
  address = "$dir/containerd/containerd.sock.ttrpc"
EOF
    spawn "$dir/containerd.pid" "$dir/containerd.log" \
        "${DAEMON[@]}" containerd --config "$dir/containerd/config.toml"
    wait_for 60 test -S "$dir/containerd/containerd.sock" || daemon_failed "$dir/containerd.log" containerd
}

start_dockerd() {
    local dir
    dir=$(engine_dir "$1")
    dockerd_settings "$dir" >"$dir/daemon.json"
    mkdir -p "$dir/client/cli-plugins"
    ln -sfn "$(prefix_of engine-28)/usr/libexec/docker/cli-plugins/docker-buildx" "$dir/client/cli-plugins/docker-buildx"
    spawn "$dir/dockerd.pid" "$dir/dockerd.log" \
        "${DAEMON[@]}" dockerd --config-file "$dir/daemon.json" --host "unix://$dir/docker.sock" \
        --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/dockerd.own.pid" \
        --containerd "$dir/containerd/containerd.sock"
    wait_for 90 engine_answers "$1" || daemon_failed "$dir/dockerd.log" dockerd
}

# A step asks for names more than once: a lost answer is no failed build. Steps and containers of an engine share the
# processors as one, so that an engine that compiles does not starve the others.
dockerd_settings() {
    local store='' resolver=''
    ! running "$1/resolver.pid" >/dev/null || resolver="\"dns\": [\"$(gateway_of "$NETWORK")\"],"
    [[ $VERSION == 20 ]] || store="\"features\": {\"containerd-snapshotter\": $([[ $STORE == containerd ]] && echo true || echo false)},"
    cat <<EOF
{
  $store
  "bridge": "mcrate$NETWORK",
  "default-address-pools": [{"base": "$(network_pool_of "$NETWORK")", "size": 27}],
  "iptables": false,
  "ip6tables": false,
  "ip-masq": false,
  "userland-proxy": true,
  "userland-proxy-path": "$(prefix_of "engine-$VERSION")/usr/sbin/docker-proxy",
  "exec-opts": ["native.cgroupdriver=cgroupfs"],
  "cgroup-parent": "/mcrate$NETWORK",
  $resolver
  "dns-opts": ["timeout:5", "attempts:5"],
  "insecure-registries": ["127.0.0.0/8"],
  "registry-mirrors": ["http://$MIRROR"],
  "log-level": "info"
}
EOF
}

daemon_failed() {
    say "$(tail -n 15 "$1")"
    die "$2 did not start" "its log: $1"
}

engine_answers() {
    [[ -S $(engine_dir "$1")/docker.sock ]] && running "$(engine_dir "$1")/dockerd.pid" >/dev/null &&
        client "$1" version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# The docker client, talking to engine $1.
client() {
    local name=$1
    shift
    env -u DOCKER_CONTEXT DOCKER_HOST="unix://$(engine_dir "$name")/docker.sock" \
        DOCKER_CONFIG="$(engine_dir "$name")/client" "$(prefix_of engine-28)/usr/bin/docker" "$@"
}

engine_down() {
    local dir
    dir=$(engine_dir "$1")
    [[ -f $dir/settings ]] || return 0
    load_engine "$1"
    stop "$dir/dockerd.pid" 30
    stop_strays "$dir"
    stop "$dir/containerd.pid" 10
    resolver_down "$dir"
    unmount_below "$dir"
    [[ -z $NETWORK ]] || { remove_cgroup "mcrate$NETWORK" && close_network "$NETWORK"; }
    NETWORK=
    save_engine "$1"
    rm -f "$dir/docker.sock" "$dir/dockerd.own.pid"
}

# Empty folders are all that is left of the containers in it, in each hierarchy where there are several.
remove_cgroup() {
    find /sys/fs/cgroup -maxdepth 2 -type d -name "$1" -exec find {} -depth -type d -delete \; 2>/dev/null || true
}

engine_remove() {
    engine_down "$1"
    rm -rf "$(engine_dir "$1")"
}

# A killed engine leaves its mounts; the deepest goes first.
unmount_below() {
    local target
    awk -v dir="$1/" 'index($5, dir) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r target; do
        umount -l "$target" 2>/dev/null || true
    done
}

engine_names() {
    local settings
    for settings in "$RUN"/engines/*/settings; do
        [[ -f $settings ]] && basename "$(dirname "$settings")"
    done
    return 0
}
