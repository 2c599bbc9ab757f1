# What the runners share: a temporary folder, a server, and a count of checks.
# It is sourced, at the root of the repository.
#
#   PARLANCE=target/release/parlance        a binary that is there already; else a debug build

if [ -z "${PARLANCE:-}" ]; then
    cargo build --quiet --workspace --bin parlance
    PARLANCE=${CARGO_TARGET_DIR:-target}/debug/parlance
fi

folder=$(mktemp -d)
server=
# Stops the server, if one runs.
stop() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; fi
    server=
}
finish() {
    stop
    rm -rf "$folder"
}
trap finish EXIT
export PYTHONDONTWRITEBYTECODE=1

# Makes a virtual environment with what a file lists, in the folder's `venv`.
install_python() {
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$1"
}

# Installs what the `package.json` of a folder lists.
install_node() {
    npm install --prefix "$1" --silent --no-audit --no-fund --ignore-scripts --no-package-lock
}

# Starts the server, with further flags, and sets `address`.
serve() {
    echo "Starting the server."
    : >"$folder/server.log" # It is read before the server may have opened it.
    "$PARLANCE" serve --listen 127.0.0.1:0 --data temporary --faults "$@" >"$folder/server.log" 2>&1 </dev/null &
    server=$!
    address=
    for _ in $(seq 100); do
        address=$(sed -n 's/^Parlance: .* at \(http.*\)$/\1/p' "$folder/server.log")
        [ -z "$address" ] || return 0
        kill -0 "$server" || { cat "$folder/server.log"; exit 1; }
        sleep 0.1
    done
    echo "The server did not start within ten seconds."
    exit 1
}

passed=0 failed=0
# Runs one script, given its name and command, and counts its lines. A script that fails without a FAIL line, or that prints
# nothing, counts as a failed check.
run_script() {
    local name=$1 log=$folder/script.log status=0 bad good
    shift
    timeout 300 "$@" >"$log" 2>&1 </dev/null || status=$?
    cat "$log"
    good=$(grep -c '^ok ' "$log" || true)
    bad=$(grep -c '^FAIL ' "$log" || true)
    passed=$((passed + good)) failed=$((failed + bad))
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$good" -eq 0 ]; }; then
        echo "FAIL  $name: exit status $status, $good checks passed"
        failed=$((failed + 1))
    fi
}

# The last word of a runner.
total() {
    echo
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
