#!/usr/bin/env bash
# Called by the load harness (see sut.json) with an empty database: publishes the host, migrates, creates the tenants.
# prepare.sh functions (sut-functions.json): also the function app in its stand-in host, and the broker.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/build.sh"
find_dotnet
publish=$root/.artifacts/bench
mkdir -p "$root/.artifacts"
# Compiled ahead where the feed has the compiler for it, as a deployment would be.
publish() {
    dotnet publish "$root/$1" --configuration Release --output "$2" --verbosity quiet \
        -p:UseSharedCompilation=false "${@:3}" >"$root/.artifacts/publish.log" 2>&1
}
publish_ahead() {
    if ! publish "$@" --runtime linux-x64 --self-contained false -p:PublishReadyToRun=true && ! publish "$@"; then
        grep -E 'error' "$root/.artifacts/publish.log" | sort -u | head -20 >&2
        exit 1
    fi
}
publish_ahead Standalone/Standalone.csproj "$publish"
if [ "${1:-}" = functions ]; then
    restores Functions/Functions.csproj || export ServiceBusExtension=false
    publish_ahead Functions.Tests/Functions.Tests.csproj "$publish-functions"
fi
dotnet "$publish/Vellarys.Standalone.dll" migrate
dotnet "$publish/Vellarys.Standalone.dll" seed-bench
