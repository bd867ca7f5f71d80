import { LeftOutOfBundleError } from './errors.ts';

/** Stands for libraries of message content in the functions' bundles. */
export default new Proxy(
  {},
  {
    get: (_target, name) => () => {
      throw new LeftOutOfBundleError(String(name));
    },
  },
);
