/**
 * Slack's limits, each with the page that documents it. Lengths are code points. Undocumented limits are marked. Where sources
 * differ, the lower figure is used.
 */
export const limits = {
  /** https://docs.slack.dev/reference/block-kit/blocks */
  blocks: { inMessage: 50, inView: 100, blockId: 255, actionId: 255 },
  /** https://docs.slack.dev/reference/methods/chat.update; chat.postMessage cuts off what is longer than 40 000. */
  message: { updatedText: 4_000, attachments: 100 },
  /**
   * Not documented: 13 297 characters of markdown alone were accepted, and a divider beside them cost 125.
   * https://github.com/slackapi/bolt-js/issues/2509
   */
  allBlocks: { characters: 13_200, perFurtherBlock: 125 },
  /** https://docs.slack.dev/messaging/message-metadata: the size is not documented, the figure is ours. */
  metadata: { characters: 8_000, eventType: 255 },
  /** https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
  text: { text: 3_000 },
  /** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
  confirm: { title: 100, text: 300, button: 30 },
  /** https://docs.slack.dev/reference/block-kit/composition-objects/option-object: elsewhere 150 for the value. */
  option: { text: 75, value: 75, description: 75, url: 3_000 },
  /** https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object */
  optionGroup: { label: 75, options: 100, groups: 100 },
  /** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
  button: { text: 75, value: 2_000, url: 3_000, accessibilityLabel: 75 },
  /** https://docs.slack.dev/reference/block-kit/block-elements/icon-button-element: the users are not documented. */
  iconButton: { visibleTo: 10 },
  /** https://docs.slack.dev/reference/block-kit/block-elements */
  element: { placeholder: 150, overflow: 5, boxes: 10, inputText: 3_000, files: 10, inputLines: 100 },
  /** https://docs.slack.dev/reference/block-kit/blocks/actions-block and context-actions-block */
  actions: { elements: 25, contextElements: 5 },
  /** https://docs.slack.dev/reference/block-kit/blocks/alert-block: not documented. */
  alert: { text: 200 },
  /** https://docs.slack.dev/reference/block-kit/blocks/card-block and carousel-block: the buttons are not documented. */
  card: { title: 150, subtitle: 150, body: 200, buttons: 3, inCarousel: 10 },
  /** https://docs.slack.dev/reference/block-kit/blocks/container-block */
  container: { title: 150, subtitle: 150, children: 10 },
  /** https://docs.slack.dev/reference/block-kit/blocks/context-block */
  context: { elements: 10 },
  /** https://docs.slack.dev/reference/block-kit/blocks/data-table-block: 201 rows and the characters are hearsay. */
  dataTable: { rowsAtLeast: 2, rows: 101, columns: 20, pageSize: 100, characters: 20_000, caption: 2_000 },
  /** https://docs.slack.dev/reference/block-kit/blocks/header-block */
  header: { text: 150 },
  /** https://docs.slack.dev/reference/block-kit/blocks/image-block */
  image: { url: 3_000, altText: 2_000, title: 2_000 },
  /** https://docs.slack.dev/reference/block-kit/blocks/input-block */
  input: { label: 2_000, hint: 2_000 },
  /** https://docs.slack.dev/reference/block-kit/blocks/markdown-block: of all such blocks of a message together. */
  markdown: { characters: 12_000 },
  /** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
  richText: { indent: 8 },
  /** https://docs.slack.dev/reference/block-kit/blocks/section-block */
  section: { text: 3_000, fields: 10, field: 2_000 },
  /** https://docs.slack.dev/reference/block-kit/blocks/table-block: one for a message by its first version. */
  table: { rows: 100, columns: 20, inMessage: 1 },
  /** https://docs.slack.dev/reference/block-kit/blocks/plan-block and task-card-block: as for streamed tasks. */
  plan: { title: 256, taskId: 255, tasks: 50 },
  /** https://docs.slack.dev/reference/views */
  view: { title: 24, button: 24, callbackId: 255, externalId: 255, privateMetadata: 3_000, bytes: 250_000 },
  /** Our own limit: the text that a phone's notification shows. */
  house: { text: 100 },
} as const
