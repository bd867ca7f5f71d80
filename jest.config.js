/** Tests run as ES modules; swc strips the types, `npm run check:types` checks them. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // has a configuration of its own
  testPathIgnorePatterns: ['<rootDir>/test/deploy/'],
  testTimeout: 120_000,
  // much of a test is waiting for servers: more workers than the cores of a small machine
  maxWorkers: 3,
};
