# A name server for the build steps and containers of one engine. Sourced, never run.
#
# A build asks for the same few names hundreds of times, each time from a network of its own that remembers nothing. Where the
# machine's name server loses some of the questions, every such loss can fail a step. So each engine asks a cache on its bridge,
# which asks the machine's servers once and gives an old answer when no new one comes.
# shellcheck shell=bash

resolver_up() {
    local dir=$1 address=$2
    unpack resolver "${RESOLVER[@]}"
    LD_LIBRARY_PATH=$(library_path resolver) spawn "$dir/resolver.pid" "$dir/resolver.log" \
        "$(prefix_of resolver)/usr/sbin/dnsmasq" --keep-in-foreground --conf-file=/dev/null --log-facility=- --pid-file= \
        --user=root --listen-address="$address" --bind-interfaces --no-hosts \
        --cache-size=2000 --min-cache-ttl=3600 --neg-ttl=600 --use-stale-cache
    wait_for 10 resolver_listens "$dir" "$address" && running "$dir/resolver.pid" >/dev/null && return
    # Something else on this machine answers on all addresses, perhaps.
    say "warning: no name server of its own for this engine, so steps ask those of the machine ($dir/resolver.log)"
    resolver_down "$dir"
}

# Listens, or is dead: in both cases there is no point in waiting longer.
resolver_listens() { not_running "$1/resolver.pid" || (exec 3<>"/dev/tcp/$2/53") 2>/dev/null; }

resolver_down() { stop "$1/resolver.pid" 5; }
