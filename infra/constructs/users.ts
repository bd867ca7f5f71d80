import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  StringAttribute,
  UserPool,
  type UserPoolDomain,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { COGNITO_RESOURCE_SERVER, cognitoScopeName, SCOPES } from '../../shared/api/caller.ts';
import { SIGN_IN_FUNCTION } from '../resources.ts';
import { acknowledge } from './acknowledge.ts';
import { OwnFunction } from './own-function.ts';

export interface UsersOptions {
  readonly stage: string;
  readonly domainPrefix: string;
  /** Where browsers may come back to with a code, after sign-in. */
  readonly callbackUrls: readonly string[];
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly protect: boolean;
  /** Executions of the function at one time that it has for itself; undefined: it shares those of the account. */
  readonly reservedConcurrency: number | undefined;
}

/**
 * Users of the operator's customers: made by an administrator, who says which tenant each belongs to. They sign in with
 * Cognito's own pages and get a token for the API (authorization code with PKCE, RFC 7636: a public client).
 */
export class Users extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly domain: UserPoolDomain;
  readonly signInFunction: OwnFunction;

  constructor(scope: Construct, id: string, options: UsersOptions) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      // what lets a function add claims to access tokens
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      customAttributes: { tenant: new StringAttribute({ minLen: 1, maxLen: 128, mutable: true }) },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: options.protect,
      removalPolicy: options.removalPolicy,
    });
    acknowledge(this.pool, {
      COG8: 'The Plus plan costs several times as much for each user; what it adds is not used.',
      COG3: 'Threat protection needs the Plus plan, at several times the price of each user; a second factor is required of everybody.',
    });
    this.signInFunction = new OwnFunction(this, 'Claims', {
      ...SIGN_IN_FUNCTION,
      logRetentionDays: options.logRetentionDays,
      reservedConcurrency: options.reservedConcurrency,
    });
    this.pool.addTrigger(
      UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      this.signInFunction.fn,
      LambdaVersion.V2_0,
    );
    this.domain = this.pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: options.domainPrefix },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    this.client = this.#addClient(options.callbackUrls);
    new CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: this.pool.userPoolId,
      clientId: this.client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
  }

  #addClient(callbackUrls: readonly string[]): UserPoolClient {
    const scopes = SCOPES.map(
      (scope) => new ResourceServerScope({ scopeName: cognitoScopeName(scope), scopeDescription: scope }),
    );
    const server = this.pool.addResourceServer('Api', { identifier: COGNITO_RESOURCE_SERVER, scopes });
    return this.pool.addClient('Client', {
      generateSecret: false,
      // by Cognito's pages only: no password passes through anybody else
      authFlows: { userSrp: false },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, ...scopes.map((scope) => OAuthScope.resourceServer(server, scope))],
        callbackUrls: [...callbackUrls],
        logoutUrls: [...callbackUrls],
      },
      // not the tenant: who could write that could read any other's mail
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(1),
    });
  }
}
