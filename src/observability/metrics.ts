import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is counted. Labels have few values: never a pod's name or an image. */
export interface Metrics {
  /** A check of an incident. @param took Milliseconds. */
  checked(cause: string, confidence: string, took: number): void
  /** A request of Alertmanager. @param alerts Those that were kept. */
  webhook(outcome: string, alerts: number): void
  /** An alert, or a post of alerts, that is not read. @param rule The name of its rule: of few different ones. */
  turnedAway(rule: string): void
  job(name: string, outcome: 'done' | 'failed' | 'later'): void
  slackCall(method: string, outcome: string): void
  /** A button was pressed, and so it ended. */
  acted(action: string, how: string): void
  /** A check or a cause failed by itself. */
  defect(id: string): void
  /** A stored record could not be read, and was passed over. @param kind `incident`, `alert`, … */
  unreadable(kind: string): void
  /** In the text format of Prometheus. */
  text(): Promise<string>
}

/** Read anew whenever somebody asks. */
interface Sources {
  jobs(): Promise<Readonly<Record<string, number>>>
  openIncidents(): Promise<number>
}

const seconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function createMetrics(sources: Sources): Metrics {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const checks = new Counter({
    name: 'imagepull_checks_total',
    help: 'Checks of incidents, by what came out.',
    labelNames: ['cause', 'confidence'],
    registers,
  })
  const durations = new Histogram({
    name: 'imagepull_check_seconds',
    help: 'Time that a check of an incident took.',
    buckets: seconds,
    registers,
  })
  const jobs = new Counter({
    name: 'imagepull_jobs_total',
    help: 'Jobs that ran, by name and outcome. `later`: it had to wait, and comes back.',
    labelNames: ['job', 'outcome'],
    registers,
  })
  const webhooks = new Counter({
    name: 'imagepull_webhooks_total',
    help: 'Requests of Alertmanager, by outcome. Only `unavailable` comes again.',
    labelNames: ['outcome'],
    registers,
  })
  const alerts = new Counter({
    name: 'imagepull_alerts_total',
    help: 'Alerts that were taken: those of the named rules, with every repetition.',
    registers,
  })
  const turnedAway = new Counter({
    name: 'imagepull_alerts_turned_away_total',
    help: 'Alerts that are not read, by the name of their rule: `alerts.names` does not list it.',
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
    help: 'Checks and causes that failed by themselves: each is a bug of imagepull.',
    labelNames: ['id'],
    registers,
  })
  const unreadable = new Counter({
    name: 'imagepull_unreadable_records_total',
    help: 'Times that a stored record was passed over because this version cannot read it, by kind.',
    labelNames: ['kind'],
    registers,
  })
  new Gauge({
    name: 'imagepull_queue_jobs',
    help: 'Jobs in the queue, by state. Absent while the queue does not answer.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      for (const [state, count] of Object.entries((await told(sources.jobs())) ?? {})) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'imagepull_open_incidents',
    help: 'Incidents that are not over. Absent while the store does not answer.',
    registers,
    async collect() {
      const count = await told(sources.openIncidents())
      if (count === undefined) this.remove()
      else this.set(count)
    },
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
    text: () => register.metrics(),
  }
}

/** Where the store or the queue is away, all else is measured still. */
async function told<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(() => undefined)
}
