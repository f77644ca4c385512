# Before azd deploys a release: brings the database to its schema, as whoever deploys. The token that opens the database
# is fetched by the program itself, from azd; it is in no variable, argument or file.
$ErrorActionPreference = 'Stop'
foreach ($name in 'DATABASE_HOST', 'DATABASE_NAME', 'DATABASE_ADMIN', 'APP_IDENTITY_ID') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "${name}: azd provision sets it" }
}

Set-Location (Join-Path $PSScriptRoot '../..')
"Migrating the database $env:DATABASE_NAME on $env:DATABASE_HOST as $env:DATABASE_ADMIN ..."
dotnet build Functions/Functions.csproj --configuration Release --verbosity quiet --nologo
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

# In a pipeline this names the app that azd is signed in as; the program would take it for a managed identity.
$env:AZURE_CLIENT_ID = $null
if (-not $env:AZURE_TOKEN_CREDENTIALS) { $env:AZURE_TOKEN_CREDENTIALS = 'AzureDeveloperCliCredential' }
$server = "Host=$env:DATABASE_HOST;Database=$env:DATABASE_NAME"
$env:DATABASE_URL = "$server;Username=`"$env:DATABASE_ADMIN`";SSL Mode=VerifyFull"
$env:DATABASE_APP_IDENTITY = $env:APP_IDENTITY_ID
dotnet Functions/bin/Release/net10.0/Vellarys.Functions.dll migrate
if ($LASTEXITCODE -ne 0) {
    throw 'From outside of Azure the server is reached from OPERATOR_ADDRESS only: docs/azure.md, First deployment.'
}
