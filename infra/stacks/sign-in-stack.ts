import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { OwnFunction } from '../constructs/own-function.ts';
import { Users } from '../constructs/users.ts';
import type { DeploymentOptions } from '../options/deployment-options.ts';
import type { ReservedConcurrency } from '../options/reserved-concurrency.ts';

/** Users and their sign-in, for operators who bring no issuer of their own. */
export class SignInStack extends Stack {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Of the pages for sign-in: `https://…`, without a slash at the end. */
  readonly address: string;
  readonly claims: OwnFunction;

  constructor(
    scope: Construct,
    id: string,
    options: Pick<
      DeploymentOptions,
      'stage' | 'removal' | 'signInDomain' | 'signInCallbacks' | 'logRetentionDays'
    > & {
      readonly consoleAddress: string | undefined;
      readonly reserved: ReservedConcurrency;
    },
    props: StackProps,
  ) {
    super(scope, id, props);
    const protect = options.removal === 'retain';
    const users = new Users(this, 'Users', {
      stage: options.stage,
      // unique among all accounts of the region
      domainPrefix: options.signInDomain ?? `mailhaul-${options.stage}-${this.account}`,
      callbackUrls: [
        ...(options.consoleAddress === undefined ? [] : [`${options.consoleAddress}/signed-in`]),
        ...options.signInCallbacks,
      ],
      logRetentionDays: options.logRetentionDays,
      removalPolicy: protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      protect,
      reservedConcurrency: options.reserved.signInClaims,
    });
    this.issuer = users.pool.userPoolProviderUrl;
    this.audience = [users.client.userPoolClientId];
    this.address = users.domain.baseUrl();
    this.claims = users.signInFunction;
    new CfnOutput(this, 'UserPoolId', { value: users.pool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: users.client.userPoolClientId });
    new CfnOutput(this, 'SignInAddress', { value: this.address });
    // The service refers to it for the console alone, and goes on to until that has been taken away.
    this.exportValue(users.domain.domainName);
  }
}
