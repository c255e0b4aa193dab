import { type ComponentChild, h } from 'preact'

/** imagepull: an image comes down into its place. As in `icon.svg`. */
export function Logo(): ComponentChild {
  return h(
    'svg',
    { class: 'logo', viewBox: '0 0 36 36', 'aria-hidden': 'true' },
    h('rect', { class: 'logo-ground', width: 36, height: 36, rx: 8 }),
    h('path', {
      class: 'logo-lines',
      d: 'M18 7.5v13 M12 15l6 6 6-6 M8.5 20.5v6.2c0 1 .8 1.8 1.8 1.8h15.4c1 0 1.8-.8 1.8-1.8v-6.2',
    }),
  )
}
