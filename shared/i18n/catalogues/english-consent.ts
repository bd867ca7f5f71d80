import type { ConsentTexts } from '../catalogue.ts';

export const englishConsent: ConsentTexts = {
  done: {
    title: 'Thank you, that is all',
    text: 'Consent was given for {account}. You may close this page.',
  },
  'link-unknown': {
    title: 'This link leads nowhere',
    text: 'Check that the address is complete, as it was sent to you, or ask your administrator for a new link.',
  },
  'link-expired': {
    title: 'This link has expired',
    text: 'Ask your administrator for a new one.',
  },
  'link-used': {
    title: 'This link was used already',
    text: 'If it was you, there is nothing more to do. If not, tell your administrator.',
  },
  'link-exhausted': {
    title: 'This link was opened too often',
    text: 'Ask your administrator for a new one.',
  },
  closed: {
    title: 'Consent is no longer needed',
    text: 'The move of this mailbox has ended or was changed, and nothing was stored. If you think that this is wrong, ask your administrator.',
  },
  'attempt-unknown': {
    title: 'This took too long, or was done before',
    text: 'Open the link that was sent to you once more, and consent within half an hour.',
  },
  'other-browser': {
    title: 'You came back in another browser',
    text: 'Open the link that was sent to you once more, stay in that browser to the end, and let it take cookies.',
  },
  'wrong-account': {
    title: 'That was another account',
    text: 'Consent is needed for {account}, and nothing was stored for the account that you chose. Open the link again and sign in as {account}; if you did, make sure that IMAP is switched on for it.',
  },
  denied: {
    title: 'You did not consent',
    text: 'Nothing was stored. If you change your mind, open the link again and accept what is asked for.',
  },
  'admin-approval': {
    title: 'Your organisation must approve first',
    text: 'Tell your administrator that the application must be approved for the organisation at the mail provider. Then open the link again.',
  },
  'scope-missing': {
    title: 'A permission was left out',
    text: 'Open the link again and tick the permission to read and write mail.',
  },
  'not-lasting': {
    title: 'The consent would not last',
    text: 'The provider gave no lasting permission. Tell your administrator that the application must be allowed access without you being there.',
  },
  'client-refused': {
    title: 'The provider does not accept the application',
    text: 'Tell your administrator: the application, its secret or its redirect address is not registered as it should be.',
  },
  'service-failed': {
    title: 'The provider cannot do it just now',
    text: 'Open the link again in a while.',
  },
  'answer-unreadable': {
    title: 'The provider gave an answer that cannot be used',
    text: 'Open the link again. If it stays so, tell your administrator.',
  },
  'mailbox-unreachable': {
    title: 'The mail server cannot be reached just now',
    text: 'Nothing was stored, because nobody could tell whether the account is the right one. Open the link again in a while.',
  },
  unavailable: {
    title: 'The service cannot be reached just now',
    text: 'Open the link again in a while.',
  },
  internal: {
    title: 'Something went wrong here',
    text: 'It is not your fault. Open the link again; if it stays so, tell your administrator.',
  },
};
