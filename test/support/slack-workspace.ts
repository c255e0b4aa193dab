import type { Seed } from '../../src/simulator/slack/workspace/workspace.ts'

const bot = { id: 'B0IMAGEPULL', userId: 'U0IMAGEPULL', appId: 'A0IMAGEPULL', name: 'imagepull' }

/** A small workspace: who is who, and where. */
export const slackWorkspace = {
  bot: bot.userId,
  maya: 'U0MAYA0001',
  tom: 'U0TOM00001',
  /** Of another organisation. */
  eve: 'U0EVE00001',
  oncall: 'S0ONCALL01',
  alertmanager: 'B0ALERTS01',
  incidents: 'C0INCIDENT',
  /** The bot is not in it. */
  general: 'C0GENERAL1',
  /** Private, without the bot. */
  secret: 'C0SECRET01',
  archived: 'C0ARCHIVED',
  /** A direct message between two people. */
  between: 'D0MAYATOM1',
  seed: {
    bot,
    users: [
      { id: 'U0MAYA0001', name: 'maya', realName: 'Maya' },
      { id: 'U0TOM00001', name: 'tom', isRestricted: true },
      { id: 'U0EVE00001', name: 'eve', isStranger: true, teamId: 'T0STRANGER1' },
    ],
    usergroups: [{ id: 'S0ONCALL01', handle: 'platform-oncall', users: ['U0MAYA0001'] }],
    bots: [{ id: 'B0ALERTS01', userId: 'U0ALERTS01', appId: 'A0ALERTS01', name: 'alertmanager' }],
    channels: [
      {
        id: 'C0INCIDENT',
        name: 'incidents',
        members: ['U0MAYA0001', 'U0TOM00001', 'U0EVE00001', 'U0ALERTS01', 'U0IMAGEPULL'],
      },
      { id: 'C0GENERAL1', name: 'general', members: ['U0MAYA0001', 'U0TOM00001'] },
      { id: 'C0SECRET01', name: 'secret', kind: 'private', members: ['U0MAYA0001'] },
      { id: 'C0ARCHIVED', name: 'archived', members: ['U0MAYA0001', 'U0IMAGEPULL'], isArchived: true },
      { id: 'D0MAYATOM1', kind: 'dm', members: ['U0MAYA0001', 'U0TOM00001'] },
    ],
  } satisfies Seed,
} as const
