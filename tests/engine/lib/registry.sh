# The loopback registry of this run folder, which also mirrors docker.io for its engines. Sourced, never run.
# shellcheck shell=bash

# Empty where there is none.
registry_address() { [[ ! -f $RUN/registry/port ]] || echo "127.0.0.1:$(<"$RUN/registry/port")"; }

registry_up() {
    mkdir -p "$RUN/registry"
    with_lock "$RUN/registry/lock" registry_up_locked
}

registry_up_locked() {
    local port turn
    running "$RUN/registry/pid" >/dev/null && return
    unpack tools "${TOOLS[@]}"
    seed_registry
    # The port stays the same for the life of the run folder: engines have it in their settings.
    port=$(cat "$RUN/registry/port" 2>/dev/null) || port=$((5100 + $(number_of "$RUN" 800)))
    for ((turn = 0; turn < 100; turn++)); do
        registry_serve "$RUN/registry" "$port" && return
        [[ ! -f $RUN/registry/port ]] || die "port $port, where this run folder's registry lived, is taken" "take another MODELCRATE_RUN, or \`tests/engine/engine clean\`"
        port=$((port + 1))
    done
    die "no free port for the registry"
}

# registry_serve DIR PORT: starts a registry that keeps its files in DIR/data; fails when the port is taken.
registry_serve() {
    local dir=$1 port=$2
    port_answers "$port" && return 1
    cat >"$dir/config.yaml" <<EOF
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $dir/data}, delete: {enabled: true}}
http: {addr: "127.0.0.1:$port"}
EOF
    OTEL_TRACES_EXPORTER=none spawn "$dir/pid" "$dir/log" "$(prefix_of tools)/usr/bin/docker-registry" serve "$dir/config.yaml"
    if wait_for 20 registry_ready "$dir" "$port" && running "$dir/pid" >/dev/null; then
        echo "$port" >"$dir/port"
    else
        stop "$dir/pid" 5
        return 1
    fi
}

# Ready, or dead: in both cases there is no point in waiting longer.
registry_ready() { not_running "$1/pid" || port_answers "$2"; }

registry_down() {
    stop "$RUN/registry/pid" 10
    [[ ! -f $RUN/registry/container ]] || docker rm --force --volumes "$(<"$RUN/registry/container")" >/dev/null || true
}

# A registry beside the machine's own engine, which may run on any system: a container of it.
registry_in_machine_engine() {
    local known=$RUN/registry/container
    mkdir -p "$RUN/registry"
    if [[ ! -f $known ]] || ! docker start "$(<"$known")" >/dev/null 2>&1; then
        docker run --detach --publish 127.0.0.1::5000 registry:2 >"$known" 2>/dev/null || {
            say "warning: no registry could be started, so nothing is pushed"
            rm -f "$known"
            return
        }
    fi
    # The engine gives it another port at every start.
    docker port "$(<"$known")" 5000 | sed -n 's/.*://p' | head -n 1 >"$RUN/registry/port"
}

# Lays the stand-in base images of the cache into this run folder's registry. Blobs never change once written, so they are
# shared as hard links; the small link files are rewritten by pushes and therefore copied.
seed_registry() {
    local from=$STANDINS/data/docker/registry/v2 to=$RUN/registry/data/docker/registry/v2
    [[ -d $from ]] || return 0
    mkdir -p "$to/blobs" "$to/repositories"
    cp -al --no-clobber "$from/blobs/." "$to/blobs/" 2>/dev/null || cp -a --no-clobber "$from/blobs/." "$to/blobs/"
    cp -a --remove-destination "$from/repositories/." "$to/repositories/"
}
