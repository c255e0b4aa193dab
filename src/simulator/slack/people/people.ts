import type { People } from '../local-slack.ts'
import { changeChannel } from './channels.ts'
import { command, shortcut } from './command.ts'
import { press } from './press.ts'
import type { Stage } from './stage.ts'
import { closeView, submitView } from './views.ts'
import { editPost, mention, post, react, removePost } from './write.ts'

/** All that people can do, on one stage. */
export function peopleOn(stage: Stage): People {
  return {
    command: (act, sending) => command(stage, act, sending),
    mention: (act, sending) => mention(stage, act, sending),
    post: (act, sending) => post(stage, act, sending),
    press: (act, sending) => press(stage, act, sending),
    shortcut: (act, sending) => shortcut(stage, act, sending),
    submitView: (act, sending) => submitView(stage, act, sending),
    closeView: (act) => closeView(stage, act),
    editPost: (act) => editPost(stage, act),
    deleteMessage: (act) => removePost(stage, act),
    react: (act) => react(stage, act),
    inviteBot: (act) => changeChannel.inviteBot(stage, act),
    kickBot: (act) => changeChannel.kickBot(stage, act),
    archive: (act) => changeChannel.archive(stage, act),
    share: (act) => changeChannel.share(stage, act),
  }
}
