#!/usr/bin/env bash
# The crash tests at length: crash.sh [MESSAGES=10000] [RUNS=1] [TEST=.KilledAroundEveryCommit] [INSTANCES=1].
# Customers write while the host is killed at every named point, over and over; prints what the books say in the end,
# and for a reply out of order the story of its conversation. TEST may also be KilledWhereTheProviderReports (with a
# third of the messages), KilledBeforeOthersKnow (with a sixth) or FunctionsKilledAroundEveryCommit (the function app,
# over AMQP, with Redis; INSTANCES at a time, each a process that is killed on its own).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/build.sh"
find_dotnet
# As ./test does: one package of the Azure host is not in every feed.
restores Functions/Functions.csproj || export ServiceBusExtension=false
build Standalone.slnf
if [ -z "${TEST_DATABASE_URL:-}" ]; then
    data=$root/.data/test-postgres
    TEST_DATABASE_URL=$("$root/scripts/postgres.sh" up --data "$data" --fast --for $$)
    export TEST_DATABASE_URL
    trap '"$root/scripts/postgres.sh" down --data "$data" --for $$ || true' EXIT
fi
export CRASH_MESSAGES=${1:-10000} CRASH_RUNS=${2:-1} CRASH_INSTANCES=${4:-1}
dotnet test "$root/Functions.Tests/Functions.Tests.csproj" --configuration Release --no-build \
    --filter "FullyQualifiedName~${3:-.KilledAroundEveryCommit}" --logger "console;verbosity=detailed" </dev/null |
    grep -E '^ *([0-9]+ messages, .* kills|[0-9]+: late|[0-9:]{8}\.[0-9]{3} |Passed |Failed )'
