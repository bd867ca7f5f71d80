const NOBODY = 65_534;

/** The user and the group under which servers run: nobody where the tests run as root, else the tests' own. */
export function serverUser(): { readonly uid: number; readonly gid: number } {
  if (isRoot()) return { uid: NOBODY, gid: NOBODY };
  return { uid: process.getuid?.() ?? NOBODY, gid: process.getgid?.() ?? NOBODY };
}

/** What to run so that a program has `folder` as its root: chroot as root, a user namespace otherwise. */
export function enterRoot(folder: string, program: string, args: readonly string[]): [string, string[]] {
  const { uid, gid } = serverUser();
  if (isRoot()) return ['chroot', [`--userspec=${uid}:${gid}`, folder, program, ...args]];
  return ['unshare', ['--user', '--map-current-user', `--root=${folder}`, '--wd=/', program, ...args]];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
