import type { ComponentChild, ComponentChildren } from 'preact'
import { type Desk, useDesk } from '../state/desk.ts'
import { pathOf, type Route, routeOf } from '../state/route.ts'

interface Props {
  readonly url: string
  /** The label that is shown instead of the address. */
  readonly label?: string | undefined
  readonly children?: ComponentChildren
}

/** A link to a website; other schemes are shown as text. If the label hides the host, the host is shown too. */
export function WebLink({ url, label, children }: Props): ComponentChild {
  const desk = useDesk()
  const shown = children ?? label ?? url
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (!address || !/^https?:$/.test(address.protocol)) return <span>{shown}</span>
  const route = ownRoute(address, desk)
  if (route) return <OwnLink route={route}>{shown}</OwnLink>
  return (
    <a class="link" href={address.href} target="_blank" rel="noopener noreferrer" title={address.href}>
      {shown}
      {hides(address, label, children) && <span class="link-host">{` (${address.host})`}</span>}
    </a>
  )
}

/** Whether the label hides the host: a link to `evil.example` may be labelled `bank.example`. */
function hides({ host }: URL, label: string | undefined, children: ComponentChildren): boolean {
  if (label === undefined && children === undefined) return false
  const shown = label?.replace(/^https?:\/\//, '') ?? ''
  return shown !== host && !shown.startsWith(`${host}/`)
}

/** A permalink of this workspace opens here. */
function ownRoute({ origin, pathname, search }: URL, { team, channels }: Desk): Route | undefined {
  if (origin !== location.origin && origin !== `https://${team.domain}.slack.com`) return undefined
  const route = routeOf(pathname, search)
  return route?.channel && channels.has(route.channel) ? route : undefined
}

function OwnLink({
  route,
  children,
}: {
  readonly route: Route
  readonly children?: ComponentChildren
}): ComponentChild {
  const { go } = useDesk()
  function open(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(route)
  }
  return (
    <a class="link" href={pathOf(route)} onClick={open}>
      {children}
    </a>
  )
}
