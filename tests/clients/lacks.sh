# Prints Debian's packages if what comes behind them, a command, fails: they are not here. It is sourced.
lacks() {
    local packages=$1
    shift
    "$@" >/dev/null 2>&1 </dev/null || echo "$packages"
}
