const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** The three characters that Slack escapes, and no others. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt);/g, (found) => characters[found] ?? found)
}
