# Flags that a script sets unless its caller does. Sourced by the scripts beside this file.

# The flags collected by default.
flags=()

# default FLAG VALUE ARGUMENT...: collects FLAG with VALUE, unless it is among the caller's arguments. A flag may be given only once.
default() {
  local flag="$1" value="$2" given
  shift 2
  for given in "$@"; do
    given="${given%%=*}"
    [[ "${given//-/_}" != "${flag//-/_}" ]] || return 0
  done
  flags+=("$flag" "$value")
}
