#!/usr/bin/env bash
# Called by the load harness (see sut.json) with an empty database: publishes the host, migrates, creates the tenants.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/build.sh"
find_dotnet
publish=$root/.artifacts/bench
mkdir -p "$root/.artifacts"
# Compiled ahead where the feed has the compiler for it, as a deployment would be.
publish() {
    dotnet publish "$root/Standalone/Standalone.csproj" --configuration Release --output "$publish" --verbosity quiet \
        -p:UseSharedCompilation=false "$@" >"$root/.artifacts/publish.log" 2>&1
}
if ! publish --runtime linux-x64 --self-contained false -p:PublishReadyToRun=true && ! publish; then
    grep -E 'error' "$root/.artifacts/publish.log" | sort -u | head -20 >&2
    exit 1
fi
dotnet "$publish/Vellarys.Standalone.dll" migrate
dotnet "$publish/Vellarys.Standalone.dll" seed-bench
