# Sourced by run and test: finds the .NET SDK and builds quietly. Expects $root.
# shellcheck shell=bash

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Build servers would outlive the command that started them.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

find_dotnet() {
    local folder
    for folder in '' "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
        [ -z "$folder" ] || [ -x "$folder/dotnet" ] || continue
        if ("${folder:+$folder/}dotnet" --list-sdks 2>/dev/null || true) | grep -q '^10\.'; then
            [ -z "$folder" ] || export PATH="$folder:$PATH" DOTNET_ROOT="$folder"
            # The SDK and NuGet keep their caches in the home folder.
            if [ ! -w "${HOME:-/nonexistent}" ]; then export HOME=$root/.data/home DOTNET_CLI_HOME=$root/.data/home; fi
            mkdir -p "$HOME"
            return
        fi
    done
    echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    exit 1
}

# restores PROJECT [OPTION]...: whether all of its packages can be had; prints nothing.
restores() {
    mkdir -p "$root/.data"
    (
        flock 8
        dotnet restore "$root/$1" --verbosity quiet "${@:2}"
    ) 8>"$root/.data/build.lock" >/dev/null 2>&1 </dev/null
}

# build PROJECT: Release; prints nothing but errors.
build() {
    local log status=0
    mkdir -p "$root/.data"
    log=$(mktemp "$root/.data/build.XXXXXX")
    # Two builds in one checkout would write the same files.
    (
        flock 8
        dotnet build "$root/$1" --configuration Release --verbosity quiet -p:UseSharedCompilation=false
    ) 8>"$root/.data/build.lock" >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" != 0 ]; then
        { grep -E ' (error|warning) |error :' "$log" || cat "$log"; } | sort -u | head -40 >&2
    fi
    rm -f "$log"
    return "$status"
}
