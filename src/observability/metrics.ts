import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** The counters of imagepull. Labels have few values: never a pod's name or an image. */
export interface Metrics {
  /** Counts a check of an incident. @param took Milliseconds. */
  checked(cause: string, confidence: string, took: number): void
  /** Counts a webhook request. @param alerts The number of alerts that were accepted. */
  webhook(outcome: string, alerts: number): void
  /** Counts an alert, or a post of alerts, that is ignored. @param rule The name of its rule, one of a limited number. */
  turnedAway(rule: string): void
  job(name: string, outcome: 'done' | 'failed' | 'later'): void
  slackCall(method: string, outcome: string): void
  /** Counts an action that ended. */
  acted(action: string, how: string): void
  /** Counts a check or a cause that threw an error. */
  defect(id: string): void
  /** Counts a stored record that could not be read and was skipped. @param kind `incident`, `alert`, … */
  unreadable(kind: string): void
  /** Adds what is read from the store and the queue whenever the metrics are read. */
  observe(sources: Sources): void
  /** Returns all metrics in the text format of Prometheus. */
  text(): Promise<string>
}

/** Values that are read at each scrape. */
interface Sources {
  jobs(): Promise<Readonly<Record<string, number>>>
  openIncidents(): Promise<number>
}

const seconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function createMetrics(): Metrics {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const checks = new Counter({
    name: 'imagepull_checks_total',
    help: 'Checks of incidents, by cause and confidence of the verdict.',
    labelNames: ['cause', 'confidence'],
    registers,
  })
  const durations = new Histogram({
    name: 'imagepull_check_seconds',
    help: 'Duration of a check of an incident, in seconds.',
    buckets: seconds,
    registers,
  })
  const jobs = new Counter({
    name: 'imagepull_jobs_total',
    help: 'Jobs that ran, by name and outcome. `later`: the job was rescheduled.',
    labelNames: ['job', 'outcome'],
    registers,
  })
  const webhooks = new Counter({
    name: 'imagepull_webhooks_total',
    help: 'Webhook requests, by outcome. The sender retries only `unavailable`.',
    labelNames: ['outcome'],
    registers,
  })
  const alerts = new Counter({
    name: 'imagepull_alerts_total',
    help: 'Alerts that were accepted, repetitions included.',
    registers,
  })
  const turnedAway = new Counter({
    name: 'imagepull_alerts_turned_away_total',
    help: 'Alerts that were ignored because `alerts.names` does not list their rule, by rule.',
    labelNames: ['rule'],
    registers,
  })
  const calls = new Counter({
    name: 'imagepull_slack_calls_total',
    help: 'Calls of the Slack API, by method and outcome.',
    labelNames: ['method', 'outcome'],
    registers,
  })
  const actions = new Counter({
    name: 'imagepull_actions_total',
    help: 'Actions that ended, by name and outcome.',
    labelNames: ['action', 'outcome'],
    registers,
  })
  const defects = new Counter({
    name: 'imagepull_defects_total',
    help: 'Errors thrown by checks and causes. Each one is a bug in imagepull.',
    labelNames: ['id'],
    registers,
  })
  const unreadable = new Counter({
    name: 'imagepull_unreadable_records_total',
    help: 'Stored records that were skipped because this version cannot read them, by kind.',
    labelNames: ['kind'],
    registers,
  })
  return {
    checked(cause, confidence, took) {
      checks.inc({ cause, confidence })
      durations.observe(took / 1_000)
    },
    webhook(outcome, kept) {
      webhooks.inc({ outcome })
      alerts.inc(kept)
    },
    turnedAway: (rule) => turnedAway.inc({ rule }),
    job: (job, outcome) => jobs.inc({ job, outcome }),
    slackCall: (method, outcome) => calls.inc({ method, outcome }),
    acted: (action, outcome) => actions.inc({ action, outcome }),
    defect: (id) => defects.inc({ id }),
    unreadable: (kind) => unreadable.inc({ kind }),
    observe: (sources) => addGauges(register, sources),
    text: () => register.metrics(),
  }
}

function addGauges(register: Registry, sources: Sources): void {
  const registers = [register]
  new Gauge({
    name: 'imagepull_queue_jobs',
    help: 'Jobs in the queue, by state. Absent while the queue is unavailable.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      for (const [state, count] of Object.entries((await orUndefined(sources.jobs())) ?? {})) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'imagepull_open_incidents',
    help: 'Open incidents. Absent while the store is unavailable.',
    registers,
    async collect() {
      const count = await orUndefined(sources.openIncidents())
      if (count === undefined) this.remove()
      else this.set(count)
    },
  })
}

/** Returns undefined if the store or the queue is unavailable, so that all other metrics are still reported. */
async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(() => undefined)
}
