#!/bin/sh
# After azd provision: the key for callers of the API is in the vault now and stays as it is from here on.
set -eu
: "${APP_URL:?azd provision sets it}" "${KEY_VAULT_NAME:?azd provision sets it}"

azd env set CREATE_API_KEY false

cat <<END
Vellarys will answer at $APP_URL
The key for callers of its API is the secret api-key of the vault $KEY_VAULT_NAME.
A new one: azd env set CREATE_API_KEY true, then azd provision, then restart the app.
END
