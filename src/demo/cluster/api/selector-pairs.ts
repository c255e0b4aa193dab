/** `a=b,c=d` of a label or field selector, with the escapes of apimachinery's `fields.EscapeValue`. */
export function selectorPairs(selector: string | null): readonly (readonly [key: string, value: string])[] {
  const pairs = selector ? selector.split(/(?<!\\),/) : []
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1).replaceAll(/\\(.)/g, '$1')]
  })
}
