import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { API_ROUTES } from '../resources.ts';
import { acknowledge } from './acknowledge.ts';

/**
 * The methods of the API, one route each. A route for any method would take the browsers' questions (OPTIONS, the
 * "preflight" of CORS) too and ask them for a token, which they never carry.
 */
const METHODS = {
  GET: [HttpMethod.GET],
  ANY: [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE],
} as const;

/** No address of a caller and no path: that may hold an e-mail address. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
};

export interface ApiOptions {
  readonly stage: string;
  readonly fn: IFunction;
  /** Who makes the tokens (OpenID Connect), and for whom they must be. */
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Where the console is, which alone may call from a browser: `https://…` */
  readonly consoleOrigin: string | undefined;
  readonly domain: { readonly name: string; readonly certificateArn: string } | undefined;
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly logRetentionDays: RetentionDays;
}

/** The HTTP API: routes, authorizer, limits and log. */
export class Api extends Construct {
  readonly api: HttpApi;
  readonly domain: DomainName | undefined;
  /** Without a slash at the end. */
  readonly address: string;

  constructor(scope: Construct, id: string, options: ApiOptions) {
    super(scope, id);
    const { domain } = options;
    this.api = new HttpApi(this, 'Api', {
      apiName: `mailhaul-${options.stage}`,
      createDefaultStage: false,
      disableExecuteApiEndpoint: domain !== undefined,
      ...(options.consoleOrigin !== undefined && { corsPreflight: cors(options.consoleOrigin) }),
    });
    const integration = new HttpLambdaIntegration('Function', options.fn);
    const authorizer = new HttpJwtAuthorizer('Tokens', options.issuer, {
      jwtAudience: [...options.audience],
    });
    for (const { method, path, access } of API_ROUTES) {
      const routes = this.api.addRoutes({
        path,
        methods: [...METHODS[method]],
        integration,
        authorizer: access === 'jwt' ? authorizer : new HttpNoneAuthorizer(),
      });
      for (const route of access === 'open' ? routes : []) {
        acknowledge(route, {
          APIG4:
            'The description of the API and its health are for everybody; they read nothing. Users who consent have no account: the word in their link is what is checked, and it is good for one mailbox, once.',
        });
      }
    }
    this.domain =
      domain &&
      new DomainName(this, 'Domain', {
        domainName: domain.name,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      });
    this.#addStage(options);
    this.address = domain === undefined ? this.api.apiEndpoint : `https://${domain.name}`;
  }

  #addStage(options: ApiOptions): void {
    const log = new LogGroup(this, 'AccessLog', {
      // under this name API Gateway needs no entry of its own in the account's policy for logs, which is limited
      logGroupName: `/aws/vendedlogs/mailhaul-${options.stage}-api`,
      retention: options.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: options.ratePerSecond, burstLimit: options.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
      ...(this.domain !== undefined && { domainMapping: { domainName: this.domain } }),
    });
  }
}

function cors(origin: string) {
  return {
    allowOrigins: [origin],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT, CorsHttpMethod.DELETE],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'accept-language'],
    exposeHeaders: ['location', 'retry-after', 'content-language', 'idempotency-replayed'],
    maxAge: Duration.hours(1),
  };
}
