/** What Slack keeps of what a person types: the three characters that could be markup are escaped. */
export function typedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
