metadata description = 'Who is told what of the app\'s own metrics and traces; docs/azure.md says what to do.'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Workspace that holds what the app emits.')
param workspaceId string

@description('Who is told.')
param actionGroupId string

var critical = 1
var warning = 2

// Each query ends in one figure, Value; Split, where there is one, says whose it is.
var rules = [
  {
    name: 'silence'
    description: 'No timer has run on any instance.'
    severity: critical
    query: 'AppMetrics | where Name == "job.runs" | summarize Value = count()'
    split: []
    operator: 'LessThan'
    threshold: 1
    window: 'PT15M'
  }
  {
    name: 'job-late'
    description: 'A job has not succeeded for much longer than its interval.'
    severity: critical
    // An instance that does not run the job any more counts on: the best informed is right.
    query: '''
AppMetrics
| where Name == "job.seconds_since_success"
| extend Split = tostring(Properties["job"])
| summarize Seconds = min(Sum) by Split
| extend Allowed = case(
    Split in ("message-partitions", "purge-flow-instances"), 93600,
    Split == "check-indexes", 44400,
    Split == "learn-from-conversations", 15600,
    Split in ("prune-receipts", "prune-webhooks", "prune-media"), 9000,
    Split in ("scan-reengagement", "reconcile-flows"), 2400,
    600)
| where Seconds > Allowed
| summarize Value = count() by Split
'''
    split: ['Split']
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'webhooks-refused'
    description: 'Webhooks are answered 503: the provider sends them again, later.'
    severity: critical
    query: '''
AppMetrics
| where Name == "webhook.refused"
    and Properties["reason"] in ("unavailable", "no_room", "backlog", "unrouted_full")
| extend Split = tostring(Properties["provider"]), Reason = tostring(Properties["reason"])
| summarize Value = sum(Sum) by Split, Reason
'''
    split: ['Split', 'Reason']
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'webhooks-unauthorized'
    description: 'Webhooks come with signatures that do not fit: a rotated secret, or somebody who tries.'
    severity: warning
    query: '''
AppMetrics
| where Name == "webhook.refused" and Properties["reason"] == "unauthorized"
| summarize Value = sum(Sum)
'''
    split: []
    operator: 'GreaterThan'
    threshold: 20
    window: 'PT15M'
  }
  {
    name: 'webhooks-unrouted'
    description: 'Webhooks come for numbers that no channel has.'
    severity: warning
    query: 'AppMetrics | where Name == "webhook.unrouted" | summarize Value = sum(Sum)'
    split: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'dead-letters'
    description: 'Messages were given up.'
    severity: warning
    query: '''
AppMetrics
| where Name == "queue.failed"
| extend Split = tostring(Properties["queue"])
| summarize Value = sum(Sum) by Split
'''
    split: ['Split']
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'error-rate'
    description: 'More than 1 % of the messages of an hour were given up.'
    severity: critical
    query: '''
AppMetrics
| where Name in ("queue.failed", "queue.completed")
| summarize Failed = sumif(Sum, Name == "queue.failed"), All = sum(Sum)
| where All >= 100
| project Value = 100.0 * Failed / All
'''
    split: []
    operator: 'GreaterThan'
    threshold: 1
    window: 'PT1H'
  }
  {
    name: 'outbox-waits'
    description: 'What committed transactions want sent has not been handed to Service Bus for five minutes.'
    severity: critical
    query: 'AppMetrics | where Name == "outbox.oldest" | summarize Value = max(Sum)'
    split: []
    operator: 'GreaterThan'
    threshold: 300
    window: 'PT5M'
  }
  {
    name: 'handlers-stuck'
    description: 'Handlers ran into their time limit, or never came back.'
    severity: warning
    query: '''
AppMetrics
| where Name in ("queue.handler_timeouts", "queue.stuck_handlers")
| extend Split = tostring(Properties["queue"])
| summarize Value = sum(Sum) by Split
'''
    split: ['Split']
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT1H'
  }
  {
    name: 'replies-slow'
    description: 'The slowest 5 % of replies take more than 5 s to make.'
    severity: warning
    query: '''
AppRequests
| where Name == "ai-response"
| summarize Value = percentile(DurationMs, 95), Replies = count()
| where Replies >= 20
| project Value
'''
    split: []
    operator: 'GreaterThan'
    threshold: 5000
    window: 'PT15M'
  }
  {
    name: 'statements-slow'
    description: 'The slowest 5 % of statements take more than 500 ms.'
    severity: warning
    query: '''
AppDependencies
| where DependencyType has "postgresql"
| summarize Value = percentile(DurationMs, 95), Statements = count()
| where Statements >= 100
| project Value
'''
    split: []
    operator: 'GreaterThan'
    threshold: 500
    window: 'PT15M'
  }
  {
    name: 'pool-used-up'
    description: 'An instance has more than 90 % of its database connections in use.'
    severity: critical
    query: '''
AppMetrics
| where Name == "pool.usage"
| summarize Low = min(Sum), Seen = count() by AppRoleInstance
| where Low > 90 and Seen >= 3
| summarize Value = count()
'''
    split: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT10M'
  }
  {
    name: 'indexes-broken'
    description: 'Indexes are missing or invalid.'
    severity: warning
    query: 'AppMetrics | where Name == "index.broken" | summarize Value = max(Sum)'
    split: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT1H'
  }
  {
    name: 'channel-stopped'
    description: 'A provider refused an account: its number sends nothing any more.'
    severity: critical
    query: 'AppMetrics | where Name == "channel.stopped" | summarize Value = sum(Sum)'
    split: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'redis-evicts'
    description: 'Redis evicts keys that still live: limits and circuits forget, the cache misses.'
    severity: warning
    // The server's own figure since it started, as each instance sees it: what it rose by counts, once.
    query: '''
AppMetrics
| where Name == "redis.evicted"
| sort by AppRoleInstance asc, TimeGenerated asc
| extend Rise = iff(AppRoleInstance == prev(AppRoleInstance), Sum - prev(Sum), 0.0)
| summarize Evicted = sumif(Rise, Rise > 0) by AppRoleInstance
| summarize Value = max(Evicted)
'''
    split: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'redis-away'
    description: 'Instances go on without Redis, each with its part of every limit.'
    severity: warning
    query: 'AppMetrics | where Name == "redis.fallback" | summarize Value = sum(Sum)'
    split: []
    operator: 'GreaterThan'
    threshold: 20
    window: 'PT15M'
  }
]

resource alert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: rule.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.name
      description: rule.description
      severity: rule.severity
      enabled: true
      autoMitigate: true
      // The tables come into being with the first line that the app writes.
      skipQueryValidation: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            dimensions: map(rule.split, column => { name: column, operator: 'Include', values: ['*'] })
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]
