/** The direction of imports that the design draws: entry points -> shared/* -> shared/migration. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment: 'shared/migration imports nothing of its siblings, of AWS or of IMAP',
      severity: 'error',
      from: { path: '^shared/migration/' },
      to: {
        path: '^shared/(?!migration/)|^(functions|infra|cli|console|bench|test)/|node_modules/(@aws-|@middy|imapflow|@smithy)',
      },
    },
    {
      name: 'shared-knows-no-entry-point',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(functions|infra|cli|console|bench|test)/' },
    },
    {
      name: 'functions-know-only-shared',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|cli|console|bench|test)/' },
    },
    {
      name: 'one-function-does-not-import-another',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'aws-stays-out-of-imap',
      severity: 'error',
      from: { path: '^shared/imap/' },
      to: { path: '^shared/(state|vault|queue|api|sync)/|node_modules/@aws-' },
    },
    {
      name: 'transfer-has-no-dependency',
      comment: 'the hot path stands on node and the wire module alone',
      severity: 'error',
      from: { path: '^shared/imap/(transfer|wire)/' },
      to: { path: 'node_modules', dependencyTypesNot: ['core'] },
    },
    {
      name: 'cdk-stays-in-infra',
      comment: 'and out of the cloud of one machine, which is part of the product',
      severity: 'error',
      from: { path: '^(functions|shared|cli|console|bench|infra/local)/' },
      to: { path: '^infra/(?!local/|plan/|resources)|node_modules/(aws-cdk|cdk-nag|constructs)' },
    },
    {
      name: 'product-code-builds-nothing',
      severity: 'error',
      from: { path: '^(functions|shared|cli|console|infra/local)/' },
      to: { path: 'node_modules/esbuild' },
    },
    {
      name: 'product-code-knows-no-tests',
      severity: 'error',
      from: { path: '^(functions|shared|infra|cli)/' },
      to: { path: '^test/' },
    },
    {
      name: 'bench-measures-from-outside',
      comment:
        'nothing knows the benchmark (its own unit tests do), and it starts the product as its users do',
      severity: 'error',
      from: { path: '^(functions|shared|infra|cli|console|test)/', pathNot: '^test/unit/bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'bench-leaves-functions-alone',
      comment: 'but where it runs each in a process of its own, as Lambda does',
      severity: 'error',
      from: { path: '^bench/', pathNot: '^bench/workers/worker-process' },
      to: { path: '^(functions|console)/' },
    },
    {
      name: 'no-unresolvable',
      comment: 'aws-lambda is types alone: @types/aws-lambda',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
