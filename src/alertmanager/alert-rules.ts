/** Which alerts are read, and how: from the configuration. */
export interface AlertRules {
  /** Names of the rules. */
  readonly names: ReadonlySet<string>
  /** The label that names the cluster. */
  readonly clusterLabel: string
  /** Other labels that are kept, because channels are chosen by them. */
  readonly labels: readonly string[]
  /** How alert posts are worded, beside the default templates: `Pod: {pod}`. */
  readonly patterns: readonly string[]
}
