import base from '../../jest.config.js';

/** `npm run test:deploy`: apart from `npm test`, for it takes minutes and Python. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/deploy/*.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 180_000,
};
