import type { ProviderTexts } from '../catalogue.ts';

export const englishProviders: ProviderTexts = {
  instructions: {
    'google-two-step': 'Turn on 2-Step Verification for the Google Account.',
    'google-app-password':
      'Create an app password at https://myaccount.google.com/apppasswords and use it in place of the account password.',
    'google-folder-limit':
      'In the Gmail settings, under "Forwarding and POP/IMAP", do not limit the number of messages in an IMAP folder.',
    'workspace-imap-on':
      'An administrator switches IMAP on for the users, in the Admin console under Apps, Google Workspace, Gmail, End User Access.',
    'workspace-service-account':
      'With a service account: give it domain-wide delegation for the scope https://mail.google.com/.',
    'workspace-app-passwords':
      'With app passwords: each user turns on 2-Step Verification, creates an app password and uses it in place of the account password.',
    'outlook-imap-on':
      'In the settings of Outlook.com, under Mail, Forwarding and IMAP, let devices and apps use IMAP.',
    'outlook-consent':
      'Give consent with the Microsoft account. Outlook.com no longer takes the account password.',
    'outlook-app-password':
      'Where consent is not possible: turn on two-step verification and create an app password; it may be refused.',
    'yahoo-app-password':
      'In the Yahoo account, under Security, create an app password and use it in place of the account password.',
    'aol-app-password':
      'In the AOL account, under Security, create an app password and use it in place of the account password.',
    'icloud-two-factor': 'Turn on two-factor authentication for the Apple Account.',
    'icloud-app-password':
      'Create an app-specific password at https://account.apple.com and use it in place of the account password.',
    'zoho-imap-on': 'In the settings of Zoho Mail, under Mail Accounts, switch IMAP access on.',
    'zoho-app-password':
      'With two-factor authentication: create an application-specific password and use it in place of the account password.',
    'zoho-region':
      'Organisations with their own domain use the server imappro.zoho.com; other regions have their own, such as imap.zoho.eu.',
    'fastmail-app-password':
      'In the settings of Fastmail, under Privacy & Security, create an app password with access to mail by IMAP and use it in place of the account password.',
    'gmx-imap-on': 'In the settings of GMX Mail, under POP3/IMAP, switch access by POP3 and IMAP on.',
    'gmx-app-password':
      'With two-factor authentication at GMX: create an application-specific password and use it in place of the account password.',
    'gmx-com-server': 'Accounts of gmx.com use the server imap.gmx.com.',
    'exchange-online-application':
      'An administrator registers an application in Microsoft Entra with the permission IMAP.AccessAsApp and consents to it.',
    'exchange-online-service-principal':
      'In Exchange Online PowerShell, register its service principal and give it full access to each mailbox.',
    'exchange-online-imap-on': 'IMAP must be switched on for the mailboxes.',
    'exchange-server-imap-on':
      'An administrator starts the services "Microsoft Exchange IMAP4" and "IMAP4 Backend" and lets them be reached from outside.',
    'exchange-server-full-access':
      'For all mailboxes at once: give one account full access and use DOMAIN/administrator/user as user name.',
    'dovecot-master-user': 'For all mailboxes at once: an administrator sets up a master user.',
    'dovecot-connections':
      'Where many mailboxes are moved at the same time, raise mail_max_userip_connections for the address that Mailhaul comes from.',
    'courier-connections':
      'Where many mailboxes are moved at the same time, raise MAXDAEMONS and MAXPERIP for the address that Mailhaul comes from.',
    'courier-user-root': 'For shared mailboxes, name the folder to begin at in the column UserRoot.',
    'mirapoint-administrator':
      'For all mailboxes at once: an administrator signs in as #user@domain#administrator#.',
    'cyrus-administrator':
      'For all mailboxes at once: an administrator named in proxyservers or admins acts for the users.',
    'ask-server-name': 'Ask the provider for the name of its IMAP server, the port and the security.',
    'imap-on': 'Switch IMAP access on in the settings of the mailbox if it is off.',
    'app-password-if-two-factor':
      'With two-factor authentication an app password is usually needed in place of the account password.',
  },
  notes: {
    'google-daily-volume':
      'Gmail lets out about 2,500 MB and takes in about 500 MB a day by IMAP. A larger mailbox goes on the next day by itself.',
    'google-labels':
      'Labels are folders: a message with several labels is copied once, with the first of them, unless you choose otherwise.',
    'google-deleted':
      'Gmail archives a message that is marked as deleted, so as a destination it is given messages without that mark.',
    'exchange-throttles':
      'Exchange Online slows down who works fast and says for how long. Mailhaul waits and goes on by itself.',
    'exchange-mail-only': 'Calendars, contacts and tasks are not mail and are not moved.',
    'exchange-keywords': 'Exchange keeps the standard flags only, no keywords of mail programs.',
    'yahoo-folder-limit':
      'A folder shows its newest 10,000 messages only. The rest is shown by the export server.',
    'few-connections': 'The server bears few connections at the same time, so a large mailbox takes longer.',
    'cyrus-strict':
      'Messages with NUL bytes or bare line feeds are refused there. They are listed with the reason.',
  },
  refusals: {
    'google-app-password-needed': {
      summary: 'Google wants an app password in place of the account password.',
      remedy:
        'Create one at https://myaccount.google.com/apppasswords (2-Step Verification must be on) and enter it here.',
    },
    'google-sign-in': {
      summary: 'Google did not accept the user name or the password.',
      remedy:
        'Use the whole e-mail address and an app password from https://myaccount.google.com/apppasswords; the account password is not taken.',
    },
    'google-web-sign-in': {
      summary: 'Google wants to see the user in a web browser first.',
      remedy:
        'Sign in at https://mail.google.com as this user, confirm what is asked, and use an app password here. Then try again.',
    },
    'google-imap-off': {
      summary: 'IMAP is switched off for this Gmail account.',
      remedy: 'In the Gmail settings, under "Forwarding and POP/IMAP", switch IMAP on. Then try again.',
    },
    'google-imap-off-for-domain': {
      summary: 'IMAP is switched off for all users of this Google Workspace domain.',
      remedy:
        'An administrator switches it on in the Admin console under Apps, Google Workspace, Gmail, End User Access.',
    },
    'google-volume': {
      summary: 'Gmail has let through as much as it allows for now.',
      remedy: 'Nothing is to be done: it resumes by itself at the time shown, a day later at the latest.',
    },
    'exchange-online-sign-in': {
      summary: 'Exchange Online did not accept the sign-in.',
      remedy:
        'It takes OAuth 2.0 only, no passwords. Check the consent of the application, its full access to this mailbox, and that IMAP is switched on for it.',
    },
    'exchange-basic-off': {
      summary: 'Microsoft no longer takes passwords by IMAP.',
      remedy: 'Choose OAuth 2.0 as the way to sign in.',
    },
    'exchange-not-connected': {
      summary: 'Exchange accepted the sign-in but does not open the mailbox at this moment.',
      remedy:
        'Too many sign-ins in a short time are the usual cause, and it resumes by itself. If it persists, give the account full access to this mailbox and check its name.',
    },
    'exchange-server-sign-in': {
      summary: 'The Exchange server did not accept the user name or the password.',
      remedy:
        'Try the user name as DOMAIN\\user or as e-mail address, and check that IMAP is switched on for the mailbox.',
    },
    'outlook-sign-in': {
      summary: 'Outlook.com did not accept the sign-in.',
      remedy:
        'Give consent with the Microsoft account: passwords are no longer taken. IMAP must be on in the settings of Outlook.com, under Mail, Forwarding and IMAP.',
    },
    'microsoft-account-blocked': {
      summary: 'Microsoft has blocked the account until its owner confirms who they are.',
      remedy: 'Sign in at https://outlook.com as this user, follow what is asked, then try again.',
    },
    'yahoo-sign-in': {
      summary: 'Yahoo did not accept the user name or the password.',
      remedy:
        'Create an app password in the Yahoo account, under Security, and enter it here; the account password is not taken.',
    },
    'yahoo-verify': {
      summary: 'The provider wants the user to verify the account first.',
      remedy: 'Sign in to the mailbox in a web browser, confirm what is asked, then try again.',
    },
    'aol-sign-in': {
      summary: 'AOL did not accept the user name or the password.',
      remedy:
        'Create an app password in the AOL account, under Security, and enter it here; the account password is not taken.',
    },
    'icloud-sign-in': {
      summary: 'iCloud did not accept the user name or the password.',
      remedy:
        'Use an app-specific password from https://account.apple.com, and as user name the iCloud address (or the part before @icloud.com).',
    },
    'zoho-sign-in': {
      summary: 'Zoho did not accept the user name or the password.',
      remedy:
        'With two-factor authentication use an application-specific password. Check the region of the server, too: an account of zoho.eu exists there only.',
    },
    'zoho-imap-off': {
      summary: 'IMAP is switched off for this Zoho mailbox.',
      remedy:
        'Switch it on in the settings of Zoho Mail, under Mail Accounts; in an organisation its administrator must allow it first.',
    },
    'fastmail-sign-in': {
      summary: 'Fastmail did not accept the user name or the password.',
      remedy:
        'Create an app password with access to IMAP in the settings of Fastmail, under Privacy & Security, and enter it here with the whole e-mail address.',
    },
    'gmx-sign-in': {
      summary: 'GMX did not accept the sign-in.',
      remedy:
        'Switch IMAP on in the settings of GMX Mail, under POP3/IMAP (it is off at first, and again after a long pause). With two-factor authentication use an application-specific password.',
    },
    'gmx-imap-off': {
      summary: 'IMAP is switched off for this GMX mailbox.',
      remedy: 'Switch it on in the settings of GMX Mail, under POP3/IMAP, then try again.',
    },
    'dovecot-connections': {
      summary: 'As many connections are open for this user and our address as the server allows.',
      remedy:
        'It resumes by itself. To go faster, raise mail_max_userip_connections at the server, or lower the connections of this server in the budget.',
    },
    'sign-in-service-down': {
      summary: 'The server cannot check passwords at this moment.',
      remedy: 'It is tried again by itself. If it persists, its operator finds the cause in the log.',
    },
    'sign-in-needs-tls': {
      summary: 'The server takes passwords over an encrypted connection only.',
      remedy: 'Choose TLS (port 993) or STARTTLS (port 143).',
    },
    'too-many-connections': {
      summary: 'As many connections to this account are open as the provider allows.',
      remedy:
        'It resumes by itself. Closing mail programs of the user helps, and so does a lower number of connections in the budget.',
    },
    'server-busy': {
      summary: 'The provider has a problem at this moment, or asks to slow down.',
      remedy: 'Nothing is to be done: it is tried again by itself.',
    },
  },
};
