#!/usr/bin/env bash
# Called by the load harness (see sut.json) with an empty database: publishes the host, migrates, creates the tenants.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/build.sh"
find_dotnet
publish=$root/.artifacts/bench
mkdir -p "$root/.artifacts"
if ! dotnet publish "$root/Standalone/Standalone.csproj" --configuration Release --output "$publish" --verbosity quiet \
    -p:UseSharedCompilation=false >"$root/.artifacts/publish.log" 2>&1; then
    grep -E 'error' "$root/.artifacts/publish.log" | sort -u | head -20 >&2
    exit 1
fi
dotnet "$publish/Vellarys.Standalone.dll" migrate
dotnet "$publish/Vellarys.Standalone.dll" seed-bench
