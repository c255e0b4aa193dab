import type { Text } from '../../text.ts'
import type { Names } from './checks/names.ts'

const placeholder = /\{(\w+)\}/g

/** A sentence of a table with the names in their places, as data. An unknown placeholder stays as it is. */
export function fillText(template: string, names: Names): Text {
  // With one capture group `split` alternates between literals and placeholder names.
  const parts = template.split(placeholder).map((part, index) => {
    if (index % 2 === 0) return part
    return isName(part, names) ? { data: names[part] } : `{${part}}`
  })
  return { parts: parts.filter((part) => part !== '') }
}

/** The same for one argument of a command. */
export function fillArgument(template: string, names: Names): string {
  return template.replace(placeholder, (whole, name: string) => (isName(name, names) ? names[name] : whole))
}

function isName(name: string, names: Names): name is keyof Names {
  return Object.hasOwn(names, name)
}
