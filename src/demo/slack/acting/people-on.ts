import type { People } from '../local-slack.ts'
import { changeChannel } from './change-channel.ts'
import { closeView } from './close-view.ts'
import { command } from './command.ts'
import { editPost } from './edit-post.ts'
import { mention } from './mention.ts'
import { post } from './post.ts'
import { press } from './press.ts'
import { react } from './react.ts'
import { removePost } from './remove-post.ts'
import { shortcut } from './shortcut.ts'
import type { Stage } from './stage.ts'
import { submitView } from './submit-view.ts'

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
