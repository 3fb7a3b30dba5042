# Downloads the crates of a lock and keeps them as a layer in cargo's home. Arguments: the workspace's folder, the target,
# the machine that compiles, hosts of git repositories.
set -eu
umask 022
folder=$1 target=$2 host=$3
shift 3
. /run/modelcrate/rust.sh
# Releases of cargo give a registry's folder names of their own; what is kept is this one's.
release=$(cargo --version) && release=${release#cargo } && release=${release%% *}
home=$CARGO_HOME cache=/var/cache/modelcrate/cargo/$release list=/run/modelcrate/crates.txt
layer=/layer$home
[ -z "$beside" ] || export SSL_CERT_FILE="$beside/etc/ssl/certs/ca-certificates.crt"
# git asks this program, which knows tokens of the lock's own hosts alone. It does not say which host it means when that
# is an address of numbers.
only=
[ $# != 1 ] || only=$1
mkdir -p /tmp
cat >/tmp/git-credential <<END
#!/bin/sh
[ "\${1:-}" = get ] || exit 0
asked=$only
while IFS='=' read -r name value; do
  [ "\$name" != host ] || asked=\${value%%:*}
done
for host in $*; do
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
set -- --locked "--target=$target"
[ "$target" = "$host" ] || set -- "$@" "--target=$host"
# The image's own settings count, such as a mirror.
[ ! -f "$home/config.toml" ] || set -- --config "$home/config.toml" "$@"
cd "$folder"
CARGO_HOME=$cache cargo fetch "$@" || {
  code=$?
  echo "modelcrate: the crates of \`Cargo.lock\` cannot be downloaded" >&2
  echo "hint: when \`--locked\` is named above, \`Cargo.lock\` is older than a \`Cargo.toml\`: run \`cargo update --workspace\`" >&2
  echo "hint: a private git repository needs \`--secret id=GIT_AUTH_TOKEN,env=…\`, or \`rust: { token: ID }\`" >&2
  exit "$code"
}
# Only what this lock names is kept, so that steps that compile need no network.
crate() {
  case $1 in
    ?) index=1/$1 ;;
    ??) index=2/$1 ;;
    ???) index=3/${1%??}/$1 ;;
    *) rest=${1#??} && index=${1%"$rest"}/${rest%"${rest#??}"}/$1 ;;
  esac
  index=$(echo "$index" | tr '[:upper:]' '[:lower:]')
  keep "registry/cache/*/$1-$2.crate"
  keep "registry/index/*/.cache/$index"
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
