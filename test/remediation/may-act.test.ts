import { describe, expect, test } from 'vitest'
import { type ActionPermission, isNobody, whoMay } from '../../src/remediation/permissions.ts'

function allows(of: Partial<ActionPermission>): ActionPermission {
  return { action: 'rerun-build', clusters: ['prod'], namespaces: ['shop'], groups: [], users: [], ...of }
}

const deed = { action: 'rerun-build', cluster: 'prod', namespace: 'shop' }
const users = (...of: string[]) => ({ groups: [], users: of, anybody: false })

describe('whom the configuration allows it', () => {
  test.each([
    ['nobody, without an entry', [], users()],
    ['a user', [allows({ users: ['U1'] })], users('U1')],
    ['a group', [allows({ groups: ['S1'] })], { groups: ['S1'], users: [], anybody: false }],
    [
      'all of all entries, each once',
      [allows({ users: ['U1'], groups: ['S1'] }), allows({ users: ['U1', 'U2'] })],
      { groups: ['S1'], users: ['U1', 'U2'], anybody: false },
    ],
    ['nobody, of another action', [allows({ action: 'mute', users: ['U1'] })], users()],
    ['nobody, in another cluster', [allows({ clusters: ['test'], users: ['U1'] })], users()],
    ['nobody, in another namespace', [allows({ namespaces: ['blog'], users: ['U1'] })], users()],
    ['nobody, where no cluster is named', [allows({ clusters: [], users: ['U1'] })], users()],
    ['nobody, where no namespace is named', [allows({ namespaces: [], users: ['U1'] })], users()],
    ['nobody, where nobody is named', [allows({})], users()],
    [
      'not of the cluster of one entry and the namespace of another',
      [allows({ clusters: ['test'], users: ['U1'] }), allows({ namespaces: ['blog'], users: ['U1'] })],
      users(),
    ],
    ['of any action', [allows({ action: '*', users: ['U1'] })], users('U1')],
    ['in any cluster and namespace', [allows({ clusters: ['*'], namespaces: ['*'], users: ['U1'] })], users('U1')],
    ['any user', [allows({ users: ['*'] })], { groups: [], users: [], anybody: true }],
    ['any group', [allows({ groups: ['*', 'S1'] })], { groups: ['S1'], users: [], anybody: true }],
    ['no part of a name', [allows({ namespaces: ['sho'], users: ['U1'] })], users()],
  ])('%s', (_who, permissions, expected) => {
    expect(whoMay(permissions, deed)).toEqual(expected)
    expect(isNobody(whoMay(permissions, deed))).toBe(
      expected.users.length + expected.groups.length === 0 && !expected.anybody,
    )
  })
})
