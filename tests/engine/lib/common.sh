# Where things live, how to speak, and the few helpers that every script here needs. Sourced, never run.
#
# Two folders, both movable:
#   MODELCRATE_CACHE  what can be made again and is shared by all instances: unpacked programs, stand-in base images
#   MODELCRATE_RUN    what one instance runs: engines, their data, the registry. Two instances differ in this alone.
# shellcheck shell=bash

CACHE=${MODELCRATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/modelcrate}
# shellcheck disable=SC2034 # used by the scripts that source this
RUN=${MODELCRATE_RUN:-$CACHE/run}
ENGINE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ENGINE_DIR

say() { printf '%s\n' "$*" >&2; }

die() {
    local hint
    printf 'error: %s\n' "$1" >&2
    shift
    for hint in "$@"; do printf '  hint: %s\n' "$hint" >&2; done
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs "$@" while holding a lock file, so that two instances never make the same thing at the same time.
with_lock() {
    local lock=$1
    shift
    mkdir -p "$(dirname "$lock")"
    # The lock lives on descriptor 9; every daemon is started with it closed, or it would hold the lock for ever.
    (
        flock 9
        "$@"
    ) 9>"$lock"
}

# Waits until "$@" succeeds; gives up after the given number of seconds.
wait_for() {
    local seconds=$1 turns
    shift
    turns=$((seconds * 10))
    while ((turns-- > 0)); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}

# Succeeds when something accepts connections at 127.0.0.1:$1.
port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A short stable number below $2 made from the text $1.
number_of() { echo $((16#$(printf '%s' "$1" | sha256sum | cut -c1-7) % $2)); }
