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
mkdir -p /var/cache/modelcrate/archives/partial /var/cache/modelcrate/lists/partial
apt update
apt install --no-install-recommends "$@"
rm -rf /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/log/bootstrap.log \
  /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old /var/lib/dpkg/*-old
find / -xdev -newer /tmp/.modelcrate-start -exec touch -hcd "@$mtime" {} +
rm -f /tmp/.modelcrate-start
touch -cd "@$mtime" /tmp
