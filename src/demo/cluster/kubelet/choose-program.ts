import { recogniseBuilds } from '../../../builds/recognise-build.ts'
import { kanikoProgram } from '../kaniko/kaniko-program.ts'
import type { Program, ProgramContext } from './program.ts'
import { programLabel, programs } from './programs.ts'

/** By its arguments, where they build an image; else as its image's label says. */
export function chooseProgram({
  container,
  image,
  node,
}: Pick<ProgramContext, 'container' | 'image' | 'node'>): Program {
  if (image.architecture && image.architecture !== node.puller.architecture) return programs.foreign
  const [build] = recogniseBuilds({ initContainers: [], containers: [container] }).builds
  if (build?.tool === 'kaniko') return kanikoProgram
  const wanted = image.labels[programLabel] ?? ''
  return isProgram(wanted) ? programs[wanted] : programs.serve
}

function isProgram(name: string): name is keyof typeof programs {
  return Object.hasOwn(programs, name)
}
