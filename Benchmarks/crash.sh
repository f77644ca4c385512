#!/usr/bin/env bash
# The crash test at length: crash.sh [MESSAGES=10000]. Customers write while the host is killed at every named point,
# over and over; prints what the books say in the end.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/build.sh"
find_dotnet
build Standalone.slnf
if [ -z "${TEST_DATABASE_URL:-}" ]; then
    data=$root/.data/test-postgres
    TEST_DATABASE_URL=$("$root/scripts/postgres.sh" up --data "$data" --fast --for $$)
    export TEST_DATABASE_URL
    trap '"$root/scripts/postgres.sh" down --data "$data" --for $$ || true' EXIT
fi
export CRASH_MESSAGES=${1:-10000}
dotnet test "$root/Functions.Tests/Functions.Tests.csproj" --configuration Release --no-build \
    --filter FullyQualifiedName~KilledAroundEveryCommit --logger "console;verbosity=detailed" </dev/null |
    grep -E 'messages, .* kills|Passed!|Failed!|Test Run|Books'
