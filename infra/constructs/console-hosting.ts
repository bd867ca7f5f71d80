import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { acknowledgeFileDeployment } from './acknowledge-file-deployment.ts';

export interface ConsoleOptions {
  /** The built files of the console. */
  readonly folder: string;
  readonly domain: { readonly name: string; readonly certificateArn: string } | undefined;
  /** Whom its pages may call besides their own origin; regional wildcards where the addresses are not known yet. */
  readonly connectTo: readonly string[];
}

/** The console's files: in a bucket that CloudFront alone may read, with headers that browsers keep it safe by. */
export class ConsoleHosting extends Construct {
  readonly bucket: IBucket;
  readonly distribution: Distribution;
  /** `https://…`, without a slash at the end. */
  readonly address: string;

  constructor(scope: Construct, id: string, options: ConsoleOptions) {
    super(scope, id);
    const bucket = new Bucket(this, 'Files', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // CloudFormation cannot delete a bucket that has files in it
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = bucket as IBucket; // the CDK's own types are not made for exactOptionalPropertyTypes
    acknowledge(bucket, {
      S1: 'Only CloudFront reads these public files; who asked for them is of no concern.',
    });
    const { domain } = options;
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Mailhaul: the console of ${Stack.of(this).stackName}`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket, {
          originAccessControl: new S3OriginAccessControl(this, 'Access', {
            originAccessControlName: globalName(this, 'access'),
          }),
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        compress: true,
        responseHeadersPolicy: securityHeaders(this, options.connectTo),
      },
      // addresses within the console are its own matter: any leads to its one page
      errorResponses: [403, 404].map((httpStatus) => ({
        httpStatus,
        responseHttpStatus: 200,
        responsePagePath: '/index.html',
        ttl: Duration.seconds(0),
      })),
      ...(domain !== undefined && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      }),
    });
    acknowledge(this.distribution, {
      CFR1: 'The customers of a mail migration are anywhere.',
      CFR2: 'Static files without any input; the API behind them has its own limits.',
      CFR3: 'Who asked for public files is of no concern.',
      ...(domain === undefined && {
        CFR4: 'The certificate of cloudfront.net knows no other policy; with a domain of your own it is TLS 1.2.',
      }),
    });
    new BucketDeployment(this, 'Upload', {
      sources: [Source.asset(options.folder)],
      destinationBucket: this.bucket,
      distribution: this.distribution,
      distributionPaths: ['/*'],
      prune: false,
    });
    acknowledgeFileDeployment(Stack.of(this), this.bucket);
    this.address = `https://${domain?.name ?? this.distribution.distributionDomainName}`;
  }
}

/** CloudFront has one name space for all regions: the same stage may live in another one. */
function globalName(scope: Construct, what: string): string {
  const { region, stackName } = Stack.of(scope);
  return `${stackName}-${what}-${region}`;
}

function securityHeaders(scope: Construct, connectTo: readonly string[]): ResponseHeadersPolicy {
  const override = true;
  return new ResponseHeadersPolicy(scope, 'Headers', {
    responseHeadersPolicyName: globalName(scope, 'headers'),
    securityHeadersBehavior: {
      contentSecurityPolicy: {
        contentSecurityPolicy: [
          "default-src 'none'",
          "script-src 'self'",
          // the console's style sheets are made in the browser
          "style-src 'self' 'unsafe-inline'",
          "img-src 'self' data:",
          "font-src 'self' data:",
          `connect-src ${["'self'", ...connectTo].join(' ')}`,
          "manifest-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
        ].join('; '),
        override,
      },
      contentTypeOptions: { override },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override },
    },
  });
}
