import type { Approval } from './approval.ts'

/** Written on what an approval creates or changes, so that anybody who finds it knows why it is there, and so do we. */
export const approvalMark = 'imagepull.dev/approval'

export function marksOf({ id, incident, decidedBy }: Approval): Readonly<Record<string, string>> {
  return {
    [approvalMark]: id,
    'imagepull.dev/incident': incident,
    'imagepull.dev/requested-by': decidedBy?.user ?? '',
  }
}
