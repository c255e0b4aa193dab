import type { Seed } from '../simulator/slack/workspace/workspace.ts'

/** The users and channels of the demo's workspace. */
export const demoWorkspace = {
  viewer: 'U0MAYA0001',
  incidents: 'C0INCIDENT',
  oncall: 'S0ONCALL01',
  seed: {
    team: { id: 'T0ACME00001', domain: 'acme', name: 'Acme' },
    bot: { id: 'B0IMAGEPULL', userId: 'U0IMAGEPULL', appId: 'A0IMAGEPULL', name: 'imagepull' },
    users: [
      { id: 'U0MAYA0001', name: 'maya', realName: 'Maya Lindqvist' },
      { id: 'U0TOM00001', name: 'tom', realName: 'Tom Okafor' },
    ],
    usergroups: [{ id: 'S0ONCALL01', handle: 'platform-oncall', users: ['U0MAYA0001'] }],
    bots: [{ id: 'B0ALERTS01', userId: 'U0ALERTS01', appId: 'A0ALERTS01', name: 'alertmanager' }],
    channels: [
      {
        id: 'C0INCIDENT',
        name: 'incidents',
        members: ['U0MAYA0001', 'U0TOM00001', 'U0ALERTS01', 'U0IMAGEPULL'],
      },
      { id: 'C0GENERAL1', name: 'general', members: ['U0MAYA0001', 'U0TOM00001'] },
      { id: 'D0MAYABOT1', kind: 'dm', members: ['U0MAYA0001', 'U0IMAGEPULL'] },
      { id: 'D0MAYATOM1', kind: 'dm', members: ['U0MAYA0001', 'U0TOM00001'] },
    ],
  } satisfies Seed,
} as const
