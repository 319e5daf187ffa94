#!/usr/bin/env bash
# Starts a command of the toolkit: launch.sh MAIN_CLASS [ARGUMENT...]. The launchers beside this file call it.
#
# Read from the environment: JAVA_HOME, JAVA_OPTS (flags for Java, such as -Xmx8g), DJL_OFFLINE (false allows downloads),
# PYTORCH_LIBRARY_PATH (folder of another libtorch of the same version), GLIBC_TUNABLES (replaces the allocator settings below),
# GOMP_SPINCOUNT or OMP_WAIT_POLICY (replace how long libtorch's threads spin).
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

find_java() {
  if [[ -n "${JAVA_HOME:-}" ]]; then
    java="$JAVA_HOME/bin/java"
    [[ -x "$java" ]] || fail "JAVA_HOME is $JAVA_HOME, but there is no $java." "Set JAVA_HOME to a Java of version 17 or newer, or unset it."
  else
    java="$(command -v java)" || fail "Java is missing. Install version 17 or newer, or set JAVA_HOME."
  fi
}

# From the file that describes an installation: asking Java itself would double the time of --help.
find_java_version() {
  local release version
  release="$(dirname "$(readlink -f "$java")")/../release"
  version="$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release" 2>/dev/null || true)"
  if [[ -z "$version" ]]; then
    version="$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)"
  fi
  java_version="${version:-0}"
}

find_java
find_java_version
((java_version >= 17)) || fail "Java 17 or newer is needed, but $java is version $java_version." "Set JAVA_HOME to a newer one."
[[ "$root" != *:* ]] ||
  fail "The toolkit lies in $root, and Java divides its class path at the colon. Move or rename the folder."
jars() { [[ -d "$root/target/lib" ]] && (cd "$root/target/lib" && compgen -G "$1" >/dev/null); } # whatever the folders above are called
jars 'modx-core-*.jar' ||
  fail "The toolkit is not built yet. Build it with:" "  mvn -q -DskipTests -f $(printf %q "$root/pom.xml") package"

# Nothing is downloaded at run time, and DJL does not report usage.
export DJL_OFFLINE="${DJL_OFFLINE:-true}" OPT_OUT_TRACKING="${OPT_OUT_TRACKING:-true}"

# DJL would guess the flavour of a libtorch that it did not bring, and guess wrong.
# Version and CUDA are those for which pytorch-jni brings its own library.
libtorch_version="$(basename "$root"/target/lib/pytorch-jni-*.jar)" libtorch_version="${libtorch_version#pytorch-jni-}"
libtorch_version="${libtorch_version%%-*}" cuda_flavour=cu128
if [[ -n "${PYTORCH_LIBRARY_PATH:-}" ]]; then
  flavour=cpu
  [[ ! -e "$PYTORCH_LIBRARY_PATH/libtorch_cuda.so" ]] || flavour="$cuda_flavour"
  export PYTORCH_VERSION="${PYTORCH_VERSION:-$libtorch_version}" PYTORCH_FLAVOR="${PYTORCH_FLAVOR:-$flavour}"
  export LD_LIBRARY_PATH="$PYTORCH_LIBRARY_PATH${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
elif ! jars 'pytorch-native-cpu-*.jar'; then # built with -Pcuda
  export PYTORCH_VERSION="${PYTORCH_VERSION:-$libtorch_version}" PYTORCH_FLAVOR="${PYTORCH_FLAVOR:-$cuda_flavour}"
fi

# Large tensors come and go in every step. Memory that is kept, in huge pages, makes a step on the CPU faster; one arena for all threads
# and no small blocks held back between the large ones keep it in one piece, so that less is taken. The price is one lock for all small
# allocations: with a GPU, where steps wait for the host and not for its memory, the system's own settings stay.
if [[ "$OSTYPE" == linux* && "${PYTORCH_FLAVOR:-cpu}" == cpu* && -z "${GLIBC_TUNABLES+set}" ]]; then
  tunables=(hugetlb=1 mmap_max=0 trim_threshold=9000000000 arena_max=1 tcache_count=0 mxfast=0)
  GLIBC_TUNABLES="$(IFS=:; printf '%s' "${tunables[*]/#/glibc.malloc.}")"
  export GLIBC_TUNABLES
fi

# Threads that wait for one another spin before they sleep, by default so long that two commands on one machine take each other's
# processors: both were slowed down 3 to 25 times, and alone a step is no faster for it.
[[ -n "${GOMP_SPINCOUNT:-}${OMP_WAIT_POLICY:-}" ]] || export GOMP_SPINCOUNT=1000

source "$root/scripts/locale.sh"

flags=(-Djava.awt.headless=true)
# There is little garbage, and what there is should neither pile up to a quarter of the machine's memory nor keep threads busy that
# libtorch could use.
[[ "${JAVA_OPTS:-}" == *-XX:+Use*GC* ]] || flags+=(-XX:+UseSerialGC -Xmn32m)
# Newer Javas warn about libraries that load native code, unless told that this is wanted.
((java_version < 22)) || flags+=(--enable-native-access=ALL-UNNAMED)
read -ra user_flags <<<"${JAVA_OPTS:-}"

exec "$java" "${flags[@]}" ${user_flags[@]+"${user_flags[@]}"} -cp "$root/target/lib/*" "$@"
