# A bridge and a subnet for each engine, and the way out of it. Sourced, never run.
#
# Engines on one machine fight over `docker0` and over the packet filter chains that each of them flushes when it starts.
# So ours run with `--iptables=false` on a bridge of their own, and one masquerading rule per engine is added here. Ports
# published on 127.0.0.1 go through docker-proxy, which needs no rule at all.
# shellcheck shell=bash

# Engine number N lives on bridge mcrateN in 10.213.(4N).0/22: containers in the first quarter, further networks in the
# second half.
MOST_ENGINES=64
subnet_of() { echo "10.213.$(($1 * 4)).0/22"; }
gateway_of() { echo "10.213.$(($1 * 4)).1"; }
bridge_address_of() { echo "$(gateway_of "$1")/24"; }
network_pool_of() { echo "10.213.$(($1 * 4 + 2)).0/23"; }
# A bridge without an address of its own takes the lowest of its ports', so it changes whenever a container comes or goes. The
# others send to the old one until their neighbour tables forget it, and have no network and no name server for half a minute.
hardware_address_of() { printf '02:6d:63:72:00:%02x' "$1"; }

# Makes a free bridge and prints its number; the kernel lets only one instance make a name, so making it is the claim.
claim_network() {
    local wanted=$1 turn number
    for ((turn = 0; turn < MOST_ENGINES; turn++)); do
        number=$(((wanted + turn) % MOST_ENGINES))
        subnet_free "$number" || continue
        tool ip link add "mcrate$number" address "$(hardware_address_of "$number")" type bridge 2>/dev/null || continue
        tool ip address add "$(bridge_address_of "$number")" dev "mcrate$number"
        tool ip link set "mcrate$number" up
        echo "$number"
        return
    done
    die "all $MOST_ENGINES networks for engines are taken, or this machine lets nobody make a bridge" \
        "see \`ip link show type bridge\`; \`tests/engine/engine down NAME\` gives one back"
}

# No route into or across the subnet, other than the default route.
subnet_free() {
    local subnet
    subnet=$(subnet_of "$1")
    [[ -z $(tool ip route show root "$subnet"; tool ip route show match "$subnet" | grep -v '^default') ]]
}

open_network() {
    local subnet
    subnet=$(subnet_of "$1")
    sysctl_on net/ipv4/ip_forward
    rule nat POSTROUTING -s "$subnet" ! -d "$subnet" -j MASQUERADE
    # Another Docker Engine on this machine may have closed forwarding for all but its own bridges.
    rule filter FORWARD -s "$subnet" -j ACCEPT
    rule filter FORWARD -d "$subnet" -j ACCEPT
}

close_network() {
    local subnet
    subnet=$(subnet_of "$1")
    no_rule nat POSTROUTING -s "$subnet" ! -d "$subnet" -j MASQUERADE
    no_rule filter FORWARD -s "$subnet" -j ACCEPT
    no_rule filter FORWARD -d "$subnet" -j ACCEPT
    tool ip link delete "mcrate$1" 2>/dev/null || true
}

rule() {
    local table=$1
    shift
    packet_filter -t "$table" -C "$@" 2>/dev/null || packet_filter -t "$table" -I "$@" ||
        die "cannot add a packet filter rule, so build steps would have no network" "are you root, with the NET_ADMIN capability?"
}

no_rule() {
    local table=$1
    shift
    while packet_filter -t "$table" -D "$@" 2>/dev/null; do :; done
}

# The machine's own iptables if it has one, so that our rules stand beside its rules; else the unpacked one.
packet_filter() { tool iptables -w 10 "$@"; }

sysctl_on() {
    [[ $(<"/proc/sys/$1") == 1 ]] || echo 1 >"/proc/sys/$1" 2>/dev/null ||
        die "cannot switch on $1, so build steps would have no network" "as root: sysctl -w ${1//\//.}=1"
}
