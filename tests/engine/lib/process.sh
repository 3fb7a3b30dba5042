# Background processes known by a file that holds their pid and start time. Sourced, never run.
#
# The start time tells our process from a later one that was given the same number, so nothing foreign is ever ended.
# shellcheck shell=bash

# Kernel start time of pid $1, in clock ticks since boot (field 22 of proc(5) stat; the name in field 2 may hold spaces).
started_at() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # shellcheck disable=SC2086 # split on purpose
    set -- ${stat##*) }
    echo "${20}"
}

# spawn PIDFILE LOG COMMAND…: starts a daemon in a session of its own, so that ctrl-C at the terminal does not reach it.
spawn() {
    local pidfile=$1 log=$2 pid
    shift 2
    setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
    pid=$!
    echo "$pid $(started_at "$pid")" >"$pidfile"
}

# Prints the pid that PIDFILE names if that very process still runs.
running() {
    local pid start
    [[ -f $1 ]] || return 1
    read -r pid start <"$1" || return 1
    [[ -n $start && $(started_at "$pid") == "$start" ]] || return 1
    # A zombie that nobody reaped counts as gone.
    [[ $(awk '/^State:/ {print $2}' "/proc/$pid/status" 2>/dev/null) != Z ]] || return 1
    echo "$pid"
}

# stop PIDFILE SECONDS: asks the process to end, insists after SECONDS.
stop() {
    local pidfile=$1 seconds=$2 pid
    if pid=$(running "$pidfile"); then
        kill -TERM "$pid" 2>/dev/null || true
        wait_for "$seconds" not_running "$pidfile" || kill -KILL "$pid" 2>/dev/null || true
        wait_for 5 not_running "$pidfile" || say "warning: process $pid does not end"
    fi
    rm -f "$pidfile"
}

not_running() { ! running "$1" >/dev/null; }

# Ends container shims that serve the folder $1: what an engine leaves behind when it is killed.
stop_strays() {
    local dir=$1 process
    for process in /proc/[0-9]*; do
        serves "$process" "$dir" && kill -KILL "${process#/proc/}" 2>/dev/null
    done
    return 0
}

serves() {
    local words
    # A process may end while it is looked at.
    mapfile -d '' words 2>/dev/null <"$1/cmdline" || return 1
    [[ ${words[0]:-} == *containerd-shim* && " ${words[*]} " == *" $2/"* ]]
} 2>/dev/null
