import { fileURLToPath } from 'node:url';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { REQUIRE_BANNER } from '../bundling/require-banner.ts';
import { FUNCTION_MEMORY } from '../resources.ts';
import { acknowledge } from './acknowledge.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** As AWS's own policy for functions in a VPC has them (AWSLambdaVPCAccessExecutionRole, version 3). */
const NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** Libraries that only message content needs, which no function reads: docs/decisions/bundles-without-charsets.md. */
const STAND_INS = {
  'iconv-lite': 'modified-utf7-only.ts',
  libmime: 'no-message-content.ts',
  'encoding-japanese': 'no-message-content.ts',
} as const;

export interface OwnFunctionOptions {
  /** The folder in `functions/`. */
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly logRetentionDays: RetentionDays;
  readonly environment?: Readonly<Record<string, string>>;
  readonly statements?: readonly PolicyStatement[];
  /** For functions that open connections to mail servers, where these must come from known addresses. */
  readonly vpc?: IVpc | undefined;
  /** It wakes itself by a queue, for as long as there is work: what Lambda would take for a runaway after 16 times. */
  readonly wakesItself?: boolean;
  /** Executions at one time that it has for itself; undefined: it shares those of the account. */
  readonly reservedConcurrency?: number | undefined;
}

/** A function of this repository: bundled here by esbuild, with a role and a log group of its own. */
export class OwnFunction extends Construct {
  readonly fn: NodejsFunction;
  readonly logGroup: LogGroup;
  readonly role: Role;
  /** What may be called only when the role is complete depends on this. */
  readonly policy: Policy;

  constructor(scope: Construct, id: string, options: OwnFunctionOptions) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      retention: options.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.policy = new Policy(this, 'Policy', { roles: [this.role] });
    this.policy.addStatements(
      new PolicyStatement({
        sid: 'Log',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
      ...(options.statements ?? []),
    );
    if (options.vpc !== undefined) this.#allowNetworkInterfaces();
    this.fn = new NodejsFunction(this, 'Function', {
      description: `Mailhaul: ${options.name}`,
      entry: `${ROOT}functions/${options.name}/handler.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(options.timeoutSeconds),
      memorySize: options.memoryMb,
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      environment: { ...options.environment, ...FUNCTION_MEMORY },
      awsSdkConnectionReuse: false,
      ...(options.wakesItself === true && { recursiveLoop: RecursiveLoop.ALLOW }),
      ...(options.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: options.reservedConcurrency,
      }),
      ...(options.vpc !== undefined && {
        vpc: options.vpc,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      }),
      bundling: {
        target: 'node24',
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        // The SDK is bundled: what is tested is what runs, whatever the runtime brings.
        bundleAwsSDK: true,
        externalModules: [],
        minify: true,
        keepNames: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
        banner: REQUIRE_BANNER,
        esbuildArgs: Object.fromEntries(
          Object.entries(STAND_INS).map(([name, file]) => [
            `--alias:${name}`,
            `${ROOT}infra/bundling/${file}`,
          ]),
        ),
      },
    });
    this.fn.node.addDependency(this.policy);
  }

  /**
   * Lambda makes the network interfaces of a function by the function's own role. It says so by leaving out the ARN of
   * the function that calls; what runs in the function may not do the same ("Using source function ARN to control
   * function access behavior").
   */
  #allowNetworkInterfaces(): void {
    const functions = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.policy.addStatements(
      new PolicyStatement({ sid: 'NetworkInterfaces', actions: NETWORK_ACTIONS, resources: ['*'] }),
      new PolicyStatement({
        sid: 'NetworkInterfacesByLambdaAlone',
        effect: Effect.DENY,
        actions: NETWORK_ACTIONS,
        resources: ['*'],
        conditions: { ArnLike: { 'lambda:SourceFunctionArn': functions } },
      }),
    );
    acknowledge(this.policy, {
      'IAM5[Resource::*]':
        'Lambda itself makes the network interfaces of a function in a VPC, and these actions take no resource that is known before; code in the function is denied them.',
    });
  }
}
