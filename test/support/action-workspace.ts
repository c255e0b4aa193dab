import type { Seed } from '../../src/simulator/slack/workspace/workspace.ts'

const bot = { id: 'B0IMAGEPULL', userId: 'U0IMAGEPULL', appId: 'A0IMAGEPULL', name: 'imagepull' }
const people = {
  /** On call, and so allowed everything. */
  maya: 'U0MAYA0001',
  ada: 'U0ADA00001',
  /** A member without any right. */
  ben: 'U0BEN00001',
  /** A guest, who is in the group on call by mistake. */
  tom: 'U0TOM00001',
  /** A guest of one channel. */
  zoe: 'U0ZOE00001',
  /** Of another organisation, in that group too. */
  eve: 'U0EVE00001',
  /** Has left, and nobody took him out of that group. */
  old: 'U0OLD00001',
} as const
/** Another app's bot. */
const robot = { id: 'B0ROBOT001', userId: 'U0ROBOT001', appId: 'A0ROBOT001', name: 'robot' }
const oncall = 'S0ONCALL01'
/** A bot that posts alerts. */
const alertmanager = 'B0ALERTS01'
const incidents = 'C0INCIDENT'
/** Everybody may ask there, and nobody may change anything. */
const lobby = 'C0LOBBY0001'
/** Of no configuration, but where a test has one. */
const annex = 'C0ANNEX0001'
const everybody = [...Object.values(people), bot.userId, robot.userId]
const wronglyOnCall = [people.tom, people.zoe, people.eve, people.old, robot.userId]

/** A workspace in which some may act, and others may not, for every reason there is. */
export const actionWorkspace = {
  ...people,
  bot: bot.userId,
  ...{ oncall, alertmanager, incidents, lobby, annex, robot: robot.userId },
  seed: {
    bot,
    bots: [{ id: alertmanager, userId: 'U0ALERTS01', appId: 'A0ALERTS01', name: 'alertmanager' }, robot],
    users: [
      { id: people.maya, name: 'maya' },
      { id: people.ada, name: 'ada' },
      { id: people.ben, name: 'ben' },
      { id: people.tom, name: 'tom', isRestricted: true },
      { id: people.zoe, name: 'zoe', isUltraRestricted: true },
      { id: people.old, name: 'old', isDeleted: true },
      { id: people.eve, name: 'eve', isStranger: true, teamId: 'T0STRANGER1' },
    ],
    usergroups: [{ id: oncall, handle: 'platform-oncall', users: [people.maya, people.ada, ...wronglyOnCall] }],
    channels: [
      { id: incidents, name: 'incidents', members: [...everybody, 'U0ALERTS01'] },
      { id: lobby, name: 'lobby', members: everybody },
      { id: annex, name: 'annex', members: everybody },
    ],
  } satisfies Seed,
  /** Of the configuration: whom it allows what. */
  configuration: {
    channels: [
      { id: incidents, may: ['commands', 'actions'] },
      { id: lobby, may: ['commands'] },
    ],
    permissions: [{ action: '*', clusters: ['*'], namespaces: ['*'], groups: [oncall] }],
    escalation: { group: oncall, registryRestarts: 3 },
  },
} as const
