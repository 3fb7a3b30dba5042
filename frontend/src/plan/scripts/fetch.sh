# Downloads the crates that programs are compiled of and keeps them as a layer in cargo's home. Arguments: the workspace's
# folder, hosts of git repositories in one word, then cargo's that choose packages, features and target.
set -eu
umask 022
folder=$1 hosts=$2
shift 2
. /run/modelcrate/rust.sh
# Releases of cargo give a registry's folder names of their own; what is kept is this one's.
release=$(cargo --version) && release=${release#cargo } && release=${release%% *}
home=$CARGO_HOME cache=/var/cache/modelcrate/cargo/$release list=/run/modelcrate/crates.txt
# A home that keeps everything in the cache but what is unpacked, which tells what cargo needed this time.
fetching=/tmp/cargo
mkdir -p "$cache/registry/cache" "$cache/registry/index" "$cache/git" "$fetching/registry"
for shared in .package-cache .package-cache-mutate; do
  touch "$cache/$shared"
done
for shared in .package-cache .package-cache-mutate registry/cache registry/index git; do
  ln -s "$cache/$shared" "$fetching/$shared"
done
layer=/layer$home
[ -z "$beside" ] || export SSL_CERT_FILE="$beside/etc/ssl/certs/ca-certificates.crt"
# git asks this program, which knows tokens of the lock's own hosts alone. It does not say which host it means when that
# is an address of numbers.
case $hosts in *' '*) only= ;; *) only=$hosts ;; esac
cat >/tmp/git-credential <<END
#!/bin/sh
[ "\${1:-}" = get ] || exit 0
asked=$only
while IFS='=' read -r name value; do
  [ "\$name" != host ] || asked=\${value%%:*}
done
for host in $hosts; do
  for file in "/run/secrets/git.\$host" "/run/secrets/git-any.\$host"; do
    if [ "\$host" = "\$asked" ] && [ -s "\$file" ]; then
      echo username=x-access-token
      echo "password=\$(cat "\$file")"
      exit 0
    fi
  done
done
END
printf '[credential]\n\thelper = !/bin/sh /tmp/git-credential\n' >"$HOME/.gitconfig"
# The image's own settings count, such as a mirror.
[ ! -f "$home/config.toml" ] || set -- --config "$home/config.toml" "$@"
cd "$folder"
# `cargo fetch` would take the crates of all packages of the workspace, and of their tests.
CARGO_HOME=$fetching cargo tree --locked --edges=normal,build "$@" >/dev/null || {
  code=$?
  echo "modelcrate: the crates of \`Cargo.lock\` cannot be downloaded" >&2
  echo "hint: when \`--locked\` is named above, \`Cargo.lock\` is older than a \`Cargo.toml\`: run \`cargo update --workspace\`" >&2
  echo "hint: a private git repository needs \`--secret id=GIT_AUTH_TOKEN,env=…\`, or \`rust: { token: ID }\`" >&2
  exit "$code"
}
# What cargo needed is kept, so that steps that compile need no network; and of all that the lock names what the index says,
# which cargo reads before it chooses.
crate() {
  case $1 in
    ?) index=1/$1 ;;
    ??) index=2/$1 ;;
    ???) index=3/${1%??}/$1 ;;
    *) rest=${1#??} && index=${1%"$rest"}/${rest%"${rest#??}"}/$1 ;;
  esac
  index=$(echo "$index" | tr '[:upper:]' '[:lower:]')
  keep "registry/index/*/.cache/$index"
  for unpacked in "$fetching/registry/src"/*/"$1-$2"; do
    [ ! -d "$unpacked" ] || keep "registry/cache/*/$1-$2.crate"
  done
}
keep() {
  for path in $1; do
    [ -e "$path" ] || continue
    mkdir -p "$layer/${path%/*}"
    cp -a "$path" "$layer/$path"
  done
}
cd "$cache"
mkdir -p "$layer"
keep "registry/index/*/config.json"
while read -r kind name what; do
  case $kind in
    crate) crate "$name" "$what" ;;
    git)
      keep "git/db/$name-????????????????"
      for checkout in git/checkouts/"$name"-????????????????/*; do
        case $what in "${checkout##*/}"*) keep "$checkout" ;; esac
      done
      ;;
  esac
done <"$list"
