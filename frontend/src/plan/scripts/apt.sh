# Installs Debian packages and leaves nothing else. Arguments: the time in seconds, the packages.
# The archives and lists lie in cache mounts outside of apt's own folders, where the `docker-clean` hook of the
# official images would delete them; what apt and dpkg log differs from run to run and is dropped.
set -eu
umask 022
mtime=$1
shift
export DEBIAN_FRONTEND=noninteractive
if ! command -v apt-get >/dev/null; then
  echo "modelcrate: \`apt:\` needs a base with apt-get (Debian or Ubuntu)" >&2
  exit 1
fi
touch /tmp/.modelcrate-start
apt() {
  apt-get -q -y \
    -o Dir::Cache::archives=/var/cache/modelcrate/archives -o Dir::State::lists=/var/cache/modelcrate/lists \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 "$@"
}
# Repositories of the spec: `apt-N.once` for this step alone, `apt-N.keep` for the image too. Keys may be armored or not.
scratch=/tmp/.modelcrate-apt
repositories() {
  for sources in /run/modelcrate/apt-*.once /run/modelcrate/apt-*.keep; do
    [ -f "$sources" ] || continue
    name=modelcrate-${sources#/run/modelcrate/apt-}
    keys=$scratch
    case $name in *.keep) keys=/etc/apt/keyrings ;; esac
    name=${name%.*}
    mkdir -p "$keys"
    key=$keys/$name.gpg
    if grep -q -e '-----BEGIN PGP' "$sources.key"; then key=$keys/$name.asc; fi
    cp "$sources.key" "$key"
    chmod 644 "$key"
    { cat "$sources"; echo "Signed-By: $key"; } >"/etc/apt/sources.list.d/$name.sources"
  done
}
certificates() {
  [ ! -e /etc/ssl/certs/ca-certificates.crt ] || return 0
  cat /run/modelcrate/apt-*.once /run/modelcrate/apt-*.keep 2>/dev/null | grep -q '^URIs: https:' || return 0
  case " $* " in
  *" ca-certificates "*) apt update && apt install --no-install-recommends ca-certificates ;;
  *)
    echo "modelcrate: a repository has an https address, and the base has no certificates: add \`ca-certificates\` to \`apt.packages\`" >&2
    exit 1
    ;;
  esac
}
mkdir -p /var/cache/modelcrate/archives/partial /var/cache/modelcrate/lists/partial
certificates "$@"
repositories
# Otherwise lists of an earlier build would do for a repository whose key is not right.
apt update -o APT::Update::Error-Mode=any
apt install --no-install-recommends "$@"
for sources in /run/modelcrate/apt-*.once; do
  [ ! -f "$sources" ] || { sources=${sources%.once} && rm "/etc/apt/sources.list.d/modelcrate-${sources#/run/modelcrate/apt-}.sources"; }
done
rm -rf "$scratch"
rm -rf /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/log/bootstrap.log \
  /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old /var/lib/dpkg/*-old
find / -xdev -newer /tmp/.modelcrate-start -exec touch -hcd "@$mtime" {} +
rm -f /tmp/.modelcrate-start
# Where the engine puts `hosts`, `resolv.conf` and the mounts before the step starts.
touch -cd "@$mtime" /tmp /etc /run /var/cache
