#!/bin/sh
# Before azd deploys a release: brings the database to its schema, as whoever deploys. The token that opens the database
# is fetched by the program itself, from azd; it is in no variable, argument or file.
set -eu
: "${DATABASE_HOST:?azd provision sets it}" "${DATABASE_NAME:?azd provision sets it}"
: "${DATABASE_ADMIN:?azd provision sets it}" "${APP_IDENTITY_ID:?azd provision sets it}"

cd "$(dirname "$0")/../.."
echo "Migrating the database $DATABASE_NAME on $DATABASE_HOST as $DATABASE_ADMIN ..."
dotnet build Functions/Functions.csproj --configuration Release --verbosity quiet --nologo

# In a pipeline this names the app that azd is signed in as; the program would take it for a managed identity.
unset AZURE_CLIENT_ID
export AZURE_TOKEN_CREDENTIALS="${AZURE_TOKEN_CREDENTIALS:-AzureDeveloperCliCredential}"
export DATABASE_URL="Host=$DATABASE_HOST;Database=$DATABASE_NAME;Username=\"$DATABASE_ADMIN\";SSL Mode=VerifyFull"
export DATABASE_APP_IDENTITY="$APP_IDENTITY_ID"
if ! dotnet Functions/bin/Release/net10.0/Vellarys.Functions.dll migrate; then
    echo "From outside of Azure the server is reached from OPERATOR_ADDRESS only: docs/azure.md, First deployment." >&2
    exit 1
fi
