#!/usr/bin/env bash
# Runs the suites of promises against real services in Azure and prints a table; docs/azure.md, "The rest, in an hour",
# says how to get such services and what to set. The suites empty the queues: never on an installation in use.
#   scripts/azure-check.sh
# Exit code: 0 nothing failed, 1 something did, 2 not allowed to begin.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root tests=$root/Functions.Tests results=$root/.artifacts/azure-check

if [ "${TEST_AZURE_THROWAWAY:-}" != yes ]; then
    echo "The suites empty queues and caches. Set TEST_AZURE_THROWAWAY=yes if nothing of value is in them." >&2
    exit 2
fi
if [ -n "${APP_URL:-}" ] && [ -n "${TEST_SERVICEBUS_CONNECTION:-}" ]; then
    echo "The app takes messages from the same queues: stop it and unset APP_URL, or unset the connection." >&2
    exit 2
fi

failures=0
row() { printf '%-34s %-28s %s\n' "$1" "$2" "$3"; }

# counter FILE NAME: one figure of a result file.
counter() { sed -nE 's/.*<Counters.* '"$2"'="([0-9]+)".*/\1/p' "$1"; }

# suite WHAT FILTER VARIABLE...: the tests of FILTER, where all variables are set and some test reads them.
suite() {
    local what=$1 filter=$2 variable file
    shift 2
    for variable in "$@"; do
        if [ -z "${!variable:-}" ]; then row "$what" "not asked for" "$variable is not set"; return; fi
        if ! grep -rqF --include='*.cs' --include='*.props' "$variable" "$tests"; then
            row "$what" "no suite" "no test reads $variable"
            return
        fi
    done
    file=$results/${what// /-}.trx
    dotnet test "$tests/Functions.Tests.csproj" --configuration Release --no-build --filter "$filter" \
        --logger "trx;LogFileName=$file" >"$results/${what// /-}.log" 2>&1 </dev/null || true
    if [ -f "$file" ] && [ "$(counter "$file" failed)" = 0 ] && [ "$(counter "$file" passed)" -gt 0 ]; then
        row "$what" passed "$(counter "$file" passed) tests"
    else
        failures=$((failures + 1))
        row "$what" FAILED "see ${results#"$root"/}/${what// /-}.log"
    fi
}

# answer WHAT PATH EXPECTED: what the app answers to somebody without a key.
answer() {
    local code
    if [ -z "${APP_URL:-}" ]; then row "$1" "not asked for" "APP_URL is not set"; return; fi
    code=$(curl --silent --output /dev/null --max-time 60 --write-out '%{http_code}' "$APP_URL$2") || code=none
    if [ "$code" = "$3" ]; then
        row "$1" passed "$code"
    else
        failures=$((failures + 1))
        row "$1" FAILED "$code instead of $3"
    fi
}

mkdir -p "$results"
# shellcheck source=scripts/build.sh
. "$root/scripts/build.sh"
find_dotnet
restores Functions/Functions.csproj || export ServiceBusExtension=false
build FunctionsApp.sln || { echo "The build failed." >&2; exit 1; }
if [ -z "${TEST_DATABASE_URL:-}" ]; then
    TEST_DATABASE_URL=$("$root/scripts/postgres.sh" up --data "$root/.data/test-postgres" --fast --for $$)
    export TEST_DATABASE_URL
    trap '"$root/scripts/postgres.sh" down --data "$root/.data/test-postgres" --for $$ || true' EXIT
fi

row CHECK RESULT DETAIL
answer "health of the app" /health 200
answer "the API without a key" /api/v1/operations/queues 401
suite "queues on Service Bus" FullyQualifiedName~ServiceBusQueueContractTests TEST_SERVICEBUS_CONNECTION
suite "limits and cache on Redis" FullyQualifiedName~Vellarys.Tests.Functions.Redis TEST_REDIS_HOST
suite "model on Azure OpenAI" FullyQualifiedName~AzureOpenAi \
    TEST_AZURE_OPENAI_ENDPOINT TEST_AZURE_OPENAI_DEPLOYMENT
exit $((failures > 0))
