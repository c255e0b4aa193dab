const gap = 4
const edge = 8

/** Puts an open list below its button, or above where there is no room below, and inside the window. */
export function placeMenu(list: HTMLElement, { left, top, bottom, right }: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = list
  const { clientWidth, clientHeight } = document.documentElement
  const wanted = left + width > clientWidth - edge ? right - width : left
  const isBelow = bottom + gap + height <= clientHeight - edge || top < height
  list.style.left = `${Math.max(edge, Math.min(wanted, clientWidth - width - edge))}px`
  list.style.top = `${Math.max(edge, isBelow ? bottom + gap : top - gap - height)}px`
}
