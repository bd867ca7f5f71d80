import type { ConnectionTexts } from '../catalogue.ts';

export const englishConnection: ConnectionTexts = {
  steps: {
    token: 'Ask for a token',
    name: 'Look up the server name',
    tcp: 'Connect to the port',
    tls: 'Encrypt and check the certificate',
    greeting: 'Greeting of the server',
    login: 'Sign in',
    capabilities: 'Abilities of the server',
    namespace: 'Where folders begin',
    folders: 'Count the folders',
    quota: 'Space in the mailbox',
    create: 'Right to create folders',
  },
  traits: {
    'changes-by-number': {
      present: 'Changed flags are found at once, without looking at every message.',
      absent:
        'Changed flags are found only by looking at the flags of every message, which happens less often.',
    },
    'counters-with-list': {
      present: 'All folders are checked for news in one question.',
      absent: 'Each folder is asked for news by itself; the questions go out together.',
    },
    'folder-roles': {
      present: 'The server says which folders are for sent, deleted, draft and junk mail.',
      absent: 'Which folders are for sent, deleted, draft and junk mail is told by their names.',
    },
    'messages-in-batches': {
      present: 'Many messages are written with one command: the fastest way.',
      absent: 'Messages are written one by one; several are on their way at the same time.',
    },
    'literals-unasked': {
      present: 'Messages are sent without asking before each of them.',
      absent: 'The server wants to be asked before each message, so more connections are worth more.',
    },
    'uids-told': {
      present: 'The server says where it put each message, so several connections may write into one folder.',
      absent: 'The server does not say where it put a message, so one connection writes into each mailbox.',
    },
  },
};
