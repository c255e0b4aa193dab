/** Who sends bodies of its own form, and a field that only its bodies have. */
const senders: readonly (readonly [name: string, fields: readonly string[]])[] = [
  ['Amazon SNS', ['TopicArn', 'Message']],
  ['Amazon SNS', ['TopicArn', 'SubscribeURL']],
  ['Google Cloud Monitoring', ['incident', 'version']],
  ['Azure Monitor', ['schemaId', 'data']],
  ['PagerDuty', ['event']],
  ['PagerDuty', ['routing_key', 'event_action']],
  ['Opsgenie', ['action', 'alert']],
  ['Datadog', ['alert_type']],
  ['Datadog', ['event_type', 'org']],
  ['Slack', ['attachments']],
  ['Slack', ['blocks']],
  ['Sentry', ['action', 'installation']],
  ['New Relic', ['issueUrl']],
]

const expected =
  'imagepull takes what Alertmanager posts to a webhook: {"alerts": [{"status", "labels": {"alertname", "namespace", "pod"}, "startsAt"}]}'

/** What is missing in a body that is not taken, in one line. */
export function senderOf(body: unknown): string {
  if (body === undefined) return `this is not JSON; ${expected}`
  if (typeof body !== 'object' || body === null) return `this is no JSON object; ${expected}`
  if ('alerts' in body) return `"alerts" is not a list; ${expected}`
  const sender = senders.find(([, fields]) => fields.every((field) => Object.hasOwn(body, field)))?.[0]
  const own = sender ? `this looks like a body of ${sender}: "alerts" is missing` : '"alerts" is missing'
  return `${own}; ${expected}. Send these alerts through an Alertmanager, or through a template that makes this form.`
}
