metadata description = 'Who is told, and of what Azure measures. docs/azure.md says for each rule what to do.'

import { sizeType } from '../types.bicep'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the action group.')
param actionGroupName string

@description('Who gets mail; empty: nobody.')
param email string

@description('Who is called with Azure\'s common alert schema (PagerDuty and the like); empty: nobody.')
@secure()
param webhook string

@description('What the deployment is made for.')
param size sizeType

@description('Workspace that holds what the app emits.')
param workspaceId string

@description('Service Bus namespace.')
param serviceBusId string

@description('PostgreSQL server.')
param databaseId string

@description('Redis cluster.')
param redisId string

@description('Azure OpenAI account.')
param openAiId string

var critical = 1
var warning = 2

var rules = [
  {
    name: 'queue-depth'
    description: 'More than 100 messages wait in a queue: the platform adds instances; look why they do not keep up.'
    severity: warning
    scope: serviceBusId
    metric: 'ActiveMessages'
    dimension: { name: 'EntityName', operator: 'Include', values: ['*'] }
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 100
    window: 'PT5M'
  }
  {
    name: 'dead-letters-stay'
    description: 'Dead letters lie in Service Bus: they are not taken over into the database.'
    severity: warning
    scope: serviceBusId
    metric: 'DeadletteredMessages'
    dimension: { name: 'EntityName', operator: 'Include', values: ['*'] }
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'database-down'
    description: 'PostgreSQL does not answer.'
    severity: critical
    scope: databaseId
    metric: 'is_db_alive'
    dimension: null
    aggregation: 'Maximum'
    operator: 'LessThan'
    threshold: 1
    window: 'PT5M'
  }
  {
    name: 'database-cpu'
    description: 'PostgreSQL uses more than 70 % of its CPU.'
    severity: warning
    scope: databaseId
    metric: 'cpu_percent'
    dimension: null
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 70
    window: 'PT15M'
  }
  {
    name: 'database-memory'
    description: 'PostgreSQL uses more than 85 % of its memory.'
    severity: warning
    scope: databaseId
    metric: 'memory_percent'
    dimension: null
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 85
    window: 'PT15M'
  }
  {
    name: 'database-storage'
    description: 'PostgreSQL\'s disk is more than 80 % full; at 95 % it takes nothing more.'
    severity: critical
    scope: databaseId
    metric: 'storage_percent'
    dimension: null
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 80
    window: 'PT15M'
  }
  {
    name: 'database-disk'
    description: 'PostgreSQL uses more than 60 % of its disk operations.'
    severity: warning
    scope: databaseId
    metric: 'disk_iops_consumed_percentage'
    dimension: null
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 60
    window: 'PT15M'
  }
  {
    name: 'database-connections'
    description: 'More than 80 % of the connections that the server takes are in use.'
    severity: critical
    scope: databaseId
    metric: 'active_connections'
    dimension: null
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: size.database.maxUserConnections * 8 / 10
    window: 'PT5M'
  }
  {
    name: 'redis-memory'
    description: 'Redis uses more than 85 % of its memory and soon forgets what instances still need.'
    severity: warning
    scope: redisId
    metric: 'usedmemorypercentage'
    dimension: null
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 85
    window: 'PT15M'
  }
  {
    name: 'redis-load'
    description: 'Redis is busy more than 80 % of its time.'
    severity: warning
    scope: redisId
    metric: 'serverLoad'
    dimension: null
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 80
    window: 'PT15M'
  }
  {
    name: 'model-refuses'
    description: 'Azure OpenAI answered 429: the quota is used up.'
    severity: warning
    scope: openAiId
    metric: 'AzureOpenAIRequests'
    dimension: { name: 'StatusCode', operator: 'Include', values: ['429'] }
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT5M'
  }
  {
    name: 'model-quota'
    description: 'More than 80 % of the model\'s tokens are used for five minutes on end.'
    severity: warning
    scope: openAiId
    metric: 'TokenTransaction'
    dimension: null
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: size.openAi.chatCapacity * 1000 * 5 * 8 / 10
    window: 'PT5M'
  }
]

resource group 'Microsoft.Insights/actionGroups@2024-10-01-preview' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'vellarys'
    emailReceivers: empty(email)
      ? []
      : [
          {
            name: 'operators'
            emailAddress: email
            useCommonAlertSchema: true
          }
        ]
    webhookReceivers: empty(webhook)
      ? []
      : [
          {
            name: 'pager'
            serviceUri: webhook
            useCommonAlertSchema: true
          }
        ]
  }
}

resource metricAlert 'Microsoft.Insights/metricAlerts@2024-03-01-preview' = [
  for rule in rules: {
    name: rule.name
    location: 'global'
    tags: tags
    properties: {
      description: rule.description
      severity: rule.severity
      enabled: true
      autoMitigate: true
      scopes: [rule.scope]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.name
            metricName: rule.metric
            dimensions: rule.dimension == null ? [] : [rule.dimension]
            timeAggregation: rule.aggregation
            operator: rule.operator
            threshold: rule.threshold
          }
        ]
      }
      actions: [{ actionGroupId: group.id }]
    }
  }
]

module logs 'log-alerts.bicep' = {
  params: {
    location: location
    tags: tags
    workspaceId: workspaceId
    actionGroupId: group.id
  }
}
