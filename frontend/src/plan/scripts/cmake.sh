# Compiles a project with CMake and installs it as a layer. Arguments: the time in seconds, what is installed (`targets`,
# `all`, `component:NAME`, `files`), the targets in one word, then CMake's options.
set -eu
umask 022
mtime=$1 install=$2 targets=$3
shift 3
here=/run/modelcrate build=/build
mkdir -p "$build/.cmake/api/v1/query"
: >"$build/.cmake/api/v1/query/codemodel-v2"
cmake -S /src -B "$build" -G Ninja -C "$here/initial.cmake" "$@"
# A name that is wrong is found before anything is compiled.
[ -z "$targets" ] || cmake -DBUILD="$build" -DINSTALL="$install" -P "$here/targets.cmake"
# The names have no spaces: they are words.
# shellcheck disable=SC2086
cmake --build "$build" ${targets:+--target $targets}
if [ -f "$CCACHE_STATSLOG" ]; then
  hits=$(grep -c -E '^(direct|preprocessed)_cache_hit$' "$CCACHE_STATSLOG" || :)
  echo "modelcrate: ccache had $hits of $((hits + $(grep -c '^cache_miss$' "$CCACHE_STATSLOG" || :))) files"
fi
case $install in
  all) DESTDIR=/layer cmake --install "$build" ;;
  component:*) DESTDIR=/layer cmake --install "$build" --component "${install#*:}" ;;
  *) cmake -DBUILD="$build" -P "$here/collect.cmake" ;;
esac
find /layer -type f >/tmp/installed
if [ ! -s /tmp/installed ]; then
  echo "modelcrate: nothing was installed" >&2
  exit 1
fi
# Names for debuggers are bytes that no release needs. Who wants them says so with `RelWithDebInfo`.
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
strip=$(cached CMAKE_STRIP)
case $(cached CMAKE_BUILD_TYPE) in
  Release | MinSizeRel)
    # What is no program and no library stays as it is.
    while IFS= read -r file; do "$strip" --strip-unneeded "$file" 2>/dev/null || :; done </tmp/installed
    ;;
esac
# shellcheck disable=SC2016 # the loader reads it
# Where a program looks for libraries: beside itself, never where it was built or among the stubs of a driver.
moved() {
  new='$ORIGIN/../lib:$ORIGIN'
  old=$1:
  while [ -n "$old" ]; do
    case ${old%%:*} in "" | "$build" | "$build"/* | */stubs) ;; *) new=$new:${old%%:*} ;; esac
    old=${old#*:}
  done
  echo "$new"
}
while IFS= read -r file; do
  rpath=$(patchelf --print-rpath "$file" 2>/dev/null) || continue
  case :$rpath: in *:"$build"[/:]* | */stubs:*) patchelf --set-rpath "$(moved "$rpath")" "$file" ;; esac
  # A file that is not linked dynamically has nothing to list.
  ldd "$file" 2>/dev/null || :
done </tmp/installed >/tmp/libraries
# What every Debian and Ubuntu has is left out.
packages=$(sed -n 's,^[[:space:]]*[^ ]* => \(/[^ ]*\) .*,\1,p' /tmp/libraries | sort -u | while IFS= read -r library; do
  case $library in /layer/*) ;; *) dpkg -S "*/${library##*/}" 2>/dev/null | head -n 1 | cut -d: -f1 ;; esac
done | sort -u | grep -v -x -e libc6 -e 'libgcc-s1' -e 'libstdc++6' | tr '\n' ' ' || :)
missing=$(sed -n 's,^[[:space:]]*\([^ ]*\) => not found.*,\1,p' /tmp/libraries | sort -u | tr '\n' ' ')
[ -z "$packages" ] || echo "modelcrate: at run time this needs ${packages}(in \`apt:\`, unless the base has them)"
[ -z "$missing" ] || echo "modelcrate: at run time this needs ${missing}(not in the build image; a driver's library comes from the host)"
find /layer -exec touch -hcd "@$mtime" {} +
