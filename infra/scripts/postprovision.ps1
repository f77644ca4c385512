# After azd provision: the key for callers of the API is in the vault now and stays as it is from here on.
$ErrorActionPreference = 'Stop'
foreach ($name in 'APP_URL', 'KEY_VAULT_NAME') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "${name}: azd provision sets it" }
}

azd env set CREATE_API_KEY false
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

@"
Vellarys will answer at $env:APP_URL
The key for callers of its API is the secret api-key of the vault $env:KEY_VAULT_NAME.
A new one: azd env set CREATE_API_KEY true, then azd provision, then restart the app.
"@
