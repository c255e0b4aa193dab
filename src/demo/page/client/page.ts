import { type ComponentChild, h } from 'preact'
import type { Scene } from '../scene.ts'
import { Overlays } from './panes/overlays.ts'
import { Workbench } from './panes/workbench.ts'
import { channelOf } from './state/channel-of.ts'
import { DeskContext } from './state/desk.ts'
import { useDeskOf } from './state/use-desk-of.ts'
import { useExpectedThread } from './state/use-expected-thread.ts'
import { useFocusKeeper } from './state/use-focus-keeper.ts'
import { useRoute } from './state/use-route.ts'
import { useToast } from './state/use-toast.ts'

interface Props {
  readonly scene: Scene
  readonly isConnected: boolean
}

/** The whole page, once there is something to see. */
export function Page({ scene, isConnected }: Props): ComponentChild {
  const [route, go] = useRoute()
  const [toast, say] = useToast()
  const expectThread = useExpectedThread(scene, go)
  const desk = useDeskOf(scene, { go, say, expectThread })
  const channel = channelOf(scene, route)
  useFocusKeeper()
  return h(
    DeskContext.Provider,
    { value: desk },
    channel
      ? h(Workbench, { scene, route, channel })
      : h('div', { class: 'waiting' }, 'You are in no channel of this workspace.'),
    h(Overlays, { scene, isConnected, toast }),
  )
}
