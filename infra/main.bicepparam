// What azd passes: the variables of the environment, set with: azd env set NAME VALUE
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'vellarys')
param location = readEnvironmentVariable('AZURE_LOCATION', 'brazilsouth')
param openAiLocation = readEnvironmentVariable('OPENAI_LOCATION', '')
param size = readEnvironmentVariable('VELLARYS_SIZE', 'small')

param principalName = readEnvironmentVariable('AZURE_PRINCIPAL_NAME', '')
param principalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param databaseGroupId = readEnvironmentVariable('DATABASE_GROUP_ID', '')
param databaseGroupName = readEnvironmentVariable('DATABASE_GROUP_NAME', '')
param operatorAddress = readEnvironmentVariable('OPERATOR_ADDRESS', '')
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))

param createApiKey = bool(readEnvironmentVariable('CREATE_API_KEY', 'true'))
param metaSecrets = bool(readEnvironmentVariable('META_SECRETS', 'false'))
param deployerTests = bool(readEnvironmentVariable('DEPLOYER_TESTS', 'false'))

param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param alertWebhook = readEnvironmentVariable('ALERT_WEBHOOK', '')

param models = {
  chat: readEnvironmentVariable('CHAT_MODEL', 'gpt-4.1-mini')
  chatVersion: readEnvironmentVariable('CHAT_MODEL_VERSION', '2025-04-14')
  embedding: readEnvironmentVariable('EMBEDDING_MODEL', 'text-embedding-3-small')
  embeddingVersion: readEnvironmentVariable('EMBEDDING_MODEL_VERSION', '1')
  sku: readEnvironmentVariable('MODEL_SKU', 'GlobalStandard')
}
