import { UserNameError } from './errors.ts';

/** What a template may name. */
const PARTS = ['user', 'local', 'domain', 'admin'] as const;
type Part = (typeof PARTS)[number];

/** What servers without a profile of their own understand most often (Dovecot). */
export const USUAL_TEMPLATE = '{user}*{admin}';

/** As long as a login name may be elsewhere, in characters. */
const MAX_NAME = 320;

/**
 * Looks at the form in which an administrator signs in for a user, before anybody needs it: `{user}*{admin}`,
 * `{domain}/{admin}/{local}`, `#{local}@{domain}#{admin}#`. Anything but the parts stands for itself.
 * @throws UserNameError for parts that do not exist, and where it names no user or no administrator
 */
export function checkTemplate(template: string): void {
  const parts = new Set(pieces(template).map(({ part }) => part));
  if (!parts.has('user') && !parts.has('local')) {
    throw new UserNameError(
      'user-missing',
      'The form names no user: all mailboxes would be the same. Put {user} or {local} into it.',
    );
  }
  if (!parts.has('admin')) {
    throw new UserNameError(
      'administrator-missing',
      'The form names no administrator. Put {admin} where the name of the account belongs.',
    );
  }
}

/**
 * The login name by which an administrator opens a user's mailbox.
 * `{user}` is the whole name, `{local}` what stands before its last `@`, `{domain}` what stands behind it.
 * @throws UserNameError
 */
export function fillUserName(
  template: string,
  { user, admin }: { readonly user: string; readonly admin: string },
): string {
  const at = user.lastIndexOf('@');
  const values: Record<Part, string> = {
    user,
    admin,
    local: at < 0 ? user : user.slice(0, at),
    domain: at < 0 ? '' : user.slice(at + 1),
  };
  const filled = pieces(template).map(({ text, part }) => {
    if (part === undefined) return text;
    if (part === 'domain' && values.domain === '') {
      throw new UserNameError(
        'domain-missing',
        `The form of the user name wants a {domain}, and ${user} has none. Give the user with a domain, or write the domain itself into the form.`,
      );
    }
    return values[part];
  });
  const name = filled.join('');
  if (name.length > MAX_NAME) {
    throw new UserNameError('too-long', `A user name of ${name.length} characters is too long to sign in.`);
  }
  return name;
}

function pieces(template: string): Array<{ text: string; part?: Part }> {
  const found = template.split(/(\{[^{}]*\})/).filter((text) => text !== '');
  return found.map((text) => {
    if (!text.startsWith('{') || !text.endsWith('}')) {
      if (!/[{}]/.test(text)) return { text };
      throw new UserNameError('part-not-closed', 'A brace in the form of the user name has no partner.');
    }
    const part = PARTS.find((known) => `{${known}}` === text);
    if (part !== undefined) return { text, part };
    throw new UserNameError(
      'unknown-part',
      `The form of the user name has an unknown part ${text.slice(0, 40)}. Known are ${PARTS.map((known) => `{${known}}`).join(', ')}.`,
    );
  });
}
