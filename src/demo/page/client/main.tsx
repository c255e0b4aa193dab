import { type ComponentChild, render } from 'preact'
import type { Scene } from '../scene.ts'
import { Overlays } from './panes/modal.tsx'
import { Workbench } from './panes/workbench.tsx'
import { useFocusKeeper } from './state/attention.ts'
import { channelOf, DeskContext, useExpectedThread } from './state/desk.ts'
import { useToast } from './state/notices.ts'
import { useRoute, useScene } from './state/scene.ts'
import { useDeskOf } from './state/sending.ts'
import { theme } from './state/theme.ts'

/** Waits for the first scene and shows the page. */
function App(): ComponentChild {
  const { scene, isConnected } = useScene()
  if (scene) return <Page scene={scene} isConnected={isConnected} />
  return (
    <div class="waiting" role="status">
      Opening the workspace…
    </div>
  )
}

interface Props {
  readonly scene: Scene
  readonly isConnected: boolean
}

/** The whole page for a scene. */
function Page({ scene, isConnected }: Props): ComponentChild {
  const [route, go] = useRoute()
  const [toast, say] = useToast()
  const expectThread = useExpectedThread(scene, go)
  const desk = useDeskOf(scene, { go, say, expectThread })
  const channel = channelOf(scene, route)
  useFocusKeeper()
  return (
    <DeskContext.Provider value={desk}>
      {channel ? (
        <Workbench scene={scene} route={route} channel={channel} />
      ) : (
        <div class="waiting">You are in no channel of this workspace.</div>
      )}
      <Overlays scene={scene} isConnected={isConnected} toast={toast} />
    </DeskContext.Provider>
  )
}

theme.show(theme.chosen)

const page = document.getElementById('page')
if (page) render(<App />, page)
